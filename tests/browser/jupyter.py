"""A real Jupyter server and a real notebook page, for the browser tests and the benchmarks."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import nbformat
from playwright.sync_api import Frame, Locator, Page, expect

TOKEN = "a-token-for-tests"
App = Literal["lab", "notebook"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Software WebGL is what a machine without a GPU has; the viewer finds that out by itself.
BROWSER_ARGUMENTS = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
# WebGL alone goes that way in tests: to put the page together by it takes three times as long.
TEST_ARGUMENTS = [*BROWSER_ARGUMENTS, "--disable-gpu-compositing"]
# What comes late on a busy machine is not wrong; what never comes costs this long.
expect.set_options(timeout=15_000)


def browser_path() -> str:
    """Where Chrome or Chromium is; `chromium.sh` has made sure that there is one."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise FileNotFoundError("No Chrome or Chromium found: run `bash tests/browser/chromium.sh`.")
    return found


class JupyterServer:
    """JupyterLab (which serves Notebook 7 too) in a process and a home of its own."""

    def __init__(self, home: Path, base_url: str = "/", arguments: Sequence[str] = ()) -> None:
        self.root = home / "notebooks"
        self.root.mkdir(parents=True, exist_ok=True)
        self.snapshots = home / "snapshots"
        self.base_url = base_url
        self.url = ""
        settings = home / "settings"
        quiet = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        quiet.parent.mkdir(parents=True)
        quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
        self.environment: Mapping[str, str] = {
            **os.environ,
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(settings),
            "IPYTHONDIR": str(home / "ipython"),
            "CXG_SNAPSHOT_DIR": str(self.snapshots),
            "PYTHONUNBUFFERED": "1",
        }
        self.command = [
            *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
            f"--ServerApp.root_dir={self.root}",
            f"--ServerApp.base_url={base_url}",
            f"--IdentityProvider.token={TOKEN}",
            # window.jupyterapp: the tests ask it when a kernel is ready instead of guessing
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True",
            *arguments,
        ]
        self.log: list[str] = []
        self._listening = threading.Event()

    def __enter__(self) -> "JupyterServer":
        self._process = subprocess.Popen(
            self.command,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=dict(self.environment),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._listening.wait(60) and self.url, "\n".join(self.log)
        return self

    def _read(self) -> None:
        """Follow the log; the line that names the URL says that the server listens."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log.append(line.rstrip())
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.url = f"http://127.0.0.1:{found[1]}{self.base_url}"
                self._listening.set()
        self._listening.set()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def write_notebook(self, name: str, cells: Sequence[str]) -> None:
        """A notebook of these code cells below the server's root."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, self.root / name)

    def page_url(self, app: App, notebook: str) -> str:
        """Address of a notebook in JupyterLab or Notebook 7, with the login."""
        # JupyterLab keeps its open tabs by workspace: each notebook gets one of its own
        workspace = notebook.removesuffix(".ipynb")
        place = {"lab": f"lab/workspaces/{workspace}/tree", "notebook": "notebooks"}[app]
        return f"{self.url}{place}/{notebook}?token={TOKEN}"

    def ask(self, path: str, method: str = "GET") -> Any:
        """Jupyter's own REST API, with the login."""
        request = urllib.request.Request(  # noqa: S310 - our own server on the loopback
            f"{self.url}{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            body = answer.read()
        return json.loads(body) if body else None

    def session_of(self, notebook: str) -> dict[str, Any]:
        """The session (with its kernel) of a notebook."""
        found: dict[str, Any] = next(s for s in self.ask("api/sessions") if s["path"].endswith(notebook))
        return found


class NotebookPage:
    """A notebook open in the browser: run cells, read their output, find the viewer's frame."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name

    def open(self, url: str) -> None:
        """Load the page and wait until its kernel answers."""
        self.page.goto(url)
        expect(self.cell(0)).to_be_visible(timeout=30_000)
        self.kernel_ready()

    def kernel_ready(self) -> None:
        """Wait until the notebook is loaded and connected to its kernel."""
        self.page.evaluate(
            """async () => {
                await window.jupyterapp.restored;
                const panel = window.jupyterapp.shell.currentWidget;
                await panel.context.ready;
                await panel.sessionContext.ready;
                await panel.sessionContext.session.kernel.info;
            }"""
        )

    def save(self) -> None:
        """Save the notebook; returns when it is on the disk."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def cell(self, index: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(index)

    def start(self, index: int) -> None:
        """Start a cell without waiting for its end."""
        self.focus(index)
        self.page.keyboard.press("Shift+Enter")

    def focus(self, index: int) -> None:
        """Put the cursor into a cell."""
        self.cell(index).locator(".cm-content").click()
        expect(self.cell(index).locator(".cm-editor.cm-focused")).to_be_attached()

    def finished(self, index: int, timeout: float = 30_000) -> None:
        """Wait until the cell has run."""
        expect(self.cell(index).locator(".jp-InputPrompt")).to_have_text(
            re.compile(r"\[\d+\]:"), timeout=timeout
        )

    def run(self, index: int, timeout: float = 30_000) -> None:
        self.start(index)
        self.finished(index, timeout)

    def rerun(self, index: int, source: str) -> str:
        """Put another source into a cell, run it and return the text it prints."""
        self.focus(index)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        before = self.cell(index).locator(".jp-InputPrompt").inner_text()
        self.page.keyboard.press("Control+Enter")
        prompt = self.cell(index).locator(".jp-InputPrompt")
        expect(prompt).not_to_have_text(before, timeout=30_000)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=30_000)
        return self.output(index)

    def output(self, index: int) -> str:
        return self.cell(index).locator(".jp-OutputArea").inner_text().strip()

    def prints(self, index: int, source: str, expected: str) -> None:
        """Run a cell until it prints this.

        What a viewer says reaches the kernel by a comm message of its own, at most ten times a second, and
        kernels handle comms beside cells: there is no event in the page that says that it has arrived.
        """
        deadline = time.monotonic() + 10
        while (printed := self.rerun(index, source)) != expected:
            assert time.monotonic() < deadline, f"expected {expected!r}, the kernel says {printed!r}"

    def viewer(self, index: int = 0) -> Frame:
        """The frame of the index-th viewer, once its first picture is drawn."""
        element = self.page.locator('iframe[src*="/cxg/d/"]').nth(index)
        element.wait_for(timeout=30_000)
        handle = element.element_handle()
        frame = handle.content_frame() if handle else None
        assert frame is not None
        ready(frame)
        return frame


def ready(frame: Frame) -> None:
    """Wait until the viewer in this frame has drawn its first picture."""
    frame.locator("[data-cxg-ready]").wait_for(state="attached", timeout=30_000)


def reload(page: Page) -> None:
    """Load a viewer's page again once its address has what it shows, and wait for its first picture."""
    page.wait_for_function("() => window.__cxg.viewer.address() === location.href")
    page.reload()
    ready(page.main_frame)


def show(frame: Frame) -> None:
    """Scroll a viewer into sight: browsers do not draw frames that nobody sees."""
    if frame.parent_frame is not None:
        frame.frame_element().scroll_into_view_if_needed()
