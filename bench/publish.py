"""Publishing an AnnData against a plain copy of the same bytes to the same disk."""

import os
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.data import Shape, make_adata

REPEATS = 3


def run(home: Path, n_obs: int) -> dict[str, Any]:
    """Median seconds of both, alternating, and their ratio."""
    from jupyter_cxg.snapshot.catalog import Catalog
    from jupyter_cxg.snapshot.writer import Publication

    adata = make_adata(Shape(n_obs))
    arrays = [adata.X.data, adata.X.indices, adata.X.indptr, adata.obsm["X_umap"]]
    copies, publications, first_stages = [], [], []
    catalog = Catalog(home / "snapshots")
    for _ in range(REPEATS):
        start = time.perf_counter()
        for i, array in enumerate(arrays):
            array.tofile(home / f"copy-{i}")
        copies.append(time.perf_counter() - start)
        for i in range(len(arrays)):
            (home / f"copy-{i}").unlink()
        os.sync()
        start = time.perf_counter()
        publication = Publication.begin(adata, catalog, title="bench")
        first_stages.append(time.perf_counter() - start)
        publication.finish(None)
        publications.append(time.perf_counter() - start)
        catalog.remove(publication.manifest.id)
        os.sync()
    return {
        "n_obs": n_obs,
        "bytes": sum(a.nbytes for a in arrays),
        "copy_seconds": median(copies),
        "publish_seconds": median(publications),
        "first_stage_seconds": median(first_stages),
        "ratio": median(publications) / median(copies),
    }
