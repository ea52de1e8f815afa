"""GET /cxg/open?path=… — a file of the server in the viewer."""

from functools import partial
from pathlib import Path

from jupyter_core.utils import ensure_async

from ...errors import Forbidden, NotFound
from ...snapshot.identity import snapshot_id
from ...snapshot.reading import Reading
from .. import params
from ..access import login_required
from ..context import Context
from ..paths import contents_root, find_file
from ..preparing import File
from ..spec import ELSEWHERE, Query, html, spec
from .viewer import Viewer


class Open(Viewer):
    """The viewer's page of a file, which is made a snapshot if it is none yet.

    No redirect leads to the page of that snapshot: so a reload, or a bookmark, opens the file again when
    the snapshot is gone or the file has changed.
    """

    when_missing = ""

    @spec(
        "The viewer of a file below the contents root, which is opened if need be",
        "login",
        {200: html("The viewer, with a capability."), 302: ELSEWHERE},
        query=(
            Query("path", "Names between slashes, from the contents root.", required=True),
            Query("modality", "Of a .h5mu file."),
            Query("state", "The view state to begin with, as JSON."),
        ),
        errors=(NotFound,),
    )
    @login_required("read", "jupyter_cxg:data")
    async def get(self) -> None:  # type: ignore[override]  # the file says which dataset
        """The page, at once; the file is opened behind it."""
        self._check_navigation()
        allowed = self.authorizer.is_authorized(self, self.current_user, "read", "contents")
        if not await ensure_async(allowed):
            raise Forbidden("Your Jupyter login does not allow to read files.")
        asked = params.open_query(self.request.query)
        root = contents_root(self.settings.get("contents_manager"))
        file, there = await self.context.run(partial(_look, self.context, root, asked))
        if not there:
            self.context.preparations.start(file)
        await self.send_dataset(file.id, state=asked.state)

    def _check_navigation(self) -> None:
        """Refuse what is no page to be looked at: a foreign page could have us open file after file."""
        headers = self.request.headers
        if headers.get("Sec-Fetch-Site") == "cross-site" and headers.get("Sec-Fetch-Dest") != "document":
            raise Forbidden("A file is opened by a link or in a tab, not from inside of a foreign page.")


def _look(context: Context, root: Path, asked: params.FileAsked) -> tuple[File, bool]:
    """Which file is meant, and whether its snapshot is there."""
    real = find_file(root, asked.path)
    reading = Reading(modality=asked.modality)
    file = File(snapshot_id(real, reading), real, asked.path, reading)
    try:
        context.catalog.get(file.id)
    except NotFound:
        return file, False
    return file, True
