"""A web server for tests, in a thread of its own, which serves a folder in whatever way a test wants."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

Behave = Callable[[web.Request, Path], Awaitable[web.StreamResponse | None]]


class Server:
    """Serves a folder with ranges, ETags and dates.

    Attributes
    ----------
    behave
        Asked first; what it returns is the answer, unless that is None.
    asked
        Method, path with query, and Range of each request so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.behave: Behave | None = None
        self.asked: list[tuple[str, str, str]] = []
        self.headers: list[dict[str, str]] = []
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.run_until_complete(self._cancelled())
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def _cancelled(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.raw_path, request.headers.get("Range", "")))
        self.headers.append(dict(request.headers))
        path = self.folder / unquote(request.path).lstrip("/")
        if self.behave and (answer := await self.behave(request, path)) is not None:
            return answer
        return web.FileResponse(path) if path.is_file() else web.Response(status=404)

    @property
    def url(self) -> str:
        """Of the folder, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """As --allow-private takes it."""
        return f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End it."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)


async def without_ranges(request: web.Request, path: Path) -> Any:
    """As servers that know nothing of parts answer."""
    return web.Response(body=path.read_bytes(), headers={"ETag": '"one"'}) if path.is_file() else None
