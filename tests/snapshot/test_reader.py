"""What the server reads; without anndata or pandas."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jupyter_cxg.errors import NotFound
from jupyter_cxg.model import Categorical, Column, Dense, Sparse, Texts
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.reader import Snapshot
from jupyter_cxg.snapshot.writer import publish
from tests.reference.example import tiny_adata


@pytest.fixture
def snapshot(catalog: Catalog) -> Snapshot:
    adata = tiny_adata()
    adata.obs["nullable"] = pd.array([None, 2] * 30, dtype="Int64")
    adata.obs["maybe"] = pd.array([None, True, False] * 20, dtype="boolean")
    adata.obs["surely"] = pd.array([True, False] * 30, dtype="boolean")
    adata.obsm["X_inverse"] = -np.asfortranarray(adata.obsm["X_pca"])
    adata.obsm["whole"] = np.arange(120).reshape(60, 2)
    adata.uns["default_embedding"] = "X_inverse"
    return catalog.open(publish(adata, catalog, title="it").id)


def column(snapshot: Snapshot, name: str) -> Column:
    return next(item for item in snapshot.schema.obs if item.name == name)


def test_schema_says_what_can_be_asked(snapshot: Snapshot) -> None:
    schema = snapshot.schema
    assert (schema.n_obs, schema.n_vars, schema.x_dtype) == (60, 20, "float32")
    assert schema.layers == ("X", "raw", "counts")
    assert [item.name for item in schema.embeddings] == ["pca", "umap", "inverse", "whole"]
    assert [item.n_missing for item in schema.embeddings] == [0, 2, 0, 0]
    assert column(snapshot, "louvain") == Column(
        "louvain", "categorical", "category", ("T cells", "B cells", "NK <b>")
    )
    assert column(snapshot, "plate").categories == ("1", "2", "3")
    assert column(snapshot, "doublet") == Column("doublet", "boolean", "bool", ("False", "True"))
    assert column(snapshot, "score32") == Column("score32", "continuous", "float32")
    assert column(snapshot, "barcode") == Column("barcode", "string", "str")
    assert column(snapshot, "nullable") == Column("nullable", "continuous", "float64")
    assert column(snapshot, "maybe").kind == "categorical"
    assert column(snapshot, "surely").kind == "boolean"
    assert [item.name for item in schema.var] == ["chromosome", "n_cells", "highly_variable"]


def test_the_index_has_a_name_that_no_column_has(catalog: Catalog) -> None:
    adata = tiny_adata()
    adata.obs["name_0"] = "taken"
    snapshot = catalog.open(publish(adata, catalog, title="it").id)
    assert (snapshot.schema.obs_index, snapshot.schema.var_index) == ("name_1", "name_0")
    names = snapshot.obs("name_1")
    assert isinstance(names, Texts)
    assert names[:2].tolist() == ["cell-0", "cell-1"]


def test_columns_come_as_pandas_keeps_them(snapshot: Snapshot) -> None:
    adata = tiny_adata()
    louvain = snapshot.obs("louvain")
    assert isinstance(louvain, Categorical)
    assert louvain.ordered
    np.testing.assert_array_equal(louvain.codes, adata.obs["louvain"].cat.codes)
    plate = snapshot.obs("plate")
    assert isinstance(plate, Categorical)
    assert plate.categories.dtype.kind == "i"
    np.testing.assert_array_equal(snapshot.obs("score"), adata.obs["score"])
    np.testing.assert_array_equal(snapshot.obs("barcode"), adata.obs["barcode"])
    np.testing.assert_array_equal(snapshot.obs("nullable"), [np.nan, 2] * 30)
    maybe = snapshot.obs("maybe")
    assert isinstance(maybe, Categorical)
    assert maybe.codes[:3].tolist() == [-1, 1, 0]
    np.testing.assert_array_equal(snapshot.obs("surely"), [True, False] * 30)


def test_genes_of_x_and_of_raw(snapshot: Snapshot) -> None:
    x, raw = snapshot.var("name_0"), snapshot.var("name_0", "raw")
    assert isinstance(x, np.ndarray)
    assert isinstance(raw, np.ndarray)
    assert (x[0], len(x)) == ("GENE0", 20)
    assert (raw[0], len(raw)) == ("RAW0", 25)


def test_embeddings_are_two_floating_columns(snapshot: Snapshot) -> None:
    for name in ("pca", "umap", "inverse", "whole"):
        points = snapshot.embedding(name)
        assert points.shape == (60, 2)
        assert points.dtype.kind == "f"
        assert not points.flags.writeable
    assert snapshot.default_embedding == "inverse"
    with pytest.raises(NotFound, match="pca, umap"):
        snapshot.embedding("tsne")


def test_matrices_are_maps(snapshot: Snapshot) -> None:
    adata = tiny_adata()
    x, raw = snapshot.matrix(), snapshot.matrix("raw")
    assert isinstance(x, Sparse)
    assert isinstance(x.data, np.memmap)
    assert x.sorted
    np.testing.assert_array_equal(x.indices, adata.X.indices)
    assert isinstance(raw, Dense)
    assert isinstance(raw.data, np.memmap)
    assert not raw.data.flags.writeable
    with pytest.raises(NotFound, match="X, raw, counts"):
        snapshot.matrix("spliced")


def test_unknown_columns_are_not_found(snapshot: Snapshot) -> None:
    for name in ("louvian", "../var/n_cells", ""):
        with pytest.raises(NotFound):
            snapshot.obs(name)


def test_colors_of_the_columns_there_are(snapshot: Snapshot) -> None:
    assert snapshot.colors() == {"louvain": ("#FF0000", "green", "#00f"), "batch": ("#ff0000", "no color")}


def test_reading_needs_neither_anndata_nor_pandas(snapshot: Snapshot) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from jupyter_cxg.snapshot.catalog import Catalog\n"
        "snapshot = Catalog(Path(sys.argv[1])).open(sys.argv[2])\n"
        "for item in snapshot.schema.obs: snapshot.obs(item.name)\n"
        "snapshot.matrix(), snapshot.embedding('umap'), snapshot.colors()\n"
        "print([name for name in ('anndata', 'pandas', 'scipy') if name in sys.modules])\n"
    )
    root = snapshot.index_directory.parent.parent
    answer = subprocess.run(
        [sys.executable, "-c", code, str(root), snapshot.manifest.id],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert answer.stdout.strip() == "[]"
