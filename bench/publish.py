"""Publishing an AnnData against a plain copy of the same bytes to the same disk."""

import time
from pathlib import Path
from typing import Any

from bench.data import Shape, make_adata

REPEATS = 6


def run(home: Path, n_obs: int) -> dict[str, Any]:
    """Seconds of both, the fastest of several turns, and their ratio.

    The fastest, because what a virtual machine's host adds when it has to find memory pages (up to ten
    times the copy itself was seen, for either of the two) says nothing about the code.
    """
    from jupyter_cxg.snapshot.catalog import Catalog
    from jupyter_cxg.snapshot.writer import Publication

    adata = make_adata(Shape(n_obs))
    arrays = [adata.X.data, adata.X.indices, adata.X.indptr, adata.obsm["X_umap"]]
    catalog = Catalog(home / "snapshots")
    first_stages: list[float] = []

    def copy() -> float:
        start = time.perf_counter()
        for i, array in enumerate(arrays):
            array.tofile(home / f"copy-{i}")
        seconds = time.perf_counter() - start
        for i in range(len(arrays)):
            (home / f"copy-{i}").unlink()
        return seconds

    def publish() -> float:
        start = time.perf_counter()
        publication = Publication.begin(adata, catalog, title="bench")
        first_stages.append(time.perf_counter() - start)
        publication.finish(None)
        seconds = time.perf_counter() - start
        catalog.remove(publication.manifest.id)
        return seconds

    # In a virtual machine a page costs many times more when the host has to find it first. Writing and
    # removing the same bytes just before gives both the same pages; they take turns in going first.
    copies, publications = [], []
    for round_ in range(REPEATS):
        for measure in (copy, publish) if round_ % 2 else (publish, copy):
            copy()
            (copies if measure is copy else publications).append(measure())
    return {
        "n_obs": n_obs,
        "bytes": sum(a.nbytes for a in arrays),
        "copy_seconds": min(copies),
        "publish_seconds": min(publications),
        "first_stage_seconds": min(first_stages),
        "ratio": min(publications) / min(copies),
    }
