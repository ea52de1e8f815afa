"""A server in a process of its own, to be measured: its memory, and how late its event loop is."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from bench.client import Orders, Report

ROOT = Path(__file__).parents[1]
ARROW = "application/vnd.apache.arrow.stream"


class Serve:
    """``jupyter cxg serve FILE --auth none`` in a process of its own.

    Parameters
    ----------
    limit
        Bytes of anonymous memory that the process may take; None: no limit.
    """

    def __init__(
        self, home: Path, file: Path, arguments: Sequence[str] = (), limit: int | None = None
    ) -> None:
        self._watch = home / "loop.json"
        self._environment = {
            **os.environ,
            "CXG_SNAPSHOT_DIR": str(home / "snapshots"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "PYTHONUNBUFFERED": "1",
        }
        self._command = [sys.executable, "-m", "bench.monitored", str(self._watch), str(limit or 0)]
        self._command += [
            "jupyter_cxg.cli.app",
            "serve",
            str(file),
            "--auth",
            "none",
            "--port",
            "0",
            *arguments,
        ]
        self.port = 0

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self._command,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self._environment,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
                break
        assert self.port, "the server has not started"
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def url(self, path: str) -> str:
        """The address of a path below the root."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def get(self, path: str, body: bytes | None = None, accept: str = ARROW) -> bytes:
        """The answer to one question."""
        request = urllib.request.Request(self.url(path), body, {"Accept": accept})  # noqa: S310
        with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310 - our own server
            found: bytes = answer.read()
        return found

    def headers(self, path: str) -> str:
        """Those of an answer, as text."""
        with urllib.request.urlopen(self.url(path), timeout=600) as answer:  # noqa: S310 - our own server
            return str(answer.headers)

    def wait_until_open(self) -> float:
        """Until the file is prepared and complete."""
        start = time.perf_counter()
        while not self._is_open():
            assert self.process.poll() is None, "the server has ended"
            time.sleep(0.05)
        return time.perf_counter() - start

    def _is_open(self) -> bool:
        try:
            return bool(json.loads(self.get(f"{self.dataset}status", accept="*/*"))["state"] == "complete")
        except (urllib.error.HTTPError, ValueError):  # nothing there yet
            return False

    def wait_for_index(self, gene: str = "GENE0") -> float:
        """Ask for a gene, and until nothing is left to do in the background."""
        start = time.perf_counter()
        self.get(f"api/v0.2/data/var?var:name_0={gene}")
        while json.loads(self.get(f"{self.dataset}status", accept="*/*"))["progress"] is not None:
            time.sleep(0.2)
        return time.perf_counter() - start

    @property
    def dataset(self) -> str:
        """The path of the one dataset."""
        found = Path(self._environment["CXG_SNAPSHOT_DIR"]).glob("*/manifest.json")
        return f"cxg/d/{next((path.parent.name for path in found), 'none')}/"

    def loop(self) -> Mapping[str, Any]:
        """How late the event loop was since this was asked last."""
        self._watch.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        while not self._watch.exists():
            time.sleep(0.01)
        found: Mapping[str, Any] = json.loads(self._watch.read_text())
        return found


class Memory:
    """Looks at a process's anonymous memory, several times a second, while the block runs.

    Attributes
    ----------
    peak, last
        In MB of 2**20 bytes.
    """

    def __init__(self, pid: int, *, every: float = 0.02) -> None:
        self._pid, self._every = pid, every
        self.peak = self.last = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            total = sum(anonymous(pid) for pid in tree(self._pid))
            if total:  # it may have ended
                self.last = total
            self.peak = max(self.peak, total)
            if self._over.wait(self._every):
                return


def anonymous(pid: int) -> float:
    """The anonymous memory of a process in MB; 0 when it is gone."""
    try:
        found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def tree(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # the thread has ended
            continue
        for child in children:
            found += tree(int(child))
    return found


def ask(orders: Orders) -> Report:
    """What clients in a process of their own see."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        input=json.dumps(asdict(orders)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Report(**json.loads(done.stdout))
