"""Kernels about groups of cells: serial loops without the GIL (`kernels` says how they are compiled).

``labels`` is (n_obs,) and says of each cell in which group it is, -1 for none. ``out`` is (n_groups,
n_vars, 3): sum, sum of squares, and number of values that are not zero, side by side because they are
written together. Positions are unsigned, else every access would first ask whether to count from the end.
"""

from typing import Any

import numpy as np

from ..model import Array
from .kernels import _kernel, _vector_kernel

SUM, SQUARES, NONZERO = np.uint64(0), np.uint64(1), np.uint64(2)


@_kernel
def csr_moments(
    data: Array, indices: Array, indptr: Array, rows: Array, labels: Array, logged: bool, out: Array
) -> bool:
    """Add the CSR rows ``rows``, each of some group; False if indices within one do not ascend strictly."""
    ascend: Any = True
    for j in range(len(rows)):
        row = rows[j]
        group = out[labels[row]]
        previous = np.int64(-1)
        for k in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
            index = np.int64(indices[k])
            ascend &= index > previous
            previous = index
            column = np.uint64(index)
            value = np.float64(data[k])
            if logged:
                value = np.log1p(value)
            group[column, SUM] += value
            group[column, SQUARES] += value * value
            group[column, NONZERO] += np.float64(value != 0)
    return bool(ascend)


@_kernel
def csc_moments(
    data: Array, indices: Array, indptr: Array, start: int, stop: int, labels: Array, logged: bool, out: Array
) -> bool:
    """Write the CSC columns ``start`` to ``stop``; False if indices within one do not ascend strictly."""
    ascend: Any = True
    total = np.zeros((out.shape[0] + 1, 2))  # the first row is for cells of no group: no branch
    nonzero = np.zeros(out.shape[0] + 1, np.int64)
    for column in range(start, stop):
        total[:] = 0
        nonzero[:] = 0
        previous = np.int64(-1)
        for k in range(np.uint64(indptr[column]), np.uint64(indptr[column + 1])):
            index = np.int64(indices[k])
            ascend &= index > previous
            previous = index
            place = np.uint64(np.int64(labels[np.uint64(index)]) + 1)
            value = np.float64(data[k])
            if logged:
                value = np.log1p(value)
            total[place, SUM] += value
            total[place, SQUARES] += value * value
            nonzero[place] += value != 0
        out[:, column, :2] = total[1:]
        out[:, column, NONZERO] = nonzero[1:]
    return bool(ascend)


@_vector_kernel
def csc_pair_moments(
    data: Array, indices: Array, indptr: Array, start: int, stop: int, bits: Array, out: Array
) -> bool:
    """As `csc_moments` for two groups: bit 0 of ``bits`` says who is in the first, bit 1 in the second.

    ``bits`` is int32: of that width several are fetched by one instruction. The sums of many values at once
    are what makes it twice as fast; the order of summation depends on the machine, the result does not
    beyond rounding.
    """
    disorder = 0
    for column in range(start, stop):
        sum_a = sum_b = squares_a = squares_b = 0.0
        nonzero_a = nonzero_b = 0
        begin, size = indptr[column], indptr[column + 1] - indptr[column]
        where, values = indices[begin : begin + size], data[begin : begin + size]
        for k in range(size):
            # the first is compared with itself, so that the loop has no special case
            disorder |= where[k] < where[max(k - 1, 0)] + (k > 0)
            group = bits[np.uint64(where[k])]
            value = np.float64(values[k])
            a = value if group & 1 else 0.0
            b = value if group & 2 else 0.0
            sum_a += a
            sum_b += b
            squares_a += a * a
            squares_b += b * b
            nonzero_a += a != 0
            nonzero_b += b != 0
        out[0, column, SUM], out[0, column, SQUARES], out[0, column, NONZERO] = sum_a, squares_a, nonzero_a
        out[1, column, SUM], out[1, column, SQUARES], out[1, column, NONZERO] = sum_b, squares_b, nonzero_b
    return disorder == 0


@_kernel
def dense_moments(data: Array, rows: Array, groups: Array, logged: bool, out: Array) -> None:
    """Add the rows ``rows`` of a dense matrix, the j-th of the group ``groups[j]``."""
    for j in range(len(rows)):
        values = data[rows[j]]
        group = out[groups[j]]
        for column in range(np.uint64(len(values))):
            value = np.float64(values[column])
            if logged:
                value = np.log1p(value)
            group[column, SUM] += value
            group[column, SQUARES] += value * value
            group[column, NONZERO] += np.float64(value != 0)


