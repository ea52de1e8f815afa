"""Colors as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import colors as mpl

from jupyter_cxg.snapshot.colors import _NAMES, category_colors, read_color


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#F00", "#ff0000"),
        ("#f008", "#ff0000"),
        (" #1f77B4 ", "#1f77b4"),
        ("#1f77b480", "#1f77b4"),
        ("RebeccaPurple", "#663399"),
        ("tab:blue", "#1f77b4"),
        ("(0.1, 0.5, 1.0)", "#1a80ff"),
        ("[255 0 10]", "#ff000a"),
        ("0,0,0", "#000000"),
        ("1 1 1 0.5", "#ffffff"),
        ("", None),
        ("#ff", None),
        ("#gggggg", None),
        ("no color", None),
        ("0.5", None),
        ("(1, 2)", None),
        ("(0, 0, 300)", None),
        ("(0, 0, -1)", None),
        ("nan nan nan", None),
    ],
)
def test_reading(text: str, expected: str | None) -> None:
    assert read_color(text) == expected


@given(name=st.sampled_from(sorted(_NAMES)))
def test_names_mean_what_they_mean_in_matplotlib(name: str) -> None:
    assert read_color(name) == mpl.to_hex(name)


def test_no_name_is_missing() -> None:
    assert set(mpl.CSS4_COLORS) <= set(_NAMES)


@given(text=st.text(max_size=20))
def test_nothing_raises(text: str) -> None:
    found = read_color(text)
    assert found is None or (len(found) == 7 and int(found[1:], 16) >= 0)


def test_a_list_is_taken_whole_or_not_at_all() -> None:
    assert category_colors(["a", "b"], ["red", "#fff", "blue"]) == {"a": "#ff0000", "b": "#ffffff"}
    assert category_colors(["a", "b"], ["red"]) is None
    assert category_colors(["a", "b"], ["red", "reddish"]) is None
