"""All categories at once."""

import warnings
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from jupyter_cxg.engine import categories
from jupyter_cxg.engine.compare import DiffexpQuery
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.groups import CellCategory
from jupyter_cxg.engine.markers import MarkersQuery
from jupyter_cxg.errors import BadQuery
from jupyter_cxg.model import Categorical
from tests.engine.conftest import Open
from tests.reference.example import tiny_adata


@pytest.mark.parametrize("make", [np.asarray, sparse.csr_matrix, sparse.csc_matrix])
@pytest.mark.parametrize("column", ["louvain", "sparse label", "plate or none"])
@pytest.mark.parametrize(
    ("method", "tie_correct"), [("t-test", True), ("wilcoxon", True), ("wilcoxon", False)]
)
def test_they_are_scanpys(open_adata: Open, make: Any, column: str, method: Any, tie_correct: bool) -> None:
    import scanpy as sc

    x = np.log1p(tiny_adata().X.toarray())
    adata = tiny_adata(x=make(x))
    found = open_adata(adata).markers(MarkersQuery(column, method=method, tie_correct=tie_correct))
    adata.obs[column] = adata.obs[column].cat.rename_categories(str)
    options = {"tie_correct": tie_correct} if method == "wilcoxon" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sc.tl.rank_genes_groups(adata, column, method=method, use_raw=False, **options)
    assert not found.left_out
    for category in found.categories:
        ours = found.table(category)
        theirs = sc.get.rank_genes_groups_df(adata, category).set_index("names").loc[adata.var_names]
        np.testing.assert_allclose(ours.score, theirs["scores"], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(ours.p, theirs["pvals"], rtol=1e-6)
        np.testing.assert_allclose(ours.p_adjusted, theirs["pvals_adj"], rtol=1e-6)
        np.testing.assert_allclose(ours.change, theirs["logfoldchanges"], rtol=1e-5, atol=1e-6)


def test_one_against_the_rest_is_the_same(dataset: Dataset) -> None:
    for method in ("t-test", "wilcoxon", "cellxgene"):
        found = dataset.markers(MarkersQuery("sparse label", method=method))  # type: ignore[arg-type]
        alone = dataset.diffexp(DiffexpQuery(CellCategory("sparse label", "l1"), method=method))  # type: ignore[arg-type]
        np.testing.assert_allclose(found.table("l1").score, alone.score, rtol=1e-9)
        assert (found.table("l1").n_a, found.table("l1").n_b) == (alone.n_a, alone.n_b)


def test_what_cannot_be_compared_is_left_out_with_the_reason(open_adata: Open) -> None:
    adata = tiny_adata()
    louvain = adata.obs["louvain"].astype(str).to_numpy()
    louvain[0] = "alone"
    adata.obs["louvain"] = louvain
    adata.obs["louvain"] = adata.obs["louvain"].astype("category").cat.add_categories(["empty"])
    dataset = open_adata(adata)
    found = dataset.markers(MarkersQuery("louvain"))
    assert set(found.left_out) == {"alone", "empty"} and "single cell" in found.left_out["alone"]
    table = found.columns(dataset.var_names(), 2)
    category = table.values[0]
    assert isinstance(category, Categorical) and table.n_rows == 6
    assert {found.categories[code] for code in category.codes} == {"B cells", "NK <b>", "T cells"}


def test_the_best_genes_of_each_category_come_first(dataset: Dataset) -> None:
    found = dataset.markers(MarkersQuery("louvain"))
    table = found.columns(dataset.var_names(), 4)
    score = np.asarray(table.values[table.names.index("score")])  # type: ignore[arg-type]
    assert (np.diff(score[:4]) <= 0).all() and score[0] == found.table("T cells").score.max()


def test_too_many_categories_are_refused(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(categories, "MOST", 50)
    with pytest.raises(BadQuery, match="3 categories: too many"):
        dataset.markers(MarkersQuery("louvain"))
    assert dataset.diffexp(DiffexpQuery(CellCategory("louvain", "T cells"))).n_a  # on its own it is
    with pytest.raises(BadQuery, match="no categories"):
        dataset.markers(MarkersQuery("score"))
