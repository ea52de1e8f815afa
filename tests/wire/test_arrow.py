"""Arrow: what goes in comes out."""

import math
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given

from jupyter_cxg.model import Categorical, Columns, Texts, columns_of
from jupyter_cxg.wire import flatbuffer
from jupyter_cxg.wire import plain as json_text
from jupyter_cxg.wire.arrow import encode
from tests.wire.columns import columns, objects, plain


def decode(body: bytes) -> Any:
    return pa.ipc.open_stream(body).read_all()


def same(a: Any, b: Any) -> bool:
    both_nan = isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b)
    return both_nan or a == b


@given(given=columns())
def test_values_come_back(given: Columns) -> None:
    table = decode(encode(given))
    assert tuple(table.schema.names) == given.names
    for column, values in zip(table.columns, given.values, strict=True):
        found = column.to_pylist()
        assert all(map(same, found, plain(values))), (found, plain(values))


def test_types_are_what_a_browser_can_use_without_copying() -> None:
    codes = np.array([0, -1, 1], np.int8)
    table = decode(
        encode(
            columns_of(
                ("text", "numbers", "flags", "small", "large", "unsigned", "half", "double", "wide codes"),
                (
                    Categorical(codes, objects(["a", "b"])),
                    Categorical(codes, np.array([10, 20]), ordered=True),
                    Categorical(codes, np.array([False, True])),
                    np.array([1, 2, 3], np.int64),
                    np.array([1, 2, 2**31], np.int64),
                    np.array([1, 2, 3], np.uint64),
                    np.array([1, 2, 3], np.float16),
                    np.array([1, 2, 3], np.float64),
                    Categorical(codes.astype(np.int64), objects(["a", "b"])),
                ),
            )
        )
    )
    assert [str(field.type) for field in table.schema] == [
        "dictionary<values=string, indices=int8, ordered=0>",
        "dictionary<values=int32, indices=int8, ordered=1>",
        "bool",
        "int32",
        "int64",
        "int32",
        "float",
        "double",
        "dictionary<values=string, indices=int32, ordered=0>",
    ]
    assert [column.null_count for column in table.columns[:3]] == [1, 1, 1]


def test_genes_are_called_by_name_and_know_their_position() -> None:
    x = np.zeros(2, np.float32)
    table = decode(encode(Columns(2, (7, 9), (x, x), ("CD3D", "CD3D"))))
    assert table.schema.names == ["CD3D", "CD3D"]
    assert [field.metadata for field in table.schema] == [{b"name": b"7"}, {b"name": b"9"}]
    assert table.schema.metadata[b"n_rows"] == b"2"


def test_no_columns_still_say_how_many_rows() -> None:
    assert decode(encode(Columns(5, (), ()))).schema.metadata[b"n_rows"] == b"5"


def test_text_in_bytes_is_sent_like_text_in_objects() -> None:
    names = ["AAAC-1", "ü", "", "TTAG-1"]
    encoded = [name.encode() for name in names]
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    texts = Texts(offsets, np.frombuffer(b"".join(encoded), np.uint8))
    given = columns_of(("name_0",), (texts,))
    same = columns_of(("name_0",), (objects(names),))
    assert decode(encode(given)).equals(decode(encode(same)))
    for other in (flatbuffer, json_text):
        assert other.encode(given) == other.encode(same)
