"""Publishing an AnnData against a plain copy of the same bytes to the same disk."""

import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.data import Shape, make_adata

REPEATS = 6


def run(home: Path, n_obs: int) -> dict[str, Any]:
    """Median seconds of both, alternating, and their ratio."""
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
        "copy_seconds": median(copies),
        "publish_seconds": median(publications),
        "first_stage_seconds": median(first_stages),
        "ratio": median(publications) / median(copies),
    }
