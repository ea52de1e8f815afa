"""How long a brush and a lasso take over a million cells, in a real browser.

Builds the page in ``bench/selecting``, which counts as the viewer does, and prints JSON: milliseconds from
the filter until its counts are there (``brush``, ``lasso``), and until the points can be drawn (``shown``).

    python bench/selecting.py --cells 1000000 --columns 20
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from typing import Any

from playwright.sync_api import sync_playwright

from bench.pan import ROOT, browser_path, served

PAGE = ROOT / "build" / "selecting"


def measure(cells: int = 1_000_000, columns: int = 20, moves: int = 20) -> dict[str, Any]:
    """Medians in milliseconds.

    Parameters
    ----------
    columns
        Counted for every filter, one half numeric, the other of 30 categories.
    moves
        Of the brush.
    """
    npx = shutil.which("npx")
    if npx is None:
        raise SystemExit("Node.js was not found: install Node.js 20 or newer to build the page.")
    command = [npx, "vite", "build", "--config", "bench/selecting/vite.config.ts", "--logLevel", "error"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    with served(PAGE) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path())
        page = browser.new_page()
        page.goto(address)
        page.wait_for_function("() => window.selectingBench !== undefined")
        options = {"n": cells, "columns": columns, "moves": moves}
        answer: dict[str, Any] = page.evaluate("options => window.selectingBench(options)", options)
        browser.close()
    return answer


def main() -> None:
    """Measure and print, from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    options = parser.parse_args()
    print(json.dumps(measure(options.cells, options.columns), indent=2))


if __name__ == "__main__":
    main()
