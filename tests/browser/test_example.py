"""The example notebook as a user runs it, and the pictures of it that the README shows."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import pixels
from tests.browser.jupyter import JupyterServer, NotebookPage, ready, show
from tests.browser.test_notebook import do, settled, until

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "examples" / "pbmc.ipynb"
# `make screenshots` lets the pictures go where the README finds them
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


@only_at_the_root
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_full_page_shows_everything_at_once(
    server: JupyterServer, page_of: Callable[..., Page], theme: str
) -> None:
    """What the whole window looks like: the viewer in a tab of its own."""
    name = f"full-{theme}.ipynb"
    setup = "import scanpy as sc\n%load_ext jupyter_cxg\nadata = sc.datasets.pbmc68k_reduced()\n%cxg adata"
    server.write_notebook(name, [setup])
    notebook = NotebookPage(page_of(1400, 900), name)
    notebook.open(server.page_url("lab", name))
    notebook.run(0)
    address = notebook.viewer().url.partition("#")[0]

    page = notebook.page.context.new_page()
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto(address)
    ready(page.main_frame)
    frame = page.main_frame
    do(frame, {"type": "addGenes", "genes": ["CD3D", "LYZ", "MS4A1"]})
    do(frame, {"type": "colorBy", "color": {"kind": "gene", "name": "LYZ"}})
    settled(frame)
    expect(page.get_by_text("LYZ").first).to_be_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"full-{theme}.png")
    colors = Counter(map(tuple, pixels.plot(frame).reshape(-1, 3).tolist()))
    assert colors.most_common(1)[0][0] == {"light": (255, 255, 255), "dark": (0x14, 0x17, 0x1C)}[theme]
