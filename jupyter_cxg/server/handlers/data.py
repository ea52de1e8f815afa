"""/cxg/d/{id}/api/v0.2/… and /cxg/d/{id}/status — one question each."""

from functools import partial

from jupyter_server.auth.decorator import allow_unauthenticated

from .. import questions
from ..context import Context
from ..handler import DataHandler


class Answers(DataHandler):
    """GET of any route in `questions`."""

    def initialize(self, context: Context, route: str) -> None:  # type: ignore[override]  # keywords of the route
        """``route`` is the question's name: ``"data/var"``."""
        super().initialize(context)
        self.route = route

    @allow_unauthenticated  # reply checks who asks
    async def get(self, dataset_id: str) -> None:
        """Ask what the URL says."""
        await self.reply(dataset_id, partial(questions.ask, self.route, self.request.query))


class DataVar(Answers):
    """data/var also takes a JSON filter."""

    @allow_unauthenticated  # reply checks who asks
    async def put(self, dataset_id: str) -> None:
        """Genes by the filter in the body."""
        body, query = self.small_body(), self.request.query
        await self.reply(dataset_id, partial(questions.filtered_genes, body, query))


class SummarizeVar(Answers):
    """summarize/var also takes its query as a body, for long lists of genes."""

    @allow_unauthenticated  # reply checks who asks
    async def post(self, dataset_id: str) -> None:
        """The mean of the genes that the body names."""
        key = self.get_query_argument("key", "")
        await self.reply(dataset_id, partial(questions.posted_summary, self.small_body(), key))
