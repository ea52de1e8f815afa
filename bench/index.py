"""The index of genes: built in files against scipy's conversion in memory, and genes with and without it."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
from scipy import sparse

from bench.data import Shape, make_adata
from jupyter_cxg.engine.cache import Cache
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.index import Indexer, build
from jupyter_cxg.engine.shelf import Shelf
from jupyter_cxg.engine.turned import open_turned
from jupyter_cxg.model import Sparse, VarQuery
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication

THREADS = 2
REPEATS = 5
GENES = 40


def run(home: Path, n_obs: int = 100_000) -> dict[str, Any]:
    """Seconds of both, the fastest of several turns; milliseconds per gene; memory beyond the libraries'."""
    adata = make_adata(Shape(n_obs))
    catalog = Catalog(home / "snapshots")
    publication = Publication.begin(adata, catalog, title="bench")
    publication.finish(None)
    id = publication.manifest.id
    del adata
    matrix = catalog.open(id).matrix("X")
    assert isinstance(matrix, Sparse)
    _turn(home / "warm", matrix, lambda _: None)  # compiles
    extra, ours, theirs = [0], [], []
    before = anonymous()
    for _ in range(REPEATS):
        shutil.rmtree(home / "warm", ignore_errors=True)
        ours.append(_turn(home / "warm", matrix, lambda _: extra.append(anonymous() - before)))
        theirs.append(_scipy(matrix, open_turned(home / "warm" / "X.csc", matrix)))
    shutil.rmtree(home / "warm")
    without = _genes(_open(catalog, id, Indexer(lambda build: None)))
    indexed = _open(catalog, id, Indexer(lambda build: build(), threads=THREADS))
    indexed.warm()
    return {
        "n_obs": n_obs,
        "values": len(matrix.data),
        "threads": THREADS,
        "seconds": min(ours),
        "scipy_seconds": min(theirs),
        "extra_mb": max(extra) / 2**20,
        "gene_ms": without,
        "indexed_gene_ms": _genes(indexed),
    }


def _turn(directory: Path, matrix: Sparse, advance: Callable[[float], None]) -> float:
    start = time.perf_counter()
    build(directory / "X.csc", matrix, threads=THREADS, advance=advance, stop=Event())
    return time.perf_counter() - start


def _scipy(matrix: Sparse, ours: Any) -> float:
    """Seconds that scipy takes, whose result must be ours."""
    parts = (matrix.data, matrix.indices, matrix.indptr)
    rows = sparse.csr_matrix(tuple(map(np.asarray, parts)), shape=matrix.shape, copy=False)
    start = time.perf_counter()
    theirs = rows.tocsc()
    seconds = time.perf_counter() - start
    for name in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
    return seconds


def _open(catalog: Catalog, id: str, indexer: Indexer) -> Dataset:
    return Shelf(catalog, Cache(0), indexer, threads=THREADS).get(id).dataset


def _genes(dataset: Dataset) -> float:
    """Milliseconds for one gene, the median of many."""
    dataset.expression(VarQuery(positions=(0,)))
    dataset.expression(VarQuery(positions=(0,)))
    seconds = []
    for position in np.random.default_rng(2).integers(dataset.schema.n_vars, size=GENES).tolist():
        start = time.perf_counter()
        dataset.expression(VarQuery(positions=(position,)))
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds) * 1e3)


def anonymous() -> int:
    """Bytes of this process's memory that no file backs."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024
