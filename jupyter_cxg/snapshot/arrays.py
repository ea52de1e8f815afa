"""Raw arrays of a Zarr v3 store: one uncompressed chunk each, so that a file is an array.

Any Zarr reader understands them; we write and map the values ourselves, which costs one copy and no
memory.
"""

import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import numpy as np
from numcodecs.vlen import VLenUTF8

from ..errors import NotFound
from ..model import Array, Texts
from .nodes import Order, is_plain_text, node, raw_order, write_numbers_node, write_text_node
from .private import open_file, reserve

BLOCK = 16 * 2**20
"""Bytes per write: progress moves, the GIL is free meanwhile, and a block of a slow source fits in memory."""

Advance = Callable[[int], None]
"""Told the number of bytes after each write."""


def storable(dtype: np.dtype[Any]) -> bool:
    """Whether Zarr, anndata and a memory map all understand the dtype."""
    return dtype.kind in "biuf" and dtype.itemsize <= 8


def open_array(path: Path) -> Array:
    """The array at ``path``, read-only: a memory map if it is raw; else read, text as object dtype."""
    meta = node(path)
    if is_plain_text(meta):
        return _read_text(path, meta)
    order = raw_order(meta)
    if order is None:
        return _read(path)
    dtype, shape = np.dtype(meta["data_type"]).newbyteorder("<"), tuple(meta["shape"])
    if 0 in shape:
        return _frozen(np.empty(shape, dtype))
    try:
        return np.memmap(_chunk(path, len(shape)), dtype, "r", shape=shape, order=order)
    except FileNotFoundError:  # a chunk of nothing but fill values need not exist
        return _read(path)


def open_texts(path: Path) -> Texts:
    """The text at ``path``, read without an object for each."""
    meta = node(path)
    if is_plain_text(meta) and meta["shape"] != [0]:
        with suppress(FileNotFoundError):  # see open_array
            return _parsed(np.fromfile(_chunk(path, 1), np.uint8), int(meta["shape"][0]))
    texts = [str(text).encode("utf-8", "replace") for text in open_array(path).tolist()]
    ends = np.cumsum([0, *map(len, texts)])
    return _texts(ends, np.frombuffer(b"".join(texts), np.uint8))


class ArrayFile:
    """A raw array being written: append blocks, then finish.

    Parameters
    ----------
    path
        Where the array will be; must not exist.
    dtype
        `storable`; written little-endian.
    order
        In which order the values come.
    length
        How many values at most will come, if that is known: the disk finds room for them at once, which
        is up to four times faster and says at the start when there is none.
    """

    def __init__(
        self,
        path: Path,
        dtype: np.dtype[Any],
        advance: Advance,
        *,
        ndim: int = 1,
        order: Order = "C",
        length: int = 0,
    ) -> None:
        self._path, self._order, self._advance = path, order, advance
        self._dtype = dtype.newbyteorder("<")
        self._chunk = _chunk(path, ndim)
        self._chunk.parent.mkdir(parents=True)
        self._file = os.fdopen(open_file(self._chunk), "wb", buffering=0)
        self._written = 0
        self._parts: Array | None = None  # the file as an array, where its parts come in any order
        self._reserved = length * dtype.itemsize
        if self._reserved > BLOCK:
            reserve(self._file.fileno(), self._reserved)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._parts = None
        self._file.close()

    def append(self, block: Array) -> None:
        """Write the values of ``block``, any shape and dtype."""
        values = np.asarray(block, dtype=self._dtype, order=self._order)
        flat = values.reshape(-1, order=self._order).view(np.uint8)
        for start in range(0, len(flat), BLOCK):
            piece = flat[start : start + BLOCK].data
            self._advance(len(piece))
            while piece:  # a write may be cut short
                piece = piece[self._file.write(piece) :]
        self._written += len(flat)

    def place(self, shape: tuple[int, ...], where: tuple[slice, ...], block: Array) -> None:
        """Write a part of an array of ``shape``, of which the parts come in any order and cover all."""
        size = math.prod(shape) * self._dtype.itemsize
        if size == 0:
            return
        if self._parts is None:
            os.ftruncate(self._file.fileno(), size)
            self._parts = np.memmap(self._chunk, self._dtype, "r+", shape=shape, order=self._order)
        self._parts[where] = block
        self._advance(block.nbytes)
        self._written += block.size * self._dtype.itemsize

    def finish(self, attributes: Mapping[str, Any], shape: tuple[int, ...] | None = None) -> None:
        """Write the metadata; ``shape`` None: as long as what was appended."""
        length = self._written // self._dtype.itemsize
        shape = (length,) if shape is None else shape
        if length != math.prod(shape):
            raise ValueError(f"{self._path.name} has shape {shape}, but its source gave {length} values")
        if self._written < self._reserved:
            self._file.truncate(self._written)
        if length == 0:
            self._chunk.unlink()  # nothing cannot be mapped, and Zarr wants no file
        write_numbers_node(self._path, shape, self._dtype, self._order, attributes)


