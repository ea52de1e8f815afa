"""What rank_genes_groups has left in uns comes back as it was."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scanpy as sc

from jupyter_cxg.errors import NotFound
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.reader import Snapshot
from tests.reference.example import new_catalog, publish, tiny_adata


@pytest.fixture
def adata() -> Any:
    found = tiny_adata()
    sc.pp.log1p(found)
    return found


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return new_catalog(tmp_path)


def opened(adata: Any, catalog: Catalog) -> Snapshot:
    id = publish(adata, catalog)
    return Snapshot(catalog.directory(id), catalog.get(id))


@pytest.mark.parametrize("method", ["t-test", "wilcoxon"])
def test_a_ranking_has_scanpys_numbers(adata: Any, catalog: Catalog, method: str) -> None:
    sc.tl.rank_genes_groups(adata, "louvain", method=method, key_added="mine/1", pts=True, use_raw=False)
    snapshot = opened(adata, catalog)
    (about,) = snapshot.rankings
    assert (about.key, about.column, about.reference, about.method) == ("mine/1", "louvain", "rest", method)
    table = snapshot.ranking("mine/1")
    columns = dict(zip(table.names, table.values, strict=True))
    category: Any = columns["category"]
    assert list(category.categories) == list(about.groups) == ["T cells", "B cells", "NK <b>"]
    for code, group in enumerate(about.groups):
        expected = sc.get.rank_genes_groups_df(adata, group, key="mine/1")
        here = category.codes == code
        assert columns["gene"][here].tolist() == expected["names"].tolist()  # type: ignore[index]
        for ours, theirs in {
            "score": "scores",
            "p": "pvals",
            "p_adjusted": "pvals_adj",
            "log2_fold_change": "logfoldchanges",
            "fraction_a": "pct_nz_group",
            "fraction_b": "pct_nz_reference",
        }.items():
            np.testing.assert_array_equal(columns[ours][here], expected[theirs])  # type: ignore[index]


def test_what_is_not_there_is_left_out(adata: Any, catalog: Catalog) -> None:
    sc.tl.rank_genes_groups(adata, "louvain", method="t-test", use_raw=False, n_genes=3)
    ranked = adata.uns["rank_genes_groups"]
    ranked["names"] = ranked["names"].copy()
    ranked["names"]["T cells"][1] = np.nan  # as filter_rank_genes_groups does
    for name in ("pvals", "logfoldchanges", "params"):
        del ranked[name]
    ranked["pvals_adj"] = ranked["pvals_adj"][:2]
    adata.uns["other"] = {"names": np.arange(3), "params": {}}
    snapshot = opened(adata, catalog)
    (about,) = snapshot.rankings
    assert (about.column, about.reference, about.method) == ("", "rest", "")
    table = snapshot.ranking("rank_genes_groups")
    assert table.names == ("category", "gene", "score") and table.n_rows == 8
    for nothing in ("other", "louvain_colors", "none"):
        with pytest.raises(NotFound, match="there are: rank_genes_groups"):
            snapshot.ranking(nothing)


def test_there_may_be_none(adata: Any, catalog: Catalog) -> None:
    assert opened(adata, catalog).rankings == ()


def test_numbers_that_are_none_are_left_out(adata: Any, catalog: Catalog) -> None:
    sc.tl.rank_genes_groups(adata, "louvain", use_raw=False)
    found = adata.uns["rank_genes_groups"]
    found["scores"] = found["names"].copy()
    found["pvals"] = found["pvals"][:2]
    names = opened(adata, catalog).ranking("rank_genes_groups").names
    assert "score" not in names and "p" not in names and "log2_fold_change" in names
