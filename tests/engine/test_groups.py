"""Which cells a description means."""

import numpy as np
import pytest

from jupyter_cxg.engine.groups import CellBits, CellCategory, CellFilter, cells_of
from jupyter_cxg.errors import BadQuery
from jupyter_cxg.model import Array, Categorical, Values

COLUMNS: dict[str, Values] = {
    "louvain": Categorical(np.array([0, -1, 1, 0, 1]), np.array(["T", "B"], object)),
    "plate": Categorical(np.array([0, 1, 0, -1, 1]), np.array([1, 2])),
    "score": np.array([0.5, np.nan, -1, 2, 3]),
    "doublet": np.array([True, False, True, False, False]),
    "name_0": np.array(["a", "b", "c", "d", "e"], object),
}


def found(group: CellFilter | CellBits | CellCategory) -> list[int]:
    return np.flatnonzero(cells_of(group, 5, COLUMNS.__getitem__)).tolist()


def whole(*numbers: int) -> Array:
    return np.array(numbers, np.int64)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (CellFilter(), [0, 1, 2, 3, 4]),
        (CellFilter(positions=whole(3, 0, 3)), [0, 3]),
        (CellFilter(positions=whole()), []),
        (CellFilter(spans=whole(1, 3, 2, 99, 4, 4, 3, 1).reshape(-1, 2)), [1, 2, 3, 4]),
        (CellFilter(positions=whole(0), spans=whole(3, 4).reshape(-1, 2)), [0, 3]),
        (CellFilter(equal={"louvain": ("B", "nobody")}), [2, 4]),
        (CellFilter(equal={"louvain": ()}), []),
        (CellFilter(equal={"plate": ("1",)}), [0, 2]),
        (CellFilter(equal={"doublet": ("true",)}), [0, 2]),
        (CellFilter(equal={"name_0": ("e", "a")}), [0, 4]),
        (CellFilter(ranges={"score": (0.5, None)}), [0, 3, 4]),
        (CellFilter(ranges={"score": (None, None)}), [0, 2, 3, 4]),  # a NaN is in no range
        (CellFilter(ranges={"doublet": (1, None)}), [0, 2]),
        (CellFilter(whole(0, 2, 4), None, {"louvain": ("B",)}, {"score": (0, 9)}), [4]),
        (CellCategory("louvain", "T"), [0, 3]),
        (CellCategory("plate", "2"), [1, 4]),
        (CellCategory("doublet", "False"), [1, 3, 4]),
        (CellBits(bytes([0b10011])), [0, 1, 4]),
    ],
)
def test_they_are_found(group: CellFilter, expected: list[int]) -> None:
    assert found(group) == expected


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        (CellFilter(positions=whole(5)), r"outside of 0\.\.4"),
        (CellFilter(positions=whole(-1)), "outside"),
        (CellFilter(spans=whole(5, 6).reshape(-1, 2)), "begins outside"),
        (CellFilter(spans=whole(-3, 2).reshape(-1, 2)), "begins outside"),
        (CellFilter(ranges={"louvain": (0, 1)}), "obs column 'louvain' holds text"),
        (CellCategory("louvain", "none"), "no category 'none'"),
        (CellCategory("score", "1"), "no categories"),
        (CellBits(b""), "1 bytes, not 0"),
        (CellBits(bytes(2)), "not 2"),
        (CellBits(bytes([0b100000])), "beyond the last cell"),
    ],
)
def test_nonsense_is_refused(group: CellFilter, reason: str) -> None:
    with pytest.raises(BadQuery, match=reason):
        found(group)
