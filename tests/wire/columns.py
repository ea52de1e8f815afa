"""Columns of every kind, drawn by hypothesis."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from jupyter_cxg.model import Array, Categorical, Columns, Values

MAX_ROWS = 12

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
numeric_dtypes = st.sampled_from(["f2", "f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?"])


def objects(values: list[Any]) -> Array:
    array = np.empty(len(values), object)
    array[:] = values
    return array


@st.composite
def categoricals(draw: st.DrawFn, n: int) -> Categorical:
    categories = draw(
        st.one_of(
            st.lists(text, unique=True, min_size=1, max_size=5).map(objects),
            st.lists(st.integers(-5, 5), unique=True, min_size=1).map(np.array),
            npst.arrays(np.float32, st.integers(1, 5), elements=st.floats(-5, 5, width=32), unique=True),
            st.just(np.array([False, True])),
        )
    )
    dtype = draw(st.sampled_from([np.int8, np.int16, np.int32]))
    codes = draw(npst.arrays(dtype, n, elements=st.integers(-1, len(categories) - 1)))
    return Categorical(codes, categories, draw(st.booleans()))


def values(n: int) -> st.SearchStrategy[Values]:
    numbers = numeric_dtypes.flatmap(lambda dtype: npst.arrays(dtype, n))
    texts = st.lists(text | st.none(), min_size=n, max_size=n).map(objects)
    return st.one_of(numbers, texts, categoricals(n))


@st.composite
def columns(draw: st.DrawFn) -> Columns:
    n = draw(st.integers(0, MAX_ROWS))
    found = draw(st.lists(values(n), max_size=4))
    for value in found:
        (value.codes if isinstance(value, Categorical) else value).flags.writeable = False
    names = tuple(draw(st.lists(text, min_size=len(found), max_size=len(found))))
    return Columns(n, names, tuple(found), names)


def plain(values: Values) -> list[Any]:
    """What a column says, value by value; None for missing."""
    if isinstance(values, Categorical):
        categories = values.categories.tolist()
        return [categories[code] if code >= 0 else None for code in values.codes.tolist()]
    return list(values.tolist())
