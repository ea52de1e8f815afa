"""Embeddings on the unit square."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from jupyter_cxg.compute.points import unit_square
from jupyter_cxg.model import Array
from tests.reference import naive

points = npst.arrays(
    np.float64,
    st.tuples(st.integers(1, 20), st.just(2)),
    elements=st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf]),
)


@given(points=points)
def test_it_is_cellxgenes_normalization(points: Array) -> None:
    assume(np.isfinite(points).any(axis=0).all())
    assume(np.ptp(points[np.isfinite(points)]) == 0 or np.ptp(points[np.isfinite(points)]) > 1e-3)
    points.flags.writeable = False
    found = np.stack(unit_square(points), axis=1)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, naive.unit_square(points), atol=2e-6)


@given(points=points)
def test_all_that_is_there_lies_on_the_square(points: Array) -> None:
    found = np.stack(unit_square(points), axis=1)
    np.testing.assert_array_equal(np.isnan(found), ~np.isfinite(points))
    assert ((found >= 0) & (found <= 1) | np.isnan(found)).all()


def test_a_constant_embedding_lies_in_the_middle() -> None:
    x, y = unit_square(np.full((3, 2), 7.0))
    assert x.tolist() == y.tolist() == [0.5, 0.5, 0.5]


def test_an_embedding_without_any_point_has_none() -> None:
    x, y = unit_square(np.full((2, 2), np.nan))
    assert np.isnan(x).all() and np.isnan(y).all()
