"""A published AnnData, opened as the server opens it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_cxg.engine.cache import Cache
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.index import Indexer
from jupyter_cxg.engine.shelf import Shelf
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import new_catalog, publish, tiny_adata

Open = Callable[[Any], Dataset]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return new_catalog(tmp_path)


@pytest.fixture
def waiting() -> list[Callable[[], None]]:
    """What the indexer wants to run in the background; a test runs it when it likes."""
    return []


@pytest.fixture
def indexer(waiting: list[Callable[[], None]]) -> Iterator[Indexer]:
    indexer = Indexer(waiting.append, small=0)
    yield indexer
    indexer.close()


@pytest.fixture
def shelf(catalog: Catalog, indexer: Indexer) -> Shelf:
    return Shelf(catalog, Cache(2**20), indexer)


@pytest.fixture
def open_adata(catalog: Catalog, shelf: Shelf) -> Open:
    """Publish an AnnData and open it."""
    return lambda adata: shelf.get(publish(adata, catalog)).dataset


@pytest.fixture
def dataset(open_adata: Open) -> Dataset:
    """`tiny_adata`, opened."""
    return open_adata(tiny_adata())
