"""Cells by what they have in common: categories of columns, bins of numbers, or being in a selection."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..errors import BadQuery
from ..model import Array, Categorical, Texts
from .groups import Group, categories_of, cells_of
from .source import Source

BINS = 7
"""Of a numeric column, as scanpy's plots have it."""
MAX_GROUPS = 20_000


@dataclass(frozen=True, slots=True)
class Grouping:
    """What makes groups.

    Attributes
    ----------
    name
        Of an obs column, unless there are cells.
    cells
        The two groups are these cells, and all others.
    """

    name: str
    cells: Group | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Some cells in groups.

    Attributes
    ----------
    labels
        (n,): the group of each cell, -1 for those that lack a category.
    sizes
        (n_groups,): none is empty.
    codes
        For each grouping (n_groups,): the category that makes the group.
    categories
        For each grouping its categories, as text.
    """

    labels: Array
    sizes: Array
    codes: tuple[Array, ...]
    categories: tuple[tuple[str, ...], ...]

    @property
    def n(self) -> int:
        """How many groups there are."""
        return len(self.sizes)

    def columns(self, *, times: int = 1, of: Array | None = None) -> dict[str, Categorical]:
        """``group``, ``group_2``, …: of every group, ``times`` over; or of some labels."""
        found = {}
        for i, (codes, categories) in enumerate(zip(self.codes, self.categories, strict=True)):
            each = np.tile(codes, times) if of is None else codes[of]
            texts: Array = np.empty(len(categories), object)
            texts[:] = categories
            found[f"group_{i + 1}" if i else "group"] = Categorical(each.astype(np.int32), texts)
        return found


def group_cells(by: tuple[Grouping, ...], rows: Array, source: Source) -> Grouped:
    """Some cells in groups: all combinations that there are, the first grouping slowest.

    Parameters
    ----------
    rows
        (n,) int64, ascending.

    Raises
    ------
    BadQuery
        A column cannot be grouped by, or there are too many groups.
    """
    labels: Array = np.zeros(len(rows), np.int64)
    codes: list[Array] = []
    categories: list[tuple[str, ...]] = []
    for grouping in by:
        texts, mine = categories_among(grouping, source, rows)
        categories.append(texts)
        labels = np.where((labels < 0) | (mine < 0), -1, labels * max(1, len(texts)) + mine)
    present, inverse = np.unique(labels, return_inverse=True)
    first = int(np.searchsorted(present, 0))  # what lacks a category is the one group below 0
    present = present[first:]
    if len(present) > MAX_GROUPS:
        raise BadQuery(f"These columns make {len(present)} groups, more than {MAX_GROUPS}: choose others.")
    rest = present
    for texts in reversed(categories):
        codes.append(rest % max(1, len(texts)))
        rest = rest // max(1, len(texts))
    labels = inverse.astype(np.int32) - first
    sizes = np.bincount(labels[labels >= 0], minlength=len(present))
    return Grouped(labels, sizes, tuple(reversed(codes)), tuple(categories))


def categories_among(grouping: Grouping, source: Source, rows: Array) -> tuple[tuple[str, ...], Array]:
    """The categories of a grouping, and that of each of these cells: (n,), -1 where it has none.

    Raises
    ------
    BadQuery
        As `group_cells`.
    """
    texts, codes = _categories(grouping, source, rows)
    return texts, codes[rows]


def _categories(grouping: Grouping, source: Source, rows: Array) -> tuple[tuple[str, ...], Array]:
    if grouping.cells is not None:
        within = cells_of(grouping.cells, source.n_obs, source.read)
        return (grouping.name, "other cells"), (~within).astype(np.int8)
    values = source.read(grouping.name)
    if isinstance(values, Categorical | Texts) or values.dtype.kind not in "iuf":
        return categories_of(grouping.name, source.read)
    return _binned(values.astype(np.float64), rows)


def _binned(values: Array, rows: Array) -> tuple[tuple[str, ...], Array]:
    """Numbers in equal bins over what these cells have; few whole numbers each for itself."""
    here = values[rows]
    finite = here[np.isfinite(here)]
    codes = np.full(len(values), -1, np.int32)
    if len(finite) == 0:
        return (), codes
    there = np.isfinite(values)
    distinct = np.unique(finite)
    if len(distinct) <= BINS:
        at = np.searchsorted(distinct, values[there])
        codes[there] = np.where(np.isin(values[there], distinct), at, -1)
        return tuple(f"{value:g}" for value in distinct.tolist()), codes
    edges = np.linspace(distinct[0], distinct[-1], BINS + 1)
    codes[there] = np.clip(np.searchsorted(edges, values[there], side="right") - 1, 0, BINS - 1)
    texts = [f"{low:.4g} – {high:.4g}" for low, high in pairwise(edges.tolist())]
    return tuple(texts), codes
