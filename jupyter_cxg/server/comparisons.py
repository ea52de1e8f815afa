"""Questions about groups of cells: cellxgene's ``diffexp/obs``, and the tables that are ours."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cache, partial
from typing import TypedDict, TypeVar

from ..engine.compare import Diffexp, DiffexpQuery
from ..engine.groups import categories_of
from ..engine.markers import MarkersQuery
from ..engine.ranking import most_different
from ..engine.shelf import Opened
from ..errors import BadQuery, NotOffered
from ..model import Columns
from ..wire.negotiate import PRECISE
from . import annotating, params_diffexp, params_jobs
from .limits import Limits
from .params_jobs import JobAsked
from .questions import Question

MAX_ROWS = 200_000
Query = TypeVar("Query", bound=DiffexpQuery | MarkersQuery)


class TopGenesDocument(TypedDict):
    """Of each gene: position, difference of the means, p, adjusted p; by falling and by rising t."""

    positive: list[tuple[int, float, float, float]]
    negative: list[tuple[int, float, float, float]]


def top_genes(body: bytes, limits: Limits) -> Question:
    """``POST diffexp/obs``: the genes that differ most, as cellxgene finds them."""

    read = cache(partial(params_diffexp.top_genes, body))  # later, on the pool: it may list a million cells

    def find(opened: Opened) -> TopGenesDocument:
        asked = read()
        found = _compared(opened, asked.query, limits)
        up, down = most_different(found, asked.count, limits.diffexp_cutoff)
        return {"negative": _rows(found, down.tolist()), "positive": _rows(found, up.tolist())}

    return Question("", find, documents=True, personal=_personal(lambda: read().query), slow=True)


def posted_table(body: bytes, limits: Limits) -> Question:
    """``POST diffexp``: all genes, for groups that the body describes."""

    read = cache(partial(params_diffexp.diffexp_body, body))
    return Question(
        "",
        lambda opened: _table(opened, read(), limits),
        offered=PRECISE,
        personal=_personal(read),
        slow=True,
    )


def table(query: str, limits: Limits) -> Question:
    """``GET diffexp``: all genes, for two categories of a column."""
    asked = params_diffexp.diffexp_query(query)
    return Question(
        f"diffexp?{query}",
        lambda opened: _table(opened, asked, limits),
        offered=PRECISE,
        personal=_personal(lambda: asked),
        slow=True,
    )


def markers(query: str, limits: Limits) -> Question:
    """``GET markers``: the genes of the highest scores, for each category of a column."""
    asked = params_jobs.markers_query(query)
    return Question(
        f"markers?{query}",
        lambda opened: answer(opened, asked, limits),
        offered=PRECISE,
        personal=_personal(lambda: asked.query),
        slow=True,
    )


def of_job(read: Callable[[], JobAsked]) -> Question:
    """What a job is about: whether it is personal, not yet its answer."""
    return Question("", lambda opened: None, personal=_personal(lambda: read().query))


def answer(opened: Opened, asked: JobAsked, limits: Limits) -> Columns:
    """The result of a job.

    Raises
    ------
    Cancelled
        Nobody waits for it.
    CxgError
        There is none.
    """
    query = _as_set(asked.query, limits)
    if isinstance(query, DiffexpQuery):
        return _table(opened, query, limits)
    _check(opened, query, limits, asked.top)
    found = opened.dataset.markers(query, more=annotating.reader(opened), watch=opened.watch)
    return found.columns(opened.dataset.var_names(query.layer), asked.top)


def content_of(opened: Opened, asked: JobAsked, limits: Limits) -> Hashable:
    """Names the result of a job, whoever asks and however the cells are described.

    Raises
    ------
    CxgError
        There will be none.
    """
    query = _as_set(asked.query, limits)
    _check(opened, query, limits, asked.top)
    return opened.dataset.content_of(query, more=annotating.reader(opened)), asked.top


def _table(opened: Opened, query: DiffexpQuery, limits: Limits) -> Columns:
    return _compared(opened, query, limits).columns(opened.dataset.var_names(query.layer))


def _compared(opened: Opened, query: DiffexpQuery, limits: Limits) -> Diffexp:
    query = _as_set(query, limits)
    _check(opened, query, limits)
    return opened.dataset.diffexp(query, more=annotating.reader(opened), watch=opened.watch)


def _as_set(query: Query, limits: Limits) -> Query:
    """With what the server's settings say of X."""
    return replace(query, distribution=limits.x_distribution)


def _check(opened: Opened, query: DiffexpQuery | MarkersQuery, limits: Limits, top: int = 0) -> None:
    """Refuse what is beyond the limits."""
    read = annotating.reader(opened)
    if not limits.diffexp:
        raise NotOffered("Differential expression is switched off on this server (Cxg.diffexp).")
    categories = len(categories_of(query.column, read)[0]) if isinstance(query, MarkersQuery) else 0
    if top * categories > MAX_ROWS:
        raise BadQuery(
            f"{top} genes for each of {categories} categories are more than {MAX_ROWS} rows: ask for fewer."
        )
    most = limits.max_diffexp_cells
    if most is None:
        return
    cells = opened.dataset.schema.n_obs
    if isinstance(query, DiffexpQuery):
        cells = sum(opened.dataset.group_sizes(query, more=read))
    if cells > most:
        raise BadQuery(
            f"{cells} cells are more than the {most} that may be compared (Cxg.max_diffexp_cells)."
        )


def _personal(read: Callable[[], DiffexpQuery | MarkersQuery]) -> Callable[[Opened], bool]:
    """Whether a column is asked for that the dataset does not have itself, so it may be an annotation."""

    def personal(opened: Opened) -> bool:
        query = read()
        named = {query.column} if isinstance(query, MarkersQuery) else params_diffexp.columns_of(query)
        return not named <= annotating.public_names(opened)

    return personal


def _rows(found: Diffexp, positions: list[int]) -> list[tuple[int, float, float, float]]:
    return [
        (gene, float(found.change[gene]), float(found.p[gene]), float(found.p_adjusted[gene]))
        for gene in positions
    ]
