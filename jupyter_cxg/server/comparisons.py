"""Questions about groups of cells: cellxgene's ``diffexp/obs``, and the full table that is ours."""

from collections.abc import Mapping
from typing import Any

from ..engine.compare import Diffexp, DiffexpQuery
from ..engine.ranking import most_different
from ..engine.shelf import Opened
from ..errors import BadQuery, NotOffered
from ..model import Columns
from ..wire.negotiate import PRECISE
from . import params_diffexp
from .questions import Limits, Question


def top_genes(body: bytes, limits: Limits) -> Question:
    """``POST diffexp/obs``: the genes that differ most, as cellxgene finds them."""

    def find(opened: Opened) -> Mapping[str, Any]:
        asked = params_diffexp.top_genes(body)  # here, on the pool: it may list a million cells
        found = _compared(opened, asked.query, limits)
        up, down = most_different(found, asked.count, limits.diffexp_cutoff)
        return {"negative": _rows(found, down.tolist()), "positive": _rows(found, up.tolist())}

    return Question("", find, documents=True)


def posted_table(body: bytes, limits: Limits) -> Question:
    """``POST diffexp``: all genes, for groups that the body describes."""

    def find(opened: Opened) -> Columns:
        return _table(opened, params_diffexp.diffexp_body(body), limits)

    return Question("", find, offered=PRECISE)


def table(query: str, limits: Limits) -> Question:
    """``GET diffexp``: all genes, for two categories of a column."""
    asked = params_diffexp.diffexp_query(query)
    return Question(f"diffexp?{query}", lambda opened: _table(opened, asked, limits), offered=PRECISE)


def _table(opened: Opened, query: DiffexpQuery, limits: Limits) -> Columns:
    return _compared(opened, query, limits).columns(opened.dataset.var_names(query.layer))


def _compared(opened: Opened, query: DiffexpQuery, limits: Limits) -> Diffexp:
    if not limits.diffexp:
        raise NotOffered("Differential expression is switched off on this server (Cxg.diffexp).")
    most = limits.max_diffexp_cells
    cells = sum(opened.dataset.group_sizes(query)) if most is not None else 0
    if most is not None and cells > most:
        raise BadQuery(
            f"{cells} cells are more than the {most} that may be compared (Cxg.max_diffexp_cells)."
        )
    return opened.dataset.diffexp(query)


def _rows(found: Diffexp, positions: list[int]) -> list[list[float]]:
    """[position of the gene, difference of the means, p, adjusted p] each."""
    return [
        [gene, float(found.change[gene]), float(found.p[gene]), float(found.p_adjusted[gene])]
        for gene in positions
    ]
