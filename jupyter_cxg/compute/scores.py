"""Scores of sets of genes: their mean less that of control genes, which are expressed about as much.

The definition is that of scanpy's ``score_genes``, and so are the order and the precision of the sums by
which genes are ranked: a gene that changes its place by rounding would change which genes are drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..model import Array, Dense, Matrix, Sparse
from .blocks import in_parts, never

ENTRIES = 1 << 22
GENES = 256
ROWS = 1024


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """Scanpy's, with its defaults.

    Attributes
    ----------
    ctrl_size
        Control genes that are drawn from each bin at most.
    n_bins
        Bins of mean expression; at least 2.
    seed
        Scanpy's ``random_state``: 0 ≤ seed < 2³².
    ctrl_as_ref
        Whether genes of the set may be drawn, and are left out afterwards; else they cannot be drawn.
    """

    ctrl_size: int = 50
    n_bins: int = 25
    seed: int = 0
    ctrl_as_ref: bool = True


def gene_means(
    stored: Matrix, by_genes: Matrix, *, threads: int = 1, cancelled: Callable[[], bool] = never
) -> Array:
    """Mean of each gene over all cells but those where it is NaN, as scanpy has it to the last bit.

    Parameters
    ----------
    stored
        The matrix as its user has it: the layout decides in which order numpy and scipy add up.
    by_genes
        The same in the form that is faster to read by genes; may be ``stored``.

    Returns
    -------
    (n_vars,) float64; NaN where there is nothing but NaN.
    """
    if isinstance(stored, Dense):
        sums, missing = _dense_sums(np.asarray(stored.data), threads, cancelled)
        n_obs = len(stored.data)
    else:
        sums, missing = _sparse_sums(stored, by_genes, threads, cancelled)
        n_obs = stored.shape[0]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        means: Array = sums.astype(np.float64) / (n_obs - missing)
        if isinstance(stored, Dense):  # numpy goes back to the precision of the values
            means = means.astype(sums.dtype).astype(np.float64)
    return means


def control_genes(means: Array, chosen: Array, options: ScoreOptions) -> Array:
    """The control genes of a set.

    Parameters
    ----------
    means
        From `gene_means`. Genes whose mean is not finite are in no bin.
    chosen
        (k,): positions of the set.

    Returns
    -------
    Positions, ascending, int64; none of the set.
    """
    pool = np.flatnonzero(np.isfinite(means))
    in_set = np.isin(pool, chosen)
    per_bin = int(np.round(len(pool) / (options.n_bins - 1)))
    ranks = np.searchsorted(np.sort(means[pool]), means[pool], side="left") + 1
    bins = ranks // per_bin if per_bin else np.zeros(len(pool), np.int64)
    random = np.random.RandomState(options.seed)  # what pandas draws with, but not the one of the process
    found = [np.empty(0, np.int64)]
    for number in np.unique(bins[in_set]):
        candidates = pool[bins == number] if options.ctrl_as_ref else pool[(bins == number) & ~in_set]
        if options.ctrl_size < len(candidates):
            candidates = candidates[random.choice(len(candidates), options.ctrl_size, replace=False)]
        found.append(candidates)
    controls: Array = np.setdiff1d(np.concatenate(found), chosen)
    return controls


def score(
    matrix: Matrix,
    chosen: Array,
    controls: Array,
    *,
    threads: int = 1,
    cancelled: Callable[[], bool] = never,
) -> Array:
    """Mean of the chosen genes less that of the control genes, per cell, each without its NaN.

    Returns
    -------
    (n_obs,) float32, accumulated in float64; NaN for a cell that has nothing but NaN in one of both.
    """
    sums, missing = _cell_sums(matrix, (chosen, controls), threads, cancelled)
    counts = np.array([[len(chosen)], [len(controls)]]) - missing
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        means = sums / counts
        difference: Array = (means[0] - means[1]).astype(np.float32)
    return difference


def _sum_type(dtype: "np.dtype[np.generic]") -> "np.dtype[np.generic]":
    """In which precision sums over cells are made; whole numbers are exact in either."""
    return np.dtype(np.float32 if dtype in (np.float32, np.float16) else np.float64)


def _sparse_sums(
    stored: Sparse, by_genes: Matrix, threads: int, cancelled: Callable[[], bool]
) -> tuple[Array, Array]:
    from . import kernels_bulk as kernels

    n_vars = stored.shape[1]
    sums, missing = np.zeros(n_vars, _sum_type(stored.data.dtype)), np.zeros(n_vars, np.int64)
    if stored.layout == "csc":
        _by_pairs(stored, sums, missing, threads, cancelled)
    elif isinstance(by_genes, Sparse) and by_genes.layout == "csc":  # its rows ascend: the same order
        data, indptr = np.asarray(by_genes.data), np.asarray(by_genes.indptr)
        in_parts(
            lambda _, first, last: kernels.csc_gene_sums(data, indptr, first, last, sums, missing),
            _parts_of_genes(indptr, threads),
            rows=GENES,
            cancelled=cancelled,
        )
    else:
        data, indices = np.asarray(stored.data), np.asarray(stored.indices)
        in_parts(
            lambda _, start, stop: kernels.csr_gene_sums(data, indices, start, stop, sums, missing),
            [(0, len(data))],
            rows=ENTRIES,
            cancelled=cancelled,
        )
    return sums, missing


def _by_pairs(
    matrix: Sparse, sums: Array, missing: Array, threads: int, cancelled: Callable[[], bool]
) -> None:
    """Sums of the genes of a CSC matrix as scipy makes them: by numpy, which adds up pairwise."""
    data, indptr = np.asarray(matrix.data), np.asarray(matrix.indptr)

    def work(_: int, first: int, last: int) -> None:
        starts = indptr[first : last + 1].astype(np.int64) - int(indptr[first])
        values = data[int(indptr[first]) : int(indptr[last])].astype(sums.dtype, copy=False)
        absent = np.isnan(values)
        kept = (values != 0) & ~absent
        before = np.concatenate([[0], np.cumsum(absent)])
        missing[first:last] = before[starts[1:]] - before[starts[:-1]]
        starts = np.concatenate([[0], np.cumsum(kept)])[starts]
        some = np.flatnonzero(np.diff(starts))
        if len(some):
            sums[first + some] = np.add.reduceat(values[kept], starts[some])

    in_parts(work, _parts_of_genes(indptr, threads), rows=GENES, cancelled=cancelled)


def _dense_sums(data: Array, threads: int, cancelled: Callable[[], bool]) -> tuple[Array, Array]:
    from . import kernels_bulk as kernels

    n_obs, n_vars = data.shape
    sums, missing = np.zeros(n_vars, _sum_type(data.dtype)), np.zeros(n_vars, np.int64)

    def columns(_: int, first: int, last: int) -> None:
        block = data[:, first:last].astype(sums.dtype)
        absent = np.isnan(block)
        block[absent] = 0
        missing[first:last] = absent.sum(axis=0)
        sums[first:last] = np.add.reduce(block, axis=0)

    def rows(_: int, start: int, stop: int) -> None:
        block = data[start:stop]
        block = block.astype(np.float32) if block.dtype == np.float16 else block
        kernels.dense_gene_sums(block, 0, stop - start, sums, missing)

    if data.flags.f_contiguous and not data.flags.c_contiguous:
        bounds = np.linspace(0, n_vars, threads + 1).astype(int).tolist()
        at_once = max(1, ENTRIES // max(1, n_obs))
        in_parts(columns, list(pairwise(bounds)), rows=at_once, cancelled=cancelled)
    else:
        in_parts(rows, [(0, n_obs)], rows=max(1, ENTRIES // max(1, n_vars)), cancelled=cancelled)
    return sums, missing


def _parts_of_genes(indptr: Array, threads: int) -> list[tuple[int, int]]:
    """The genes in as many parts as threads, with about as many entries each."""
    bounds = np.searchsorted(indptr, np.linspace(0, int(indptr[-1]), threads + 1))
    bounds[0], bounds[-1] = 0, len(indptr) - 1
    return list(pairwise(bounds.tolist()))


def _cell_sums(
    matrix: Matrix, groups: tuple[Array, ...], threads: int, cancelled: Callable[[], bool]
) -> tuple[Array, Array]:
    """Per cell, sum and number of NaN over each group of genes: (n_groups, n_obs), float64 and int32."""
    n_obs = len(matrix.data) if isinstance(matrix, Dense) else matrix.shape[0]
    sums = np.zeros((len(groups), n_obs))
    missing = np.zeros(sums.shape, np.int32)
    rows = list(pairwise(np.linspace(0, n_obs, threads + 1).astype(int).tolist()))
    if isinstance(matrix, Dense):
        _dense_cell_sums(matrix, groups, rows, cancelled, sums, missing)
    elif matrix.layout == "csc":
        _csc_cell_sums(matrix, groups, threads, cancelled, sums, missing)
    else:
        _csr_cell_sums(matrix, groups, rows, cancelled, sums, missing)
    return sums, missing


def _dense_cell_sums(
    matrix: Dense,
    groups: tuple[Array, ...],
    parts: list[tuple[int, int]],
    cancelled: Callable[[], bool],
    sums: Array,
    missing: Array,
) -> None:
    def work(_: int, start: int, stop: int) -> None:
        for number, genes in enumerate(groups):
            block = np.asarray(matrix.data[start:stop])[:, genes].astype(np.float64)
            absent = np.isnan(block)
            missing[number, start:stop] = absent.sum(axis=1)
            sums[number, start:stop] = np.where(absent, 0, block).sum(axis=1)

    in_parts(work, parts, rows=ROWS, cancelled=cancelled)


def _csr_cell_sums(
    matrix: Sparse,
    groups: tuple[Array, ...],
    parts: list[tuple[int, int]],
    cancelled: Callable[[], bool],
    sums: Array,
    missing: Array,
) -> None:
    from . import kernels_bulk as kernels

    arrays = np.asarray(matrix.data), np.asarray(matrix.indices), np.asarray(matrix.indptr)
    group_of = np.full(matrix.shape[1], -1, np.int8)
    for number, genes in enumerate(groups):
        group_of[genes] = number
    in_parts(
        lambda _, start, stop: kernels.csr_cell_sums(*arrays, group_of, start, stop, sums, missing),
        parts,
        rows=ROWS * 16,
        cancelled=cancelled,
    )


def _csc_cell_sums(
    matrix: Sparse,
    groups: tuple[Array, ...],
    threads: int,
    cancelled: Callable[[], bool],
    sums: Array,
    missing: Array,
) -> None:
    from . import kernels_bulk as kernels

    data, indices, indptr = np.asarray(matrix.data), np.asarray(matrix.indices), np.asarray(matrix.indptr)
    wanted = [(number, gene) for number, genes in enumerate(groups) for gene in genes.tolist()]
    bounds = np.linspace(0, len(wanted), threads + 1).astype(int).tolist()
    # threads add up for themselves: two genes may have the same cells
    own = [(sums, missing), *((np.zeros_like(sums), np.zeros_like(missing)) for _ in range(threads - 1))]

    def work(part: int, start: int, stop: int) -> None:
        for number, gene in wanted[start:stop]:
            where = int(indptr[gene]), int(indptr[gene + 1])
            kernels.csc_cell_sums(data, indices, *where, own[part][0][number], own[part][1][number])

    in_parts(work, list(pairwise(bounds)), rows=16, cancelled=cancelled)
    for more_sums, more_missing in own[1:]:
        sums += more_sums
        missing += more_missing
