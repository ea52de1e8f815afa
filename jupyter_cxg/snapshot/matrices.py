"""X, layers and raw: dense or sparse, in memory or in a file, block by block onto the disk.

Dense matrices keep their order (C or F), sparse ones their layout. What is sparse on disk is
canonical: indices ascend within each row (CSR) or column (CSC), without duplicates.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from scipy import sparse

from ..errors import Unpublishable
from ..model import Array
from .arrays import BLOCK, Advance, ArrayFile, storable, write_array
from .elements import ARRAY, SORTED
from .lazy import check_chunks, chunks, is_dask, is_sparse_dask, sampled_bytes, slabs, tiles
from .nodes import Order, write_group

Layout = Literal["csr", "csc"]
_LARGEST_BLOCK = 16 * BLOCK


@dataclass(frozen=True, slots=True)
class Rows:
    """A matrix that must not be had at once, e.g. X of a view: ``read(start, stop)`` gives some rows.

    ``read`` returns an ndarray, or a scipy matrix when ``sparse``.

    Attributes
    ----------
    dense_row
        Bytes that reading a row takes, where that is more than its share of ``nbytes``.
    chunk_rows
        As many rows are best read at once, or a multiple.
    """

    read: Callable[[int, int], Any]
    shape: tuple[int, int]
    dtype: np.dtype[Any]
    sparse: bool
    nbytes: int
    dense_row: int = 0
    chunk_rows: int = 1


@dataclass(frozen=True, slots=True)
class Compressed:
    """A sparse matrix in a file that does not say so as anndata does.

    ``group`` has data, indices and indptr.
    """

    group: Any
    shape: tuple[int, int]
    format: Layout

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the values."""
        found: np.dtype[Any] = self.group["data"].dtype
        return found


def write_matrix(path: Path, matrix: Any, advance: Advance, about: Mapping[str, Any] = ARRAY) -> None:
    """Write a matrix at ``path``, which must not exist.

    Parameters
    ----------
    matrix
        ndarray, scipy CSR or CSC (other scipy formats become CSR), an open HDF5 or Zarr dataset, a
        sparse matrix of a backed AnnData, dask array, `Compressed` or `Rows`.
    about
        Attributes of a dense matrix.

    Raises
    ------
    Unpublishable
        Its values are not real numbers, or its sparse structure is broken.
    """
    dtype = stored_dtype(matrix.dtype)
    if isinstance(matrix, Rows):
        row_bytes = max(matrix.dense_row, _row_bytes(matrix))
        blocks = (matrix.read(a, b) for a, b in _ranges(matrix.shape[0], row_bytes, matrix.chunk_rows))
        if matrix.sparse:
            _write_sparse(path, matrix.shape, "csr", dtype, map(_majors_of, blocks), advance)
        else:
            _write_rows(path, matrix.shape, dtype, blocks, advance)
    elif is_sparse(matrix):
        compressed = matrix if _layout(matrix) else matrix.tocsr()
        data, indices, indptr = _parts(compressed)
        parts = _majors(data, indices, indptr, _n_minor(compressed))
        _write_sparse(
            path, matrix.shape, _layout(compressed) or "csr", dtype, parts, advance, int(indptr[-1])
        )
    elif isinstance(matrix, np.ndarray):
        write_array(path, np.asarray(matrix).astype(dtype, copy=False), about, advance)
    elif is_sparse_dask(matrix):
        axis = 0 if matrix.numblocks[0] >= matrix.numblocks[1] else 1  # along the one with more chunks
        layout: Layout = "csr" if axis == 0 else "csc"
        blocks = (_majors_of(slab, layout) for slab in slabs(matrix, axis))
        _write_sparse(path, matrix.shape, layout, dtype, blocks, advance)
    elif is_dask(matrix):
        by_columns = matrix.numblocks[0] < matrix.numblocks[1]
        _write_parts(path, matrix.shape, dtype, "F" if by_columns else "C", chunks(matrix), advance, about)
    elif _chunk_rows(matrix) * _row_bytes(matrix) > _LARGEST_BLOCK:  # chunks that cut the columns
        by_columns = _chunk_rows(matrix) >= matrix.shape[0]
        cut = tiles(matrix, BLOCK)
        _write_parts(path, matrix.shape, dtype, "F" if by_columns else "C", cut, advance, about)
    else:
        _write_rows(path, matrix.shape, dtype, _slices(matrix), advance, about)


