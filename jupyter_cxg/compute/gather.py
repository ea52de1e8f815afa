"""The values of some genes that are not zero, gene by gene, whatever the layout of the matrix."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from ..model import Array, Dense, Matrix, Sparse

ENTRIES = 1 << 22
"""Values per chunk of genes: some tens of megabytes with all that is made of them."""


class Unordered(Exception):  # noqa: N818 - it is no error
    """Indices of a sparse matrix do not ascend strictly: see `canonical`."""


def native(matrix: Matrix) -> Matrix:
    """The matrix as kernels can read it: plain arrays, float16 as float32, canonical if it says it is not."""
    if isinstance(matrix, Dense):
        data = np.asarray(matrix.data)
        return Dense(data.astype(np.float32) if data.dtype == np.float16 else data)
    data = np.asarray(matrix.data)
    data = data.astype(np.float32) if data.dtype == np.float16 else data
    arrays = data, np.asarray(matrix.indices), np.asarray(matrix.indptr)
    plain = Sparse(matrix.shape, matrix.layout, *arrays, sorted=matrix.sorted)
    return plain if matrix.sorted else canonical(plain)


def canonical(matrix: Matrix) -> Sparse:
    """A copy in memory with ascending indices, duplicates summed. Snapshots are so, and need none."""
    assert isinstance(matrix, Sparse)  # noqa: S101 - dense ones have no indices
    kind = sparse.csr_matrix if matrix.layout == "csr" else sparse.csc_matrix
    copied = kind((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape, copy=True)
    copied.sum_duplicates()
    return Sparse(matrix.shape, matrix.layout, copied.data, copied.indices, copied.indptr)


def chunks(per_gene: Array, start: int, stop: int, entries: int = 0) -> Iterator[tuple[int, int]]:
    """``(first, last)`` of consecutive genes with about ``entries`` values together, at least one gene."""
    ends = np.cumsum(per_gene[start:stop])
    first = 0
    while first < stop - start:
        before = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + (entries or ENTRIES), side="right")))
        yield start + first, start + last
        first = last


class Gather:
    """Gathers genes; one for each thread, as it remembers where in each row it is.

    Parameters
    ----------
    matrix
        From `native`.
    labels
        (n_obs,): the group of each cell; cells with -1 are left out.
    per_gene
        (n_vars,): how many values of those cells are not zero.
    """

    def __init__(self, matrix: Matrix, labels: Array, per_gene: Array) -> None:
        self._matrix = matrix
        self._labels = labels
        self._per_gene = per_gene
        self._rows = np.flatnonzero(labels >= 0)
        self._cursor = (
            matrix.indptr[self._rows].astype(np.int64)
            if isinstance(matrix, Sparse) and matrix.layout == "csr"
            else None
        )

    def genes(self, first: int, last: int) -> tuple[Array, Array, Array]:
        """Values of the genes ``first`` to ``last``, which must not lie before those asked last.

        Returns
        -------
        values
            (k,) float32, or float64 where that is too small for the matrix's dtype.
        groups
            (k,): the labels of their cells.
        starts
            (last - first + 1,) int64: where each gene begins; rows ascend within.

        Raises
        ------
        Unordered
            `canonical` would help.
        """
        if isinstance(self._matrix, Dense):
            return self._dense(self._matrix.data, first, last)
        return self._sparse(self._matrix, first, last)

    def _sparse(self, matrix: Sparse, first: int, last: int) -> tuple[Array, Array, Array]:
        from . import kernels_groups as kernels

        starts = np.concatenate([[0], np.cumsum(self._per_gene[first:last])]).astype(np.int64)
        values = np.empty(starts[-1], _float_of(matrix.data.dtype))
        groups = np.empty(starts[-1], self._labels.dtype)
        places = starts[:-1].copy()
        arrays = matrix.data, matrix.indices, matrix.indptr
        if self._cursor is not None:
            fine = kernels.csr_gather(
                *arrays, self._rows, self._labels, first, last, self._cursor, places, values, groups
            )
        else:
            fine = kernels.csc_gather(*arrays, self._labels, first, last, places, values, groups)
        if not (fine and np.array_equal(places, starts[1:])):
            raise Unordered
        return values, groups, starts

    def _dense(self, data: Array, first: int, last: int) -> tuple[Array, Array, Array]:
        block = data[self._rows, first:last].T
        present = block != 0
        starts = np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int64)
        groups = np.broadcast_to(self._labels[self._rows], present.shape)[present]
        return block[present].astype(_float_of(data.dtype), copy=False), groups, starts


def _float_of(dtype: "np.dtype[np.generic]") -> "np.dtype[np.generic]":
    """The smallest of float32 and float64 that holds all values; integers beyond 2^53 are rounded."""
    return np.dtype(np.float32 if np.can_cast(dtype, np.float32) else np.float64)
