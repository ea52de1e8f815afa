"""What `view` and ``%cxg`` open beside the AnnData objects of the kernel."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import h5py
import numcodecs
import numpy as np
import pytest
from aiohttp import web as server
from IPython.core.interactiveshell import InteractiveShell

from jupyter_cxg.errors import BadQuery, CxgError, Unpublishable
from jupyter_cxg.notebook.view import open_view, view
from jupyter_cxg.notebook.widget import CxgWidget
from jupyter_cxg.snapshot import web
from jupyter_cxg.snapshot.reading import Reading
from tests.reference.example import tiny_adata
from tests.reference.same import assert_same
from tests.snapshot.remote_server import Server

pytestmark = pytest.mark.filterwarnings("ignore")  # of anndata and zarr, about formats to come


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(web, "PAUSES", ())
    (tmp_path / "served").mkdir()
    tiny_adata().write_h5ad(tmp_path / "served" / "x.h5ad")
    tiny_adata().write_zarr(tmp_path / "served" / "x.zarr")
    found = Server(tmp_path / "served")
    yield found
    found.stop()


def shown(viewer: CxgWidget) -> Any:
    manifest = viewer._publication.manifest
    assert manifest.state == "complete" and not manifest.left_out, manifest.left_out
    return anndata.read_zarr(viewer._publication.store)


@pytest.mark.parametrize("ending", ["h5ad", "zarr"])
def test_layers_of_a_file_stay_there(tmp_path: Path, ending: str) -> None:
    getattr(tiny_adata(), f"write_{ending}")(tmp_path / f"x.{ending}")
    viewer = view(tmp_path / f"x.{ending}")
    assert_same(shown(viewer), tiny_adata())
    for matrix in (viewer._adata.X, viewer._adata.layers["counts"], viewer._adata.raw.X):
        assert not isinstance(matrix, np.ndarray) and not hasattr(matrix, "nnz")
    viewer.refresh()
    assert viewer._revision == 2
    assert_same(shown(viewer), tiny_adata())


def test_a_modality(tmp_path: Path, shell: InteractiveShell) -> None:
    with h5py.File(tmp_path / "x.h5mu", "w") as file:
        file.create_group("mod")
        file.create_group("obs")
        for name in ("rna", "atac"):
            tiny_adata().write_h5ad(tmp_path / f"{name}.h5ad")
            with h5py.File(tmp_path / f"{name}.h5ad") as other:
                file.copy(other["/"], f"mod/{name}")
    with pytest.raises(Unpublishable, match="2 modalities"):
        view(tmp_path / "x.h5mu")
    shell.run_line_magic("cxg", f"{tmp_path}/x.h5mu --modality rna")
    viewer = shell.user_ns["viewer"]
    assert viewer._title == "x.h5mu (rna)" and viewer._publication.manifest.n_obs == 60


def test_a_loom_file_keeps_its_matrix(tmp_path: Path) -> None:
    counts = np.random.default_rng(0).poisson(0.5, (6, 9)).astype(np.float32)
    with h5py.File(tmp_path / "x.loom", "w") as file:
        file["matrix"] = counts
        file.create_group("row_attrs")
        file["col_attrs/_X"], file["col_attrs/_Y"] = np.arange(9.0), np.arange(9.0)
    viewer = view(tmp_path / "x.loom")
    for _ in range(2):
        assert np.array_equal(shown(viewer).X.toarray(), counts.T)
        viewer.refresh()


@pytest.mark.parametrize("name", ["x.h5ad", "x.zarr"])
def test_an_address(here: Server, shell: InteractiveShell, name: str) -> None:
    shell.run_line_magic("cxg", f"{here.url}/{name}?sig=abcdef --allow-private {here.host}")
    viewer = shell.user_ns["viewer"]
    assert viewer._title == name and "abcdef" not in str(viewer._publication.manifest)
    assert_same(shown(viewer), tiny_adata())
    viewer.refresh()
    assert_same(shown(viewer), tiny_adata())
    assert gc.isenabled()


def test_an_address_in_this_network(here: Server, shell: InteractiveShell, capsys: Any) -> None:
    with pytest.raises(BadQuery, match="--allow-private 127"):
        view(f"{here.url}/x.h5ad")
    shell.run_line_magic("cxg", f"'{here.url.replace('//', '//ada:s3cret@')}/x.h5ad'")
    said = capsys.readouterr().err
    assert "--allow-private 127.0.0.1" in said and "s3cret" not in said and not here.asked


def test_a_server_that_fails_while_x_is_copied(here: Server) -> None:
    """The picture stays, and says why there are no genes."""
    viewer = open_view(f"{here.url}/x.zarr", reading=Reading(private=(here.host,)))

    async def broken(request: Any, path: Path) -> Any:
        return server.Response(status=503)

    here.behave = broken
    with pytest.raises(CxgError, match=r"answers 503 while x\.zarr is read"):
        viewer.finish()
    manifest = viewer._publication.manifest
    assert manifest.state == "complete" and "X" not in manifest.matrices
    assert any("answers 503" in item.reason for item in manifest.left_out)
    assert gc.isenabled()


def test_no_pickle_is_opened_and_other_stores_still_are(tmp_path: Path) -> None:
    before = numcodecs.registry.codec_registry.get("pickle")
    tiny_adata().write_h5ad(tmp_path / "x.h5ad")
    view(tmp_path / "x.h5ad")
    assert numcodecs.registry.codec_registry.get("pickle") is before
