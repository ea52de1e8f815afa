"""/cxg/d/{id}/api/v0.2/diffexp/obs and /cxg/d/{id}/diffexp — groups of cells compared."""

from functools import partial

from jupyter_server.auth.decorator import allow_unauthenticated

from ...engine.compare import Adjust, Method
from ...errors import NotOffered
from ...wire.negotiate import PRECISE
from .. import access, comparisons
from ..bodies import DiffexpBody, TopGenesBody
from ..handler import DataHandler
from ..spec import UNCHANGED, Query, columns, document, json_body, spec

MAX_BODY = 24_000_000  # the original client lists a million cells one by one, for each of two sets

HOW = (
    Query("layer", "Another matrix than X; raw has genes of its own."),
    Query("method", "t-test if left out.", Method),
    Query("tie_correct", "For wilcoxon; true if left out.", bool),
    Query("adjust", "How p is adjusted for the number of genes.", Adjust),
)
"""Parameters of every comparison."""


class DiffexpObs(DataHandler):
    """cellxgene's: the genes that differ most."""

    role = access.COMPUTE

    @spec(
        "The genes that differ most between two sets of cells, as cellxgene finds them",
        "data",
        document("Of either sign.", comparisons.TopGenesDocument),
        body=json_body(TopGenesBody),
        errors=(NotOffered,),
    )
    @allow_unauthenticated  # reply checks who asks
    async def post(self, dataset_id: str) -> None:
        """Compare the two sets in the body."""
        await self.reply(dataset_id, partial(comparisons.top_genes, self.small_body(MAX_BODY)))


class Diffexp(DataHandler):
    """Ours: the table of all genes."""

    role = access.COMPUTE

    @spec(
        "All genes, compared between two categories of a column",
        "data",
        {200: columns("In the order of the matrix.", PRECISE), 304: UNCHANGED},
        query=(
            Query("column", "Of obs.", required=True),
            Query("a", "A category, written as text.", required=True),
            Query("b", "Another one; left out: all other cells."),
            *HOW,
        ),
        errors=(NotOffered,),
    )
    @allow_unauthenticated  # reply checks who asks
    async def get(self, dataset_id: str) -> None:
        """Compare categories."""
        await self.reply(dataset_id, partial(comparisons.table, self.request.query))

    @spec(
        "All genes, compared between two groups of cells",
        "data",
        columns("In the order of the matrix.", PRECISE),
        body=json_body(DiffexpBody),
        errors=(NotOffered,),
    )
    @allow_unauthenticated  # reply checks who asks
    async def post(self, dataset_id: str) -> None:
        """Compare the groups in the body."""
        await self.reply(dataset_id, partial(comparisons.posted_table, self.small_body(MAX_BODY)))
