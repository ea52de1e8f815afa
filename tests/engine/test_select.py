"""Which genes a query means."""

import numpy as np
import pytest

from jupyter_cxg.engine.select import select_positions
from jupyter_cxg.errors import BadQuery
from jupyter_cxg.model import Array, Categorical, Values, VarQuery

NAMES = ["A", "B", "C", "D"]
COLUMNS: dict[str, Values] = {
    "chromosome": Categorical(np.array([0, -1, 1, 0]), np.array(["1", "X"], object)),
    "cluster": Categorical(np.array([0, 1, 0, -1]), np.array([1, 2])),
    "n_cells": np.array([5, 10, 15, 20]),
    "score": np.array([0.5, np.nan, -1, 2]),
    "variable": np.array([True, False, True, False]),
    "note": np.array(["x", None, "None", "x"], object),
}


def find(texts: tuple[str, ...]) -> Array:
    return np.array([NAMES.index(text) for text in texts if text in NAMES], np.int64)


def positions(**query: object) -> list[int]:
    asked = VarQuery(**query)  # type: ignore[arg-type]
    found: list[int] = select_positions(asked, 4, "name_0", find, COLUMNS.__getitem__).tolist()
    return found


@pytest.mark.parametrize(
    ("column", "texts", "expected"),
    [
        ("name_0", ("C", "A", "A", "nobody"), [0, 2]),
        ("chromosome", ("1",), [0, 3]),
        ("chromosome", ("nan", "None"), []),
        ("cluster", ("1",), [0, 2]),
        ("n_cells", ("10", "20.0", "many"), [1, 3]),
        ("score", ("nan",), []),
        ("variable", ("true",), [0, 2]),
        ("variable", ("False",), [1, 3]),
        ("note", ("x",), [0, 3]),
        ("note", ("None",), [2]),
        ("note", (), []),
    ],
)
def test_equality_is_of_texts(column: str, texts: tuple[str, ...], expected: list[int]) -> None:
    assert positions(equal={column: texts}) == expected


@pytest.mark.parametrize(
    ("bounds", "expected"), [((0, None), [0, 3]), ((None, 0.5), [0, 2]), ((-1, 0.5), [0, 2])]
)
def test_ranges_hold_their_ends_and_never_nan(bounds: tuple[float, float], expected: list[int]) -> None:
    assert positions(ranges={"score": bounds}) == expected


def test_conditions_are_all_met() -> None:
    assert positions(equal={"chromosome": ("1",)}, ranges={"n_cells": (6, None)}) == [3]
    assert positions(positions=(3, 0, 0), equal={"name_0": ("A", "B")}) == [0]


def test_no_condition_means_all_and_no_position_none() -> None:
    assert positions() == [0, 1, 2, 3]
    assert positions(positions=()) == []


@pytest.mark.parametrize("position", [-1, 4])
def test_positions_lie_on_the_axis(position: int) -> None:
    with pytest.raises(BadQuery, match=r"0\.\.3"):
        positions(positions=(position,))


def test_a_range_of_text_is_refused_by_name() -> None:
    with pytest.raises(BadQuery, match="'note' holds text"):
        positions(ranges={"note": (0, 1)})
