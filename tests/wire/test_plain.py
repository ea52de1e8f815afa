"""JSON for people."""

import json
import math

import numpy as np
import pytest
from hypothesis import given

from jupyter_cxg.model import Categorical, Columns, columns_of
from jupyter_cxg.wire import plain as module
from jupyter_cxg.wire.plain import encode
from tests.wire.columns import columns, objects, plain


@given(given=columns())
def test_values_come_back_and_what_is_no_number_is_null(given: Columns) -> None:
    document = json.loads(encode(given))
    assert (document["n_rows"], document["names"]) == (given.n_rows, list(given.names))
    for found, values in zip(document["columns"], given.values, strict=True):
        expected = plain(values)
        assert found == [None if isinstance(v, float) and not math.isfinite(v) else v for v in expected]


def test_long_columns_are_written_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 3)
    codes = np.arange(8, dtype=np.int8) % 3 - 1
    body = encode(columns_of(("a", "b"), (np.arange(8), Categorical(codes, objects(["x", "y"])))))
    assert json.loads(body)["columns"] == [list(range(8)), [None, "x", "y", None, "x", "y", None, "x"]]
