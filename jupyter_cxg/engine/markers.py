"""Markers: every category of an obs column against all other cells, from one pass over the matrix."""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from ..compute.blocks import each_block
from ..compute.moments import Moments, all_others
from ..compute.ranks import RankSums, rank_sums
from ..errors import BadQuery
from ..model import Array, Categorical, Columns
from .categories import category_moments, digest_of, fits, labels_of
from .compare import MOMENTS_SHARE, Adjust, Diffexp, Method, check_sizes, tested_groups
from .groups import categories_of
from .source import Distribution, Source, is_logged


@dataclass(frozen=True, slots=True)
class MarkersQuery:
    """Which column, and how to compare; as in `DiffexpQuery`."""

    column: str
    layer: str = "X"
    method: Method = "t-test"
    tie_correct: bool = True
    adjust: Adjust = "benjamini-hochberg"
    distribution: Distribution = "auto"


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
    method: Method = "t-test"
    threads: int = 1

    def columns(self, genes: Array, top: int) -> Columns:
        """The genes with the highest scores of each category, as one table."""
        compared = [name for name in self.categories if name not in self.left_out]
        tables: list[Columns | None] = [None] * len(compared)  # of the chosen genes only

        def work(start: int, stop: int) -> None:
            for i in range(start, stop):
                found = self.table(compared[i])
                tables[i] = _some(found.columns(genes), np.argsort(-found.score, kind="stable")[:top])

        each_block(work, len(compared), rows=1, threads=self.threads)
        parts = [part for part in tables if part is not None]
        codes = [
            np.full(part.n_rows, self.categories.index(name), np.int32)
            for name, part in zip(compared, parts, strict=True)
        ]
        category = Categorical(
            np.concatenate([np.empty(0, np.int32), *codes]), np.array(self.categories, object)
        )
        about = {"left_out": json.dumps(self.left_out, ensure_ascii=False), "method": self.method}
        if not parts:
            return Columns(0, ("category",), (category,), ("category",), about)
        names = tuple(str(name) for name in parts[0].names)
        values = tuple(
            np.concatenate([np.asarray(part.values[i]) for part in parts]) for i in range(len(names))
        )
        return Columns(len(category), ("category", *names), (category, *values), ("category", *names), about)


def markers(source: Source, query: MarkersQuery) -> Markers:
    """Compare all categories of a column.

    Raises
    ------
    BadQuery
        The column has no categories, or too many for one answer.
    """
    categories, _ = categories_of(query.column, source.read)
    check_fits(source, query)
    logged = query.method == "cellxgene" and is_logged(source, query.layer, query.distribution)
    first = source.part(0, MOMENTS_SHARE if query.method == "wilcoxon" else 0.9)
    moments = category_moments(first, query.column, query.layer, logged=logged)
    source.watch.check()  # what follows takes a moment even if all that is above was kept
    others = all_others(moments)
    ranks = _ranks(source.part(MOMENTS_SHARE, 0.9), query, moments) if query.method == "wilcoxon" else None
    left_out: dict[str, str] = {}
    for i, name in enumerate(categories):
        try:
            check_sizes(query.method, int(moments.n[i]), int(others.n[i]))
        except BadQuery as error:
            left_out[name] = str(error)

    def table(name: str) -> Diffexp:
        source.watch.check()
        i = categories.index(name)
        rank_sum = np.empty(0) if ranks is None else ranks.sums[i]
        ties = ranks.ties if ranks is not None and query.tie_correct else None
        return tested_groups(query.method, query.adjust, moments.one(i), others.one(i), 0, rank_sum, ties)

    return Markers(categories, left_out, table, query.method, source.threads)


def content_of(source: Source, query: MarkersQuery) -> tuple[Hashable, ...]:
    """The same for all questions that have the same answer, whatever the column is called.

    Raises
    ------
    BadQuery, NotFound, NotReady
        There is none.
    """
    categories, _ = categories_of(query.column, source.read)
    check_fits(source, query)
    how = (query.layer, query.method, query.tie_correct, query.adjust, query.distribution)
    return "markers", *how, categories, digest_of(labels_of(source, query.column)[0])


def check_fits(source: Source, query: MarkersQuery) -> None:
    """Refuse a column that has too many categories for one answer.

    Raises
    ------
    BadQuery
        With their number.
    """
    if not fits(source, query.column, query.layer):
        categories, _ = categories_of(query.column, source.read)
        raise BadQuery(f"The obs column {query.column!r} has {len(categories)} categories: too many at once.")


def _some(table: Columns, rows: Array) -> Columns:
    values = tuple(np.asarray(value)[rows] for value in table.values)
    return Columns(len(rows), table.names, values, table.labels)


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
            advance=source.watch.advance,
            cancelled=source.watch.cancelled,
        )
        return found.sums, found.ties

    return RankSums(*source.kept(("ranks", query.layer, n_groups, digest_of(labels)), make))
