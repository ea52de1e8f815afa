"""What the viewer's tab holds for each cell, above the columns that it shows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, sync_playwright

from bench.pan import browser_path
from tests.browser.jupyter import BROWSER_ARGUMENTS, ready
from tests.cli.test_serve import serving

FEW, MANY = 1_000, 1_000_000
GENES = 4


def run(home: Path) -> dict[str, Any]:
    """Anonymous memory of the page's process for a million cells less that for a thousand.

    Every column of obs is counted, a gene colors the points and half of the cells are in a lasso.
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
    with serving([path, "--auth=none"], environment) as server, _browser() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(server.listening().url)
        ready(page.main_frame)
        page.evaluate(
            """async () => {
                const { viewer, settled } = window.__cxg;
                viewer.do({ type: "colorBy", color: { kind: "gene", name: "GENE0" } });
                const points = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]];
                const step = { mode: "replace", shape: "lasso", points };
                viewer.do({ type: "region", embedding: "umap", step });
                await settled();
            }"""
        )
        session = page.context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        columns: int = page.evaluate("window.__cxg.viewer.columns.size")
        return {"resident": _resident(browser), "columns": columns}


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


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


def _resident(browser: Browser) -> int:
    """Anonymous and shared bytes of the largest renderer: the tab's, with its workers."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return max(_anonymous(process["id"]) for process in processes if process["type"] == "renderer")


def _anonymous(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    sizes = dict(line.split(":", 1) for line in lines)
    return sum(int(sizes[name].split()[0]) * 1024 for name in ("RssAnon", "RssShmem"))
