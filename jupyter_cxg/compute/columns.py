"""Columns of a matrix as dense arrays, whatever its layout."""

import numpy as np

from ..model import Array, Dense, Matrix, Sparse
from .blocks import each_block

FEWEST = 1 << 14
"""Rows that are searched in about the time that starting a thread takes."""
MANY = 16
"""From so many columns on, one pass over all rows is faster than a search per column and row."""


def column_dtype(dtype: "np.dtype[np.generic]") -> "np.dtype[np.generic]":
    """In which dtype expression of ``dtype`` is answered.

    Integers of 32 and 64 bits stay what they are; float64 is halved, which nobody sees on a
    screen; everything smaller fits exactly into float32.
    """
    return dtype if dtype.kind in "iu" and dtype.itemsize >= 4 else np.dtype(np.float32)


def column(matrix: Matrix, position: int, *, threads: int = 1) -> Array:
    """One column.

    Parameters
    ----------
    position
        0 ≤ position < number of columns.

    Returns
    -------
    (n_obs,), `column_dtype` of the matrix's dtype. Duplicate entries of a sparse matrix are summed.
    """
    if isinstance(matrix, Dense):
        values = matrix.data[:, position]
        with np.errstate(over="ignore"):  # beyond float32 is infinite
            return np.ascontiguousarray(values, dtype=column_dtype(values.dtype))
    out = np.zeros(matrix.shape[0], column_dtype(matrix.data.dtype))
    _add_sparse(matrix, position, out, threads)
    return out


def prepare() -> None:
    """Import numba, which takes most of a second, before somebody waits for a column."""
    from . import kernels  # noqa: F401


def mean_of_columns(matrix: Matrix, positions: Array, *, threads: int = 1) -> Array:
    """Mean over some columns, per row.

    Parameters
    ----------
    positions
        (k,), integer, k ≥ 0, without repetition.

    Returns
    -------
    (n_obs,) float32, accumulated in float64; zeros when there are no columns.
    """
    n_obs = matrix.data.shape[0] if isinstance(matrix, Dense) else matrix.shape[0]
    total = np.zeros(n_obs, np.float64)
    if isinstance(matrix, Sparse) and matrix.layout == "csr" and len(positions) >= MANY:
        _add_weighted(matrix, positions, total, threads)
    else:
        for position in positions:
            total += column(matrix, int(position), threads=threads)
    if len(positions):
        total /= len(positions)
    with np.errstate(over="ignore"):
        return total.astype(np.float32)


def _add_sparse(matrix: Sparse, position: int, out: Array, threads: int) -> None:
    from . import kernels  # numba takes most of a second to import: only once somebody asks for a gene

    data, indices, indptr = _plain(matrix)
    if matrix.layout == "csc":
        kernels.csc_column(data, indices, indptr[position], indptr[position + 1], out)
        return
    search = kernels.csr_column if matrix.sorted else kernels.csr_column_unsorted

    def work(start: int, stop: int) -> None:
        search(data, indices, indptr, position, start, stop, out)

    # several blocks for each thread, as some cells have more genes than others
    each_block(work, len(out), rows=max(FEWEST, len(out) // (4 * threads)), threads=threads)


def _add_weighted(matrix: Sparse, positions: Array, out: Array, threads: int) -> None:
    from . import kernels

    data, indices, indptr = _plain(matrix)
    weight = np.zeros(matrix.shape[1])
    weight[positions] = 1

    def work(start: int, stop: int) -> None:
        kernels.csr_sum(data, indices, indptr, weight, start, stop, out)

    each_block(work, len(out), threads=threads)


def _plain(matrix: Sparse) -> tuple[Array, Array, Array]:
    """The three arrays without their memmap subclass, which makes every slice slower; no copy."""
    return np.asarray(matrix.data), np.asarray(matrix.indices), np.asarray(matrix.indptr)
