"""Many columns of a matrix, one after the other, each as few bytes as it can be."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from ..model import Array, Dense, GeneValues, Matrix, Sparse
from .blocks import Cancelled, in_parts, never
from .columns import column_dtype

PASS_BYTES = 32 << 20
"""What the genes of one pass over a matrix that lies in rows may take: more genes need more passes."""
ROWS = 4096


def gene_values(
    matrix: Matrix,
    positions: Array,
    rows: Array,
    *,
    pass_bytes: int = PASS_BYTES,
    threads: int = 1,
    cancelled: Callable[[], bool] = never,
) -> Iterator[GeneValues]:
    """Some genes in the order asked, of some cells.

    Parameters
    ----------
    positions
        (k,) int64, 0 ≤ position < number of genes, without repetition.
    rows
        (n,) int64, ascending: the cells, which count from 0 in what is given.

    Yields
    ------
    Each gene in `column_dtype`; sparse where that is smaller, else dense. Duplicate entries are summed, zeros
    that are stored are none. No more than ``pass_bytes``, or one gene, is in memory, whatever is asked.

    Raises
    ------
    Cancelled
        ``cancelled()`` was true.
    """
    if isinstance(matrix, Dense):
        found = _of_dense(np.asarray(matrix.data), positions, rows, pass_bytes, threads, cancelled)
    elif matrix.layout == "csc":
        found = _of_columns(matrix, positions, rows)
    else:
        found = _of_rows(matrix, positions, rows, pass_bytes, threads, cancelled)
    for gene in found:
        if cancelled():
            raise Cancelled
        yield gene


def _of_columns(matrix: Sparse, positions: Array, rows: Array) -> Iterator[GeneValues]:
    from . import kernels_bulk as kernels

    data, indices, indptr = np.asarray(matrix.data), np.asarray(matrix.indices), np.asarray(matrix.indptr)
    number_of = np.empty(0, np.int32)
    if len(rows) < matrix.shape[0]:
        number_of = np.full(matrix.shape[0], -1, np.int32)
        number_of[rows] = np.arange(len(rows), dtype=np.int32)
    for position in positions.tolist():
        start, stop = int(indptr[position]), int(indptr[position + 1])
        cells = np.empty(stop - start, np.int32)
        values = np.empty(stop - start, column_dtype(data.dtype))
        n = kernels.csc_gene(data, indices, start, stop, number_of, cells, values)
        if n < 0:
            order = start + np.argsort(indices[start:stop], kind="stable")
            one = data[order], indices[order], 0, stop - start
            n = kernels.csc_gene(*one, number_of, cells, values)
        yield _smallest(position, cells[:n], values[:n], len(rows))


def _of_rows(
    matrix: Sparse,
    positions: Array,
    rows: Array,
    pass_bytes: int,
    threads: int,
    cancelled: Callable[[], bool],
) -> Iterator[GeneValues]:
    from . import kernels_bulk as kernels

    data, indices, indptr = np.asarray(matrix.data), np.asarray(matrix.indices), np.asarray(matrix.indptr)
    parts = _equal_parts(indptr, rows, threads)
    slot_of = _slots(positions, matrix.shape[1])
    counts = np.zeros((len(parts), len(positions)), np.int64)

    def count(part: int, start: int, stop: int) -> None:
        kernels.count_wanted(indices, indptr, rows[start:stop], slot_of, counts[part])

    in_parts(count, parts, rows=ROWS, cancelled=cancelled)
    dtype = column_dtype(data.dtype)
    for first, last in _passes(counts.sum(axis=0) * (4 + dtype.itemsize), pass_bytes):
        slot_of = _slots(positions[first:last], matrix.shape[1])
        # a gene after the other, and within it the parts
        ends = np.cumsum(counts[:, first:last].T.ravel())
        begins = np.ascontiguousarray((ends.reshape(-1, len(parts)) - counts[:, first:last].T).T)
        cursor = begins.copy()
        out_rows, out_values = np.empty(ends[-1], np.int32), np.empty(ends[-1], dtype)

        # the defaults bind what is of this pass
        def gather(
            part: int,
            start: int,
            stop: int,
            slot_of: Array = slot_of,
            begins: Array = begins,
            cursor: Array = cursor,
            out: tuple[Array, Array] = (out_rows, out_values),
        ) -> None:
            arrays = data, indices, indptr, rows[start:stop]
            kernels.gather_wanted(*arrays, start, slot_of, begins[part], cursor[part], *out)

        in_parts(gather, parts, rows=ROWS, cancelled=cancelled)
        for slot, position in enumerate(positions[first:last].tolist()):
            # where duplicates were summed, something is left over behind a part
            pieces = list(zip(begins[:, slot].tolist(), cursor[:, slot].tolist(), strict=True))
            one = slice(pieces[0][0], pieces[-1][1])
            if any(end != begin for (_, end), (begin, _) in pairwise(pieces)):
                taken = np.concatenate([np.arange(*piece) for piece in pieces])
                yield _smallest(position, out_rows[taken], out_values[taken], len(rows))
            else:
                yield _smallest(position, out_rows[one], out_values[one], len(rows))


def _of_dense(
    data: Array,
    positions: Array,
    rows: Array,
    pass_bytes: int,
    threads: int,
    cancelled: Callable[[], bool],
) -> Iterator[GeneValues]:
    dtype = column_dtype(data.dtype)
    parts = list(pairwise(np.linspace(0, len(rows), threads + 1).astype(int).tolist()))
    sizes = np.full(len(positions), len(rows) * dtype.itemsize)
    for first, last in _passes(sizes, pass_bytes):
        out = np.empty((last - first, len(rows)), dtype)

        def copy(
            part: int, start: int, stop: int, first: int = first, last: int = last, out: Array = out
        ) -> None:
            with np.errstate(over="ignore"):  # beyond float32 is infinite
                out[:, start:stop] = data[np.ix_(rows[start:stop], positions[first:last])].T

        in_parts(copy, parts, rows=ROWS, cancelled=cancelled)
        for values, position in zip(out, positions[first:last].tolist(), strict=True):
            cells = np.flatnonzero(values).astype(np.int32)
            if _is_smaller(len(cells), len(rows), dtype):
                yield GeneValues(position, cells, values[cells])
            else:
                yield GeneValues(position, None, values)


def _smallest(position: int, cells: Array, values: Array, n_rows: int) -> GeneValues:
    present = values != 0  # NaN is
    if not present.all():
        cells, values = cells[present], values[present]
    if _is_smaller(len(cells), n_rows, values.dtype):
        return GeneValues(position, cells, values)
    dense = np.zeros(n_rows, values.dtype)
    dense[cells] = values
    return GeneValues(position, None, dense)


def _is_smaller(n_values: int, n_rows: int, dtype: "np.dtype[np.generic]") -> bool:
    """Whether values with their cells take less than all values."""
    return n_values * (4 + dtype.itemsize) < n_rows * dtype.itemsize


def _slots(positions: Array, n_vars: int) -> Array:
    slot_of = np.full(n_vars, -1, np.int32)
    slot_of[positions] = np.arange(len(positions), dtype=np.int32)
    return slot_of


def _passes(sizes: Array, most: int) -> Iterator[tuple[int, int]]:
    """``(first, last)`` of consecutive genes that take ``most`` bytes at most together, or one gene."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield first, last
        first = last


def _equal_parts(indptr: Array, rows: Array, threads: int) -> list[tuple[int, int]]:
    """The rows in as many parts as threads, with about as many entries each."""
    if threads == 1 or len(rows) <= ROWS:
        return [(0, len(rows))]
    entries = np.cumsum(indptr[rows + 1] - indptr[rows])
    bounds = np.searchsorted(entries, entries[-1] * np.arange(threads + 1) / threads)
    bounds[0], bounds[-1] = 0, len(rows)
    return list(pairwise(bounds.tolist()))
