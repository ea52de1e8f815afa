"""Rank sums equal the naive ones, in every layout."""

import numpy as np
import pytest
from hypothesis import given, settings

from jupyter_cxg.compute import gather
from jupyter_cxg.compute.grouping import group_moments
from jupyter_cxg.compute.ranks import RankSums, rank_sums
from jupyter_cxg.model import Array, Matrix, Sparse
from tests.compute.groups import LAYOUTS, Example, examples, to_matrix
from tests.reference import naive


def ranked(matrix: Matrix, labels: Array, copies: list[int], **options: int) -> RankSums:
    moments = group_moments(matrix, labels, len(copies))
    return rank_sums(matrix, labels, moments.n, np.array(copies), moments.nonzero.sum(axis=0), **options)


def check(found: RankSums, x: Array, labels: Array, copies: list[int]) -> None:
    rows = [i for i, label in enumerate(labels.tolist()) for _ in range(copies[label] if label >= 0 else 0)]
    for gene in range(x.shape[1]):
        values = x[rows, gene].astype(float).tolist()
        assert found.ties[gene] == naive.ties(values)
        for group, times in enumerate(copies):
            expected = naive.rank_sum(values, (labels[rows] == group).tolist()) / times
            assert found.sums[group, gene] == pytest.approx(expected)


@given(example=examples())
@settings(max_examples=200)
def test_they_are_the_naive_ones(example: Example) -> None:
    copies = [1, 1, 2]
    check(ranked(example.matrix, example.labels, copies), example.x, example.labels, copies)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [40, 400, 5000])  # by insertion, by digits of 8 bits and of 11
def test_every_way_to_sort(layout: str, dtype: type, n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy.stats import rankdata, tiecorrect

    monkeypatch.setattr(gather, "ENTRIES", n)  # a gene or two at a time
    rng = np.random.default_rng(n)
    x = np.where(rng.random((n, 7)) < 0.7, rng.normal(size=(n, 7)) * 10.0 ** rng.integers(-30, 30, (n, 7)), 0)
    x[:, 3] = rng.integers(-2, 3, n)
    x[:, 5] = 0
    x[::50, 6] = np.inf
    x = x.astype(dtype)
    labels = rng.integers(-1, 2, n).astype(np.int8)
    found = ranked(to_matrix(x, layout), labels, [1, 1], threads=3)
    some = x[labels >= 0]
    for gene in range(7):
        ranks = rankdata(some[:, gene])
        assert found.sums[0, gene] == pytest.approx(ranks[labels[labels >= 0] == 0].sum(), rel=1e-12)
        m = float(len(ranks))
        assert 1 - found.ties[gene] / (m**3 - m) == pytest.approx(tiecorrect(ranks), rel=1e-12)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_nan_spoils_its_gene_only_where_it_is_ranked(layout: str) -> None:
    x = np.ones((60, 3))
    x[0, 0], x[1, 1] = np.nan, -np.nan
    labels = np.array([0, -1] + [0, 1] * 29)
    assert np.isnan(ranked(to_matrix(x, layout), labels, [1, 1]).sums).tolist() == [[True, False, False]] * 2


def test_what_is_not_canonical_is_made_so() -> None:
    matrix = Sparse((3, 2), "csr", np.array([1.0, 2, 5]), np.array([1, 1, 0]), np.array([0, 2, 2, 3]))
    labels = np.array([0, 1, 1])
    check(ranked(matrix, labels, [1, 1]), naive.to_dense(matrix), labels, [1, 1])
