"""/cxg/d/{id}/api/v0.2/diffexp/obs and /cxg/d/{id}/diffexp — groups of cells compared."""

from functools import partial

from jupyter_server.auth.decorator import allow_unauthenticated

from .. import access, comparisons
from ..handler import DataHandler

MAX_BODY = 24_000_000  # the original client lists a million cells one by one, for each of two sets


class DiffexpObs(DataHandler):
    """cellxgene's: the genes that differ most."""

    role = access.COMPUTE

    @allow_unauthenticated  # reply checks who asks
    async def post(self, dataset_id: str) -> None:
        """Compare the two sets in the body."""
        await self.reply(dataset_id, partial(comparisons.top_genes, self.small_body(MAX_BODY)))


class Diffexp(DataHandler):
    """Ours: the table of all genes."""

    role = access.COMPUTE

    @allow_unauthenticated  # reply checks who asks
    async def get(self, dataset_id: str) -> None:
        """Compare categories."""
        await self.reply(dataset_id, partial(comparisons.table, self.request.query))

    @allow_unauthenticated  # reply checks who asks
    async def post(self, dataset_id: str) -> None:
        """Compare the groups in the body."""
        await self.reply(dataset_id, partial(comparisons.posted_table, self.small_body(MAX_BODY)))
