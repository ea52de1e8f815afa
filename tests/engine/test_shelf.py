"""The shelf has every dataset in its current revision."""

import shutil
from pathlib import Path

import pytest

from jupyter_cxg.engine import shelf as module
from jupyter_cxg.engine.shelf import Shelf
from jupyter_cxg.errors import NotFound, NotReady
from jupyter_cxg.model import VarQuery
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import publish, tiny_adata

GENE = VarQuery(equal={"name_0": ("GENE0",)})


def test_it_is_opened_once(catalog: Catalog, shelf: Shelf) -> None:
    id = publish(tiny_adata(), catalog)
    assert shelf.get(id).dataset is shelf.get(id).dataset


def test_matrices_come_while_it_is_being_published(catalog: Catalog, shelf: Shelf) -> None:
    publication = Publication.begin(tiny_adata(), catalog, title="t")
    id = publication.manifest.id
    first = shelf.get(id)
    assert first.dataset.embedding(["umap"]).n_rows == 60
    with pytest.raises(NotReady, match="'X' is still being copied"):
        first.dataset.expression(GENE)
    publication.finish()
    assert shelf.get(id).manifest.state == "complete"
    assert shelf.get(id).dataset.expression(GENE).names == (0,)


def test_a_new_revision_is_seen_at_once(catalog: Catalog, shelf: Shelf) -> None:
    adata = tiny_adata()
    id = publish(adata, catalog)
    before = shelf.get(id)
    assert before.dataset.obs(["n_counts"]).values[0][0] != -5  # type: ignore[index]
    adata.obs["n_counts"] = -5
    publication = Publication.begin(adata, catalog, title="t", id=id)
    publication.finish()
    after = shelf.get(id)
    assert after.manifest.revision == before.manifest.revision + 1
    assert after.dataset.obs(["n_counts"]).values[0][0] == -5  # type: ignore[index]


def test_what_is_gone_is_not_found(catalog: Catalog, shelf: Shelf) -> None:
    id = publish(tiny_adata(), catalog)
    shelf.get(id)
    catalog.remove(id)
    with pytest.raises(NotFound, match=id):
        shelf.get(id)


def test_a_removed_snapshot_is_let_go(catalog: Catalog, shelf: Shelf, waiting: list[object]) -> None:
    id = publish(tiny_adata(), catalog)
    shelf.get(id).dataset.obs(["n_counts"])  # kept as the map that it is read through
    shelf.get(id).dataset.expression(GENE)
    mapped = str(catalog.directory(id))
    assert mapped in open_maps()
    shutil.move(catalog.directory(id), catalog.root / ".gone")
    waiting.clear()  # the index that is not built yet knows the rows
    shelf.tidy()
    assert str(catalog.root / ".gone") not in open_maps()


def test_what_nobody_asks_for_is_closed(
    catalog: Catalog, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = publish(tiny_adata(), catalog)
    first = shelf.get(id).dataset
    shelf.tidy()
    assert shelf.get(id).dataset is first
    monkeypatch.setattr(module, "IDLE", -1)
    shelf.tidy()
    assert shelf.get(id).dataset is not first


def test_only_so_many_are_open(catalog: Catalog, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_OPEN", 2)
    ids = [publish(tiny_adata(), catalog) for _ in range(3)]
    opened = [shelf.get(id).dataset for id in ids]
    assert shelf.get(ids[2]).dataset is opened[2] and shelf.get(ids[1]).dataset is opened[1]
    assert shelf.get(ids[0]).dataset is not opened[0]


def open_maps() -> str:
    """The files that this process maps."""
    return Path("/proc/self/maps").read_text()
