"""What the viewer's tab holds for each cell, above the columns that it shows."""

import os
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd

from bench.plain_tab import open_tab
from tests.cli.test_serve import serving

FEW, MANY = 1_000, 1_000_000
GENES = 4
REST = 4000  # milliseconds without a question, after which the tab has given back what it borrowed

_WORK = """(async () => {
    const { viewer, settled } = window.__cxg;
    viewer.do({ type: "colorBy", color: { kind: "gene", name: "GENE0" } });
    const points = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]];
    const step = { mode: "replace", shape: "lasso", points };
    viewer.do({ type: "region", embedding: "umap", step });
    await settled();
})()"""


def run(home: Path) -> dict[str, Any]:
    """Anonymous memory of the page's process for a million cells less that for a thousand.

    Every column of obs is counted, a gene colors the points and half of the cells are in a lasso; measured
    when nothing is left to do.
    """
    few, many = _measure(home, FEW), _measure(home, MANY)
    columns = many["columns"] - few["columns"]
    total = many["resident"] - few["resident"]
    return {
        "n_obs": MANY,
        "bytes_per_cell": (total - columns) / (MANY - FEW),
        "columns_per_cell": columns / (MANY - FEW),
    }


def _measure(home: Path, n: int) -> dict[str, int]:
    path = home / f"{n}.h5ad"
    _write(path, n)
    environment = {**os.environ, "CXG_SNAPSHOT_DIR": str(home / "snapshots"), "CXG_TOKEN": ""}
    with serving([path, "--auth=none"], environment) as server, open_tab(server.listening().url) as tab:
        tab.wait_for("[data-cxg-ready]")
        tab.evaluate(_WORK)
        tab.evaluate(f"new Promise((done) => setTimeout(done, {REST}))")
        tab.collect_garbage()
        columns: int = tab.evaluate("window.__cxg.viewer.columns.size")
        return {"resident": tab.resident(), "columns": columns}


def _write(path: Path, n: int) -> None:
    rng = np.random.default_rng(0)
    obs = {f"number{i}": rng.standard_normal(n, np.float32) for i in range(3)}
    labels = [f"label {i}" for i in range(30)]
    categories = {
        f"category{i}": pd.Categorical.from_codes(rng.integers(30, size=n), labels) for i in range(3)
    }
    names = pd.RangeIndex(n).astype(str)
    adata = anndata.AnnData(
        rng.poisson(1, (n, GENES)).astype(np.float32), pd.DataFrame({**obs, **categories}, index=names)
    )
    adata.var_names = [f"GENE{i}" for i in range(GENES)]
    adata.obsm["X_umap"] = rng.standard_normal((n, 2), np.float32)
    adata.write_h5ad(path)
