"""The JSON documents that clients send, as types: `params` reads them, `openapi` describes them."""

from typing import Annotated, Any, Literal, NotRequired, Required, TypedDict

from ..engine.compare import Adjust, Method
from ..snapshot.wish import MAX_NOTE
from .params import MAX_QUESTIONS, MAX_VERSION
from .params_figures import MAX_BESIDE, MAX_BINS, MAX_BY, MAX_SAMPLE
from .params_genes import MAX_COUNT, MAX_SEED
from .params_genes import Method as SummaryMethod
from .schemas import Also
from .viewing import MAX_ABOUT
from .viewing import MAX_NAME as MAX_VIEW_NAME

Version = Annotated[int, Also(minimum=0, maximum=MAX_VERSION)]
Position = Annotated[int, Also(minimum=0, maximum=2**31 - 1)]
Value = str | bool | float
Seed = Annotated[int, Also(minimum=0, maximum=MAX_SEED)]
CtrlSize = Annotated[int, Also(minimum=1, maximum=MAX_COUNT)]
NBins = Annotated[int, Also(minimum=2, maximum=MAX_COUNT)]


Top = Annotated[int, Also(minimum=1)]


class AskBody(TypedDict):
    """Several questions, each a route below api/v0.2/ with its query, or one of ours."""

    capability: str
    questions: Annotated[list[str], Also(maxItems=MAX_QUESTIONS)]


class RestoreBody(TypedDict):
    """The version to go back to, and the one that the client has seen."""

    restore: Version
    version: NotRequired[Version | None]
    only: NotRequired[Literal["annotations"] | None]


class AnnotationBody(TypedDict):
    """Labels, and for each cell the number of its label or -1: int32, little-endian, zlib, base64."""

    categories: list[Annotated[str, Also(maxLength=10_000)]]
    codes: str


class EditsBody(TypedDict, total=False):
    """Annotations that are new or changed, and names of those that go; all others stay."""

    columns: dict[str, AnnotationBody]
    remove: list[str]
    token: str | None
    what: Annotated[str, Also(minLength=1, maxLength=500)] | None


class LinkBody(TypedDict, total=False):
    """A link to be made."""

    expires: Annotated[str, Also(pattern="^[1-9][0-9]{0,5} ?[mhdw]$")]
    role: Literal["view"]
    note: Annotated[str, Also(maxLength=MAX_NOTE)]
    state: dict[str, Any]
    cells: dict[str, str]


class ViewBody(TypedDict):
    """A view to be saved: its name, what it shows, and that in a few words."""

    name: Annotated[str, Also(minLength=1, maxLength=MAX_VIEW_NAME)]
    state: dict[str, Any]
    about: NotRequired[Annotated[str, Also(maxLength=MAX_ABOUT)] | None]
    cells: NotRequired[dict[str, str] | None]


class ViewChangeBody(TypedDict, total=False):
    """Another name of a saved view, or another state, or both."""

    name: Annotated[str, Also(minLength=1, maxLength=MAX_VIEW_NAME)] | None
    state: dict[str, Any] | None
    about: Annotated[str, Also(maxLength=MAX_ABOUT)] | None
    cells: dict[str, str] | None


class ValuesCondition(TypedDict):
    """A column has one of these values."""

    name: str
    values: list[Value]


class RangeCondition(TypedDict):
    """A column has a number in between, both included; null leaves an end open."""

    name: str
    min: NotRequired[float | None]
    max: NotRequired[float | None]


class AxisFilter(TypedDict, total=False):
    """What meets every condition; positions, and [start, end) pairs of them."""

    index: list[Position | tuple[Position, Position]] | None
    annotation_value: list[ValuesCondition | RangeCondition] | None


class VarFilter(TypedDict):
    """Of genes."""

    var: AxisFilter | None


class GenesBody(TypedDict):
    """Genes by a filter; all of them without one."""

    filter: VarFilter | None


class ObsFilter(TypedDict):
    """Of cells."""

    obs: AxisFilter | None


class CellsByFilter(TypedDict):
    """Cells by a filter."""

    filter: ObsFilter


class CellsByCategory(TypedDict):
    """All cells of a category, which is written as text."""

    column: str
    category: str


class CellsByBits(TypedDict):
    """Cells by a packed bitset in base64, the first cell in the lowest bit."""

    cells: str


Cells = CellsByCategory | CellsByBits | CellsByFilter


class TopGenesBody(TypedDict):
    """Two sets of cells, and how many genes are wanted of either sign."""

    mode: Literal["topN"]
    count: Annotated[int, Also(minimum=1)]
    set1: CellsByFilter
    set2: CellsByFilter


class DiffexpBody(TypedDict):
    """Two groups of cells; without b all other cells are meant."""

    a: Cells
    b: NotRequired[Cells | None]
    layer: NotRequired[str]
    method: NotRequired[Method]
    tie_correct: NotRequired[bool]
    adjust: NotRequired[Adjust]


class CapabilityBody(TypedDict, total=False):
    """Who asks, where no header says it."""

    capability: str


class BulkBody(CapabilityBody):
    """Genes by name or position; of the cells in a packed bitset in base64, if there is one."""

    genes: Required[Annotated[list[str | Position], Also(minItems=1)]]
    layer: str
    cells: str | None


class CellsToGroupBy(TypedDict):
    """Two groups: these cells, and all others."""

    name: str
    cells: Cells


class FigureBody(CapabilityBody, total=False):
    """Genes and numeric obs columns by groups; without either, the cells are counted."""

    genes: list[str]
    columns: list[str]
    by: Annotated[list[str | CellsToGroupBy], Also(maxItems=MAX_BY)]
    cells: Cells | None
    layer: str
    cutoff: float
    quantiles: bool
    bins: Annotated[int, Also(minimum=0, maximum=MAX_BINS)]
    sample: Annotated[int, Also(minimum=0, maximum=MAX_SAMPLE)]
    beside: Annotated[list[str | CellsToGroupBy], Also(maxItems=MAX_BESIDE)]


class NeighborsBody(CapabilityBody):
    """Cells, and the graph that says which are their neighbors."""

    graph: str
    of: Cells


class SummaryBody(TypedDict, total=False):
    """Genes by name, or a saved set of them, and what is wanted of it."""

    genes: list[str]
    geneset: str
    layer: str
    method: SummaryMethod
    seed: Seed
    ctrl_size: CtrlSize
    n_bins: NBins
    ctrl_as_ref: bool


class DiffexpJobBody(DiffexpBody, CapabilityBody):
    """Two groups of cells to be compared."""

    kind: Literal["diffexp"]


class MarkersJobBody(CapabilityBody):
    """All categories of a column to be compared with all other cells."""

    kind: Literal["markers"]
    column: str
    top: NotRequired[Top]
    layer: NotRequired[str]
    method: NotRequired[Method]
    tie_correct: NotRequired[bool]
    adjust: NotRequired[Adjust]


class GeneBody(TypedDict):
    """A gene in a set."""

    gene_symbol: Annotated[str, Also(minLength=1)]
    gene_description: NotRequired[str | None]


class GeneSetBody(TypedDict):
    """A gene set, by a name of its own."""

    geneset_name: Annotated[str, Also(minLength=1, maxLength=1000)]
    geneset_description: NotRequired[str | None]
    genes: list[GeneBody]


class GeneSetsBody(TypedDict):
    """All gene sets of who asks; tid must be larger than that of the last save."""

    tid: Version
    genesets: list[GeneSetBody]
