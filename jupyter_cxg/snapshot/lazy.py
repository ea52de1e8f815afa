"""Arrays that are computed or read when somebody asks: dask's, HDF5's and Zarr's, and frames of xarray.

Whatever the object, no more of it is in memory than a few of its chunks. dask is never imported here
unless the object is dask's, in which case it is there.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from ..errors import Unpublishable
from ..model import Array

WINDOW = 128 * 2**20
"""Bytes of chunks that are computed together, so that threads have something to share; one is the least."""
_THREADS = 4


def is_dask(value: Any) -> bool:
    """Whether it is a dask array, without importing dask."""
    return hasattr(value, "dask") and hasattr(value, "_meta") and hasattr(value, "blocks")


def is_sparse_dask(value: Any) -> bool:
    """Whether it is a dask array of scipy matrices."""
    return is_dask(value) and sparse.issparse(value._meta)


def is_lazy(value: Any) -> bool:
    """Whether it is a dense array that is not in memory: dask's, or one of an open HDF5 or Zarr store."""
    if is_dask(value):
        return not is_sparse_dask(value)
    return hasattr(value, "chunks") and hasattr(value, "shape") and not isinstance(value, np.ndarray)


def frame_of(value: Any) -> pd.DataFrame:
    """A DataFrame, also of a frame that xarray reads lazily (`anndata.experimental.read_lazy`)."""
    return value.to_memory() if is_lazy_frame(value) else value


def is_lazy_frame(value: Any) -> bool:
    """Whether it is anndata's ``Dataset2D``."""
    return not isinstance(value, pd.DataFrame) and hasattr(value, "to_memory") and hasattr(value, "ds")


def in_memory(value: Any) -> Any:
    """The array itself; for those of one dimension, which are small."""
    if is_dask(value):
        return _computed([value])[0]
    return np.asarray(value[...]) if is_lazy(value) else value


def first_columns(value: Any, count: int) -> Array:
    """Some columns of an array of two dimensions, in memory."""
    part = value[:, :count]
    return np.asarray(_computed([part])[0] if is_dask(part) else part)


def sampled_bytes(matrix: Any) -> int:
    """About how much a dask array of scipy matrices holds, by its first chunk."""
    check_chunks(matrix)
    if 0 in matrix.shape:
        return 0
    rows, columns = matrix.chunks[0][0], matrix.chunks[1][0]
    (first,) = _computed([matrix.blocks[0, 0]])
    whole = matrix.shape[0] * matrix.shape[1] / max(1, rows * columns)
    return int(_bytes(first) * whole)


def check_chunks(matrix: Any) -> None:
    """Refuse an array of which dask does not know how large it is.

    Raises
    ------
    Unpublishable
        Its chunks have unknown sizes.
    """
    if any(np.isnan(length) for axis in matrix.chunks for length in axis):
        raise Unpublishable("has chunks of unknown sizes: call its .compute_chunk_sizes() first")


def slabs(matrix: Any, axis: int) -> Iterator[Any]:
    """The scipy matrices of a dask array, one for all chunks that are side by side, along an axis.

    Several are computed together, as many as `WINDOW` has room for, so that what is in memory is bounded
    even if each chunk depends on all others.
    """
    check_chunks(matrix)
    count, others = matrix.numblocks[axis], matrix.numblocks[1 - axis]
    done, largest = 0, WINDOW  # how large they are, the first one tells
    while done < count:
        some = range(done, min(count, done + _fitting(largest)))
        blocks = [
            matrix.blocks[(at, other) if axis == 0 else (other, at)] for at in some for other in range(others)
        ]
        parts = _computed(blocks)
        del blocks
        for at in range(len(some)):
            beside = parts[at * others : (at + 1) * others]
            parts[at * others : (at + 1) * others] = [None] * others  # each is freed when it is written
            slab = _joined(beside, axis)
            del beside
            wanted = [*matrix.shape]
            wanted[axis] = matrix.chunks[axis][some[at]]
            _check_shape(slab, tuple(wanted))
            largest = _bytes(slab) if done + at == 0 else max(largest, _bytes(slab))
            yield slab
            del slab
        done = some.stop


def chunks(matrix: Any) -> Iterator[tuple[tuple[slice, slice], Array]]:
    """The chunks of a dense dask array with two dimensions, and where each belongs."""
    check_chunks(matrix)
    starts = [np.concatenate([[0], np.cumsum(axis, dtype=np.int64)]) for axis in matrix.chunks]
    places = [(i, j) for i in range(matrix.numblocks[0]) for j in range(matrix.numblocks[1])]
    largest = max(matrix.chunks[0]) * max(matrix.chunks[1]) * matrix.dtype.itemsize
    step = _fitting(largest)
    for begin in range(0, len(places), step):
        some = places[begin : begin + step]
        parts = _computed([matrix.blocks[place] for place in some])
        for at, (i, j) in enumerate(some):
            where = (
                slice(int(starts[0][i]), int(starts[0][i + 1])),
                slice(int(starts[1][j]), int(starts[1][j + 1])),
            )
            part, parts[at] = parts[at], None
            part = part.toarray() if sparse.issparse(part) else np.asarray(part)
            _check_shape(part, tuple(side.stop - side.start for side in where))
            yield where, part
            del part


def tiles(matrix: Any, nbytes: int) -> Iterator[tuple[tuple[slice, slice], Array]]:
    """The chunks of an array in a store, or several side by side as long as they have so many bytes."""
    (n_rows, n_columns), (rows, columns) = matrix.shape, matrix.chunks
    columns *= max(1, nbytes // max(1, rows * columns * matrix.dtype.itemsize))
    for top in range(0, n_rows, rows):
        for left in range(0, n_columns, columns):
            where = slice(top, min(top + rows, n_rows)), slice(left, min(left + columns, n_columns))
            yield where, np.asarray(matrix[where])


def _check_shape(part: Any, wanted: tuple[int, ...]) -> None:
    if part.shape != wanted:
        raise Unpublishable(f"has a chunk of shape {part.shape} where its chunks say {wanted}")


def _fitting(nbytes: int) -> int:
    return max(1, WINDOW // max(1, nbytes))


def _joined(parts: Sequence[Any], axis: int) -> Any:
    layout = "csr" if axis == 0 else "csc"
    if len(parts) == 1:
        part = parts[0]
        return part if sparse.issparse(part) else sparse.csr_matrix(np.asarray(part))
    return (sparse.hstack if axis == 0 else sparse.vstack)(list(parts), format=layout)


def _bytes(part: Any) -> int:
    if sparse.issparse(part):
        return int(part.nnz * (part.dtype.itemsize + 4))
    return int(np.asarray(part).nbytes)


def _computed(arrays: Sequence[Any]) -> list[Any]:
    """What dask makes of them, by threads of this process whatever the user's own scheduler is.

    Raises
    ------
    Unpublishable
        It cannot be computed.
    """
    from dask import base

    try:
        threads = min(_THREADS, os.cpu_count() or 1)
        compute: Any = base.compute
        return list(compute(*arrays, scheduler="threads", num_workers=threads))
    except Exception as error:  # the user's own computation may raise anything
        what = (str(error).splitlines() or [""])[0].rstrip(".")[:200]
        raise Unpublishable(f"cannot be computed ({type(error).__name__}: {what})") from error
