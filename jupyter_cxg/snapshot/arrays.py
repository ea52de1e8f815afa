"""Raw arrays of a Zarr v3 store: one uncompressed chunk each, so that a file is an array.

zarr writes the metadata, so any Zarr reader understands them; the values are written and mapped by
us, which costs one copy and no memory.
"""

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from ..errors import NotFound
from ..model import Array
from .private import open_file, reserve

BLOCK = 16 * 2**20
"""Bytes per write: progress moves, the GIL is free meanwhile, and a block of a slow source fits in memory."""

Order = Literal["C", "F"]

Advance = Callable[[int], None]
"""Told the number of bytes after each write."""


def storable(dtype: np.dtype[Any]) -> bool:
    """Whether Zarr, anndata and a memory map all understand the dtype."""
    return dtype.kind in "biuf" and dtype.itemsize <= 8


def node(path: Path) -> dict[str, Any]:
    """The metadata of the array or group at ``path``.

    Raises
    ------
    NotFound
        There is none.
    """
    try:
        content: dict[str, Any] = json.loads((path / "zarr.json").read_bytes())
    except (OSError, ValueError) as error:
        raise NotFound(f"The snapshot has no {path.name}.") from error
    return content


def attributes(path: Path) -> dict[str, Any]:
    """The attributes of the array or group at ``path``."""
    found: dict[str, Any] = node(path).get("attributes", {})
    return found


def open_array(path: Path) -> Array:
    """The array at ``path``, read-only: a memory map if it is raw; else read, text as object dtype."""
    meta = node(path)
    if not _is_raw(meta):
        return _read(path)
    dtype, shape = np.dtype(meta["data_type"]).newbyteorder("<"), tuple(meta["shape"])
    if 0 in shape:
        return _frozen(np.empty(shape, dtype))
    order: Order = "F" if len(meta["codecs"]) == 2 else "C"
    try:
        return np.memmap(_chunk(path, len(shape)), dtype, "r", shape=shape, order=order)
    except FileNotFoundError:  # a chunk of nothing but fill values need not exist
        return _read(path)


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
        self._reserved = length * dtype.itemsize
        if self._reserved > BLOCK:
            reserve(self._file.fileno(), self._reserved)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
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
        _write_metadata(self._path, shape, self._dtype, self._order, attributes)


def write_array(path: Path, array: Array, attributes: Mapping[str, Any], advance: Advance) -> None:
    """Write an array in memory, at least 1-d and `storable`, in the order that it has."""
    order: Order = (
        "F" if array.ndim == 2 and array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    )
    with ArrayFile(path, array.dtype, advance, ndim=array.ndim, order=order, length=array.size) as file:
        for block in row_blocks(array) if not array.flags.forc else (array,):
            file.append(block)
        file.finish(attributes, array.shape)


def write_group(path: Path, attributes: Mapping[str, Any]) -> None:
    """Make a Zarr group of the directory at ``path``; attributes of ours that are empty are not written."""
    path.mkdir(parents=True, exist_ok=True)
    ours = {key: value for key, value in attributes.items() if not key.startswith("cxg_") or value}
    # By hand, as it replaces what anndata needed to find there while it wrote the members.
    content = {"zarr_format": 3, "node_type": "group", "attributes": ours}
    (path / "zarr.json").write_text(json.dumps(content, indent=2))


def row_blocks(array: Array) -> Iterator[Array]:
    """Views of about `BLOCK` bytes along the first axis."""
    rows = max(1, BLOCK * len(array) // max(1, array.nbytes))
    for start in range(0, len(array), rows):
        yield array[start : start + rows]


def _write_metadata(
    path: Path,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    order: Order,
    attributes: Mapping[str, Any],
) -> None:
    import zarr
    from zarr.codecs import TransposeCodec

    zarr.create_array(
        store=str(path),
        shape=shape,
        chunks=tuple(max(1, n) for n in shape),
        dtype=dtype.newbyteorder("="),
        filters=[TransposeCodec(order=(1, 0))] if order == "F" else None,
        compressors=None,
        fill_value=dtype.type(0),
        attributes=dict(attributes),
        zarr_format=3,
    )


def _chunk(path: Path, ndim: int) -> Path:
    return path.joinpath("c", *["0"] * ndim)


def _is_raw(meta: Mapping[str, Any]) -> bool:
    """Whether one file holds the values as a memory map wants them."""
    shape, codecs = meta["shape"], meta["codecs"]
    if not shape or meta["chunk_key_encoding"] != {"name": "default", "configuration": {"separator": "/"}}:
        return False
    if meta["chunk_grid"]["configuration"]["chunk_shape"] != [max(1, n) for n in shape]:
        return False
    if not isinstance(meta["data_type"], str) or not meta["data_type"].startswith(
        ("int", "uint", "float", "bool")
    ):
        return False
    if len(codecs) == 2 and codecs[0] == {"name": "transpose", "configuration": {"order": [1, 0]}}:
        codecs = codecs[1:]
    return (
        len(codecs) == 1
        and codecs[0]["name"] == "bytes"
        and codecs[0].get("configuration", {}).get("endian", "little") == "little"
    )


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
