"""Moments of every gene in every group of cells, in one pass over the matrix."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ..model import Array, Dense, Matrix, Sparse
from .blocks import in_parts, never, nobody
from .gather import Gather, Unordered, canonical, chunks, native
from .moments import Moments

ROWS = 4096
"""Cells per block: they are visited group by group, so that the sums of one group stay in the CPU's cache."""
PART_BYTES = 64 << 20
"""What the sums of one thread may take; with more groups than fit, these are visited in turns."""
CANCELLED_OUT = 1e-4
"""Below this share of the sum of squares, the squared deviations are computed once more, in two passes."""


def group_moments(
    matrix: Matrix,
    labels: Array,
    n_groups: int,
    *,
    logged: bool = False,
    threads: int = 1,
    advance: Callable[[float], None] = nobody,
    cancelled: Callable[[], bool] = never,
) -> Moments:
    """Moments of any number of groups.

    Parameters
    ----------
    labels
        (n_obs,), a signed integer: the group of each cell, -1 for none.
    logged
        Of log(1 + x) instead of x.
    advance, cancelled
        As for `blocks.in_parts`.

    Returns
    -------
    Accumulated in float64. Where values differ by less than a hundredth of their mean, the squared
    deviations come from a second pass, so they are exact to 1e-6 or better also there. Duplicate entries of
    a sparse matrix are summed.

    Raises
    ------
    Cancelled
        ``cancelled()`` was true.
    """
    matrix = native(matrix)
    n = np.bincount(labels[labels >= 0], minlength=n_groups).astype(np.int64)
    try:
        sums = _sums(matrix, labels, n, logged, threads, advance, cancelled)
    except Unordered:
        matrix = canonical(matrix)
        sums = _sums(matrix, labels, n, logged, threads, advance, cancelled)
    total, squared = sums[..., 0], sums[..., 1]
    nonzero = sums[..., 2].astype(np.int64)
    with np.errstate(invalid="ignore", over="ignore"):
        mean = total / np.maximum(1, n)[:, None]
        squares = np.maximum(0, squared - total * mean)
        doubtful: Array = np.any(squares < CANCELLED_OUT * squared, axis=0)
    _refine(matrix, labels, n, logged, doubtful, nonzero.sum(axis=0), mean, squares)
    # what is left of rounding where all values are equal
    squares[squares <= n[:, None] * (4 * np.finfo(np.float64).eps * np.abs(mean)) ** 2] = 0
    return Moments(n, mean, squares, nonzero)


