"""Matrices in every layout, with ties and zeros, and groups of their cells."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from jupyter_cxg.model import Array, Dense, Matrix
from tests.reference import naive

LAYOUTS = ("csr", "csc", "C", "F")
DTYPES = (np.float32, np.float64, np.int8, np.int32, np.uint16, np.int64, bool)


@dataclass(frozen=True)
class Example:
    """A matrix, once as an array and once as the reader gives it; and which cell is in which group."""

    x: Array
    matrix: Matrix
    labels: Array
    n_groups: int


def to_matrix(x: Array, layout: str, *, shuffled: int | None = None) -> Matrix:
    """A matrix as the reader gives it."""
    if layout in ("csr", "csc"):
        return naive.to_sparse(x, layout, shuffled=shuffled)
    dense = np.array(x, order=layout)  # type: ignore[call-overload]
    dense.flags.writeable = False
    return Dense(dense)


@st.composite
def examples(draw: st.DrawFn, *, min_cells: int = 1, n_groups: int = 3) -> Example:
    """Few distinct values make ties; every group may be empty."""
    dtype = draw(st.sampled_from(DTYPES))
    shape = draw(st.integers(min_cells, 25)), draw(st.integers(1, 6))
    choice = [0, 0, 1, 2, 5] if np.dtype(dtype).kind in "bu" else [0, 0, 1, 2, -3]
    elements: st.SearchStrategy[Any] = st.sampled_from(choice)
    if np.dtype(dtype).kind == "f":
        elements |= st.floats(-100, 100, width=32, allow_subnormal=False)
    x = draw(npst.arrays(np.float64, shape, elements=elements)).astype(dtype)
    labels = draw(npst.arrays(np.int8, shape[0], elements=st.integers(-1, n_groups - 1)))
    shuffled = draw(st.sampled_from([None, None, 1]))
    matrix = to_matrix(x, draw(st.sampled_from(LAYOUTS)), shuffled=shuffled)
    labels.flags.writeable = False
    return Example(x, matrix, labels, n_groups)
