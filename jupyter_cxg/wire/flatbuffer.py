"""Columns as cellxgene's FlatBuffers ``Matrix``: for existing clients of its v0.2 API.

The tables are few, so they are written slot by slot instead of from generated code::

    Float32Array, Int32Array, Uint32Array, Float64Array {data: [element]}
    JSONEncodedArray {data: [ubyte]}                      a JSON array as UTF-8
    Column {u: TypedArray}                                union: slot 0 type, slot 1 offset
    Matrix {n_rows: uint, n_cols: uint, columns: [Column], col_index: TypedArray, row_index: TypedArray}
"""

from collections.abc import Sequence
from typing import Any

import flatbuffers
import numpy as np

from ..model import Array, Categorical, Columns, Texts, Values
from .plain import json_array

MEDIA_TYPE = "application/octet-stream"

FLOAT32, INT32, UINT32, FLOAT64, JSON = 1, 2, 3, 4, 5
"""Members of the union TypedArray; 0 is none."""

_UNIONS = {np.dtype(np.float32): FLOAT32, np.dtype(np.int32): INT32, np.dtype(np.uint32): UINT32}
_OVERHEAD = 256  # bytes of tables per column, generously: a buffer that need not grow is not copied


def encode(columns: Columns) -> bytes:
    """One Matrix. Text, and categoricals with text categories, travel as JSON; numbers as arrays."""
    parts = [wire_array(values) for values in columns.values]
    index = _index(columns.names)
    size = sum(len(part) if isinstance(part, bytes) else part.nbytes for part in (*parts, index))
    builder = flatbuffers.Builder(size + _OVERHEAD * (len(parts) + 2))
    offsets = [_column(builder, part) for part in parts]
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    vector = builder.EndVector()
    index_kind, index_offset = _typed_array(builder, index)
    builder.StartObject(7)
    builder.PrependUint32Slot(0, columns.n_rows, 0)
    builder.PrependUint32Slot(1, len(offsets), 0)
    builder.PrependUOffsetTRelativeSlot(2, vector, 0)
    builder.PrependUint8Slot(3, index_kind, 0)
    builder.PrependUOffsetTRelativeSlot(4, index_offset, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())


def wire_array(values: Values) -> Array | bytes:
    """What a column is sent as: a float32, int32, uint32 or float64 array, or JSON.

    As cellxgene does it: bool as uint32, floats as float32, categoricals with numbers as numbers
    (with NaN for missing). Integers beyond int32, where cellxgene fails, go as float64.
    """
    if isinstance(values, Categorical):
        if values.categories.dtype.kind not in "iuf":
            return json_array(values)
        return wire_array(_numbers(values))
    if isinstance(values, Texts):
        return json_array(values)
    if values.dtype.kind == "b":
        return values.astype(np.uint32)
    if values.dtype.kind == "f":
        with np.errstate(over="ignore"):  # beyond float32 is infinite
            return values.astype(np.float32, copy=False)
    if values.dtype.kind in "iu":
        info = np.iinfo(np.int32)
        fits = len(values) == 0 or (values.min() >= info.min and values.max() <= info.max)
        return values.astype(np.int32 if fits else np.float64, copy=False)
    return json_array(values)


def _numbers(values: Categorical) -> Array:
    missing = values.codes < 0
    if not missing.any():
        return values.categories[values.codes]
    # one more category, which the code -1 finds
    return np.append(values.categories.astype(np.float64), np.nan)[values.codes]


def _index(names: Sequence[str] | Sequence[int]) -> Array | bytes:
    if names and isinstance(names[0], str):
        return json_array(np.array(names, object))
    return np.array(names, np.int32)


def _column(builder: Any, part: Array | bytes) -> int:
    kind, offset = _typed_array(builder, part)
    builder.StartObject(2)
    builder.PrependUint8Slot(0, kind, 0)
    builder.PrependUOffsetTRelativeSlot(1, offset, 0)
    column: int = builder.EndObject()
    return column


def _typed_array(builder: Any, part: Array | bytes) -> tuple[int, int]:
    """Union member and offset of the table around the data."""
    if isinstance(part, bytes):
        kind, vector = JSON, builder.CreateByteVector(part)
    else:
        kind, vector = _UNIONS.get(part.dtype, FLOAT64), builder.CreateNumpyVector(np.ascontiguousarray(part))
    builder.StartObject(1)
    builder.PrependUOffsetTRelativeSlot(0, vector, 0)
    return kind, builder.EndObject()
