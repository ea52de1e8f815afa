"""The index of genes: built once, whole or not at all, and answers are right all the while."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from jupyter_cxg.compute.blocks import Cancelled
from jupyter_cxg.engine.cache import Cache
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.index import Indexer, build
from jupyter_cxg.engine.shelf import Shelf
from jupyter_cxg.model import Sparse, VarQuery
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


def test_cancelled_leaves_nothing_behind(tmp_path: Path, rows: Sparse) -> None:
    stop = Event()
    target = tmp_path / "r1.index" / "X.csc"

    def advance(done: float) -> None:
        if done > 0.15:  # counting is over, moving has begun
            stop.set()

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Cancelled):
        patch.setattr("jupyter_cxg.compute.transpose.ENTRIES", 5)
        build(target, rows, advance=advance, stop=stop)
    assert [p.name for p in target.parent.iterdir()] == ["building.lock"]


def test_what_a_killed_server_left_is_cleared_away(tmp_path: Path, rows: Sparse) -> None:
    target = tmp_path / "r1.index" / "X.csc"
    aside = target.with_suffix(".part")
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
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    dataset = open_adata(tiny_adata())
    genes(dataset)
    waiting.pop()()
    assert "No space left" in caplog.text
    assert genes(dataset)[0] == tiny_adata().X.toarray()[:, 0].tolist()
    assert waiting == []  # not tried again and again


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
