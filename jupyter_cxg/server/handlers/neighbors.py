"""/cxg/d/{id}/neighbors — cells, and those that a graph in obsp connects them with."""

from jupyter_server.auth.decorator import allow_unauthenticated

from .. import neighbors
from ..bodies import NeighborsBody
from ..spec import document, json_body, spec
from .jobs import MAX_SIMPLE, JobHandler


class Neighbors(JobHandler):
    """Also for guests: who sees the cells may select them."""

    methods = "POST, OPTIONS"
    role = "view"

    @spec(
        "Cells and their neighbors",
        "data",
        document("The cells asked for are among them.", neighbors.NeighborsDocument),
        body=json_body(NeighborsBody),
    )
    @allow_unauthenticated  # check says who asks
    async def post(self, dataset_id: str) -> None:
        """Of those in the body."""
        await self.check(dataset_id)
        await self.answer(dataset_id, neighbors.posted(self.small_body(MAX_SIMPLE)), self.annotator)
