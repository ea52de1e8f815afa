"""Files that the tests open, and the pages of JupyterLab that open them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
from playwright.sync_api import Frame, Locator, Page, Request, expect

from tests.browser.jupyter import TOKEN, JupyterServer, ready

N_CELLS = 300


def write_anndata(path: Path, n_vars: int = 20) -> Path:
    """A small AnnData with an embedding, as .h5ad or .zarr; its genes are GENE0, GENE1, …"""
    rng = np.random.default_rng(0)
    adata = anndata.AnnData(
        X=rng.poisson(1.0, (N_CELLS, n_vars)).astype("float32"),
        obs=pd.DataFrame(
            {"kind": pd.Categorical(rng.choice(["a", "b", "c"], N_CELLS))},
            index=[f"cell {i}" for i in range(N_CELLS)],
        ),
        var=pd.DataFrame(index=[f"GENE{i}" for i in range(n_vars)]),
    )
    adata.obsm["X_umap"] = rng.normal(size=(N_CELLS, 2))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".zarr":
        adata.write_zarr(path)
    else:
        adata.write_h5ad(path)
    return path


class LabPage:
    """JupyterLab in the browser; keeps what it has asked the server for, and what it complained about."""

    def __init__(self, page: Page, server: JupyterServer, workspace: str, folder: str) -> None:
        self.page = page
        self.server = server
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{server.url}lab/workspaces/{workspace}/tree/{folder}?token={TOKEN}")
        self.restored()

    def restored(self) -> None:
        """Wait until JupyterLab has its tabs back."""
        self.page.wait_for_function("() => window.jupyterapp?.restored !== undefined", timeout=30_000)
        self.page.evaluate("() => window.jupyterapp.restored")

    def run(self, command: str, arguments: Mapping[str, Any] | None = None) -> None:
        """Run one of JupyterLab's commands."""
        self.page.evaluate(
            "async ([command, args]) => { await window.jupyterapp.commands.execute(command, args); }",
            [command, dict(arguments or {})],
        )

    def entry(self, name: str) -> Locator:
        """A row of the file browser."""
        return self.page.locator("#filebrowser .jp-DirListing-item").filter(has_text=name)

    def tabs(self) -> Locator:
        """The tabs of the main area that are no launcher."""
        return self.page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel").filter(has_not_text="Launcher")

    def viewer(self, query: str = "") -> Frame:
        """The viewer of this path, as it stands in URLs, once its first picture is drawn."""
        return viewer_in(self.page, query)

    def asked(self, part: str) -> list[str]:
        """What the page has asked for so far, method and URL, that has ``part`` in it."""
        return [f"{it.method} {it.url}" for it in self.requests if part in it.url]


def viewer_in(page: Page, query: str = "") -> Frame:
    """The viewer of a file in this page, once its first picture is drawn."""
    element = page.locator(f'iframe[src*="/cxg/open?path={query}"]')
    expect(element).to_have_count(1, timeout=30_000)
    handle = element.element_handle()
    frame = handle.content_frame() if handle else None
    assert frame is not None
    ready(frame)
    return frame
