"""CSV for spreadsheets and people."""

import csv
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from jupyter_cxg.model import Categorical, Columns, columns_of
from jupyter_cxg.wire import table as module
from jupyter_cxg.wire.table import encode
from tests.wire.columns import columns, objects, plain


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))


def expected(value: Any) -> str:
    if value is None or value != value:  # NaN
        return ""
    return str(value)


@given(given=columns())
def test_values_come_back_and_what_is_missing_is_empty(given: Columns) -> None:
    if not given.names:
        assert encode(given) == b""
        return
    head, *rows = rows_of(encode(given))
    assert head == [str(name) for name in given.labels or given.names]
    assert len(rows) == given.n_rows
    for i, values in enumerate(given.values):
        for found, value in zip(rows, plain(values), strict=True):
            text = found[i]
            if isinstance(value, float) and value == value:
                half = isinstance(values, np.ndarray) and values.dtype == np.float16
                rel = 1e-3 if half else 1e-6  # as few digits as give the same number
                assert np.float64(text) == pytest.approx(value, rel=rel)
            else:
                assert text == expected(value)


def test_pandas_reads_it() -> None:
    given = columns_of(
        ("gene", "p", "mean", "n", "kind"),
        (
            objects(['a "b", c', "=1+1", "#x"]),
            np.array([1e-300, np.nan, 0.1]),
            np.array([0.1, 1 / 3, 2], np.float32),
            np.array([1, 2, 3], np.int32),
            Categorical(np.array([1, -1, 0], np.int8), objects(["x", "y\nz"])),
        ),
    )
    body = encode(given)
    found = pd.read_csv(io.BytesIO(body))
    assert found["gene"].tolist() == ['a "b", c', "=1+1", "#x"]
    assert found["p"].tolist()[::2] == [1e-300, 0.1] and np.isnan(found["p"][1])
    np.testing.assert_array_equal(found["mean"].astype(np.float32), given.values[2])
    assert found["kind"].tolist()[::2] == ["y\nz", "x"]
    assert b"0.1,1," in body  # not the digits of a float64


def test_long_columns_are_written_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 3)
    codes = np.arange(8, dtype=np.int8) % 3 - 1
    body = encode(columns_of(("a", "b"), (np.arange(8), Categorical(codes, objects(["x", "y"])))))
    assert rows_of(body)[1:] == [[str(i), ["", "x", "y"][i % 3]] for i in range(8)]
