"""Groups of cells compared by the engine, against scanpy and against reading the same bytes once."""

import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.data import Shape, make_adata
from jupyter_cxg.engine.cache import Cache
from jupyter_cxg.engine.compare import Diffexp, DiffexpQuery
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.groups import CellBits
from jupyter_cxg.engine.index import Indexer
from jupyter_cxg.engine.markers import MarkersQuery
from jupyter_cxg.engine.shelf import Shelf
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication

THREADS = 2
REPEATS = 5
CATEGORIES = 40


def run(home: Path, n_obs: int = 100_000, n_ranked: int = 10_000) -> dict[str, Any]:
    """Seconds of both, the fastest of several turns; Wilcoxon on fewer cells: scanpy takes minutes."""
    welch = compare(home / "welch", n_obs, "t-test")
    ranked = compare(home / "wilcoxon", n_ranked, "wilcoxon")
    return {"n_obs": n_obs, "n_ranked": n_ranked, "welch": welch, "wilcoxon": ranked}


def compare(home: Path, n_obs: int, method: Any) -> dict[str, Any]:
    """Half against half and the markers of many categories, by us and by scanpy."""
    adata = make_adata(Shape(n_obs))
    rng = np.random.default_rng(1)
    half = rng.permutation(np.arange(n_obs) % 2)
    adata.obs["half"] = pd.Categorical.from_codes(half, ["a", "b"])
    adata.obs["many"] = pd.Categorical(rng.integers(CATEGORIES, size=n_obs).astype(str))
    catalog = Catalog(home)
    publication = Publication.begin(adata, catalog, title="bench")
    publication.finish(None)
    # bitsets, which nothing is stored of, and no cache: every turn does all of the work
    query = DiffexpQuery(_bits(half == 0), _bits(half == 1), method=method)
    published = _open(catalog, publication.manifest.id, Indexer(lambda build: None))
    found = published.diffexp(query)
    first = _fastest(lambda: published.diffexp(query))
    first_markers = _fastest(lambda: _markers(published, method))
    indexed = _open(catalog, publication.manifest.id, Indexer(lambda build: build(), threads=THREADS))
    indexed.warm()
    _check_same(found, indexed.diffexp(query))
    ours = _fastest(lambda: indexed.diffexp(query))
    markers = _fastest(lambda: _markers(indexed, method))
    read = _fastest(lambda: _read([adata.X.data, adata.X.indices]))
    theirs, table = _scanpy(adata, method)
    np.testing.assert_allclose(found.score, table["scores"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.p, table["pvals"], rtol=1e-6)
    return {
        "values": int(adata.X.nnz),
        "published_seconds": first,
        "published_markers_seconds": first_markers,
        "seconds": ours,
        "markers_seconds": markers,
        "scanpy_seconds": theirs,
        "read_seconds": read,
        "threads": THREADS,
        "categories": CATEGORIES,
    }


def _open(catalog: Catalog, id: str, indexer: Indexer) -> Dataset:
    return Shelf(catalog, Cache(0), indexer, threads=THREADS).get(id).dataset


def _bits(cells: Any) -> CellBits:
    return CellBits(np.packbits(cells, bitorder="little").tobytes())


def _markers(dataset: Dataset, method: Any) -> None:
    dataset.markers(MarkersQuery("many", method=method)).columns(dataset.var_names(), 50)


def _check_same(a: Diffexp, b: Diffexp) -> None:
    np.testing.assert_allclose(a.score, b.score, rtol=1e-9)
    np.testing.assert_allclose(a.p, b.p, rtol=1e-9)


def _scanpy(adata: Any, method: str) -> tuple[float, Any]:
    import scanpy as sc

    options = {"tie_correct": True} if method == "wilcoxon" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        sc.tl.rank_genes_groups(adata, "half", groups=["a"], reference="b", method=method, **options)
        seconds = time.perf_counter() - start
        return seconds, sc.get.rank_genes_groups_df(adata, "a").set_index("names").loc[adata.var_names]


def _fastest(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _read(arrays: list[Any]) -> None:
    """`np.sum` over the bytes of the arrays, on as many threads; as int64, which it adds up fastest."""
    parts = []
    for array in arrays:
        whole = array[: len(array) // 2 * 2].view(np.int64)
        parts += np.array_split(whole, THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(np.sum, parts))
