"""Kinds of files beside .h5ad and .zarr: .h5mu, 10x .h5 and .loom, and what may be chosen."""

from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pytest
from scipy import sparse

from jupyter_cxg.errors import CxgError
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.files import open_file
from jupyter_cxg.snapshot.identity import snapshot_id
from jupyter_cxg.snapshot.prepare import Job, prepare
from jupyter_cxg.snapshot.reading import AS_IT_IS, Reading
from jupyter_cxg.snapshot.recipe import compute
from tests.reference.example import tiny_adata

N_CELLS, N_GENES = 40, 30


def prepared(path: Path, catalog: Catalog, reading: Reading = AS_IT_IS) -> anndata.AnnData:
    """The snapshot as anndata reads it; whole, and nothing else in the catalog."""
    job = Job(snapshot_id(path, reading), str(path), path.name, str(catalog.root), None, 3600, reading)
    prepare(job, lambda now: None)
    assert catalog.get(job.id).state == "complete"
    return anndata.read_zarr(catalog.directory(job.id) / "r1.zarr")


def refused(path: Path, catalog: Catalog, reading: Reading = AS_IT_IS) -> str:
    with pytest.raises(CxgError) as caught:
        prepared(path, catalog, reading)
    assert not list(catalog.root.iterdir())
    return str(caught.value)


@pytest.fixture
def counts() -> Any:
    """Two kinds of cells, so that there is something to find."""
    rng = np.random.default_rng(0)
    rates = np.where(np.arange(N_CELLS)[:, None] % 2 == np.arange(N_GENES) % 2, 4.0, 0.3)
    return sparse.csr_matrix(rng.poisson(rates).astype(np.int32))


# ── .h5mu ──


@pytest.fixture
def h5mu(tmp_path: Path) -> Path:
    """rna with an embedding of its own; atac with none, without two of its cells; and one of both."""
    rna, atac = tiny_adata(), tiny_adata()[:58].copy()
    del atac.obsm, atac.raw
    path = tmp_path / "x.h5mu"
    with h5py.File(path, "w") as file:
        file.attrs.update({"encoding-type": "MuData", "encoding-version": "0.1.0"})
        mod = file.create_group("mod")
        for name, adata in (("rna", rna), ("atac", atac)):
            anndata.io.write_elem(mod, name, adata)
        anndata.io.write_elem(file, "obs", rna.obs[[]])
        joint = np.column_stack([np.arange(60), np.arange(60) / 2]).astype(np.float32)
        anndata.io.write_elem(file, "obsm", {"X_joint": joint, "rna": np.ones(60, bool)})
        # atac has the cells in reverse, and not the first two
        atac_places = np.concatenate([[0, 0], np.arange(58, 0, -1)])
        anndata.io.write_elem(file, "obsmap", {"rna": np.arange(1, 61), "atac": atac_places})
    return path


def test_a_modality_is_chosen(h5mu: Path, catalog: Catalog) -> None:
    adata = prepared(h5mu, catalog, Reading(modality="rna"))
    assert np.array_equal(adata.X.toarray(), tiny_adata().X.toarray())
    assert {"X_umap", "X_joint"} <= set(adata.obsm)
    assert catalog.list()[0].title == "x.h5mu (rna)"


def test_a_joint_embedding_is_one_of_each_modality(h5mu: Path, catalog: Catalog) -> None:
    adata = prepared(h5mu, catalog, Reading(modality="atac"))
    assert list(adata.obsm) == ["X_joint"]
    assert adata.obsm["X_joint"][:, 0].tolist() == list(range(59, 1, -1))


def test_no_modality_is_guessed(h5mu: Path, h5ad: Path, catalog: Catalog) -> None:
    assert "has 2 modalities (atac, rna): choose one, by --modality" in refused(h5mu, catalog)
    assert "no modality 'RNA': it has atac, rna." in refused(h5mu, catalog, Reading(modality="RNA"))
    assert "has no modalities" in refused(h5ad, catalog, Reading(modality="rna"))


def test_the_only_modality_need_not_be_named(h5mu: Path, catalog: Catalog) -> None:
    with h5py.File(h5mu, "r+") as file:
        del file["mod/atac"]
    assert prepared(h5mu, catalog).n_obs == 60


# ── 10x ──


def write_tenx(path: Path, counts: Any, version: int) -> Path:
    text = h5py.string_dtype("ascii", 12)
    with h5py.File(path, "w") as file:
        group = file.create_group("matrix" if version == 3 else "GRCh38")
        group.create_dataset(
            "barcodes", data=[f"C{i}-1".encode() for i in range(counts.shape[0])], dtype=text
        )
        for part in ("data", "indices", "indptr"):
            group.create_dataset(part, data=getattr(counts, part), compression="gzip", chunks=(7,))
        group["shape"] = np.array(counts.shape[::-1])
        ids = [f"ENSG{i}".encode() for i in range(counts.shape[1])]
        names = [f"G{i}".encode() for i in range(counts.shape[1])]
        if version == 3:
            features = group.create_group("features")
            features["id"], features["name"] = ids, names
            features["feature_type"] = [b"Gene Expression"] * len(ids)
        else:
            group["genes"], group["gene_names"] = ids, names
    return path


