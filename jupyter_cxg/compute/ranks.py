"""Rank sums of every gene in every group of cells, without sorting what is zero."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..model import Array, Matrix
from .blocks import Cancelled, in_parts, never, nobody
from .gather import Gather, Unordered, canonical, chunks, native


@dataclass(frozen=True, slots=True, eq=False)
class RankSums:
    """What is known of the ranks of the values of every gene.

    Attributes
    ----------
    sums
        (n_groups, n_vars) float64: sum of the midranks of the cells of a group, each counted once; NaN
        where a value is NaN.
    ties
        (n_vars,) float64: the sum of t³ - t over all blocks of t equal values.
    """

    sums: Array
    ties: Array


def rank_sums(
    matrix: Matrix,
    labels: Array,
    sizes: Array,
    copies: Array,
    per_gene: Array,
    *,
    threads: int = 1,
    advance: Callable[[float], None] = nobody,
    cancelled: Callable[[], bool] = never,
) -> RankSums:
    """Rank all cells that are in some group, per gene.

    Parameters
    ----------
    labels
        (n_obs,), a signed integer: the group of each cell, -1 for none.
    sizes
        (n_groups,): cells per group.
    copies
        (n_groups,): how many times each cell of a group counts among those that are ranked.
    per_gene
        (n_vars,): how many values of these cells are not zero, as `moments` has them.

    Raises
    ------
    Cancelled
        ``cancelled()`` was true.
    """
    matrix = native(matrix)
    try:
        return _rank_sums(matrix, labels, sizes, copies, per_gene, threads, advance, cancelled)
    except Unordered:
        matrix = canonical(matrix)
        return _rank_sums(matrix, labels, sizes, copies, per_gene, threads, advance, cancelled)


def _rank_sums(
    matrix: Matrix,
    labels: Array,
    sizes: Array,
    copies: Array,
    per_gene: Array,
    threads: int,
    advance: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> RankSums:
    from . import kernels_ranks as kernels

    n_vars = len(per_gene)
    sums, ties = np.zeros((len(sizes), n_vars)), np.zeros(n_vars)
    sizes, copies = sizes.astype(np.int64), copies.astype(np.int64)
    blocks = [list(chunks(per_gene, start, stop)) for start, stop in _parts(per_gene, threads)]
    gathers = [Gather(matrix, labels, per_gene) for _ in blocks]
    offsets = np.concatenate([[0], np.cumsum([len(some) for some in blocks])]).tolist()

    def work(part: int, start: int, stop: int) -> None:
        first, last = blocks[part][start - offsets[part]]
        values, groups, starts = gathers[part].genes(first, last)
        if cancelled():  # a chunk takes long enough to look once more
            raise Cancelled
        bits = 8 * values.dtype.itemsize
        unsigned = np.dtype(f"u{values.dtype.itemsize}")
        infinite = int(np.array(np.inf, values.dtype).view(unsigned))
        kernels.rank_genes(
            values.view(unsigned), groups, starts, bits, infinite, sizes, copies, first, sums, ties
        )

    parts = list(pairwise(offsets))
    in_parts(work, parts, rows=1, advance=advance, cancelled=cancelled)
    return RankSums(sums, ties)


def _parts(per_gene: Array, threads: int) -> list[tuple[int, int]]:
    """The genes in as many parts as threads, with about as many values each."""
    ends = np.cumsum(per_gene)
    total = ends[-1] if len(ends) else 0
    bounds = np.searchsorted(ends, total * np.arange(threads + 1) / threads)
    bounds[0], bounds[-1] = 0, len(per_gene)
    return list(pairwise(bounds.tolist()))
