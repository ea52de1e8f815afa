"""The only numba of the project: serial loops without the GIL, each over a block of rows.

Inputs are memory maps opened read-only and are never written. The compiled code is kept beside this
file or in the user's cache directory, so only the first use ever compiles.
"""

from typing import Any

import numba

from ..model import Array


def _kernel(function: Any) -> Any:
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # neither this directory nor the user's is writable: compile in every process
        return numba.njit(nogil=True)(function)


@_kernel
def csr_column(
    data: Array, indices: Array, indptr: Array, column: int, start: int, stop: int, out: Array
) -> None:
    """Add one column of CSR rows ``start`` to ``stop`` to ``out``; indices within a row ascend."""
    for row in range(start, stop):
        low = indptr[row]
        end = indptr[row + 1]
        high = end
        while low < high:
            middle = low + (high - low) // 2
            if indices[middle] < column:
                low = middle + 1
            else:
                high = middle
        while low < end and indices[low] == column:  # more than one only if duplicates were never summed
            out[row] += data[low]
            low += 1


@_kernel
def csr_column_unsorted(
    data: Array, indices: Array, indptr: Array, column: int, start: int, stop: int, out: Array
) -> None:
    """As `csr_column`, for indices in any order within a row."""
    for row in range(start, stop):
        for k in range(indptr[row], indptr[row + 1]):
            if indices[k] == column:
                out[row] += data[k]


@_kernel
def csr_sum(
    data: Array, indices: Array, indptr: Array, weight: Array, start: int, stop: int, out: Array
) -> None:
    """Add the weighted sum over the columns of CSR rows ``start`` to ``stop`` to ``out``.

    ``weight`` is (n_columns,), 0 for the columns that are left out; their values are not looked at,
    so a NaN there does no harm.
    """
    for row in range(start, stop):
        total = 0.0
        for k in range(indptr[row], indptr[row + 1]):
            w = weight[indices[k]]
            if w != 0:
                total += w * data[k]
        out[row] += total


@_kernel
def csc_column(data: Array, indices: Array, start: int, stop: int, out: Array) -> None:
    """Add the entries ``start`` to ``stop``, which are one column of a CSC matrix, to ``out``."""
    for k in range(start, stop):
        out[indices[k]] += data[k]


@_kernel
def count_columns(indices: Array, start: int, stop: int, counts: Array) -> None:
    """Count how often each column occurs among the entries ``start`` to ``stop``."""
    for k in range(start, stop):
        counts[indices[k]] += 1


@_kernel
def scatter_rows(
    data: Array,
    indices: Array,
    indptr: Array,
    start: int,
    stop: int,
    cursor: Array,
    out_data: Array,
    out_rows: Array,
) -> None:
    """Move CSR rows ``start`` to ``stop`` to where ``cursor`` says that their columns go on.

    Called for ascending blocks of rows, so that the rows within every column ascend.
    """
    for row in range(start, stop):
        for k in range(indptr[row], indptr[row + 1]):
            column = indices[k]
            place = cursor[column]
            cursor[column] = place + 1
            out_data[place] = data[k]
            out_rows[place] = row
