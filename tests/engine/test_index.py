"""The index of genes: built once, whole or not at all, and answers are right all the while."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event

import anndata
import numpy as np
import pytest

from jupyter_cxg.compute.blocks import Cancelled
from jupyter_cxg.engine import turning
from jupyter_cxg.engine.cache import Cache
from jupyter_cxg.engine.compare import DiffexpQuery
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.groups import CellFilter
from jupyter_cxg.engine.index import Indexer, build
from jupyter_cxg.engine.shelf import Shelf
from jupyter_cxg.engine.turned import is_by_gene
from jupyter_cxg.engine.turning import COUNTING
from jupyter_cxg.model import Dense, Sparse, VarQuery
from jupyter_cxg.snapshot.catalog import Catalog
from tests.engine.conftest import Open
from tests.reference import naive
from tests.reference.example import N_VARS, publish, tiny_adata

Waiting = list[Callable[[], None]]


@pytest.fixture
def rows() -> Sparse:
    return naive.to_sparse(np.random.default_rng(0).integers(0, 3, (40, 7)).astype(np.float32), "csr")


def genes(dataset: Dataset, layer: str = "X") -> list[object]:
    found = [dataset.expression(VarQuery(positions=(i,), layer=layer)).values[0] for i in range(N_VARS)]
    return [np.asarray(values).tolist() for values in found]


def test_answers_are_the_same_before_and_after(catalog: Catalog, indexer: Indexer, waiting: Waiting) -> None:
    shelf = Shelf(catalog, Cache(0), indexer)  # nothing kept: every gene is read again
    id = publish(tiny_adata(), catalog)
    opened = shelf.get(id)
    before = genes(opened.dataset)
    assert opened.dataset.indexing() is not None and len(waiting) == 1
    waiting.pop()()
    assert opened.dataset.indexing() is None
    assert genes(opened.dataset) == before == tiny_adata().X.toarray().T.tolist()
    assert sorted(p.name for p in catalog.open(id).index_directory.iterdir()) == ["X.csc", "building.lock"]


def test_it_is_found_again_by_the_next_server(catalog: Catalog, indexer: Indexer, waiting: Waiting) -> None:
    id = publish(tiny_adata(), catalog)
    genes(Shelf(catalog, Cache(0), indexer).get(id).dataset)
    waiting.pop()()
    refuse = Indexer(lambda work: pytest.fail("built twice"), small=0)
    assert genes(Shelf(catalog, Cache(0), refuse).get(id).dataset) == tiny_adata().X.toarray().T.tolist()


def test_a_layer_is_indexed_when_somebody_asks(open_adata: Open, waiting: Waiting) -> None:
    dataset = open_adata(tiny_adata())
    genes(dataset, "counts")
    waiting.pop()()
    assert waiting == [] and genes(dataset, "counts") == genes(dataset)


def test_small_and_column_wise_matrices_need_none(catalog: Catalog) -> None:
    indexer = Indexer(lambda work: pytest.fail("not needed"))
    id = publish(tiny_adata(), catalog)
    assert len(genes(Shelf(catalog, Cache(0), indexer).get(id).dataset)) == N_VARS


def test_a_matrix_is_left_alone_while_the_kernel_copies(
    tmp_path: Path, indexer: Indexer, waiting: Waiting
) -> None:
    from jupyter_cxg.snapshot.writer import Publication

    catalog = Catalog(tmp_path / "publishing")
    publication = Publication.begin(tiny_adata(), catalog, title="t")
    shelf = Shelf(catalog, Cache(0), indexer)
    assert shelf.get(publication.manifest.id).manifest.state == "publishing"
    publication.finish()
    genes(shelf.get(publication.manifest.id).dataset)
    assert len(waiting) == 1


def test_what_was_stopped_stays_for_the_next_server(tmp_path: Path, rows: Sparse) -> None:
    stop = Event()
    target = tmp_path / "r1.index" / "X.csc"

    def advance(done: float) -> None:
        if done > COUNTING:
            stop.set()

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Cancelled):
        patch.setattr(turning, "FINEST", 5)
        build(target, rows, advance=advance, stop=stop)
    aside = target.with_name("X.csc.part")
    assert (aside / "unfinished").is_dir()
    build(target, rows, advance=lambda _: None, stop=Event())
    assert target.is_dir() and not aside.exists()


def test_what_nobody_knows_is_cleared_away(tmp_path: Path, rows: Sparse) -> None:
    target = tmp_path / "r1.index" / "X.csc"
    aside = target.with_name("X.csc.part")
    aside.mkdir(parents=True)
    (aside / "data.npy").write_bytes(b"half")
    build(target, rows, advance=lambda _: None, stop=Event())
    assert not aside.exists() and {p.name for p in target.iterdir()} == {
        "data.npy",
        "indices.npy",
        "indptr.npy",
    }
    everything = [target, *target.parent.rglob("*")]
    assert not [path for path in everything if path.stat().st_mode & 0o077]


def test_a_full_disk_is_no_error_for_who_asks(
    open_adata: Open, waiting: Waiting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    dataset = open_adata(tiny_adata())
    genes(dataset)
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        waiting.pop()()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "No space left" in caplog.text and dataset.indexing() is None
    assert genes(dataset)[0] == tiny_adata().X.toarray()[:, 0].tolist()
    assert waiting == []  # not tried again and again


def test_the_disk_is_not_filled(
    catalog: Catalog, waiting: Waiting, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    id = publish(tiny_adata(), catalog)
    indexer = Indexer(waiting.append, small=0, room=lambda: 100)
    dataset = Shelf(catalog, Cache(0), indexer).get(id).dataset
    found = genes(dataset)
    waiting.pop()()
    assert "it needs" in caplog.text and "and may take 100 bytes" in caplog.text
    assert len(caplog.records) == 1
    assert [path.name for path in catalog.open(id).index_directory.iterdir()] == ["building.lock"]
    assert genes(dataset) == found


def test_an_index_counts_as_room_that_is_taken(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "c", max_bytes=1_000_000)
    assert catalog.room() == 1_000_000
    (catalog.root / "file").write_bytes(bytes(1000))
    assert catalog.room() == 999_000
    assert 0 < Catalog(tmp_path / "d").room() < shutil.disk_usage(tmp_path).total


def test_indices_out_of_range_are_refused_in_one_line(
    tmp_path: Path, waiting: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    arrays = np.ones(2, np.float32), np.array([0, 7], np.int32), np.array([0, 1, 2])
    indexer = Indexer(waiting.append, small=0)
    assert indexer.other(tmp_path / "i", "X", Sparse((2, 3), "csr", *arrays)) is None
    waiting.pop()()
    assert "An index lies outside of the matrix" in caplog.text
    assert [path.name for path in (tmp_path / "i").iterdir()] == ["building.lock"]


# ── other orientations ──


def as_dense(order: str) -> "anndata.AnnData":
    adata = tiny_adata()
    adata.X = np.asarray(adata.X.toarray(), order=order)  # type: ignore[call-overload]  # C or F
    return adata


def test_genes_of_a_dense_matrix_are_put_together(open_adata: Open, waiting: Waiting) -> None:
    dataset = open_adata(as_dense("C"))
    before = genes(dataset)
    waiting.pop()()
    form = dataset._matrix("X")
    assert isinstance(form, Dense) and form.data.flags.f_contiguous
    assert genes(dataset) == before == tiny_adata().X.toarray().T.tolist()


@pytest.mark.parametrize("kind", ["csc", "F"])
def test_few_cells_get_an_index_of_cells_where_genes_lie_together(
    open_adata: Open, waiting: Waiting, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("jupyter_cxg.engine.source.FEW", 1)
    adata = tiny_adata()
    adata.X = adata.X.tocsc() if kind == "csc" else np.asarray(adata.X.toarray(), order="F")
    dataset = open_adata(adata)
    a, b = (CellFilter(positions=np.array(some)) for some in ([0, 1, 2], [3, 4]))
    query = DiffexpQuery(a, b)
    genes(dataset)
    assert waiting == []  # genes need none
    before = dataset.diffexp(query)
    progress = dataset.indexing()
    assert progress is not None and progress.label == "indexing cells"
    waiting.pop()()
    dataset.forget()
    after = dataset.diffexp(query)
    assert not is_by_gene(dataset._by_cells("X"))
    np.testing.assert_allclose(after.score, before.score)
    np.testing.assert_allclose(after.mean_a, before.mean_a)
    ranked = dataset.diffexp(DiffexpQuery(a, b, method="wilcoxon"))
    assert np.isfinite(ranked.score).all() and dataset.indexing() is None


def test_all_cells_need_no_index_of_cells(open_adata: Open) -> None:
    adata = tiny_adata()
    adata.X = adata.X.tocsc()
    dataset = open_adata(adata)
    half = np.arange(adata.n_obs // 2)
    dataset.diffexp(DiffexpQuery(CellFilter(positions=half)))
    assert dataset.indexing() is None


def test_progress_of_several_matrices_only_grows(tmp_path: Path, waiting: Waiting, rows: Sparse) -> None:
    indexer = Indexer(waiting.append, small=0)
    directory = tmp_path / "i"
    assert indexer.other(directory, "X", rows) is None and indexer.other(directory, "raw", rows) is None
    assert indexer.other(directory, "X", rows) is None  # asked again: built once
    assert len(waiting) == 2
    seen = [indexer.progress(directory)]
    waiting.pop(0)()
    seen.append(indexer.progress(directory))
    assert [found and found.fraction for found in seen] == [0, 0.5]
    waiting.pop(0)()
    assert indexer.progress(directory) is None
    assert indexer.other(directory, "X", rows) is not None


def test_two_servers_do_not_build_at_once(tmp_path: Path, rows: Sparse) -> None:
    import fcntl

    target = tmp_path / "X.csc"
    with (tmp_path / "building.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stop = Event()
        stop.set()  # do not wait for the other one
        with pytest.raises(Cancelled):
            build(target, rows, advance=lambda _: None, stop=stop)
    assert not target.exists()
