"""GET / — the viewer of the file that a standalone server has; of several, see `index`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ...errors import CxgError, NotFound, NotReady
from ..access import login_required, role_of
from ..context import Context
from ..preparing import File
from ..spec import ELSEWHERE, html, spec
from .viewer import Viewer

State = Literal["opening", "publishing", "complete", "failed"]


@dataclass(frozen=True, slots=True)
class Site:
    """What a standalone server shows.

    Attributes
    ----------
    title
        Of the page; empty: the name of the file.
    """

    files: tuple[File, ...]
    title: str = ""

    @property
    def file(self) -> File | None:
        """The one file; None if there are several."""
        return self.files[0] if len(self.files) == 1 else None


def state_of(context: Context, site: Site) -> State:
    """How far the site is: of one file, how far that is; several are opened when they are asked for."""
    return "complete" if site.file is None else state_of_file(context, site.file)


def state_of_file(context: Context, file: File) -> State:
    """How far the file is; for the pool."""
    running = context.preparations.running(file.id) is not None
    try:
        state = context.catalog.get(file.id).state
    except NotFound:
        return "failed" if not running and _has_failed(context, file) else "opening"
    # Until its process ended, what is complete may still be taken back.
    return "publishing" if running else state


def _has_failed(context: Context, file: File) -> bool:
    try:
        context.preparations.explain(file.id)
    except NotReady:
        return False
    except CxgError:
        return True
    return False


class Front(Viewer):
    """The page at the base URL."""

    when_missing = ""

    def initialize(self, context: Any, static: Path, site: Site) -> None:  # type: ignore[override]
        """``site`` is what there is to see."""
        super().initialize(context, static)
        self.site = site

    @spec(
        "The viewer of the one file",
        "login",
        {200: html("The viewer, with a capability."), 302: ELSEWHERE},
        errors=(NotReady, NotFound),
    )
    @login_required("read", "jupyter_cxg:data")
    async def get(self) -> None:  # type: ignore[override]  # there is one dataset
        """The page."""
        await self.show(self.site.files[0], self.site.title)

    async def show(self, file: File, title: str = "") -> None:
        """The viewer of a file, which is opened if need be."""
        state = await self.context.run(lambda: state_of_file(self.context, file))
        # An owner who loads the page tries once more; a visitor is told what was wrong.
        if state == "opening" or (state == "failed" and await role_of(self) == "own"):
            self.context.preparations.start(file)
        await self.send_dataset(file.id, title=title)
