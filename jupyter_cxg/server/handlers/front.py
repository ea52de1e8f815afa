"""GET / — the viewer of the one file that a standalone server has."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ...errors import CxgError, NotFound, NotReady
from ..access import login_required, role_of
from ..context import Context
from ..preparing import File
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

    file: File
    title: str = ""


def state_of(context: Context, site: Site) -> State:
    """How far the file is; for the pool."""
    running = context.preparations.running(site.file.id) is not None
    try:
        state = context.catalog.get(site.file.id).state
    except NotFound:
        return "failed" if not running and _has_failed(context, site) else "opening"
    # Until its process ended, what is complete may still be taken back.
    return "publishing" if running else state


def _has_failed(context: Context, site: Site) -> bool:
    try:
        context.preparations.explain(site.file.id)
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

    @login_required("read", "jupyter_cxg:data")
    async def get(self) -> None:  # type: ignore[override]  # there is one dataset
        """The page."""
        state = await self.context.run(lambda: state_of(self.context, self.site))
        # An owner who loads the page tries once more; a visitor is told what was wrong.
        if state == "opening" or (state == "failed" and await role_of(self) == "own"):
            self.context.preparations.start(self.site.file)
        await self.send_dataset(self.site.file.id, title=self.site.title)
