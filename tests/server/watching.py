"""What tests of jobs share: work that waits to be let go, and a socket that says what happens."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from threading import Event, Lock
from typing import Any

from tornado.httpclient import HTTPResponse
from tornado.websocket import WebSocketClientConnection

from jupyter_cxg.engine.shelf import Opened
from jupyter_cxg.engine.watch import Cancelled
from jupyter_cxg.model import Columns
from jupyter_cxg.server.limits import Limits
from jupyter_cxg.server.params_jobs import JobAsked

Answer = Callable[[Opened, JobAsked, Limits], Columns]
Fetch = Callable[..., Awaitable[HTTPResponse]]
PATIENCE = 60.0
"""Seconds after which what did not come will not come; compiling the kernels takes some."""


class Gate:
    """Stands where jobs work, and lets them go on one by one.

    Attributes
    ----------
    begun
        The category, or the column, of what was begun, in order.
    stopped
        The same of what was stopped because nobody wanted it.
    """

    def __init__(self, real: Answer) -> None:
        self._real = real
        self._open: dict[str, Event] = {}
        self._lock = Lock()
        self.begun: list[str] = []
        self.stopped: list[str] = []
        self.has_stopped = Event()
        self.wide_open = False

    def let(self, name: str) -> None:
        """Let one go on, begun or not yet."""
        self._event(name).set()

    def answer(self, opened: Opened, asked: JobAsked, limits: Limits) -> Columns:
        """In place of `comparisons.answer`."""
        opened.watch.check()  # as any work does before it begins
        name = name_of(asked)
        self.begun.append(name)
        opened.watch.advance(0.25)
        try:
            while not (self.wide_open or self._event(name).wait(0.005)):
                opened.watch.check()
        except Cancelled:
            self.stopped.append(name)
            self.has_stopped.set()
            raise
        return self._real(opened, asked, limits)

    def _event(self, name: str) -> Event:
        with self._lock:
            return self._open.setdefault(name, Event())


def name_of(asked: JobAsked) -> str:
    """Short, for tests."""
    query: Any = asked.query
    if asked.kind == "markers":
        return str(query.column)
    return str(getattr(query.a, "category", "") or query.a.positions.tolist()[0])


class Told:
    """A socket of the viewer, and what it was told."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []

    async def say(self, **said: str) -> None:
        """Say who it is."""
        await self.socket.write_message(json.dumps(said))

    async def next(self) -> dict[str, Any] | None:
        """The next message; None: it was hung up."""
        message = await asyncio.wait_for(self.socket.read_message(), PATIENCE)
        if message is None:
            return None
        found: dict[str, Any] = json.loads(message)
        self.heard.append(found)
        return found

    async def job(self, id: str, **wanted: Any) -> dict[str, Any]:
        """Wait until a job is as wanted."""
        while True:
            said = await self.next()
            assert said is not None, (self.socket.close_code, self.socket.close_reason)
            job = said.get("job", {})
            if job.get("job") == id and all(job[name] == value for name, value in wanted.items()):
                return dict(job)
            assert job.get("job") != id or job["state"] in ("queued", "running"), job

    async def status(self, **wanted: Any) -> dict[str, Any]:
        """Wait until the dataset is as wanted."""
        while True:
            said = await self.next()
            assert said is not None, (self.socket.close_code, self.socket.close_reason)
            status = said.get("status")
            if status is not None and all(status[name] == value for name, value in wanted.items()):
                return dict(status)

    async def end(self) -> tuple[int | None, str | None]:
        """Wait until it is hung up; with which code, and why."""
        while await self.next() is not None:
            pass
        return self.socket.close_code, self.socket.close_reason


class Person:
    """Somebody with a page of the dataset."""

    def __init__(self, fetch: Fetch, dataset: str, secret: str) -> None:
        self.fetch, self.dataset, self.secret = fetch, dataset, secret

    async def ask(self, path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> HTTPResponse:
        """A request below the dataset."""
        key = {"X-Cxg-Capability": self.secret, **(headers or {})}
        return await self.fetch(f"cxg/d/{self.dataset}/{path}", headers=key, **kwargs)

    async def submit(self, kind: str = "diffexp", **body: Any) -> HTTPResponse:
        """``POST jobs``."""
        return await self.ask("jobs", method="POST", body=json.dumps({"kind": kind, **body}))

    async def start(self, first: int) -> dict[str, Any]:
        """A job about some cells, named by the first of them."""
        cells = {"filter": {"obs": {"index": [first, *range(50, 60)]}}}
        return dict(json.loads((await self.submit(a=cells)).body))

    async def see(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job now."""
        return dict(json.loads((await self.ask(f"jobs/{job['job']}")).body))

    async def cancel(self, job: dict[str, Any]) -> int:
        """The status of the answer."""
        return (await self.ask(f"jobs/{job['job']}", method="DELETE")).code
