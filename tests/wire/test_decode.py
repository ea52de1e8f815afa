"""Matrices from clients: what an encoder wrote comes back, and nothing else gets through or hurts."""

import json
import struct
import zlib
from typing import Any

import flatbuffers
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_cxg.errors import BadQuery, CxgError, TooLarge
from jupyter_cxg.model import Columns, columns_of
from jupyter_cxg.wire.decode import decode, inflate
from jupyter_cxg.wire.flatbuffer import encode
from tests.wire.columns import columns, objects, plain


def like_the_client(n_rows: int, n_cols: int) -> bytes:
    """What cellxgene's client sends when the last annotation is gone: no columns, no index."""
    builder = flatbuffers.Builder(0)
    builder.StartObject(7)
    builder.PrependUint32Slot(0, n_rows, 0)
    builder.PrependUint32Slot(1, n_cols, 0)
    builder.Finish(builder.EndObject())
    return bytes(builder.Output())


EXAMPLE = encode(
    columns_of(
        ("a", "b", "c"),
        (np.array([1, 2.5], np.float32), objects(["x", None]), np.array([2.0**40, 1]).astype(np.int64)),
    )
)


@given(given=columns().filter(lambda c: c.n_rows > 0 and len(c.names) > 0))
def test_what_was_encoded_comes_back(given: Columns) -> None:
    found = decode(encode(given))
    assert (found.n_rows, found.names) == (given.n_rows, given.names)
    for got, values in zip(found.values, given.values, strict=True):
        assert isinstance(got, np.ndarray)
        if got.dtype == object:
            assert got.tolist() == plain(values)
        else:
            numbers = np.array([np.nan if value is None else value for value in plain(values)], np.float64)
            with np.errstate(over="ignore"):
                np.testing.assert_array_equal(got, numbers.astype(got.dtype))


def test_no_columns() -> None:
    found = decode(like_the_client(60, 0))
    assert (found.n_rows, found.names, found.values) == (60, (), ())
    with pytest.raises(BadQuery):
        decode(like_the_client(60, 1))


@given(st.binary(max_size=300))
def test_noise_is_refused(body: bytes) -> None:
    refused_or_read(body)


@settings(max_examples=1000)
@given(st.data())
def test_a_matrix_with_wrong_bytes_is_refused_or_read(data: st.DataObject) -> None:
    body = bytearray(EXAMPLE)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(body) - 4))
        form, value = data.draw(
            st.sampled_from([("<I", 0), ("<I", 2**32 - 1), ("<I", 2**31), ("<i", -8), ("<H", 2**16 - 1)])
            | st.tuples(st.just("<B"), st.integers(0, 255))
        )
        struct.pack_into(form, body, place, value)
    refused_or_read(bytes(body[: data.draw(st.integers(0, len(body)))]))
    refused_or_read(bytes(body))


def refused_or_read(body: bytes) -> None:
    """Either one of our errors, or columns no larger than what was sent."""
    try:
        found = decode(body)
    except CxgError:
        return
    assert sum(len(values) for values in found.values) <= len(body)
    assert all(len(values) == found.n_rows for values in found.values)


def with_json(text: str, n_rows: int = 2) -> bytes:
    """A matrix with one JSON column of exactly this text."""
    body = encode(columns_of(("a",), (objects(["_" * max(1, len(text) - 7), None]),)))
    old = json.dumps(["_" * max(1, len(text) - 7), None], separators=(",", ":")).encode()
    new = text.encode().ljust(len(old))
    assert len(new) == len(old) and old in body
    return body.replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "b": 2}',
        "[1, [2], 3, 4, 5]",
        '[{"a": 1}, 2, 345]',
        "[NaN, NaN, NaN, NaN]",
        "[1, 2, 3, 4, 5, 6, 7]",  # more than there are rows
        "[" * 100_000,
        '["a", "b"',
        f"[{'9' * 10_000}, 1]",
    ],
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        decode(with_json(text))


def test_columns_cannot_share_their_bytes() -> None:
    """A small body that says the same megabytes a thousand times."""
    builder = flatbuffers.Builder(0)
    data = builder.CreateNumpyVector(np.zeros(1000, np.int32))
    builder.StartObject(1)
    builder.PrependUOffsetTRelativeSlot(0, data, 0)
    inner = builder.EndObject()
    offsets: list[Any] = []
    for _ in range(10):
        builder.StartObject(2)
        builder.PrependUint8Slot(0, 2, 0)
        builder.PrependUOffsetTRelativeSlot(1, inner, 0)
        offsets.append(builder.EndObject())
    builder.StartVector(4, len(offsets), 4)
    for offset in offsets:
        builder.PrependUOffsetTRelative(offset)
    vector = builder.EndVector()
    names = builder.CreateByteVector(json.dumps([str(i) for i in range(10)]).encode())
    builder.StartObject(1)
    builder.PrependUOffsetTRelativeSlot(0, names, 0)
    index = builder.EndObject()
    builder.StartObject(7)
    builder.PrependUint32Slot(0, 1000, 0)
    builder.PrependUint32Slot(1, 10, 0)
    builder.PrependUOffsetTRelativeSlot(2, vector, 0)
    builder.PrependUint8Slot(3, 5, 0)
    builder.PrependUOffsetTRelativeSlot(4, index, 0)
    builder.Finish(builder.EndObject())
    with pytest.raises(BadQuery):
        decode(bytes(builder.Output()))


def test_a_bomb_grows_to_the_limit_and_no_further() -> None:
    body = zlib.compress(bytes(50_000_000))
    with pytest.raises(TooLarge):
        inflate(body, 1_000_000)
    assert len(inflate(body, 50_000_000)) == 50_000_000


@pytest.mark.parametrize(
    "body", [b"", b"no zlib", zlib.compress(b"x" * 99)[:-1], zlib.compress(b"x") + b"more"]
)
def test_what_is_not_one_stream_is_refused(body: bytes) -> None:
    with pytest.raises(BadQuery):
        inflate(body, 1000)
