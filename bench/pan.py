"""Pan frame times in a real browser: our renderers against a bare draw of the same points.

Builds the page in ``bench/pan``, serves it as the viewer is served (sandboxed, so with an opaque origin),
drives it in Chromium, and prints JSON: milliseconds per frame, and the ratio to the bare draw.

    python bench/pan.py --points 1000000 --frames 20
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "build" / "pan"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def measure(points: int, frames: int, point_size: float | str = 2, gpu: bool = False) -> dict[str, Any]:
    """Frame times of both renderers.

    Parameters
    ----------
    points
        How many points are drawn.
    frames
        How many frames each renderer draws; the medians are over these.
    point_size
        Side of a point in CSS pixels, or ``"auto"``.
    gpu
        Use the machine's GPU; else Chromium's own software WebGL, which every machine has.

    Returns
    -------
    For each renderer its times in milliseconds per frame and what they were measured with.
    """
    build_page()
    arguments = [] if gpu else ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    answers: dict[str, Any] = {}
    with served(PAGE) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        for renderer in ("webgl2", "cpu"):
            page.goto(address)
            page.wait_for_function("() => window.panBench !== undefined")
            answers[renderer] = page.evaluate(
                "options => window.panBench(options)",
                {"n": points, "frames": frames, "renderer": renderer, "pointSize": point_size},
            )
        answers["browser"] = browser.version
        browser.close()
    return answers


def run() -> dict[str, Any]:
    """The row of docs/benchmarks.md: milliseconds per frame at one million points of 2 × 2 pixels."""
    answers = measure(1_000_000, 20)
    return {
        "webgl2_ms": answers["webgl2"]["webgl2"]["median"],
        "bare_ms": answers["webgl2"]["bare"]["median"],
        "recolor_ms": answers["webgl2"]["recolor"]["median"],  # new colors, until they are drawn
        "upload_ms": answers["webgl2"]["upload"]["median"],  # as many bytes, and a bare draw
        "cpu_ms": answers["cpu"]["cpu"]["median"],
        "cpu_shown_ms": answers["cpu"]["cpuShown"]["median"],  # through the worker, until it is on the canvas
    }


def build_page() -> None:
    """Bundle the page with the viewer's own toolchain."""
    npx = shutil.which("npx")
    if npx is None:
        raise SystemExit("Node.js was not found: install Node.js 20 or newer to build the page in bench/pan.")
    command = [npx, "vite", "build", "--config", "bench/pan/vite.config.ts", "--logLevel", "error"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)


def browser_path() -> str:
    """Where Chromium is: the environment variable CHROMIUM, else the PATH."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    path = next(filter(None, candidates), None)
    if path is None:
        raise SystemExit("Chromium was not found: install it (apt-get install chromium) or set CHROMIUM.")
    return path


class SandboxedPages(http.server.SimpleHTTPRequestHandler):
    """Static files under the viewer's content security policy."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "sandbox allow-scripts; worker-src blob:")
        self.send_header("Access-Control-Allow-Origin", "*")  # module scripts of an opaque origin
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the output is JSON."""


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The directory on a free port of this machine, as long as the block runs."""
    handler = functools.partial(SandboxedPages, directory=str(directory))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/index.html"
        finally:
            server.shutdown()


def main() -> None:
    """Measure and print, from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=20)
    parser.add_argument("--point-size", default="2", help='CSS pixels, or "auto"')
    parser.add_argument("--gpu", action="store_true", help="use the machine's GPU")
    options = parser.parse_args()
    size = options.point_size if options.point_size == "auto" else float(options.point_size)
    print(json.dumps(measure(options.points, options.frames, size, options.gpu), indent=2))


if __name__ == "__main__":
    main()
