"""Differential expression: one group of cells against another, gene by gene."""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..compute.grouping import group_moments
from ..compute.moments import Moments, all_others, merged
from ..compute.ranks import rank_sums
from ..compute.statistics import (
    Tested,
    auroc,
    benjamini_hochberg,
    bonferroni,
    cellxgene_t,
    cohens_d,
    finite,
    log2_fold_change,
    welch_t,
    wilcoxon,
)
from ..errors import BadQuery
from ..model import Array, Columns, columns_of
from .categories import fits, known_moments
from .groups import CellCategory, Group, categories_of, category_position, cells_of
from .source import Distribution, Source, form_for, is_few, is_logged

Method = Literal["t-test", "wilcoxon", "cellxgene"]
Adjust = Literal["benjamini-hochberg", "bonferroni"]

MOMENTS_SHARE = 0.2
"""Of the time of Wilcoxon's test, for its progress."""


@dataclass(frozen=True, slots=True)
class DiffexpQuery:
    """Which cells to compare with which, and how.

    Attributes
    ----------
    a, b
        The groups; None for b: all cells that are not in a. A cell in both groups counts in both.
    method
        ``"t-test"`` and ``"wilcoxon"`` as scanpy has them, ``"cellxgene"`` its t-test.
    tie_correct
        For Wilcoxon.
    distribution
        Of X, for cellxgene's t-test: see `source.is_logged`.
    """

    a: Group
    b: Group | None = None
    layer: str = "X"
    method: Method = "t-test"
    tie_correct: bool = True
    adjust: Adjust = "benjamini-hochberg"
    distribution: Distribution = "auto"


@dataclass(frozen=True, slots=True, eq=False)
class Diffexp:
    """The comparison of two groups for all genes of a matrix: arrays of (n_vars,), in its order.

    Attributes
    ----------
    n_a, n_b, n_both
        Cells in each group, and in both of them.
    score
        t, or z of Wilcoxon's test; positive where A is higher. 0 where a gene is not tested because a
        value is NaN.
    p, p_adjusted
        Two-sided. 1 where a gene is not tested.
    change
        The log2 fold change; for cellxgene's method the plain difference of the means, as there.
    cohens_d
        Difference of the means in pooled standard deviations; of the logarithms where these are compared.
    auroc
        For Wilcoxon's test, else None; NaN where a gene is not tested.
    """

    n_a: int
    n_b: int
    n_both: int
    method: Method
    score: Array
    p: Array
    p_adjusted: Array
    change: Array
    mean_a: Array
    mean_b: Array
    fraction_a: Array
    fraction_b: Array
    cohens_d: Array
    auroc: Array | None = None

    def columns(self, genes: Array) -> Columns:
        """As a table; ``genes`` are the names of the genes."""
        change = "mean_difference" if self.method == "cellxgene" else "log2_fold_change"
        values = {
            "gene": genes,
            "score": self.score,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            change: self.change,
            "mean_a": self.mean_a,
            "mean_b": self.mean_b,
            "fraction_a": self.fraction_a,
            "fraction_b": self.fraction_b,
            "cohens_d": self.cohens_d,
            **({} if self.auroc is None else {"auroc": self.auroc}),
        }
        table = columns_of(tuple(values), tuple(values.values()))
        about = {"n_a": self.n_a, "n_b": self.n_b, "n_both": self.n_both, "method": self.method}
        return Columns(
            table.n_rows, table.names, table.values, table.labels, {k: str(v) for k, v in about.items()}
        )


def diffexp(source: Source, query: DiffexpQuery) -> Diffexp:
    """Compare two groups; kept by which cells they have, however they were described.

    Raises
    ------
    BadQuery
        A group is empty, or has a single cell and the t-test is asked for.
    """
    in_a, in_b = groups_of(source, query)
    sizes = (int(in_a.sum()), int(in_b.sum()))
    check_sizes(query.method, *sizes)
    both = int((in_a & in_b).sum())
    arrays = source.kept(_key(query, in_a, in_b), lambda: _arrays(_compare(source, query, in_a, in_b)))
    return Diffexp(*sizes, both, query.method, *arrays)


def content_of(source: Source, query: DiffexpQuery) -> tuple[Hashable, ...]:
    """The same for all questions that have the same answer, however the cells are described.

    Raises
    ------
    BadQuery, NotFound, NotReady
        There is none.
    """
    in_a, in_b = groups_of(source, query)
    check_sizes(query.method, int(in_a.sum()), int(in_b.sum()))
    source.rows(query.layer)
    return _key(query, in_a, in_b)


def _key(query: DiffexpQuery, in_a: Array, in_b: Array) -> tuple[Hashable, ...]:
    content = hashlib.blake2b(np.packbits(in_a).tobytes() + np.packbits(in_b).tobytes()).digest()
    return "diffexp", query.layer, query.method, query.tie_correct, query.adjust, query.distribution, content