def _sums(
    matrix: Matrix,
    labels: Array,
    n: Array,
    logged: bool,
    threads: int,
    advance: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Array:
    """Sum, sum of squares and number of non-zeros: (n_groups, n_vars, 3) float64."""
    n_vars = matrix.data.shape[1] if isinstance(matrix, Dense) else matrix.shape[1]
    out = np.zeros((len(n), n_vars, 3))
    if _lies_in_columns(matrix):
        _by_columns(matrix, labels, logged, threads, out, advance, cancelled)
        return out
    at_once = max(1, PART_BYTES // max(1, 24 * n_vars))
    visited = 0
    for first in range(0, len(n), at_once):
        chosen = np.flatnonzero((labels >= first) & (labels < first + at_once))
        before, share = visited, len(chosen)
        visited += share
        _by_rows(
            matrix,
            chosen,
            labels,
            first,
            out[first : first + at_once],
            logged,
            threads,
            lambda done, before=before, share=share: advance(  # type: ignore[misc]  # defaults bind now
                (before + done * share) / max(1, n.sum())
            ),
            cancelled,
        )
    return out


def _lies_in_columns(matrix: Matrix) -> bool:
    if isinstance(matrix, Dense):
        return bool(matrix.data.flags.f_contiguous and not matrix.data.flags.c_contiguous)
    return matrix.layout == "csc"


def _by_rows(
    matrix: Matrix,
    rows: Array,
    labels: Array,
    first: int,
    out: Array,
    logged: bool,
    threads: int,
    advance: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:
    """Add ``rows``, whose labels count from ``first``, to ``out``."""
    from . import kernels_groups as kernels

    shifted = labels - labels.dtype.type(first)
    parts = _equal_parts(matrix, rows, threads)
    sums = [out, *(np.zeros_like(out) for _ in parts[1:])]

    def work(part: int, start: int, stop: int) -> None:
        some = rows[start:stop]
        some = some[np.argsort(shifted[some], kind="stable")]  # group by group
        if isinstance(matrix, Dense):
            kernels.dense_moments(matrix.data, some, shifted[some], logged, sums[part])
        elif not kernels.csr_moments(
            matrix.data, matrix.indices, matrix.indptr, some, shifted, logged, sums[part]
        ):
            raise Unordered

    in_parts(work, parts, rows=ROWS, advance=advance, cancelled=cancelled)
    for more in sums[1:]:
        out += more


def _equal_parts(matrix: Matrix, rows: Array, threads: int) -> list[tuple[int, int]]:
    """The rows in as many parts as threads, with about as many entries each."""
    if threads == 1 or len(rows) <= ROWS:
        return [(0, len(rows))]
    if isinstance(matrix, Dense):
        bounds = np.linspace(0, len(rows), threads + 1).astype(int)
    else:
        entries = np.cumsum(matrix.indptr[rows + 1] - matrix.indptr[rows])
        bounds = np.searchsorted(entries, entries[-1] * np.arange(threads + 1) / threads)
        bounds[0], bounds[-1] = 0, len(rows)
    return list(pairwise(bounds.tolist()))


def _by_columns(
    matrix: Matrix,
    labels: Array,
    logged: bool,
    threads: int,
    out: Array,
    advance: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:
    from . import kernels_groups as kernels

    # of a column with no missing value, the last group is empty
    present = np.flatnonzero(np.bincount(labels[labels >= 0], minlength=len(out)))
    pair = len(present) <= 2 <= len(out) and isinstance(matrix, Sparse) and not logged
    if pair:
        present = np.concatenate([present, np.setdiff1d([0, 1], present)])[:2]
        bits = (labels == present[0]).astype(np.int32) | (labels == present[1]).astype(np.int32) << 1
        sums = np.zeros((2, *out.shape[1:]))

    def work(part: int, start: int, stop: int) -> None:
        if isinstance(matrix, Dense):
            kernels.dense_column_moments(matrix.data, start, stop, labels, logged, out)
            return
        arrays = matrix.data, matrix.indices, matrix.indptr
        if pair:
            fine = kernels.csc_pair_moments(*arrays, start, stop, bits, sums)
        else:
            fine = kernels.csc_moments(*arrays, start, stop, labels, logged, out)
        if not fine:
            raise Unordered

    if isinstance(matrix, Dense):
        bounds = np.linspace(0, out.shape[1], threads + 1).astype(int)
    else:
        bounds = np.searchsorted(matrix.indptr, np.linspace(0, int(matrix.indptr[-1]), threads + 1))
        bounds[0], bounds[-1] = 0, matrix.shape[1]
    parts = list(pairwise(bounds.tolist()))
    in_parts(work, parts, rows=256, advance=advance, cancelled=cancelled)
    if pair:
        out[present] = sums


def _refine(
    matrix: Matrix,
    labels: Array,
    n: Array,
    logged: bool,
    doubtful: Array,
    per_gene: Array,
    mean: Array,
    squares: Array,
) -> None:
    """Replace mean and squares of the doubtful genes, in place."""
    from . import kernels_groups as kernels

    if not doubtful.any():
        return
    gather = Gather(matrix, labels, per_gene)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], doubtful, [False]]).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2).tolist():
        for first, last in chunks(per_gene, start, stop):
            values, groups, starts = gather.genes(first, last)
            if logged:
                with np.errstate(divide="ignore", invalid="ignore"):
                    values = np.log1p(values.astype(np.float64))
            kernels.refine(values, groups, starts, n, first, mean, squares)