@_kernel
def dense_column_moments(data: Array, start: int, stop: int, labels: Array, logged: bool, out: Array) -> None:
    """Write the columns ``start`` to ``stop`` of a dense matrix whose columns lie in one piece."""
    total = np.zeros((out.shape[0], 4))
    for column in range(start, stop):
        total[:] = 0
        values = data[:, column]
        for row in range(np.uint64(len(values))):
            group = labels[row]
            if group >= 0:
                value = np.float64(values[row])
                if logged:
                    value = np.log1p(value)
                place = np.uint64(group)
                total[place, SUM] += value
                total[place, SQUARES] += value * value
                total[place, NONZERO] += np.float64(value != 0)
        out[:, column, :] = total[:, :3]


@_kernel
def csr_gather(
    data: Array,
    indices: Array,
    indptr: Array,
    rows: Array,
    labels: Array,
    first: int,
    last: int,
    cursor: Array,
    places: Array,
    out: Array,
    groups: Array,
) -> bool:
    """Move what is not zero in the columns ``first`` to ``last`` of CSR rows to ``places``, per column.

    ``cursor`` is where in each of the rows to go on, and moves. False if indices do not ascend strictly.
    """
    ascend: Any = True
    for j in range(len(rows)):
        row = rows[j]
        k, end = cursor[j], indptr[row + 1]
        if k < end and indices[k] < first:  # columns were left out: search
            high = end
            while k < high:
                middle = k + (high - k) // 2
                if indices[middle] < first:
                    k = middle + 1
                else:
                    high = middle
        previous = np.int64(-1)
        while k < end and indices[k] < last:
            index = np.int64(indices[k])
            ascend &= index > previous
            previous = index
            if data[k] != 0:
                column = index - first
                if column < 0 or places[column] >= len(out):
                    return False
                out[places[column]] = data[k]
                groups[places[column]] = labels[row]
                places[column] += 1
            k += 1
        cursor[j] = k
    return bool(ascend)


@_kernel
def csc_gather(
    data: Array,
    indices: Array,
    indptr: Array,
    labels: Array,
    first: int,
    last: int,
    places: Array,
    out: Array,
    groups: Array,
) -> bool:
    """As `csr_gather`, from CSC columns."""
    ascend: Any = True
    for column in range(first, last):
        place = places[column - first]
        previous = np.int64(-1)
        for k in range(indptr[column], indptr[column + 1]):
            index = np.int64(indices[k])
            ascend &= index > previous
            previous = index
            group = labels[index]
            if group >= 0 and data[k] != 0:
                if place >= len(out):
                    return False
                out[place] = data[k]
                groups[place] = group
                place += 1
        places[column - first] = place
    return bool(ascend)


@_kernel
def refine(
    values: Array, groups: Array, starts: Array, sizes: Array, first: int, mean: Array, squares: Array
) -> None:
    """Mean and sum of squared deviations once more, in two passes over the values of each gene.

    ``values`` of gene ``first + j`` begin at ``starts[j]``; all other cells of the groups, whose
    ``sizes`` are given, are zero.
    """
    n_groups = len(sizes)
    for j in range(len(starts) - 1):
        gene = first + j
        nonzero, center = np.zeros(n_groups), np.zeros(n_groups)
        drift, total = np.zeros(n_groups), np.zeros(n_groups)
        for k in range(starts[j], starts[j + 1]):
            center[groups[k]] += values[k]
            nonzero[groups[k]] += 1
        for g in range(n_groups):
            if sizes[g]:
                center[g] /= sizes[g]
        for k in range(starts[j], starts[j + 1]):
            off = values[k] - center[groups[k]]
            drift[groups[k]] += off
            total[groups[k]] += off * off
        for g in range(n_groups):
            if sizes[g] == 0:
                continue
            zeros = sizes[g] - nonzero[g]
            drift[g] -= zeros * center[g]
            total[g] += zeros * center[g] * center[g]
            mean[g, gene] = center[g] + drift[g] / sizes[g]
            left = total[g] - drift[g] * drift[g] / sizes[g]
            squares[g, gene] = 0.0 if left < 0 else left  # NaN stays


@_kernel
def finite_range(data: Array) -> tuple[float, float]:
    """The smallest and the largest finite value; (inf, -inf) if there is none."""
    low, high = np.inf, -np.inf
    for k in range(len(data)):
        value = np.float64(data[k])
        if abs(value) < np.inf:  # not for NaN either
            low = min(low, value)
            high = max(high, value)
    return low, high
