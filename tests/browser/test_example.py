"""The example notebook as a user runs it, and the picture of it that the README shows."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.jupyter import JupyterServer, NotebookPage, show
from tests.browser.test_notebook import do, settled, until

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "examples" / "pbmc.ipynb"
# `make screenshots` lets the picture go where the README finds it
PICTURES = Path(os.environ.get("CXG_SCREENSHOTS", REPOSITORY / "build" / "screenshots"))

only_at_the_root = pytest.mark.parametrize("server", ["/"], indirect=True, ids=["root"])


@only_at_the_root
def test_example_notebook_runs_from_top_to_bottom(
    server: JupyterServer, page_of: Callable[..., Page]
) -> None:
    shutil.copy(EXAMPLE, server.root / EXAMPLE.name)
    notebook = NotebookPage(page_of(1280, 900), EXAMPLE.name)
    notebook.open(server.page_url("lab", EXAMPLE.name))
    sources = [c for c in json.loads(EXAMPLE.read_text())["cells"] if c["cell_type"] == "code"]
    for index in range(len(sources)):
        notebook.run(index)
        assert "Traceback" not in notebook.output(index) and "Error" not in notebook.output(index), index
    frame = notebook.viewer()
    until(frame, "state.tally.selected === 700")
    assert "700 × 765" in notebook.output(2), notebook.output(2)  # adata[viewer.selection]

    PICTURES.mkdir(parents=True, exist_ok=True)
    do(frame, {"type": "colorBy", "color": {"kind": "obs", "name": "bulk_labels"}})
    show(frame)
    settled(frame)
    notebook.page.screenshot(path=PICTURES / "notebook.png")
