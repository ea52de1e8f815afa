"""Markers: every category of an obs column against all other cells, from one pass over the matrix."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..compute.blocks import each_block
from ..compute.moments import Moments, all_others
from ..compute.ranks import RankSums, rank_sums
from ..errors import BadQuery
from ..model import Array, Categorical, Columns
from .categories import category_moments, fits, labels_of
from .compare import Adjust, Diffexp, Method, check_sizes, tested_groups
from .groups import categories_of
from .source import Source, is_logged


@dataclass(frozen=True, slots=True)
class MarkersQuery:
    """Which column, and how to compare; as in `DiffexpQuery`."""

    column: str
    layer: str = "X"
    method: Method = "t-test"
    tie_correct: bool = True
    adjust: Adjust = "benjamini-hochberg"


@dataclass(frozen=True, slots=True, eq=False)
class Markers:
    """Every category against all cells that are not in it; those without a category are among these.

    Attributes
    ----------
    categories
        As text, in the order of the column.
    left_out
        Category → why it cannot be compared.
    table
        Category → its comparison for all genes, computed when it is asked for.
    threads
        For many tables at once.
    """

    categories: tuple[str, ...]
    left_out: dict[str, str]
    table: Callable[[str], Diffexp]
    threads: int = 1

    def columns(self, genes: Array, top: int) -> Columns:
        """The genes with the highest scores of each category, as one table."""
        compared = [name for name in self.categories if name not in self.left_out]
        tables: list[Columns | None] = [None] * len(compared)
        rows: list[Array] = [np.empty(0, np.int64)] * len(compared)

        def work(start: int, stop: int) -> None:
            for i in range(start, stop):
                found = self.table(compared[i])
                rows[i] = np.argsort(-found.score, kind="stable")[:top]
                tables[i] = found.columns(genes)

        each_block(work, len(compared), rows=1, threads=self.threads)
        parts = [part for part in tables if part is not None]
        codes = [
            np.full(len(row), self.categories.index(name), np.int32)
            for name, row in zip(compared, rows, strict=True)
        ]
        category = Categorical(
            np.concatenate([np.empty(0, np.int32), *codes]), np.array(self.categories, object)
        )
        if not parts:
            return Columns(0, ("category",), (category,), ("category",))
        names = tuple(str(name) for name in parts[0].names)
        values = tuple(
            np.concatenate([np.asarray(part.values[i])[row] for part, row in zip(parts, rows, strict=True)])
            for i in range(len(names))
        )
        return Columns(len(category), ("category", *names), (category, *values), ("category", *names))


def markers(source: Source, query: MarkersQuery) -> Markers:
    """Compare all categories of a column.

    Raises
    ------
    BadQuery
        The column has no categories, or too many for one answer.
    """
    categories, _ = categories_of(query.column, source.read)
    if not fits(source, query.column, query.layer):
        raise BadQuery(f"The obs column {query.column!r} has {len(categories)} categories: too many at once.")
    logged = query.method == "cellxgene" and is_logged(source, query.layer)
    moments = category_moments(source, query.column, query.layer, logged=logged)
    others = all_others(moments)
    ranks = _ranks(source, query, moments) if query.method == "wilcoxon" else None
    left_out: dict[str, str] = {}
    for i, name in enumerate(categories):
        try:
            check_sizes(query.method, int(moments.n[i]), int(others.n[i]))
        except BadQuery as error:
            left_out[name] = str(error)

    def table(name: str) -> Diffexp:
        i = categories.index(name)
        rank_sum = np.empty(0) if ranks is None else ranks.sums[i]
        ties = ranks.ties if ranks is not None and query.tie_correct else None
        return tested_groups(query.method, query.adjust, moments.one(i), others.one(i), 0, rank_sum, ties)

    return Markers(categories, left_out, table, source.threads)


def _ranks(source: Source, query: MarkersQuery, moments: Moments) -> RankSums:
    labels, n_groups = labels_of(source, query.column)

    def make() -> tuple[Array, ...]:
        found = rank_sums(
            source.genes(query.layer),
            labels,
            moments.n,
            np.ones(n_groups),
            moments.nonzero.sum(axis=0),
            threads=source.threads,
        )
        return found.sums, found.ties

    return RankSums(*source.cache.get((source.key, "ranks", query.layer, query.column), make))
