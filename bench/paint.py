"""`%cxg` to the first picture, in JupyterLab and a real browser."""

from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.jupyter import BROWSER_ARGUMENTS, JupyterServer, NotebookPage, browser_path

REPEATS = 5
BUSY = "import time\nend = time.monotonic() + 20\nwhile time.monotonic() < end: pass"

NOW = "performance.timeOrigin + performance.now()"
# The viewer marks the animation frame in which its first picture is shown.
FIRST_PICTURE = """async () => {
  const name = "cxg-first-picture";
  while (!performance.getEntriesByName(name).length) await new Promise(requestAnimationFrame);
  return performance.timeOrigin + performance.getEntriesByName(name)[0].startTime;
}"""

# Choosing a gene until its colors are drawn, one gene after the other.
RECOLOR = """async (genes) => {
  const waits = [];
  for (const name of genes) {
    const start = performance.now();
    window.__cxg.viewer.do({ type: "colorBy", color: { kind: "gene", name } });
    await window.__cxg.settled();
    waits.push(performance.now() - start);
  }
  return waits;
}"""


def run(home: Path, n_obs: int) -> dict[str, Any]:
    """Milliseconds from running `%cxg adata` to points on the screen, and to colors in a busy kernel."""
    repository = Path(__file__).parents[1]
    setup = (
        f"import sys; sys.path.insert(0, {str(repository)!r})\n"
        "from bench.data import Shape, make_adata\n"
        f"adata = make_adata(Shape({n_obs}))\n"
        "%load_ext jupyter_cxg"
    )
    paints, cells = [], []
    waits: list[float] = []
    with JupyterServer(home) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=BROWSER_ARGUMENTS)
        for i in range(REPEATS + 1):  # a notebook each, as a user has one viewer in sight
            name = f"paint{i}.ipynb"
            server.write_notebook(name, [setup, "%cxg adata", BUSY])
            page = NotebookPage(browser.new_page(viewport={"width": 1400, "height": 900}), name)
            page.open(server.page_url("lab", name))
            page.run(0, timeout=600_000)
            page.focus(1)
            before = page.page.evaluate(NOW)
            page.page.keyboard.press("Shift+Enter")
            viewer = page.viewer()
            paints.append(viewer.evaluate(FIRST_PICTURE) - before)
            page.finished(1, timeout=600_000)
            cells.append(page.page.evaluate(NOW) - before)
            if i == REPEATS:
                page.start(2)
                waits = viewer.evaluate(RECOLOR, [f"GENE{i}" for i in range(60)])
                page.finished(2)
            page.page.close()
            server.ask(f"api/sessions/{server.session_of(name)['id']}", method="DELETE")
        browser.close()
    return {
        "n_obs": n_obs,
        "first_time_ms": paints[0],  # nothing cached anywhere
        "paint_ms": sorted(paints[1:])[REPEATS // 2],
        "cell_ms": sorted(cells[1:])[REPEATS // 2],
        "busy_ms": sorted(waits)[len(waits) // 2],
        "busy_p95_ms": sorted(waits)[int(len(waits) * 0.95)],
    }
