"""Moments of groups equal the naive ones, in every layout."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import sparse

from jupyter_cxg.compute import grouping
from jupyter_cxg.compute.blocks import Cancelled
from jupyter_cxg.compute.grouping import group_moments
from jupyter_cxg.model import Array, Dense, Sparse
from tests.compute.groups import LAYOUTS, Example, examples, to_matrix
from tests.reference import naive


def check(found: grouping.Moments, expected: tuple[Array, ...], scale: float) -> None:
    np.testing.assert_array_equal(found.n, expected[0])
    np.testing.assert_allclose(found.mean, expected[1], rtol=1e-9, atol=1e-13 * scale)
    np.testing.assert_allclose(found.squares, expected[2], rtol=1e-9, atol=1e-12 * scale**2)
    np.testing.assert_array_equal(found.nonzero, expected[3])


@given(example=examples())
@settings(max_examples=200)
def test_they_are_the_naive_ones(example: Example) -> None:
    found = group_moments(example.matrix, example.labels, example.n_groups)
    check(found, naive.moments(example.x, example.labels, example.n_groups), 100)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_blocks_threads_and_turns_do_not_change_them(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    x = np.where(rng.random((200, 11)) < 0.3, rng.normal(size=(200, 11)), 0)
    labels = rng.integers(-1, 7, 200)
    monkeypatch.setattr(grouping, "ROWS", 16)
    monkeypatch.setattr(grouping, "PART_BYTES", 2 * 11 * 24)  # two groups at a time
    seen: list[float] = []
    found = group_moments(to_matrix(x, layout), labels, 7, threads=3, advance=seen.append)
    check(found, naive.moments(x, labels, 7), 1)
    assert seen == sorted(seen) and seen[-1] == pytest.approx(1)
    again = group_moments(to_matrix(x, layout), labels, 7, threads=3)
    np.testing.assert_array_equal(found.squares, again.squares)  # whoever was faster


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("offset", [1e3, 1e6])
def test_small_differences_of_large_values_are_not_lost(layout: str, offset: float) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 5)) + offset
    x[:, 2] = np.where(rng.random(300) < 0.1, 1, 0)  # one between them that needs nothing
    labels = rng.integers(0, 2, 300)
    found = group_moments(to_matrix(x, layout), labels, 2)
    expected = naive.moments(x, labels, 2)
    np.testing.assert_allclose(found.squares, expected[2], rtol=1e-8)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("logged", [False, True])
def test_constant_genes_have_no_variance_at_all(layout: str, logged: bool) -> None:
    x = np.full((1000, 3), 0.1)
    x[:, 1] = 1e7 / 3
    x[:, 2] = 0
    found = group_moments(to_matrix(x, layout), np.arange(1000) % 3, 3, logged=logged)
    assert not found.squares.any()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_nan_spoils_its_gene_in_its_group_and_nothing_else(layout: str) -> None:
    x = np.ones((6, 3))
    x[0, 1] = np.nan
    x[5, 2] = np.nan  # of a cell in no group
    found = group_moments(to_matrix(x, layout), np.array([0, 0, 1, 1, 1, -1]), 2)
    np.testing.assert_array_equal(np.isnan(found.mean), [[False, True, False], [False, False, False]])
    np.testing.assert_array_equal(np.isnan(found.squares), np.isnan(found.mean))
    assert found.nonzero.tolist() == [[2, 2, 2], [3, 3, 3]]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_log1p_is_taken_of_each_value(layout: str) -> None:
    x = np.random.default_rng(0).poisson(0.5, (40, 4)).astype(np.float32) * 30
    labels = np.arange(40) % 2
    found = group_moments(to_matrix(x, layout), labels, 2, logged=True)
    check(found, naive.moments(np.log1p(x.astype(float)), labels, 2), 5)


@pytest.mark.parametrize("layout", ["csr", "csc"])
def test_duplicates_are_summed_before_they_are_squared(layout: str) -> None:
    # (0, 1) three times, (2, 0) twice and nothing together; the flag says that all is well
    rows, columns = np.array([0, 0, 0, 1, 2, 2]), np.array([1, 1, 1, 1, 0, 0])
    values = np.array([1, 2, 4, 5, 3, -3], np.float32)
    major, minor, n = (rows, columns, 3) if layout == "csr" else (columns, rows, 2)
    order = np.lexsort([minor, major])
    indptr = np.concatenate([[0], np.cumsum(np.bincount(major, minlength=n))])
    matrix = Sparse((3, 2), layout, values[order], minor[order].astype(np.int32), indptr)  # type: ignore[arg-type]
    labels = np.array([0, 0, 1])
    found = group_moments(matrix, labels, 2)
    check(found, naive.moments(naive.to_dense(matrix), labels, 2), 10)
    assert found.nonzero.tolist() == [[0, 2], [0, 0]]


def test_half_precision_is_read_too() -> None:
    x = np.array([[1, 0.5], [2, 0]], np.float16)
    found = group_moments(Dense(x), np.array([0, 0]), 1)
    check(found, naive.moments(x, np.array([0, 0]), 1), 1)


def test_explicit_zeros_do_not_count_as_expressed() -> None:
    matrix = sparse.csr_matrix(np.ones((2, 2)))
    matrix.data[:2] = 0
    found = group_moments(
        Sparse((2, 2), "csr", matrix.data, matrix.indices, matrix.indptr), np.array([0, 0]), 1
    )
    assert found.nonzero.tolist() == [[1, 1]]


def test_it_stops_when_it_is_told_to() -> None:
    with pytest.raises(Cancelled):
        group_moments(Dense(np.ones((3, 2))), np.zeros(3, int), 1, cancelled=lambda: True)
