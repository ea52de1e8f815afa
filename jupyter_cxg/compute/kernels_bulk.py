"""Kernels that read many genes at once, and sums of all genes or of a few; see `kernels`."""

from ..model import Array
from .kernels import _kernel


@_kernel
def count_wanted(indices: Array, indptr: Array, rows: Array, slot_of: Array, counts: Array) -> None:
    """Count the entries of each wanted gene in some CSR rows.

    ``slot_of`` is (n_vars,): which of the wanted genes a gene is, -1 for the others.
    """
    for row in rows:
        for k in range(indptr[row], indptr[row + 1]):
            slot = slot_of[indices[k]]
            if slot >= 0:
                counts[slot] += 1


@_kernel
def gather_wanted(
    data: Array,
    indices: Array,
    indptr: Array,
    rows: Array,
    first: int,
    slot_of: Array,
    begins: Array,
    cursor: Array,
    out_rows: Array,
    out_values: Array,
) -> None:
    """Append the entries of each wanted gene in some CSR rows, which count from ``first``, at ``cursor``.

    Indices within a row may come in any order; duplicates are summed. ``begins`` is where each gene begins.
    """
    for i in range(len(rows)):
        row = rows[i]
        for k in range(indptr[row], indptr[row + 1]):
            slot = slot_of[indices[k]]
            if slot >= 0:
                place = cursor[slot]
                if place > begins[slot] and out_rows[place - 1] == first + i:
                    out_values[place - 1] += data[k]
                else:
                    out_rows[place] = first + i
                    out_values[place] = data[k]
                    cursor[slot] = place + 1


@_kernel
def csc_gene(
    data: Array, indices: Array, start: int, stop: int, number_of: Array, out_rows: Array, out_values: Array
) -> int:
    """Copy the entries ``start`` to ``stop``, which are one gene, duplicates summed.

    ``number_of`` is (n_obs,): the number of each cell, ascending, -1 for those left out; empty: all stay.
    Gives how many entries that makes, or -1 if the cells do not ascend.
    """
    n = 0
    last = -1
    for k in range(start, stop):
        row = indices[k]
        if len(number_of) > 0:
            row = number_of[row]
            if row < 0:
                continue
        if row < last:
            return -1
        if row == last:
            out_values[n - 1] += data[k]
        else:
            out_rows[n] = row
            out_values[n] = data[k]
            n += 1
            last = row
    return n


# Sums as numpy and scipy make them, one value after the other and in the precision of ``sums``.


@_kernel
def csr_gene_sums(data: Array, indices: Array, start: int, stop: int, sums: Array, missing: Array) -> None:
    """Add the entries ``start`` to ``stop`` of a CSR matrix to the sum of their genes; NaN is counted."""
    for k in range(start, stop):
        value = data[k]
        if value == value:  # not NaN
            sums[indices[k]] += value
        else:
            missing[indices[k]] += 1


@_kernel
def csc_gene_sums(data: Array, indptr: Array, first: int, last: int, sums: Array, missing: Array) -> None:
    """As `csr_gene_sums`, for the genes ``first`` to ``last`` of a CSC matrix."""
    for gene in range(first, last):
        for k in range(indptr[gene], indptr[gene + 1]):
            value = data[k]
            if value == value:  # not NaN
                sums[gene] += value
            else:
                missing[gene] += 1


@_kernel
def dense_gene_sums(data: Array, start: int, stop: int, sums: Array, missing: Array) -> None:
    """As `csr_gene_sums`, for the rows ``start`` to ``stop`` of a dense matrix."""
    for row in range(start, stop):
        for gene in range(data.shape[1]):
            value = data[row, gene]
            if value == value:  # not NaN
                sums[gene] += value
            else:
                missing[gene] += 1


@_kernel
def csr_cell_sums(
    data: Array,
    indices: Array,
    indptr: Array,
    group_of: Array,
    start: int,
    stop: int,
    sums: Array,
    missing: Array,
) -> None:
    """Per cell, the sum over each group of genes in CSR rows ``start`` to ``stop``; NaN is counted.

    ``group_of`` is (n_vars,), -1 for genes of no group; ``sums`` and ``missing`` are (n_groups, n_obs).
    """
    for row in range(start, stop):
        for k in range(indptr[row], indptr[row + 1]):
            group = group_of[indices[k]]
            if group >= 0:
                value = data[k]
                if value == value:  # not NaN
                    sums[group, row] += value
                else:
                    missing[group, row] += 1


@_kernel
def csc_cell_sums(data: Array, indices: Array, start: int, stop: int, sums: Array, missing: Array) -> None:
    """Add the entries ``start`` to ``stop``, which are one gene, to sums per cell; NaN is counted."""
    for k in range(start, stop):
        value = data[k]
        if value == value:  # not NaN
            sums[indices[k]] += value
        else:
            missing[indices[k]] += 1
