"""Columns as an Arrow IPC stream: for our viewer, pandas, polars and R."""

from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa

from ..model import Array, Categorical, Columns, Texts, Values

MEDIA_TYPE = "application/vnd.apache.arrow.stream"

INT32 = np.iinfo(np.int32)

# Arrow's own allocator reserves a gigabyte of addresses, which counts where memory is limited (RLIMIT_DATA);
# what it allocates for us is a few bytes per message.
pa.set_memory_pool(pa.system_memory_pool())


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
    sink = BytesIO()  # gives its bytes away without copying them once more
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def _array(values: Values) -> Any:
    if isinstance(values, Categorical):
        return _dictionary(values)
    if isinstance(values, Texts):
        kind = pa.string() if values.offsets.itemsize == 4 else pa.large_string()
        buffers = [None, pa.py_buffer(values.offsets), pa.py_buffer(values.data)]
        return pa.Array.from_buffers(kind, len(values), buffers)
    return text_array(values) if values.dtype == np.object_ else numbers(_narrow(values))


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
    if values.categories.dtype.kind == "b":  # two categories are a boolean that may be missing
        taken = np.append(values.categories, False)[values.codes]
        return numbers(taken, mask)
    codes = values.codes.astype(f"int{min(32, 8 * values.codes.dtype.itemsize)}", copy=False)
    return pa.DictionaryArray.from_arrays(
        numbers(codes, mask), _array(values.categories), ordered=values.ordered, safe=False
    )


# Buffers by hand: pa.array would import pandas, for which the first picture would wait.


def numbers(values: Array, missing: Array | None = None) -> Any:
    """Numbers, dates and booleans, shape (n,), without a copy where they lie in one piece."""
    native = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))
    bits = native.dtype.kind == "b"
    data = packed_bits(native) if bits else pa.py_buffer(native)
    kind = pa.from_numpy_dtype(native.dtype)
    return pa.Array.from_buffers(kind, len(native), [_validity(missing), data])


def text_array(values: Array) -> Any:
    """str as object dtype, shape (n,); None is missing."""
    missing = np.equal(values, np.array(None, object)).astype(bool)
    texts = np.where(missing, "", values).tolist() if missing.any() else values.tolist()
    joined = "".join(texts)
    data = joined.encode("utf-8", "replace")
    if len(data) != len(joined):  # not ASCII: a text has more bytes than characters
        texts = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    buffers = [
        _validity(missing if missing.any() else None),
        pa.py_buffer(offsets.astype(np.int32)),
        pa.py_buffer(data),
    ]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def _validity(missing: Array | None) -> Any:
    return None if missing is None else packed_bits(~missing)


def packed_bits(mask: Array) -> Any:
    """Booleans as Arrow keeps them, one bit each."""
    return pa.py_buffer(np.packbits(mask, bitorder="little"))
