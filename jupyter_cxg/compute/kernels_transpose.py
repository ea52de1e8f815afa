"""Kernels that turn a matrix: serial loops without the GIL (`kernels` says how they are compiled).

A *line* is what lies together in the matrix (a row of CSR), a *column* what will lie together. Values
are moved and never looked at, so they come as unsigned integers of their size.
"""

import numpy as np

from ..model import Array
from .kernels import _kernel

TILE = 32
"""Lines and columns that are turned together: a tile of them and its picture stay in the CPU's cache."""


@_kernel
def count_columns(indices: Array, start: int, stop: int, counts: Array) -> bool:
    """Count how often each column occurs among some entries; False if one lies outside of the matrix."""
    n_columns = np.uint64(len(counts))
    for k in range(start, stop):
        column = np.uint64(indices[k])  # a negative one becomes very large
        if column >= n_columns:
            return False
        counts[column] += np.uint32(1)
    return True


@_kernel
def sort_entries(
    data: Array,
    indices: Array,
    indptr: Array,
    line: int,
    start: int,
    stop: int,
    cursor: Array,
    out_data: Array,
    out_lines: Array,
) -> None:
    """Sort the entries ``start`` to ``stop`` by column; the lines of each column ascend.

    Parameters
    ----------
    line
        The one that has the entry ``start``.
    cursor
        (n_columns,) uint32: where in ``out`` each column begins; moved to where it ends.
    """
    k = start
    while k < stop:
        while indptr[line + 1] <= k:
            line += 1
        end = min(stop, indptr[line + 1])
        for entry in range(np.uint64(k), np.uint64(end)):
            column = np.uint64(indices[entry])
            place = np.uint64(cursor[column])
            cursor[column] = place + np.uint64(1)
            out_data[place] = data[entry]
            out_lines[place] = line
        k = end


@_kernel
def sort_pairs(
    data: Array,
    indices: Array,
    indptr: Array,
    line: int,
    start: int,
    stop: int,
    cursor: Array,
    out: Array,
) -> None:
    """As `sort_entries` for values of 32 bits, with each value in the lower half of ``out``, uint64, and its
    line in the upper: one access out of order instead of two, which is twice as fast.
    """
    k = start
    while k < stop:
        while indptr[line + 1] <= k:
            line += 1
        end = min(stop, indptr[line + 1])
        upper = np.uint64(line) << np.uint64(32)
        for entry in range(np.uint64(k), np.uint64(end)):
            column = np.uint64(indices[entry])
            place = np.uint64(cursor[column])
            cursor[column] = place + np.uint64(1)
            out[place] = upper | np.uint64(data[entry])
        k = end


@_kernel
def split_pairs(pairs: Array, out_data: Array, out_lines: Array) -> None:
    """Take apart what `sort_pairs` put together; all of uint32 but the pairs."""
    for i in range(np.uint64(len(pairs))):
        out_data[i] = np.uint32(pairs[i])
        out_lines[i] = np.uint32(pairs[i] >> np.uint64(32))


@_kernel
def sort_dense(lines: Array, out: Array) -> None:
    """Turn some lines of a dense matrix, (n, n_columns), into ``out``: (n_columns * n,)."""
    n, n_columns = lines.shape
    for first in range(0, n_columns, TILE):
        last = min(n_columns, first + TILE)
        for top in range(0, n, TILE):
            bottom = min(n, top + TILE)
            for column in range(first, last):
                for i in range(top, bottom):
                    out[np.uint64(column * n + i)] = lines[np.uint64(i), np.uint64(column)]


@_kernel
def merge_runs(source: Array, counts: Array, out: Array) -> None:
    """Put the runs of every column together.

    Parameters
    ----------
    source
        Block after block, each sorted by column.
    counts
        (n_blocks, n_columns): how long the run of each column is in each block.
    out
        Column after column, each in the order of the blocks.
    """
    n_blocks, n_columns = counts.shape
    at = np.zeros(n_blocks, np.uint64)
    total = np.uint64(0)
    for block in range(n_blocks):
        at[block] = total
        for column in range(n_columns):
            total += np.uint64(counts[block, column])
    place = np.uint64(0)
    for column in range(n_columns):
        for block in range(n_blocks):
            n, start = np.uint64(counts[block, column]), at[block]
            for i in range(n):
                out[place + i] = source[start + i]
            place += n
            at[block] = start + n
