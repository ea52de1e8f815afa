"""A browser's tab without what tools for tests add: Playwright makes Chromium keep a copy of each answer."""

import json
import os
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import websocket

from tests.browser.jupyter import BROWSER_ARGUMENTS, browser_path


class RefusedError(Exception):
    """The browser did not do what it was asked for."""


class Tab:
    """A page and the process that shows it, by Chromium's DevTools protocol."""

    def __init__(self, address: str, url: str) -> None:
        quoted = urllib.parse.quote(url, safe="")
        new = urllib.request.Request(f"http://{address}/json/new?{quoted}", method="PUT")
        with urllib.request.urlopen(new) as answer:  # noqa: S310
            page = json.load(answer)["webSocketDebuggerUrl"]
        with urllib.request.urlopen(f"http://{address}/json/version") as answer:
            browser = json.load(answer)["webSocketDebuggerUrl"]
        self._page, self._browser = (
            websocket.create_connection(each, suppress_origin=True, timeout=120) for each in (page, browser)
        )

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, awaited."""
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        result = _call(self._page, "Runtime.evaluate", asked)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, selector: str) -> None:
        """Until an element is in the page, which may still be on its way."""
        until = time.monotonic() + 60
        asked = {"expression": f"!!document.querySelector({json.dumps(selector)})"}
        while True:
            with suppress(RefusedError):
                if _call(self._page, "Runtime.evaluate", asked)["result"].get("value"):
                    return
            assert time.monotonic() < until, selector
            time.sleep(0.05)

    def collect_garbage(self) -> None:
        """As the browser does when it finds the time."""
        _call(self._page, "HeapProfiler.collectGarbage")

    def resident(self) -> int:
        """Anonymous and shared bytes of the largest renderer: the tab's, with its workers."""
        processes = _call(self._browser, "SystemInfo.getProcessInfo")["processInfo"]
        return max(_anonymous(process["id"]) for process in processes if process["type"] == "renderer")


@contextmanager
def open_tab(url: str) -> Iterator[Tab]:
    """A new browser with this page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        arguments = [
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={home}",
            "--no-first-run",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        command = [browser_path(), *arguments, "--window-size=1400,900", *BROWSER_ARGUMENTS, "about:blank"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
            try:
                yield Tab(_address(Path(home) / "DevToolsActivePort"), url)
            finally:
                browser.terminate()


def _address(said: Path) -> str:
    until = time.monotonic() + 30
    while not (said.exists() and "\n" in said.read_text()):
        assert time.monotonic() < until, "Chromium did not start."
        time.sleep(0.05)
    return f"127.0.0.1:{said.read_text().splitlines()[0]}"


def _call(connection: websocket.WebSocket, method: str, params: dict[str, Any] | None = None) -> Any:
    connection.send(json.dumps({"id": 1, "method": method, "params": params or {}}))
    while True:
        answer = json.loads(connection.recv())
        if answer.get("id") == 1:
            if "error" in answer:
                raise RefusedError(answer["error"]["message"])
            return answer["result"]


def _anonymous(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    sizes = dict(line.split(":", 1) for line in lines)
    return sum(int(sizes[name].split()[0]) * 1024 for name in ("RssAnon", "RssShmem"))
