"""A dataset answers what the AnnData holds."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.errors import BadQuery, NotFound
from jupyter_cxg.model import Categorical, VarQuery
from tests.engine.conftest import Open
from tests.reference.example import N_OBS, N_VARS, tiny_adata


def dense_x(adata: Any) -> Any:
    return adata.X.toarray() if sparse.issparse(adata.X) else np.asarray(adata.X)


@pytest.mark.parametrize("make", [np.asarray, np.asfortranarray, sparse.csr_matrix, sparse.csc_matrix])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32])
def test_genes_are_those_of_the_anndata(open_adata: Open, make: Any, dtype: type) -> None:
    x = dense_x(tiny_adata()).astype(dtype)
    dataset = open_adata(tiny_adata(x=make(x)))
    found = dataset.expression(VarQuery(equal={"name_0": ("GENE7", "GENE2")}))
    assert found.names == (2, 7) and found.labels == ("GENE2", "GENE7")  # matrix order, as cellxgene
    np.testing.assert_array_equal(found.values[0], x[:, 2])
    np.testing.assert_array_equal(found.values[1], x[:, 7])
    assert all(not values.flags.writeable for values in found.values)  # type: ignore[union-attr]


def test_raw_has_genes_of_its_own(dataset: Dataset) -> None:
    found = dataset.expression(VarQuery(equal={"name_0": ("RAW24",)}, layer="raw"))
    np.testing.assert_array_equal(found.values[0], np.asarray(tiny_adata().raw.X)[:, 24])
    assert dataset.expression(VarQuery(equal={"name_0": ("RAW24",)})).values == ()


def test_layers_are_found_by_name(dataset: Dataset) -> None:
    found = dataset.expression(VarQuery(equal={"name_0": ("GENE1",)}, layer="counts"))
    np.testing.assert_array_equal(found.values[0], dense_x(tiny_adata())[:, 1])
    with pytest.raises(NotFound, match="no matrix 'bla'"):
        dataset.expression(VarQuery(layer="bla"))


def test_too_many_genes_are_refused_with_the_setting(dataset: Dataset) -> None:
    with pytest.raises(BadQuery, match=r"20 genes .* 19 .*Cxg\.max_columns"):
        dataset.expression(VarQuery(), max_columns=N_VARS - 1)


def test_a_name_that_occurs_twice_means_both_genes(open_adata: Open) -> None:
    adata = tiny_adata()
    adata.var_names = ["same", *adata.var_names[1:-1], "same"]
    assert open_adata(adata).expression(VarQuery(equal={"name_0": ("same",)})).names == (0, N_VARS - 1)


def test_the_mean_leaves_out_what_is_unknown(dataset: Dataset) -> None:
    x = dense_x(tiny_adata())
    found = dataset.summarize(VarQuery(equal={"name_0": ("GENE3", "GENE5", "no such gene")}), "set")
    np.testing.assert_allclose(found.values[0], x[:, [3, 5]].mean(axis=1), rtol=1e-6)  # type: ignore[arg-type]
    nothing = dataset.summarize(VarQuery(equal={"name_0": ("no such gene",)}), "set")
    assert not np.any(nothing.values[0]) and len(nothing.values[0]) == N_OBS


def test_embeddings_are_normalized_and_mark_what_is_missing(dataset: Dataset) -> None:
    found = dataset.embedding(["umap", "pca"])
    assert found.names == ("umap_0", "umap_1", "pca_0", "pca_1")
    x, y = map(np.asarray, found.values[:2])
    assert np.isnan(x[[3, 5]]).all() and np.isnan(y[[3, 5]]).all()
    present = np.delete(np.stack([x, y]), [3, 5], axis=1)
    assert present.min() >= 0 and present.max() <= 1
    assert np.ptp(present, axis=1).max() == pytest.approx(1)
    umap = tiny_adata().obsm["X_umap"]
    ratio = np.ptp(np.delete(umap, [3, 5], axis=0), axis=0)  # isotropic: the shape stays
    np.testing.assert_allclose(np.ptp(present, axis=1), ratio / ratio.max(), rtol=1e-5)


def test_obs_columns_come_in_the_order_asked(dataset: Dataset) -> None:
    found = dataset.obs(["n_counts", "louvain", "name_0"])
    assert found.names == ("n_counts", "louvain", "name_0")
    counts, louvain, names = found.values
    np.testing.assert_array_equal(counts, tiny_adata().obs["n_counts"])  # type: ignore[arg-type]
    assert isinstance(louvain, Categorical) and louvain.categories.tolist() == [
        "T cells",
        "B cells",
        "NK <b>",
    ]
    assert names[0] == "cell-0"  # type: ignore[index]
    with pytest.raises(NotFound, match="no column 'bla'"):
        dataset.obs(["bla"])


def test_colors_are_complete_or_not_there(dataset: Dataset) -> None:
    colors = {"T cells": "#ff0000", "B cells": "#008000", "NK <b>": "#0000ff"}
    assert dataset.colors == {"louvain": colors}  # batch has a color that is none
    assert dataset.default_color == "louvain"


NEARLY_BLACK = np.array([[255, 0, 16], [0, 128, 0], [1, 0, 0]])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (np.array([[1, 0, 0.2], [0, 0.5, 0], [0, 0, 0]]), ("#ff0033", "#008000", "#000000")),
        (np.float32([[1, 0, 0, 1], [0, 0.5, 0, 1], [0, 0, 1, 0.5]]), ("#ff0000", "#008000", "#0000ff")),
        # as a whole it counts to 255, though its last row alone would be red
        (NEARLY_BLACK, ("#ff0010", "#008000", "#010000")),
        (NEARLY_BLACK.astype(np.uint8), ("#ff0010", "#008000", "#010000")),
        ([(1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0)], ("#ff0000", "#00ff00", "#0000ff")),
        (NEARLY_BLACK * 2, None),
        (-NEARLY_BLACK, None),
        (np.full((3, 3), np.nan), None),
        (np.ones((3, 2)), None),
        (np.ones((2, 3)), None),
        (np.ones((0, 3)), None),
        (np.ones(3), None),
    ],
)
def test_colors_may_be_rows_of_numbers(
    open_adata: Open, given: Any, expected: tuple[str, ...] | None
) -> None:
    adata = tiny_adata()
    adata.uns["louvain_colors"] = given
    categories = adata.obs["louvain"].cat.categories
    found = open_adata(adata).colors.get("louvain")
    assert found == (expected and dict(zip(categories, expected, strict=True)))


@pytest.mark.parametrize(
    ("keys", "hint", "expected"),
    [
        (["X_pca", "X_tsne", "X_umap"], None, "umap"),
        (["X_pca", "X_tsne"], None, "tsne"),
        (["X_draw", "X_pca"], None, "pca"),
        (["X_draw", "spatial"], None, "draw"),
        (["X_draw", "X_umap"], "X_draw", "draw"),
        (["X_draw", "X_umap"], "nonsense", "umap"),
    ],
)
def test_the_default_embedding(open_adata: Open, keys: list[str], hint: str | None, expected: str) -> None:
    adata = tiny_adata()
    points = adata.obsm["X_pca"]
    del adata.obsm
    for key in keys:
        adata.obsm[key] = points
    if hint:
        adata.uns["default_embedding"] = hint
    assert open_adata(adata).default_embedding == expected
