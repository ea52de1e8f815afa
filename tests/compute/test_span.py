"""The span of a matrix."""

import numpy as np
import pytest

from jupyter_cxg.compute.span import finite_span
from jupyter_cxg.model import Array
from tests.compute.groups import LAYOUTS, to_matrix
from tests.reference import naive

VALUES = np.array([[3, np.nan, -2, np.inf], [0, 0, -np.inf, 7]])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("x", [VALUES, VALUES * np.nan, VALUES.astype(np.float16), np.ones((2, 2), np.int8)])
def test_it_is_of_finite_values(layout: str, threads: int, x: Array) -> None:
    if layout in ("csr", "csc") and x.dtype == np.float16:
        return  # scipy has none
    assert finite_span(to_matrix(x, layout), threads=threads) == naive.finite_span(x)


def test_zeros_that_are_not_stored_are_not_seen() -> None:
    assert finite_span(to_matrix(np.array([[0.0, 5], [7, 0]]), "csr")) == (5, 7)
