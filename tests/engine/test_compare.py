"""Two groups of cells of a published AnnData, compared."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse, stats

from jupyter_cxg.engine.compare import DiffexpQuery
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.groups import CellBits, CellCategory, CellFilter
from jupyter_cxg.engine.ranking import most_different
from jupyter_cxg.errors import BadQuery, NotFound
from jupyter_cxg.model import Array
from tests.engine.conftest import Open
from tests.reference.example import N_OBS, N_VARS, tiny_adata

T, B = CellCategory("louvain", "T cells"), CellCategory("louvain", "B cells")


def dense_x() -> Array:
    x: Array = tiny_adata().X.toarray()
    return x


def in_category(name: str) -> Array:
    mask: Array = (tiny_adata().obs["louvain"] == name).to_numpy()
    return mask


def bits(mask: Array) -> CellBits:
    return CellBits(np.packbits(mask, bitorder="little").tobytes())


def check_welch(found: Any, a: Array, b: Array) -> None:
    expected = stats.ttest_ind(a.astype(float), b.astype(float), equal_var=False)
    np.testing.assert_allclose(found.score, expected.statistic, rtol=1e-6)
    np.testing.assert_allclose(found.p, expected.pvalue, rtol=1e-6)
    np.testing.assert_allclose(found.mean_b, b.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found.fraction_a, (a != 0).mean(axis=0))
    assert (found.n_a, found.n_b) == (len(a), len(b))


@pytest.mark.parametrize("make", [np.asarray, np.asfortranarray, sparse.csr_matrix, sparse.csc_matrix])
def test_groups_may_be_described_in_any_way(open_adata: Open, make: Any) -> None:
    dataset = open_adata(tiny_adata(x=make(dense_x())))
    a, b = in_category("T cells"), in_category("B cells")
    as_filter = CellFilter(equal={"louvain": ("B cells",)})
    for query in (DiffexpQuery(T, B), DiffexpQuery(bits(a), as_filter), DiffexpQuery(T, bits(b))):
        check_welch(dataset.diffexp(query), dense_x()[a], dense_x()[b])
    for query in (DiffexpQuery(T), DiffexpQuery(bits(a)), DiffexpQuery(T, bits(~a))):
        check_welch(dataset.diffexp(query), dense_x()[a], dense_x()[~a])


@pytest.mark.parametrize("tie_correct", [True, False])
def test_cells_in_both_groups_count_in_both(dataset: Dataset, tie_correct: bool) -> None:
    x = dense_x()
    a, b = np.arange(N_OBS) < 35, np.arange(N_OBS) >= 20
    found = dataset.diffexp(DiffexpQuery(bits(a), bits(b)))
    check_welch(found, x[a], x[b])
    assert found.n_both == 15
    ranked = dataset.diffexp(DiffexpQuery(bits(a), bits(b), method="wilcoxon", tie_correct=tie_correct))
    expected = stats.mannwhitneyu(x[a], x[b], method="asymptotic", use_continuity=False)
    np.testing.assert_allclose(ranked.auroc * a.sum() * b.sum(), expected.statistic, rtol=1e-9)
    if tie_correct:
        np.testing.assert_allclose(ranked.p, expected.pvalue, rtol=1e-6)
    else:
        assert (ranked.p >= expected.pvalue).all()
    same = dataset.diffexp(DiffexpQuery(T, T))
    assert not same.score.any() and (same.p == 1).all() and same.n_both == same.n_a == same.n_b


def test_wilcoxon_reads_the_index_when_it_is_there(dataset: Dataset, waiting: list[Any]) -> None:
    query = DiffexpQuery(T, B, method="wilcoxon")
    before = dataset.diffexp(query)
    for build in waiting:
        build()
    dataset.forget()
    after = dataset.diffexp(query)
    assert waiting and after.score is not before.score
    np.testing.assert_array_equal(after.score, before.score)


def test_layers_have_genes_of_their_own(dataset: Dataset) -> None:
    raw = np.asarray(tiny_adata().raw.X)
    found = dataset.diffexp(DiffexpQuery(T, B, layer="raw"))
    check_welch(found, raw[in_category("T cells")], raw[in_category("B cells")])
    with pytest.raises(NotFound, match="no matrix"):
        dataset.diffexp(DiffexpQuery(T, B, layer="bla"))


def test_cellxgene_takes_the_logarithm_of_counts(dataset: Dataset) -> None:
    found = dataset.diffexp(DiffexpQuery(T, B, method="cellxgene", adjust="bonferroni"))
    logged = np.log1p(dense_x().astype(float))  # up to 49
    a, b = logged[in_category("T cells")], logged[in_category("B cells")]
    np.testing.assert_allclose(found.change, a.mean(axis=0) - b.mean(axis=0), rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(found.p_adjusted, np.minimum(1, found.p * N_VARS))


def test_cellxgene_leaves_other_values_as_they_are(open_adata: Open) -> None:
    x = dense_x() / 3
    found = open_adata(tiny_adata(x=x)).diffexp(DiffexpQuery(T, B, method="cellxgene"))
    a, b = x[in_category("T cells")], x[in_category("B cells")]
    np.testing.assert_allclose(found.change, a.mean(axis=0) - b.mean(axis=0), rtol=1e-5, atol=1e-6)


def test_somebody_may_know_the_distribution(dataset: Dataset) -> None:
    x = dense_x().astype(float)  # up to 49, so auto would say count
    for distribution, values in (("normal", x), ("count", np.log1p(x))):
        query = DiffexpQuery(T, B, method="cellxgene", distribution=distribution)  # type: ignore[arg-type]
        a, b = values[in_category("T cells")], values[in_category("B cells")]
        found = dataset.diffexp(query).change
        np.testing.assert_allclose(found, a.mean(axis=0) - b.mean(axis=0), rtol=1e-6, atol=1e-12)


def test_the_answer_is_kept_by_which_cells_are_compared(dataset: Dataset) -> None:
    first = dataset.diffexp(DiffexpQuery(T, bits(in_category("B cells"))))
    again = dataset.diffexp(DiffexpQuery(CellFilter(equal={"louvain": ("T cells",)}), B))
    assert again.score is first.score and not first.score.flags.writeable
    other = dataset.diffexp(DiffexpQuery(T, B, method="wilcoxon"))
    assert other.score is not first.score


@pytest.mark.parametrize(
    ("n_a", "n_b", "method", "reason"),
    [
        (0, 5, "wilcoxon", "Group A has no cells"),
        (5, 0, "t-test", "Group B has no cells"),
        (0, 0, "cellxgene", "Group A has no cells"),
        (1, 5, "t-test", "Group A has a single cell"),
        (5, 1, "t-test", "Group B has a single cell"),
        (1, 5, "wilcoxon", None),
        (1, 1, "cellxgene", None),
    ],
)
def test_small_groups(dataset: Dataset, n_a: int, n_b: int, method: Any, reason: str | None) -> None:
    query = DiffexpQuery(
        CellFilter(positions=np.arange(n_a)), CellFilter(positions=10 + np.arange(n_b)), method=method
    )
    if reason:
        with pytest.raises(BadQuery, match=reason):
            dataset.diffexp(query)
    else:
        assert np.isfinite(dataset.diffexp(query).p).all()


def test_the_table_names_its_columns(dataset: Dataset) -> None:
    genes = dataset.var_names()
    table = dataset.diffexp(DiffexpQuery(T, B)).columns(genes)
    assert table.names[:5] == ("gene", "score", "p", "p_adjusted", "log2_fold_change")
    assert table.metadata["n_a"] == str(in_category("T cells").sum()) and table.n_rows == N_VARS
    assert "auroc" in dataset.diffexp(DiffexpQuery(T, B, method="wilcoxon")).columns(genes).names
    assert "mean_difference" in dataset.diffexp(DiffexpQuery(T, B, method="cellxgene")).columns(genes).names


def test_the_most_different_genes_pass_over_small_changes(dataset: Dataset) -> None:
    found = dataset.diffexp(DiffexpQuery(T, B, method="cellxgene"))
    up, down = most_different(found, 3, 0.01)
    assert (np.diff(found.score[up]) <= 0).all() and (np.diff(found.score[down]) >= 0).all()
    assert found.score[up[0]] == found.score.max() and found.score[down[0]] == found.score.min()
    everything, _ = most_different(found, 50, 0.01)
    assert sorted(everything.tolist()) == list(range(N_VARS))
    cutoff = np.sort(np.abs(found.change))[-8]  # seven are beyond it: more than twice three
    up, down = most_different(found, 3, cutoff)
    assert (np.abs(found.change[np.concatenate([up, down])]) > cutoff).all()
