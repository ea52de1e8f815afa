"""/cxg/d/{id}/figures — what figures are drawn of, summed up here so that little has to travel."""

from jupyter_server.auth.decorator import allow_unauthenticated

from ...wire.negotiate import PRECISE
from .. import figures
from ..bodies import FigureBody
from ..spec import columns, json_body, spec
from .jobs import MAX_SIMPLE, JobHandler


class Figures(JobHandler):
    """Also for guests: it says no more than the genes themselves do."""

    methods = "POST, OPTIONS"
    role = "view"

    @spec(
        "Genes and obs columns, summed up over groups of cells",
        "data",
        columns("One row per feature and group; of a sample one per cell.", PRECISE),
        body=json_body(FigureBody),
    )
    @allow_unauthenticated  # check says who asks
    async def post(self, dataset_id: str) -> None:
        """Those in the body."""
        await self.check(dataset_id)
        question = figures.posted(self.small_body(MAX_SIMPLE), self.context.limits)
        await self.answer(dataset_id, question, self.annotator)
