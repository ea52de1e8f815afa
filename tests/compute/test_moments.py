"""Moments that are put together equal those of the cells put together."""

import numpy as np
from hypothesis import given, settings

from jupyter_cxg.compute.grouping import group_moments
from jupyter_cxg.compute.moments import all_others, merged
from tests.compute.groups import Example, examples
from tests.reference import naive


@given(example=examples())
@settings(max_examples=100)
def test_all_others_are_the_cells_of_all_other_groups(example: Example) -> None:
    found = all_others(group_moments(example.matrix, example.labels, 3))
    for group in range(3):
        others = np.where((example.labels >= 0) & (example.labels != group), 0, -1)
        n, mean, squares, nonzero = naive.moments(example.x, others, 1)
        assert found.n[group] == n[0]
        np.testing.assert_allclose(found.mean[group], mean[0], rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(found.squares[group], squares[0], rtol=1e-9, atol=1e-8)
        np.testing.assert_array_equal(found.nonzero[group], nonzero[0])


def test_a_huge_group_does_not_drown_the_rest() -> None:
    x = np.concatenate([np.full((1000, 1), 1e8), np.arange(4.0)[:, None]])
    labels = np.array([0] * 1000 + [1, 1, 2, 2])
    others = all_others(group_moments(naive.to_sparse(x, "csr"), labels, 3))
    assert others.squares[0, 0] == 5.0  # 0, 1, 2, 3


def test_nothing_adds_nothing() -> None:
    x = np.array([[3.0, np.nan], [5.0, 1.0]])
    found = group_moments(naive.to_sparse(x, "csr"), np.array([0, 0]), 2)
    for both in (merged(found.one(0), found.one(1)), merged(found.one(1), found.one(0))):
        np.testing.assert_array_equal(both.mean, [[4, np.nan]])
        np.testing.assert_array_equal(both.squares, [[2, np.nan]])


def test_one_cell_has_no_variance_and_none_expresses_nothing() -> None:
    found = group_moments(naive.to_sparse(np.array([[3.0]]), "csr"), np.array([0]), 2)
    np.testing.assert_array_equal(found.variance(), [[np.nan], [np.nan]])
    assert found.fraction().tolist() == [[1], [0]]
