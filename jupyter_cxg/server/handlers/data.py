"""/cxg/d/{id}/api/v0.2/… and /cxg/d/{id}/status — one question each."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated

from jupyter_server.auth.decorator import allow_unauthenticated

from ...wire import png
from ...wire.documents import ConfigDocument, SchemaDocument
from ...wire.negotiate import JSON, PRECISE
from .. import params_genes, questions
from ..bodies import CtrlSize, GenesBody, NBins, Seed, SummaryBody
from ..context import Context
from ..documents import FactsDocument, RankingsDocument, StatusDocument
from ..handler import DataHandler
from ..neighbors import GraphsDocument
from ..schemas import Also
from ..spec import FORM, UNCHANGED, Answer, Query, Spec, binary, columns, document, json_body, spec, specs

LAYER = Query("layer", "Another matrix than X; raw has genes of its own.")
CONDITION = {"pattern": "^var:[A-Za-z_][A-Za-z0-9_]*$"}
GENES = Query(
    "conditions",
    "`var:{column}={value}` or `var:{column}={min},{max}`, `*` for an open end; both sides encoded twice.",
    Annotated[dict[str, str], Also(propertyNames=CONDITION)],
)
SOME_GENES = replace(
    GENES, kind=Annotated[dict[str, str], Also(propertyNames=CONDITION, minProperties=1)], required=True
)
SUMMARY = (
    Query("method", "How genes are summarized; mean if left out.", params_genes.Method),
    Query("geneset", "The name of a saved gene set, in place of conditions."),
    Query("seed", "For score_genes: scanpy's random_state; 0 if left out.", Seed),
    Query("ctrl_size", "For score_genes: control genes per bin; 50 if left out.", CtrlSize),
    Query("n_bins", "For score_genes: bins of mean expression; 25 if left out.", NBins),
    Query("ctrl_as_ref", "For score_genes: whether genes of the set may be drawn; true if left out.", bool),
)


def _get(summary: str, answer: Answer, *query: Query) -> Spec:
    return Spec(summary, "data", {200: answer, 304: UNCHANGED}, query)


Color = Annotated[str, Also(pattern="^#[0-9a-f]{6}$")]
GET: Mapping[str, Spec] = {
    "schema": _get(
        "Size, columns of obs and var, embeddings", document("In cellxgene's words.", SchemaDocument)
    ),
    "config": _get(
        "What this server can do, and what is not shown", document("In cellxgene's words.", ConfigDocument)
    ),
    "colors": _get(
        "Colors of categories", document("obs column → category → color.", dict[str, dict[str, Color]])
    ),
    "status": Spec("How far the dataset is", "data", {200: document("Now.", StatusDocument)}),
    "rankings": _get("What rank_genes_groups has left in uns", document("By key.", RankingsDocument)),
    "facts": _get("What the dataset says of itself in uns", document("As text.", FactsDocument)),
    "graphs": Spec(
        "Graphs of neighboring cells", "data", {200: document("Those in obsp by now.", GraphsDocument)}
    ),
    "ranking": _get(
        "One of these as a table",
        columns("Group by group, as markers have it.", PRECISE),
        Query("key", "Of uns.", required=True),
    ),
    "image": _get(
        "A tissue image of uns['spatial']",
        binary("As the config document places it.", png.MEDIA_TYPE),
        Query("name", "By the names of the config document.", required=True),
    ),
    "annotations": _get(
        "All annotations of who asks", columns("`version` and `token` are in the metadata.", PRECISE)
    ),
    "annotations/obs": _get(
        "Columns of obs, and annotations of who asks",
        columns("In the order asked."),
        Query("annotation-name", "A column; left out: all of them.", many=True),
    ),
    "annotations/var": _get(
        "Columns of var",
        columns("In the order asked."),
        Query("annotation-name", "A column; left out: all of them.", many=True),
    ),
    "layout/obs": _get(
        "Embeddings, scaled into the unit square",
        columns("Two columns each; NaN where a cell is not placed."),
        Query("layout-name", "By the names of the schema; left out: all of them.", many=True),
    ),
    "data/var": _get("Genes that meet every condition", columns("In the order of the matrix."), GENES, LAYER),
    "summarize/var": _get("A set of genes as a column", columns("One column."), GENES, LAYER, *SUMMARY),
}


class Answers(DataHandler):
    """GET of any route in `questions`."""

    def initialize(self, context: Context, route: str) -> None:  # type: ignore[override]  # keywords of the route
        """``route`` is the question's name: ``"data/var"``."""
        super().initialize(context)
        self.route = route
        self.greets = route == "config"  # where cellxgene's clients begin

    @specs(GET.__getitem__)
    @allow_unauthenticated  # reply checks who asks
    async def get(self, dataset_id: str) -> None:
        """Ask what the URL says."""
        await self.reply(dataset_id, partial(questions.ask, self.route, self.request.query))


class DataVar(Answers):
    """data/var also takes a JSON filter."""

    @spec(
        "Genes by a JSON filter",
        "data",
        columns("In the order of the matrix."),
        query=(LAYER,),
        body=json_body(GenesBody),
    )
    @allow_unauthenticated  # reply checks who asks
    async def put(self, dataset_id: str) -> None:
        """Genes by the filter in the body."""
        body, query = self.small_body(), self.request.query
        await self.reply(dataset_id, partial(questions.filtered_genes, body, query))


class SummarizeVar(Answers):
    """summarize/var also takes its query as a body, for long lists of genes."""

    @spec(
        "A set of genes as a column, asked in the body as otherwise in the query",
        "data",
        columns("One column."),
        query=(Query("key", "The SHA-1 of the body."),),
        body={FORM: SOME_GENES.kind, JSON.media_type: SummaryBody},
    )
    @allow_unauthenticated  # reply checks who asks
    async def post(self, dataset_id: str) -> None:
        """The genes that the body names."""
        key = self.get_query_argument("key", "")
        await self.reply(dataset_id, partial(questions.posted_summary, self.small_body(), key))