def groups_of(source: Source, query: DiffexpQuery) -> tuple[Array, Array]:
    """The cells of A and B: bool, (n_obs,) each."""
    in_a = cells_of(query.a, source.n_obs, source.read)
    return in_a, ~in_a if query.b is None else cells_of(query.b, source.n_obs, source.read)


def check_sizes(method: Method, n_a: int, n_b: int) -> None:
    """Refuse groups that the method cannot compare.

    Raises
    ------
    BadQuery
        With the reason.
    """
    for name, n in (("A", n_a), ("B", n_b)):
        if n == 0:
            raise BadQuery(f"Group {name} has no cells.")
        if n == 1 and method == "t-test":
            raise BadQuery(f"Group {name} has a single cell: the t-test needs two at least.")


def tested_groups(
    method: Method, adjust: Adjust, a: Moments, b: Moments, n_both: int, rank_sum: Array, ties: Array | None
) -> Diffexp:
    """All columns from the moments of two groups, and from the rank sum of A where the method has one."""
    n_a, n_b = int(a.n[0]), int(b.n[0])
    mean_a, mean_b = a.mean[0], b.mean[0]
    area = None
    if method == "wilcoxon":
        tested = wilcoxon(rank_sum, n_a, n_b, ties)
        area = auroc(rank_sum, n_a, n_b)
    else:
        tested = welch_t(a, b) if method == "t-test" else cellxgene_t(a, b)
    if method == "cellxgene":
        mean_a, mean_b = finite(a)[0], finite(b)[0]
        change = mean_a - mean_b
    else:
        change = log2_fold_change(mean_a, mean_b)
    return Diffexp(
        *(n_a, n_b, n_both, method),
        *(tested.score, tested.p, _adjusted(tested, adjust), change, mean_a, mean_b),
        *(a.fraction()[0], b.fraction()[0], cohens_d(a, b), area),
    )


def _compare(source: Source, query: DiffexpQuery, in_a: Array, in_b: Array) -> Diffexp:
    logged = query.method == "cellxgene" and is_logged(source, query.layer, query.distribution)
    found = None if query.method == "wilcoxon" else _of_categories(source, query, logged)
    if found is not None:
        return tested_groups(query.method, query.adjust, *found, 0, np.empty(0), None)
    # 0: in A only, 1: in B only, 2: in both; every cell is read once
    labels = np.where(in_a & in_b, 2, np.where(in_a, 0, np.where(in_b, 1, -1))).astype(np.int8)
    n_both = int((labels == 2).sum())
    matrix = form_for(source, query.layer, labels >= 0)
    watch = source.watch.part(0, MOMENTS_SHARE if query.method == "wilcoxon" else 1)
    moments = group_moments(
        matrix,
        labels,
        3 if n_both else 2,
        logged=logged,
        threads=source.threads,
        advance=watch.advance,
        cancelled=watch.cancelled,
    )
    a, b = moments.one(0), moments.one(1)
    rank_sum, ties = np.empty(0), None
    if query.method == "wilcoxon":
        ranks = rank_sums(
            matrix if is_few(labels >= 0) else source.genes(query.layer),
            labels,
            moments.n,
            np.array([1, 1, 2])[: len(moments.n)],
            moments.nonzero.sum(axis=0),
            threads=source.threads,
            advance=source.watch.part(MOMENTS_SHARE, 1).advance,
            cancelled=source.watch.cancelled,
        )
        rank_sum, ties = ranks.sums[0] + ranks.sums[2:].sum(axis=0), ranks.ties if query.tie_correct else None
    if n_both:
        both = moments.one(2)
        a, b = merged(a, both), merged(b, both)
    return tested_groups(query.method, query.adjust, a, b, n_both, rank_sum, ties)


def _of_categories(source: Source, query: DiffexpQuery, logged: bool) -> tuple[Moments, Moments] | None:
    """The moments of two categories of one column, or of one and the rest, if they are known already."""
    a, b = query.a, query.b
    if not isinstance(a, CellCategory) or not (b is None or isinstance(b, CellCategory)):
        return None
    if (b is not None and (b.column != a.column or b == a)) or not fits(source, a.column, query.layer):
        return None
    moments = known_moments(source, a.column, query.layer, logged=logged)
    if moments is None:
        return None
    categories, _ = categories_of(a.column, source.read)
    first = category_position(a, categories)
    if b is not None:
        return moments.one(first), moments.one(category_position(b, categories))
    return moments.one(first), all_others(moments).one(first)


def _adjusted(tested: Tested, adjust: Adjust) -> Array:
    return bonferroni(tested.p) if adjust == "bonferroni" else benjamini_hochberg(tested.p)


def _arrays(found: Diffexp) -> tuple[Array, ...]:
    arrays = (
        *(found.score, found.p, found.p_adjusted, found.change, found.mean_a, found.mean_b),
        *(found.fraction_a, found.fraction_b, found.cohens_d),
        *(() if found.auroc is None else (found.auroc,)),
    )
    for array in arrays:
        array.flags.writeable = False
    return arrays