def write_array(path: Path, array: Array, attributes: Mapping[str, Any], advance: Advance) -> None:
    """Write an array in memory, at least 1-d and `storable`, in the order that it has."""
    order: Order = (
        "F" if array.ndim == 2 and array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    )
    with ArrayFile(path, array.dtype, advance, ndim=array.ndim, order=order, length=array.size) as file:
        for block in row_blocks(array) if not array.flags.forc else (array,):
            file.append(block)
        file.finish(attributes, array.shape)


def write_text(path: Path, values: Array, attributes: Mapping[str, Any], advance: Advance) -> None:
    """Write a 1-d array of str."""
    chunk = _chunk(path, 1)
    chunk.parent.mkdir(parents=True)
    if len(values):
        encoded = VLenUTF8().encode(values.astype(object, copy=False))
        with os.fdopen(open_file(chunk), "wb", buffering=0) as file:
            file.write(encoded)
        advance(len(encoded))
    write_text_node(path, len(values), attributes)


def row_blocks(array: Array) -> Iterator[Array]:
    """Views of about `BLOCK` bytes along the first axis."""
    rows = max(1, BLOCK * len(array) // max(1, array.nbytes))
    for start in range(0, len(array), rows):
        yield array[start : start + rows]


def _chunk(path: Path, ndim: int) -> Path:
    return path.joinpath("c", *["0"] * ndim)


def _read_text(path: Path, meta: Mapping[str, Any]) -> Array:
    if meta["shape"] == [0]:
        return _frozen(np.empty(0, object))
    try:
        return _frozen(VLenUTF8().decode(_chunk(path, 1).read_bytes()))
    except FileNotFoundError:  # see open_array
        return _read(path)


def _parsed(raw: Array, length: int) -> Texts:
    """What numcodecs' VLenUTF8 wrote: their number, then each text behind its length; uint32 both."""
    lengths = _equal_lengths(raw, length)
    if lengths is None:
        held, at = memoryview(raw), 4  # type: ignore[arg-type]  # an array is a buffer
        lengths = np.zeros(length, np.int64)
        for i in range(length):
            lengths[i] = size = int.from_bytes(held[at : at + 4], "little")
            at += 4 + size
    ends = np.concatenate([[0], np.cumsum(lengths)])
    if len(raw) != 4 + 4 * length + ends[-1]:
        raise ValueError("text of another length than it says")
    keep = np.ones(len(raw), bool)
    keep[:4] = False
    for byte in range(4):
        keep[4 + 4 * np.arange(length) + ends[:-1] + byte] = False
    return _texts(ends, raw[keep])


def _equal_lengths(raw: Array, length: int) -> Array | None:
    """The length of each text if all have one, as barcodes do; else None."""
    size, rest = divmod(len(raw) - 4, length)
    if rest or size < 4:
        return None
    prefixes = raw[4:].reshape(length, size)[:, :4]
    expected = np.frombuffer((size - 4).to_bytes(4, "little"), np.uint8)
    return np.full(length, size - 4) if (prefixes == expected).all() else None


def _texts(ends: Array, data: Array) -> Texts:
    fits = ends[-1] <= np.iinfo(np.int32).max
    return Texts(_frozen(ends.astype(np.int32 if fits else np.int64)), _frozen(data))


def _read(path: Path) -> Array:
    import zarr

    try:
        values = np.asarray(zarr.open_array(str(path), mode="r")[...])
    except FileNotFoundError as error:  # this revision was replaced meanwhile
        raise NotFound(f"The snapshot has no {path.name} any more.") from error
    return _frozen(values.astype(object) if values.dtype.kind in "TUO" else values)


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
