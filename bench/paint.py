"""`%cxg` to the first picture, in JupyterLab and a real browser."""

from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.jupyter import BROWSER_ARGUMENTS, JupyterServer, NotebookPage, browser_path

REPEATS = 3


def run(home: Path, n_obs: int) -> dict[str, Any]:
    """Milliseconds from pressing Shift+Enter on `%cxg adata` until the points are on the screen."""
    repository = Path(__file__).parents[1]
    setup = (
        f"import sys; sys.path.insert(0, {str(repository)!r})\n"
        "from bench.data import Shape, make_adata\n"
        f"adata = make_adata(Shape({n_obs}))\n"
        "%load_ext jupyter_cxg"
    )
    with JupyterServer(home) as server, sync_playwright() as playwright:
        server.write_notebook("paint.ipynb", [setup, *["%cxg adata"] * (REPEATS + 1)])
        browser = playwright.chromium.launch(executable_path=browser_path(), args=BROWSER_ARGUMENTS)
        page = NotebookPage(browser.new_page(viewport={"width": 1400, "height": 3000}), "paint.ipynb")
        page.open(server.page_url("lab", "paint.ipynb"))
        page.run(0, timeout=600_000)
        paints, cells = [], []
        for i in range(REPEATS + 1):
            before = page.page.evaluate("performance.now()")
            page.start(i + 1)
            page.viewer(i)
            paints.append(page.page.evaluate("performance.now()") - before)
            page.finished(i + 1, timeout=600_000)
            cells.append(page.page.evaluate("performance.now()") - before)
        browser.close()
    return {
        "n_obs": n_obs,
        "first_time_ms": paints[0],  # nothing cached anywhere
        "paint_ms": sorted(paints[1:])[REPEATS // 2],
        "cell_ms": sorted(cells[1:])[REPEATS // 2],
    }
