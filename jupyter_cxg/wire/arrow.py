"""Columns as an Arrow IPC stream: for our viewer, pandas, polars and R."""

from typing import Any

import numpy as np
import pyarrow as pa

from ..model import Array, Categorical, Columns, Values

MEDIA_TYPE = "application/vnd.apache.arrow.stream"

INT32 = np.iinfo(np.int32)


def encode(columns: Columns) -> bytes:
    """One record batch; fields are called as the columns' labels.

    Categoricals are dictionaries (of text or numbers) with null for missing; 64-bit integers become
    int32 where they fit, because JavaScript reads the others as BigInt; all else keeps its dtype.
    Where the wire name is a position (a gene), the field's metadata says it.
    """
    arrays = [_array(values) for values in columns.values]
    fields = [
        pa.field(str(label), array.type, metadata={"name": str(name)} if str(name) != str(label) else None)
        for label, name, array in zip(columns.labels or columns.names, columns.names, arrays, strict=True)
    ]
    metadata = {"n_rows": str(columns.n_rows), **columns.metadata}
    batch = pa.record_batch(arrays, schema=pa.schema(fields, metadata=metadata))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    encoded: bytes = sink.getvalue().to_pybytes()
    return encoded


def _array(values: Values) -> Any:
    if isinstance(values, Categorical):
        return _dictionary(values)
    if values.dtype == np.object_:
        return pa.array(values, pa.string())
    return pa.array(_narrow(values))


def _narrow(values: Array) -> Array:
    """int32 for 64-bit integers that fit (and uint32, uint64); float32 for float16."""
    if values.dtype == np.float16:
        return values.astype(np.float32)
    if values.dtype.kind in "iu" and values.dtype.itemsize == 8:
        fits = len(values) == 0 or (values.min() >= INT32.min and values.max() <= INT32.max)
        return values.astype(np.int32) if fits else values
    return values


def _dictionary(values: Categorical) -> Any:
    missing = values.codes < 0
    mask = missing if missing.any() else None
    categories = values.categories
    if categories.dtype.kind == "b":  # two categories are a boolean that may be missing
        taken = np.append(categories, False)[values.codes]
        return pa.array(taken, mask=mask)
    codes = values.codes.astype(f"int{min(32, 8 * values.codes.dtype.itemsize)}", copy=False)
    dictionary = pa.array(categories, pa.string()) if categories.dtype == np.object_ else _array(categories)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=mask), dictionary, ordered=values.ordered, safe=False
    )
