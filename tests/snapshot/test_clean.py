"""A column of every pandas dtype, and odd names."""

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_cxg.errors import Unpublishable
from jupyter_cxg.snapshot.clean import clean_column, clean_names, disk_name

NUMBERS = [3.0, np.nan, 1.0, 3.0]


def as_list(values: Any) -> list[Any]:
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(NUMBERS),
        pd.Series([3, 0, 1, 3], dtype="int8"),
        pd.Series([True, False, True, True]),
        pd.Series([3, None, 1, 3], dtype="Int64"),
        pd.Series([True, None, False, True], dtype="boolean"),
        pd.Series(["b", "a", "b", None], dtype="category"),
        pd.Series([3, 1, None, 3], dtype="category"),
        pd.Series(pd.Categorical([f"{i}" for i in range(5000)])),
    ],
    ids=lambda column: str(column.dtype),
)
def test_what_can_be_stored_stays_as_it_is(column: pd.Series) -> None:
    values, remark = clean_column(column)
    assert remark is None
    pd.testing.assert_series_equal(pd.Series(values), column)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Series([1.5, None], dtype="Float64"), [1.5, None]),
        (pd.Series([1.5, 2.5], dtype=np.longdouble), [1.5, 2.5]),
        (pd.Series(pd.arrays.SparseArray([0, 7])), [0, 7]),
        (pd.Series([1, None], dtype="int64[pyarrow]"), [1, None]),
        (pd.Series([True, None], dtype=object), [True, None]),
        (pd.Series([1, None], dtype=object), [1, None]),
        (pd.Series([2, 3], dtype=object), [2, 3]),
        (pd.Series([10**30, 2.5], dtype=object), [1e30, 2.5]),
        (pd.Series([None, None], dtype=object), [None, None]),
        (pd.Series(["a", None, "a"], dtype="string"), ["a", None, "a"]),
    ],
    ids=lambda value: str(getattr(value, "dtype", "")),
)
def test_what_can_be_converted_without_loss_is_not_worth_a_word(
    column: pd.Series, expected: list[Any]
) -> None:
    values, remark = clean_column(column)
    assert remark is None
    assert as_list(values) == expected


@pytest.mark.parametrize(
    ("column", "texts", "word"),
    [
        (
            pd.Series(pd.to_datetime(["2020-02-01", None, "2020-01-01"])),
            ["2020-02-01", None, "2020-01-01"],
            "dates",
        ),
        (
            pd.Series(pd.to_timedelta([2, 1, 2], unit="h")),
            ["0 days 02:00:00", "0 days 01:00:00", "0 days 02:00:00"],
            "time spans",
        ),
        (pd.Series(pd.PeriodIndex(["2020-01", "2020-01"], freq="M")), ["2020-01", "2020-01"], "periods"),
        (pd.cut(pd.Series([0, 4]), [-1, 1, 5]), ["(-1, 1]", "(1, 5]"], "intervals"),
        (pd.Series([1, "1", "b", None], dtype=object), ["1", "1", "b", None], "several types"),
        (pd.Series([[1], [1]], dtype=object), ["[1]", "[1]"], "several types"),
        (pd.Series([datetime.date(2020, 1, 1)] * 2, dtype=object), ["2020-01-01"] * 2, "dates"),
        (pd.Series(pd.Categorical([1, "b", 1])), ["1", "b", "1"], "Python objects"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_rest_is_shown_as_text_and_said(column: pd.Series, texts: list[Any], word: str) -> None:
    values, remark = clean_column(column)
    assert as_list(values) == texts
    assert remark is not None
    assert word in remark
    assert "text" in remark


def test_text_of_times_is_in_the_order_of_time() -> None:
    values, _ = clean_column(pd.Series(pd.to_timedelta(["10 days", "9 days", "10 days"])))
    assert list(values.categories) == ["9 days 00:00:00", "10 days 00:00:00"]


def test_repeated_text_becomes_categorical_in_natural_order() -> None:
    values, _ = clean_column(pd.Series(["T 10", "T 9", "T 10"]))
    assert list(values.categories) == ["T 9", "T 10"]


def test_text_that_never_repeats_stays_text() -> None:
    values, _ = clean_column(pd.Series(["b", "a"]))
    assert isinstance(values, np.ndarray)
    assert values.tolist() == ["b", "a"]


def test_categories_that_look_alike_are_one() -> None:
    values, _ = clean_column(pd.Series(pd.Categorical([1, "1", 2.5])))
    assert list(values.categories) == ["1", "2.5"]


def test_complex_numbers_are_refused_with_a_remedy() -> None:
    with pytest.raises(Unpublishable, match=r"\.real"):
        clean_column(pd.Series([1j]))


def test_names_become_text() -> None:
    assert clean_names(pd.Index([1, 2])).tolist() == ["1", "2"]
    assert clean_names(pd.Index(["a", None, 2.5])).tolist() == ["a", "None", "2.5"]
    assert clean_names(pd.Index(["a", "\ud800"])).tolist() == ["a", "?"]


@pytest.mark.parametrize(
    "name", ["a/b", "../../etc", "..", "", "_index", "zarr.json", "__x", "x" * 300, "é" * 200, "\ud800"]
)
def test_no_name_leaves_its_directory(name: str) -> None:
    safe = disk_name(name, ())
    assert "/" not in safe
    assert safe not in ("", ".", "..", "_index", "zarr.json")
    assert not safe.startswith("__")
    assert len(safe.encode()) < 200


def test_no_two_names_share_a_file() -> None:
    assert disk_name("a/b", {"a_b"}) == "a_b_1"
    assert disk_name("cell type (µm)", ()) == "cell type (µm)"
