"""/cxg/d/{id}/events — a WebSocket on which the viewer is told about its jobs and its dataset."""

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ...errors import BadQuery, CxgError, Forbidden
from ...wire.plain import json_document
from .. import params_jobs
from ..errors import answer_to
from ..feeds import Document, Feed
from ..handler import CxgHandler
from ..spec import Answer, spec

SPEAK_WITHIN = 5.0
MAX_MESSAGE = 4096
PING_EVERY = 30.0
CLOSED = 4000
"""Plus the status of the same error over HTTP: codes for applications begin here (RFC 6455, 7.4.2)."""
GOING_AWAY = 1001
MAX_REASON = 123  # bytes


class Events(WebSocketHandler, CxgHandler):
    """Who is there, is said by the capability in the first message and by nothing else.

    A WebSocket is sent with the cookies of its visitor, whatever page opens it, and the sandboxed viewer has
    none: so no cookie, token or login is looked at.
    """

    _feed: Feed | None = None
    _deadline: Any = None
    _spoken = False

    def initialize(self, context: Any) -> None:
        """As all handlers."""
        super().initialize(context=context)
        self._waiting: dict[str, Document] = {}
        self._more = asyncio.Event()
        self._sender: asyncio.Task[None] | None = None

    async def prepare(self, **_: Any) -> None:
        """Nobody is recognized here."""
        self.current_user = self._jupyter_current_user = None
        if not self.check_host():
            raise web.HTTPError(403)

    def check_origin(self, origin: str = "") -> bool:
        """From the sandboxed viewer, from a page of this server, or from a program."""
        return origin in ("", "null") or urlsplit(origin).netloc.lower() == self.request.host.lower()

    @property
    def max_message_size(self) -> int:
        """A capability is short."""
        return MAX_MESSAGE

    @property
    def ping_interval(self) -> float:
        """Proxies hang up where nothing is said for a minute."""
        return PING_EVERY

    @property
    def ping_timeout(self) -> float:
        """Then nobody is there any more."""
        return PING_EVERY

    @spec(
        'A WebSocket: told about jobs and the state of the dataset after {"capability": …} was said',
        "public",
        {101: Answer("Speak within five seconds."), 426: Answer("It is a WebSocket.")},
    )
    @allow_unauthenticated  # the first message says who it is; before, nothing is answered
    async def get(self, dataset_id: str) -> None:
        """Shake hands."""
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            raise web.HTTPError(426)
        await super().get(dataset_id)

    def open(self, dataset_id: str) -> None:
        """Wait for the first message, but not long."""
        self.dataset_id = dataset_id
        try:
            self.context.feeds.greet(self)
        except CxgError as error:
            self.end(error)
            return
        silent = Forbidden('Nothing was said: send {"capability": …} first.')
        self._deadline = asyncio.get_running_loop().call_later(SPEAK_WITHIN, self.end, silent)

    async def on_message(self, message: str | bytes) -> None:
        """The first is the capability; of the others nothing is expected."""
        if self._spoken:
            return
        self._spoken = True
        context = self.context
        try:
            body = message if isinstance(message, bytes) else message.encode("utf-8", "replace")
            secret = params_jobs.capability_of(body)
            await context.admit(secret, self.dataset_id)
            if self.ws_connection is None or self.close_code is not None:
                return  # they left meanwhile
            self._deadline.cancel()
            self._sender = asyncio.get_running_loop().create_task(self._send())
            self._feed = context.feeds.add(
                self.dataset_id, secret, context.asker(secret, self.dataset_id), self
            )
        except CxgError as error:
            self.end(error)
        except Exception:
            self.log.exception("A WebSocket failed.")
            self.end(BadQuery("This failed by a mistake of ours: the server's log has it."))

    def push(self, name: str, document: Document) -> None:
        """Send a document when all before is sent; of those of one name that wait, only the last.

        So a client that reads slowly is told less, and nothing piles up.
        """
        self._waiting[name] = document
        self._more.set()

    def end(self, error: CxgError | None) -> None:
        """Hang up, with the reason; None: the server stops."""
        if error is None:
            self.close(GOING_AWAY, "The server stops.")
            return
        status, _, sentence = answer_to(error)
        self.close(CLOSED + status, sentence.encode()[:MAX_REASON].decode("utf-8", "ignore"))

    def on_close(self) -> None:
        """They left, or were hung up on."""
        if self._deadline is not None:
            self._deadline.cancel()
        self.context.feeds.forget(self)
        if self._feed is not None:
            self.context.feeds.remove(self._feed)
        if self._sender is not None:
            self._sender.cancel()

    async def _send(self) -> None:
        with suppress(WebSocketClosedError):
            while True:
                await self._more.wait()
                self._more.clear()
                while self._waiting:
                    name = next(iter(self._waiting))
                    await self.write_message(json_document(self._waiting.pop(name)).decode())