@pytest.mark.parametrize("version", [2, 3])
def test_a_tenx_file_needs_the_recipe(tmp_path: Path, catalog: Catalog, counts: Any, version: int) -> None:
    path = write_tenx(tmp_path / "x.h5", counts, version)
    assert "has no embedding to draw" in (said := refused(path, catalog)) and "--recipe" in said
    adata = prepared(path, catalog, Reading(recipe=True))
    assert {"X_pca", "X_umap"} <= set(adata.obsm) and adata.obs["leiden"].dtype == "category"
    assert np.array_equal(adata.layers["counts"].toarray(), counts.toarray())
    expected = np.log1p(counts.toarray() / counts.sum(axis=1) * 1e4)
    assert np.allclose(adata.X.toarray(), expected, rtol=1e-5)
    assert adata.obs_names[1] == "C1-1" and adata.var_names[1] == "G1"
    assert adata.var["gene_ids"].iloc[1] == "ENSG1"
    # the embedding tells the two kinds apart
    points, odd = adata.obsm["X_pca"][:, 0], np.arange(N_CELLS) % 2 == 1
    assert points[odd].max() < points[~odd].min() or points[odd].min() > points[~odd].max()


def test_the_recipe_is_for_who_needs_it(h5ad: Path, catalog: Catalog) -> None:
    adata = prepared(h5ad, catalog, Reading(recipe=True))
    assert "leiden" not in adata.obs and np.array_equal(adata.X.toarray(), tiny_adata().X.toarray())
    assert snapshot_id(h5ad, Reading(recipe=True)) == snapshot_id(h5ad)


def test_the_recipe_keeps_to_the_memory(tmp_path: Path, catalog: Catalog, counts: Any) -> None:
    path = write_tenx(tmp_path / "x.h5", counts, 3)
    with (
        open_file(path, "x.h5") as opened,
        pytest.raises(CxgError, match=r"--recipe needs about .* --memory"),
    ):
        compute(opened, Reading(recipe=True, memory=1000), lambda label: None)


def test_a_tenx_file_whose_names_do_not_fit(tmp_path: Path, catalog: Catalog, counts: Any) -> None:
    path = write_tenx(tmp_path / "x.h5", counts, 3)
    with h5py.File(path, "r+") as file:
        file["matrix/shape"][0] = N_GENES + 1
    assert "its names are not" in refused(path, catalog)
    with h5py.File(path, "r+") as file:
        file.copy("matrix", "again")
    assert "a matrix for each of again, matrix" in refused(path, catalog)


# ── .loom ──


@pytest.fixture
def loom(tmp_path: Path, counts: Any) -> Path:
    path = tmp_path / "x.loom"
    dense = counts.toarray().T.astype(np.float32)
    with h5py.File(path, "w") as file:
        for where in ("matrix", "layers/spliced"):
            file.create_dataset(where, data=dense, chunks=(8, 8), compression="gzip")
        file["layers/odd"] = dense[:3]
        file["row_attrs/Gene"] = [f"G{i}".encode() for i in range(N_GENES)]
        file["col_attrs/CellID"] = [f"C{i}".encode() for i in range(N_CELLS)]
        file["col_attrs/kind"] = [b"even", b"odd"] * (N_CELLS // 2)
        file["col_attrs/_X"] = np.arange(N_CELLS, dtype=float)
        file["col_attrs/_Y"] = np.arange(N_CELLS, dtype=float) / 2
        file["col_attrs/PCA"] = np.ones((N_CELLS, 3))
        file["col_attrs/short"] = np.ones(3)
    return path


def test_a_loom_file(loom: Path, catalog: Catalog, counts: Any) -> None:
    adata = prepared(loom, catalog)
    for matrix in (adata.X, adata.layers["spliced"]):
        assert sparse.issparse(matrix) and np.array_equal(matrix.toarray(), counts.toarray())
    assert adata.obs["kind"].cat.categories.tolist() == ["even", "odd"]
    assert (adata.obs_names[2], adata.var_names[2]) == ("C2", "G2")
    assert adata.obsm["X_loom"][3].tolist() == [3, 1.5] and adata.obsm["PCA"].shape == (N_CELLS, 3)
    (manifest,) = catalog.list()
    assert sorted(item.where for item in manifest.left_out) == ["col_attrs['short']", "layers['odd']"]
    assert manifest.matrices == ("X", "spliced")


# ── names from columns ──


@pytest.fixture
def h5ad(tmp_path: Path) -> Path:
    tiny_adata().write_h5ad(tmp_path / "x.h5ad")
    return tmp_path / "x.h5ad"


def test_names_come_from_columns(tmp_path: Path, catalog: Catalog) -> None:
    adata = tiny_adata()
    adata.obs["code"] = [f"code {i}" for i in range(adata.n_obs)]
    adata.var["ensembl"] = [f"ENSG{i}" for i in range(adata.n_vars)]
    adata.write_h5ad(path := tmp_path / "x.h5ad")
    reading = Reading(obs_names="code", var_names="ensembl")
    assert snapshot_id(path, reading) != snapshot_id(path)
    read = prepared(path, catalog, reading)
    assert (read.obs_names[3], read.var_names[3]) == ("code 3", "ENSG3")


def test_names_that_are_none(h5ad: Path, catalog: Catalog) -> None:
    assert "no obs column 'code': it has " in refused(h5ad, catalog, Reading(obs_names="code"))
    column = next(name for name in tiny_adata().obs if not tiny_adata().obs[name].is_unique)
    assert "occur more than once" in refused(h5ad, catalog, Reading(obs_names=column))
