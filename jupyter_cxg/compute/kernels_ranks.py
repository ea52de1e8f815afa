"""Kernels that rank the values of a gene: serial loops without the GIL."""

from typing import Any

import numpy as np

from ..model import Array
from .kernels import _kernel

FEW = 48
"""Up to so many values, insertion is faster than counting digits."""
SMALL = 3000
"""Up to so many values, digits of 8 bits are faster than digits of 11."""


@_kernel
def _insertion_sort(keys: Array, groups: Array, n: int) -> None:
    for i in range(1, n):
        key, group = keys[i], groups[i]
        j = i
        while j > 0 and keys[j - 1] > key:
            keys[j], groups[j] = keys[j - 1], groups[j - 1]
            j -= 1
        keys[j], groups[j] = key, group


@_kernel
def _radix_sort(
    keys: Array, groups: Array, spare_keys: Array, spare_groups: Array, n: int, bits: int, counts: Array
) -> bool:
    """Sort by counting digits; True if the result is in the spare arrays."""
    digit = 8 if n <= SMALL else 11
    mask = np.uint64((1 << digit) - 1)
    swapped = False
    d: Any
    for shift in range(0, bits, digit):
        by = np.uint64(shift)
        source, source_groups = (spare_keys, spare_groups) if swapped else (keys, groups)
        target, target_groups = (keys, groups) if swapped else (spare_keys, spare_groups)
        counts[: (1 << digit)] = 0
        for i in range(n):
            counts[(np.uint64(source[i]) >> by) & mask] += 1
        if counts[(np.uint64(source[0]) >> by) & mask] == n:  # all have this digit in common
            continue
        total = 0
        for d in range(1 << digit):
            here = counts[d]
            counts[d] = total
            total += here
        for i in range(n):
            d = (np.uint64(source[i]) >> by) & mask
            place = np.uint64(counts[d])
            counts[d] += 1
            target[place] = source[i]
            target_groups[place] = source_groups[i]
        swapped = not swapped
    return swapped


@_kernel
def rank_genes(
    patterns: Array,
    groups: Array,
    starts: Array,
    bits: int,
    infinite: int,
    sizes: Array,
    copies: Array,
    first: int,
    sums: Array,
    ties: Array,
) -> None:
    """Midranks of one gene after the other, zeros as one block that is never sorted.

    Parameters
    ----------
    patterns
        The values that are not zero as unsigned integers of ``bits`` bits, read as IEEE floats; those of
        gene ``first + j`` begin at ``starts[j]``.
    infinite
        The pattern of infinity.
    sizes, copies
        Cells per group, and how many times each of them counts among all that are ranked.
    sums
        (n_groups, n_vars): sum of the ranks of the cells of a group, each once; NaN if a value is NaN.
    ties
        (n_vars,): the sum of t³ - t over all blocks of t equal values.
    """
    n_groups = len(sizes)
    top = np.uint64(1) << np.uint64(bits - 1)
    ones = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - bits)
    largest = 0
    for j in range(len(starts) - 1):
        largest = max(largest, starts[j + 1] - starts[j])
    keys, spare_keys = np.empty(largest, patterns.dtype), np.empty(largest, patterns.dtype)
    labels, spare_labels = np.empty(largest, groups.dtype), np.empty(largest, groups.dtype)
    counts = np.zeros(1 << 11, np.int64)
    zeros, here = np.zeros(n_groups, np.int64), np.zeros(n_groups, np.int64)
    for j in range(len(starts) - 1):
        start, n = starts[j], starts[j + 1] - starts[j]
        zeros[:] = sizes
        broken: Any = False
        for i in range(n):
            pattern = np.uint64(patterns[start + i])
            broken |= (pattern & ~top) > np.uint64(infinite)
            # ascending as unsigned integers: negative ones turned around and below zero
            keys[i] = (pattern ^ ones) if pattern & top else (pattern | top)
            labels[i] = groups[start + i]
            zeros[labels[i]] -= 1
        if broken:
            sums[:, first + j] = np.nan
            continue
        order, order_labels = keys, labels
        if n <= FEW:
            _insertion_sort(keys, labels, n)
        elif _radix_sort(keys, labels, spare_keys, spare_labels, n, bits, counts):
            order, order_labels = spare_keys, spare_labels
        below, tied = 0.0, 0.0
        i = 0
        zeros_done = False
        while i < n or not zeros_done:
            size = np.int64(0)
            if not zeros_done and (i == n or order[i] > top):
                zeros_done = True
                for g in range(n_groups):
                    here[g] = zeros[g]
                    size += zeros[g] * copies[g]
                if size == 0:
                    continue
                middle = below + (size + 1) / 2
                for g in range(n_groups):
                    sums[g, first + j] += here[g] * middle
            else:
                end = i
                while end < n and order[end] == order[i]:
                    size += copies[order_labels[end]]
                    end += 1
                middle = below + (size + 1) / 2
                for k in range(i, end):
                    sums[order_labels[k], first + j] += middle
                i = end
            below += size
            if size > 1:
                tied += np.float64(size) * (np.float64(size) * np.float64(size) - 1)
        ties[first + j] = tied
