"""Files that an AnnData may come from."""

from pathlib import Path

import pytest

from jupyter_cxg.errors import NotFound, Unpublishable
from jupyter_cxg.snapshot.sources import is_anndata, open_path
from tests.reference.example import tiny_adata
from tests.reference.same import assert_same


def test_h5ad_stays_on_disk(tmp_path: Path) -> None:
    tiny_adata().write_h5ad(tmp_path / "x.h5ad")
    adata = open_path(tmp_path / "x.h5ad")
    assert adata.isbacked
    assert is_anndata(adata)


def test_zarr_is_read(tmp_path: Path) -> None:
    expected = tiny_adata()
    expected.write_zarr(tmp_path / "x.zarr")
    assert_same(open_path(tmp_path / "x.zarr"), expected)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no file .*x\.h5ad"):
        open_path(tmp_path / "x.h5ad")
    (tmp_path / "x.h5ad").write_text("not HDF5")
    with pytest.raises(Unpublishable, match="cannot be read"):
        open_path(tmp_path / "x.h5ad")
    (tmp_path / "x.csv").write_text("a,b")
    with pytest.raises(Unpublishable, match="scanpy"):
        open_path(tmp_path / "x.csv")
