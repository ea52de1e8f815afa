"""/cxg/d/{id}/genes — many genes at once, as a stream."""

import asyncio
from functools import partial

from jupyter_server.auth.decorator import allow_unauthenticated

from ...engine.watch import Watch
from ...wire import genes, negotiate
from .. import bulk
from ..bodies import BulkBody
from ..context import Context
from ..spec import Answer, json_body, spec
from ..streaming import stream
from .jobs import MAX_SIMPLE, JobHandler


class Genes(JobHandler):
    """What data/var has, without its limit of columns."""

    methods = "POST, OPTIONS"
    role = "view"

    def initialize(self, context: Context) -> None:
        """Called by tornado with the last part of a route."""
        super().initialize(context)
        self.gone = asyncio.Event()

    def on_connection_close(self) -> None:
        """Called by tornado when the client leaves, also while it is sent something."""
        super().on_connection_close()
        self.gone.set()

    @spec(
        "Many genes, each sparse or dense, whichever is smaller",
        "data",
        Answer("One row per gene, in the order asked.", genes.CONTENT),
        body=json_body(BulkBody),
    )
    @allow_unauthenticated  # check says who asks
    async def post(self, dataset_id: str) -> None:
        """Those in the body."""
        await self.check(dataset_id)
        media_type = negotiate(self.request.headers.get("Accept", ""), genes.MEDIA_TYPES).media_type
        watch = Watch(cancelled=lambda: self._left)
        body, limits = self.small_body(MAX_SIMPLE), self.context.limits
        find = partial(bulk.pieces, body, media_type, limits, watch)
        pieces = await self.work(lambda: find(self.context.open(dataset_id)))
        if pieces is None:
            return
        self.note_activity()
        self.set_header("Content-Type", media_type)
        await stream(self, pieces, self.gone)
