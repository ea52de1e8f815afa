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

THREADS = 2
REPEATS = 5
CATEGORIES = 40


def run(home: Path, n_obs: int = 100_000, n_ranked: int = 10_000) -> dict[str, Any]:
    """Seconds of both, the fastest of several turns; Wilcoxon on fewer cells: scanpy takes minutes."""
    welch = _compare(home / "welch", n_obs, "t-test")
    ranked = _compare(home / "wilcoxon", n_ranked, "wilcoxon")
    return {"n_obs": n_obs, "n_ranked": n_ranked, "welch": welch, "wilcoxon": ranked}


def _compare(home: Path, n_obs: int, method: str) -> dict[str, Any]:
    import scanpy as sc

    from jupyter_cxg.engine.cache import Cache
    from jupyter_cxg.engine.compare import DiffexpQuery
    from jupyter_cxg.engine.groups import CellCategory
    from jupyter_cxg.engine.index import Indexer
    from jupyter_cxg.engine.markers import MarkersQuery
    from jupyter_cxg.engine.shelf import Shelf
    from jupyter_cxg.snapshot.catalog import Catalog
    from jupyter_cxg.snapshot.writer import Publication

    adata = make_adata(Shape(n_obs))
    rng = np.random.default_rng(1)
    half = rng.permutation(np.arange(n_obs) % 2)
    adata.obs["half"] = pd.Categorical.from_codes(half, ["a", "b"])
    adata.obs["many"] = pd.Categorical(rng.integers(CATEGORIES, size=n_obs).astype(str))
    catalog = Catalog(home)
    publication = Publication.begin(adata, catalog, title="bench")
    publication.finish(None)
    # no cache and no index: every turn does all of the work, on the rows as they were published
    shelf = Shelf(catalog, Cache(0), Indexer(lambda build: None), threads=THREADS)
    opened = shelf.get(publication.manifest.id)
    query = DiffexpQuery(CellCategory("half", "a"), CellCategory("half", "b"), method=method)  # type: ignore[arg-type]
    found = opened.dataset.diffexp(query)
    ours = _fastest(lambda: opened.dataset.diffexp(query))
    markers = _fastest(
        lambda: opened.dataset.markers(MarkersQuery("many", method=method)).columns(  # type: ignore[arg-type]
            opened.dataset.var_names(), 50
        )
    )
    read = _fastest(lambda: _read([adata.X.data, adata.X.indices]))
    options = {"tie_correct": True} if method == "wilcoxon" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        sc.tl.rank_genes_groups(adata, "half", groups=["a"], reference="b", method=method, **options)
        theirs = time.perf_counter() - start
        table = sc.get.rank_genes_groups_df(adata, "a").set_index("names").loc[adata.var_names]
    np.testing.assert_allclose(found.score, table["scores"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.p, table["pvals"], rtol=1e-6)
    return {
        "values": int(adata.X.nnz),
        "seconds": ours,
        "scanpy_seconds": theirs,
        "read_seconds": read,
        "markers_seconds": markers,
        "threads": THREADS,
        "categories": CATEGORIES,
    }


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
