"""cellxgene's FlatBuffers Matrix read byte by byte, from the description of the format alone."""

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

_DTYPES = {1: np.float32, 2: np.int32, 3: np.uint32, 4: np.float64}


@dataclass(frozen=True)
class Matrix:
    """What a client sees.

    Attributes
    ----------
    kinds
        Union members: 1 Float32, 2 Int32, 3 Uint32, 4 Float64, 5 JSON.
    offsets
        Where the data of each column begins, counted from the start of the body.
    """

    n_rows: int
    n_cols: int
    columns: list[Any]
    kinds: list[int]
    offsets: list[int]
    index: Any


def decode(body: bytes) -> Matrix:
    """A Matrix; fails on anything that a strict reader would not take."""
    root = _u32(body, 0)
    columns, kinds, offsets = [], [], []
    vector = _follow(body, root, 2)
    if vector is not None:
        for i in range(_u32(body, vector)):
            place = vector + 4 + 4 * i
            table = place + _u32(body, place)
            kind = _scalar(body, table, 0, "<B")
            values, offset = _typed_array(body, kind, _follow(body, table, 1))
            columns.append(values)
            kinds.append(kind)
            offsets.append(offset)
    index_kind = _scalar(body, root, 3, "<B")
    index = _typed_array(body, index_kind, _follow(body, root, 4))[0] if index_kind else None
    assert _slot(body, root, 5) == 0, "row_index is never written"
    return Matrix(_scalar(body, root, 0, "<I"), _scalar(body, root, 1, "<I"), columns, kinds, offsets, index)


def _typed_array(body: bytes, kind: int, table: int | None) -> tuple[Any, int]:
    assert table is not None
    vector = _follow(body, table, 0)
    assert vector is not None
    length, start = _u32(body, vector), vector + 4
    if kind == 5:
        return json.loads(body[start : start + length]), start
    dtype = np.dtype(_DTYPES[kind]).newbyteorder("<")
    assert start % dtype.itemsize == 0, "a browser cannot make a typed array here"
    return np.frombuffer(body, dtype, length, start), start


def _slot(body: bytes, table: int, field: int) -> int:
    """Offset of a field from its table; 0 when it is absent."""
    vtable = table - struct.unpack_from("<i", body, table)[0]
    size = struct.unpack_from("<H", body, vtable)[0]
    where = 4 + 2 * field
    return int(struct.unpack_from("<H", body, vtable + where)[0]) if where < size else 0


def _scalar(body: bytes, table: int, field: int, form: str) -> int:
    slot = _slot(body, table, field)
    return int(struct.unpack_from(form, body, table + slot)[0]) if slot else 0


def _follow(body: bytes, table: int, field: int) -> int | None:
    slot = _slot(body, table, field)
    return table + slot + _u32(body, table + slot) if slot else None


def _u32(body: bytes, where: int) -> int:
    return int(struct.unpack_from("<I", body, where)[0])
