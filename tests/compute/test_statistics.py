"""Statistics equal scipy's and scanpy's."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from jupyter_cxg.compute.grouping import group_moments
from jupyter_cxg.compute.moments import Moments
from jupyter_cxg.compute.ranks import rank_sums
from jupyter_cxg.compute.statistics import (
    auroc,
    benjamini_hochberg,
    bonferroni,
    cellxgene_t,
    cohens_d,
    log2_fold_change,
    welch_t,
    wilcoxon,
)
from jupyter_cxg.model import Array, Dense
from tests.compute.groups import Example, examples
from tests.reference import naive


def pair(x: Array, labels: Array) -> tuple[Moments, Moments]:
    found = group_moments(Dense(np.asarray(x)), labels, 2)
    return found.one(0), found.one(1)


@given(example=examples(min_cells=4, n_groups=2))
@settings(max_examples=200)
def test_welch_is_scipys(example: Example) -> None:
    found = group_moments(example.matrix, example.labels, 2)
    assume(found.n.min() >= 2)
    ours = welch_t(found.one(0), found.one(1))
    a, b = (example.x[example.labels == group].astype(float) for group in (0, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # equal values
        theirs = stats.ttest_ind(a, b, equal_var=False)
    constant = (np.ptp(a, axis=0) == 0) & (np.ptp(b, axis=0) == 0)
    np.testing.assert_allclose(ours.score[~constant], theirs.statistic[~constant], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(ours.p[~constant], theirs.pvalue[~constant], rtol=1e-6)
    equal = constant & (a[0] == b[0])
    assert (ours.score[equal] == 0).all() and (ours.p[equal] == 1).all()
    apart = constant & (a[0] != b[0])
    assert np.isinf(ours.score[apart]).all() and (ours.p[apart] == 0).all()


@given(example=examples(min_cells=4, n_groups=2))
@settings(max_examples=200)
def test_wilcoxon_with_ties_is_scipys_and_auroc_its_u(example: Example) -> None:
    found = group_moments(example.matrix, example.labels, 2)
    assume(found.n.min() >= 1)
    ranks = rank_sums(example.matrix, example.labels, found.n, np.ones(2), found.nonzero.sum(axis=0))
    n_a, n_b = found.n.tolist()
    ours = wilcoxon(ranks.sums[0], n_a, n_b, ranks.ties)
    a, b = (example.x[example.labels == group].astype(float) for group in (0, 1))
    theirs = stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=False)
    np.testing.assert_allclose(auroc(ranks.sums[0], n_a, n_b) * n_a * n_b, theirs.statistic, rtol=1e-9)
    varies = np.ptp(np.concatenate([a, b]), axis=0) > 0
    np.testing.assert_allclose(ours.p[varies], theirs.pvalue[varies], rtol=1e-6)
    assert (ours.score[~varies] == 0).all() and (ours.p[~varies] == 1).all()


def scanpy_table(x: Any, groups: list[str], method: str, **options: Any) -> pd.DataFrame:
    """A against B, in the order of the genes."""
    import scanpy as sc

    adata = AnnData(
        x.copy(), obs=pd.DataFrame({"g": pd.Categorical(groups)}, index=list(map(str, range(len(groups)))))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sc.tl.rank_genes_groups(adata, "g", groups=["A"], reference="B", method=method, pts=True, **options)
        table = sc.get.rank_genes_groups_df(adata, "A").set_index("names").loc[adata.var_names]
    table["pts"] = adata.uns["rank_genes_groups"]["pts"]["A"]
    return table


@pytest.mark.parametrize("make", [sparse.csr_matrix, np.asarray])
@pytest.mark.parametrize(
    ("method", "tie_correct"), [("t-test", False), ("wilcoxon", False), ("wilcoxon", True)]
)
@pytest.mark.parametrize("correction", ["benjamini-hochberg", "bonferroni"])
def test_the_numbers_are_scanpys(make: Any, method: str, tie_correct: bool, correction: str) -> None:
    rng = np.random.default_rng(0)
    x = np.log1p(rng.poisson(0.7, (300, 60)) * rng.choice([1, 1.5], (300, 1))).astype(np.float32)
    x[:, 7] = 0
    labels = rng.integers(0, 3, 300)
    x[labels == 0, :20] += x[labels == 0, 20:40]
    options = {"tie_correct": tie_correct} if method == "wilcoxon" else {}
    theirs = scanpy_table(make(x), ["ABC"[i] for i in labels], method, corr_method=correction, **options)
    labels = np.where(labels == 2, -1, labels)
    a, b = pair(x, labels)
    if method == "t-test":
        ours = welch_t(a, b)
    else:
        n = np.array([a.n[0], b.n[0]])
        ranks = rank_sums(Dense(x), labels, n, np.ones(2), (a.nonzero + b.nonzero)[0])
        ours = wilcoxon(ranks.sums[0], *n.tolist(), ranks.ties if tie_correct else None)
    adjust = bonferroni if correction == "bonferroni" else benjamini_hochberg
    np.testing.assert_allclose(ours.score, theirs["scores"], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(ours.p, theirs["pvals"], rtol=1e-6)
    np.testing.assert_allclose(adjust(ours.p), theirs["pvals_adj"], rtol=1e-6)
    np.testing.assert_allclose(
        log2_fold_change(a.mean[0], b.mean[0]), theirs["logfoldchanges"], rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(a.fraction()[0], theirs["pts"], rtol=1e-6)


@given(p=st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.02, 1.0]), min_size=1, max_size=20))
@settings(max_examples=100)
def test_adjusted_p_values(p: list[float]) -> None:
    found = benjamini_hochberg(np.array(p))
    np.testing.assert_allclose(found, stats.false_discovery_control(p), rtol=1e-12)
    np.testing.assert_allclose(found, naive.benjamini_hochberg(p), rtol=1e-12)
    np.testing.assert_array_equal(bonferroni(np.array(p)), [min(1, len(p) * value) for value in p])


def test_no_genes_are_no_error() -> None:
    assert benjamini_hochberg(np.empty(0)).shape == bonferroni(np.empty(0)).shape == (0,)


def test_cellxgene_divides_both_variances_by_the_smaller_size() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 4))
    labels = np.array([0] * 10 + [1] * 20)
    found = cellxgene_t(*pair(x, labels))
    a, b = x[:10], x[10:]
    va, vb = a.var(axis=0, ddof=1) / 10, b.var(axis=0, ddof=1) / 10
    t = (a.mean(axis=0) - b.mean(axis=0)) / np.sqrt(va + vb)
    np.testing.assert_allclose(found.score, t, rtol=1e-12)
    freedom = (va + vb) ** 2 / (va**2 / 9 + vb**2 / 19)
    np.testing.assert_allclose(found.p, 2 * stats.t.sf(abs(t), freedom), rtol=1e-9)


def test_cellxgene_takes_what_is_not_finite_for_zero() -> None:
    x = np.array([[np.nan, 1.0], [2, 1], [3, 2], [5, 4]])
    found = cellxgene_t(*pair(x, np.array([0, 0, 1, 1])))
    assert found.score[0] == pytest.approx((0 - 4) / np.sqrt(2 / 2))
    one = cellxgene_t(*pair(x[1:], np.array([0, 1, 1])))
    assert np.isfinite(one.p).all() and (one.score < 0).all()
    single = cellxgene_t(*pair(x[1:3], np.array([0, 1])))
    assert np.isinf(single.score).all() and (single.p == 0).all()


def test_a_gene_with_nan_is_not_tested() -> None:
    x = np.array([[np.nan, np.inf], [2, 1], [3, 2], [5, 4]])
    found = welch_t(*pair(x, np.array([0, 0, 1, 1])))
    assert found.score.tolist() == [0, 0] and found.p.tolist() == [1, 1]
    spoiled = wilcoxon(np.array([np.nan]), 2, 2, None)
    assert spoiled.score.tolist() == [0] and spoiled.p.tolist() == [1]


def test_tiny_p_values_do_not_vanish() -> None:
    x = np.concatenate(
        [np.random.default_rng(0).normal(size=(500, 1)), np.random.default_rng(1).normal(2, size=(500, 1))]
    )
    found = welch_t(*pair(x, np.repeat([0, 1], 500)))
    assert 0 < found.p[0] < 1e-100


@given(example=examples(min_cells=3, n_groups=2))
@settings(max_examples=200)
def test_cohens_d_pools_the_variances(example: Example) -> None:
    found = group_moments(example.matrix, example.labels, 2)
    assume(found.n.min() >= 1 and found.n.sum() >= 3)
    a, b = (example.x[example.labels == group].astype(float) for group in (0, 1))
    difference = a.mean(axis=0) - b.mean(axis=0)
    squares = ((a - a.mean(axis=0)) ** 2).sum(axis=0) + ((b - b.mean(axis=0)) ** 2).sum(axis=0)
    ours = cohens_d(found.one(0), found.one(1))
    constant = (np.ptp(a, axis=0) == 0) & (np.ptp(b, axis=0) == 0)
    expected = difference[~constant] / np.sqrt(squares[~constant] / (len(a) + len(b) - 2))
    np.testing.assert_allclose(ours[~constant], expected, rtol=1e-6, atol=1e-9)
    equal = a[0] == b[0]
    assert (ours[constant & equal] == 0).all() and np.isinf(ours[constant & ~equal]).all()


def test_cohens_d_needs_three_cells_and_numbers() -> None:
    one = pair(np.array([[1.0], [2.0]]), np.array([0, 1], np.int8))
    assert np.isnan(cohens_d(*one)).all()
    hole = pair(np.array([[1.0], [np.nan], [2.0], [3.0]]), np.array([0, 0, 1, 1], np.int8))
    assert np.isnan(cohens_d(*hole)).all()
