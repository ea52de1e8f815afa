"""POST /cxg/d/{id}/cancel — stop opening a file."""

from jupyter_server.auth.decorator import allow_unauthenticated

from ...errors import NotFound
from .. import access
from ..handler import DataHandler
from ..spec import NOTHING, spec

RESOURCE = "jupyter_cxg:snapshots"


class Cancel(DataHandler):
    """For who opened it: by the capability of the role ``own`` that their page holds, or by login."""

    methods = "POST, OPTIONS"

    @spec("Stop opening a file", "own", {204: NOTHING})
    @allow_unauthenticated  # access.check says who asks
    async def post(self, dataset_id: str) -> None:
        """Answers when nothing is left of it."""
        await access.check(self, dataset_id, "own", action="write", resource=RESOURCE)
        if not await self.context.preparations.cancel(dataset_id):
            raise NotFound("Nothing is being opened here.")
        self.set_status(204)
        self.finish()