def stored_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype on disk: the same, but extended floats become float64.

    Raises
    ------
    Unpublishable
        The values are not real numbers.
    """
    if dtype.kind == "f" and dtype.itemsize > 8:
        return np.dtype(np.float64)
    if not storable(dtype):
        remedy = ".real" if dtype.kind == "c" else ".astype(float)"
        raise Unpublishable(f"holds {dtype.name} values, not real numbers: convert it, e.g. by {remedy}")
    return dtype


def is_sparse(matrix: Any) -> bool:
    """Whether it is a scipy matrix or array, or a sparse matrix of a backed AnnData."""
    return sparse.issparse(matrix) or _layout(matrix) is not None


def matrix_bytes(matrix: Any) -> int:
    """How many bytes of values and indices there are to copy; an estimate."""
    if isinstance(matrix, Rows):
        return matrix.nbytes
    if is_sparse_dask(matrix):
        return sampled_bytes(matrix)
    if is_dask(matrix):
        check_chunks(matrix)
    if is_sparse(matrix):
        if not _layout(matrix):
            return int(matrix.nnz * (matrix.dtype.itemsize + 4))
        return sum(int(math.prod(part.shape) * part.dtype.itemsize) for part in _parts(matrix))
    return int(math.prod(matrix.shape) * matrix.dtype.itemsize)


def _layout(matrix: Any) -> Layout | None:
    found = getattr(matrix, "format", None)
    return found if found in ("csr", "csc") else None


def _parts(matrix: Any) -> tuple[Any, Any, Array]:
    """data, indices and indptr; in a file, the first two are read when they are sliced."""
    if sparse.issparse(matrix):
        return matrix.data, matrix.indices, matrix.indptr
    group, n_majors = matrix.group, matrix.shape[0 if _layout(matrix) == "csr" else 1]
    if tuple(group["indptr"].shape) != (n_majors + 1,):  # before it is read, as it may be of any length
        raise Unpublishable(f"has an indptr that does not fit its shape {tuple(matrix.shape)}")
    return group["data"], group["indices"], np.asarray(group["indptr"][...])


def _n_minor(matrix: Any) -> int:
    return int(matrix.shape[1 if _layout(matrix) == "csr" else 0])


# ── dense ──


def _write_rows(
    path: Path,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    blocks: Iterator[Any],
    advance: Advance,
    about: Mapping[str, Any] = ARRAY,
) -> None:
    with ArrayFile(path, dtype, advance, ndim=2, length=math.prod(shape)) as file:
        for block in blocks:
            file.append(np.asarray(block))
        file.finish(about, shape)


def _write_parts(
    path: Path,
    shape: tuple[int, int],
    dtype: np.dtype[Any],
    order: Order,
    parts: Iterator[tuple[tuple[slice, slice], Any]],
    advance: Advance,
    about: Mapping[str, Any],
) -> None:
    """Write each part where it belongs, as chunks may cut rows and columns alike."""
    with ArrayFile(path, dtype, advance, ndim=2, order=order, length=math.prod(shape)) as file:
        for where, part in parts:
            file.place(shape, where, part)
        file.finish(about, shape)


def _slices(matrix: Any) -> Iterator[Any]:
    for start, stop in _ranges(matrix.shape[0], _row_bytes(matrix), _chunk_rows(matrix)):
        yield matrix[start:stop]


def _row_bytes(matrix: Any) -> int:
    n_rows: int = matrix.shape[0]
    return max(1, matrix_bytes(matrix) // max(1, n_rows))


def _chunk_rows(matrix: Any) -> int:
    """Rows per chunk of a file: reading less would make a chunk more than once."""
    shape = getattr(matrix, "chunks", None)
    return int(shape[0]) if shape else 1


def _ranges(n_rows: int, row_bytes: int, multiple: int = 1) -> Iterator[tuple[int, int]]:
    rows = max(1, BLOCK // row_bytes)
    if multiple * row_bytes <= _LARGEST_BLOCK:
        rows = max(multiple, rows // multiple * multiple)
    for start in range(0, n_rows, rows):
        yield start, min(start + rows, n_rows)


# ── sparse ──

Majors = tuple[Array, Array, Array]
"""Some rows of a CSR (columns of a CSC) matrix: data, indices, and how many entries each has."""


def _write_sparse(
    path: Path,
    shape: tuple[int, int],
    layout: Layout,
    dtype: np.dtype[Any],
    blocks: Iterator[Majors],
    advance: Advance,
    n_entries: int = 0,
) -> None:
    n_minor = shape[1] if layout == "csr" else shape[0]
    path.mkdir(parents=True)
    index_dtype = np.dtype(np.int32 if n_minor <= np.iinfo(np.int32).max else np.int64)
    ends = [np.zeros(1, dtype=np.int64)]
    with (
        ArrayFile(path / "data", dtype, advance, length=n_entries) as data,
        ArrayFile(path / "indices", index_dtype, advance, length=n_entries) as indices,
    ):
        for block in blocks:
            values, minor, lengths = _canonical(*block, n_minor)
            data.append(values)
            indices.append(minor)
            ends.append(ends[-1][-1] + np.cumsum(lengths, dtype=np.int64))
            del block, values, minor, lengths  # before the next one is read
        data.finish(ARRAY)
        indices.finish(ARRAY)
    indptr = np.concatenate(ends)
    fits = indptr[-1] <= np.iinfo(np.int32).max
    write_array(path / "indptr", indptr.astype(np.int32 if fits else np.int64), ARRAY, advance)
    about = {"encoding-type": f"{layout}_matrix", "encoding-version": "0.1.0", "shape": list(shape)}
    write_group(path, {**about, SORTED: True})


def _majors(data: Any, indices: Any, indptr: Array, n_minor: int) -> Iterator[Majors]:
    """Cut a compressed matrix, in memory or in a file, into blocks of whole rows (or columns)."""
    if data.ndim != 1 or data.shape[0] < indptr[-1] or indices.shape[0] < indptr[-1]:
        raise Unpublishable("has an indptr that does not fit its data")
    if indptr[0] != 0 or np.any(indptr[1:] < indptr[:-1]):
        raise Unpublishable("has an indptr that does not ascend from 0")
    entries = BLOCK // 2 // data.dtype.itemsize  # there are as many indices beside the values
    if np.max(np.diff(indptr), initial=0) > max(n_minor, entries):  # a row is read at once
        raise Unpublishable(f"has an indptr with more values in a row than its {n_minor} columns")
    start = 0
    while start < len(indptr) - 1:
        stop = int(np.searchsorted(indptr, indptr[start] + entries, side="right")) - 1
        stop = max(start + 1, stop)
        span = slice(int(indptr[start]), int(indptr[stop]))
        yield data[span], indices[span], np.diff(indptr[start : stop + 1])
        start = stop


def _majors_of(block: Any, layout: Layout = "csr") -> Majors:
    rows = block.asformat(layout)
    return rows.data, rows.indices, np.diff(rows.indptr)


def _canonical(data: Array, indices: Array, lengths: Array, n_minor: int) -> Majors:
    """Sort and sum duplicates where need be; the block is in the processor's cache by now."""
    if len(indices) == 0:
        return data, indices, lengths
    ends = np.cumsum(lengths)
    lasts = ends[lengths > 0] - 1
    ascends = indices[1:] > indices[:-1]
    ascends[lasts[:-1]] = True  # from one row to the next anything goes
    is_canonical = ascends.all()
    # where they ascend, the ends of each row say it all
    outer = np.concatenate([[0], lasts[:-1] + 1, lasts]) if is_canonical else slice(None)
    least, most = indices[outer].min(), indices[outer].max()
    if least < 0 or most >= n_minor:
        raise Unpublishable(f"has an index outside of its {n_minor} rows or columns")
    if is_canonical:
        return data, indices, lengths
    indptr = np.concatenate([[0], ends])
    block = sparse.csr_matrix((data, indices, indptr), shape=(len(lengths), n_minor), copy=True)
    block.sum_duplicates()
    return block.data, block.indices, np.diff(block.indptr)
