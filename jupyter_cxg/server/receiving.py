"""Bodies of requests: read piece by piece, so that who sends too much is refused before it is all here."""

from typing import Any

from tornado import web

from ..errors import TooLarge
from . import access
from .context import Context

MAX_KNOWN = 64_000_000
"""Bytes that no handler exceeds."""

MAX_STRANGE = 4_000_000
"""Of who is not known before the body is read: by what is in it, or not at all."""

SMALL = 1_000_000


@web.stream_request_body
class Receiving(web.RequestHandler):
    """Knows its body as `received`; for handlers whose verbs check who asks."""

    context: Context
    _reserved = 0
    _listens = False
    """Whether the body is still to come."""

    async def prepare(self, **options: Any) -> None:
        """Called when the headers are there.

        Raises
        ------
        TooLarge
            More is announced than who asks may send.
        TooMany
            Others are sending too much now.
        """
        self._pieces: list[bytes] = []
        self._listens = True
        await super().prepare(**options)  # type: ignore[misc]  # Jupyter's, which finds out who asks
        if self._finished:
            return
        most = MAX_KNOWN if self._is_known() else MAX_STRANGE
        connection: Any = self.request.connection
        connection.set_max_body_size(most)  # beyond, tornado hangs up, after our answer
        length = self.request.headers.get("Content-Length", "")
        # without a length it comes in chunks, and tornado hangs up when they are too many
        announced = int(length) if length.isdigit() else most * ("Transfer-Encoding" in self.request.headers)
        if announced > most:
            raise TooLarge(f"The body has more than {most} bytes, which no question needs.")
        if announced > SMALL:
            self.context.room.take(announced)
            self._reserved = announced
        self._listens = False  # it is waited for from here on

    def finish(self, chunk: Any = None) -> Any:
        """Say that the line is cut, where the answer comes before the body: tornado cuts it in silence.

        A proxy that keeps lines for other requests, as JupyterHub's does, would send the next one into it.
        """
        if self._listens:
            self.set_header("Connection", "close")
        return super().finish(chunk)

    def data_received(self, chunk: bytes) -> None:
        """Called with each piece."""
        self._pieces.append(chunk)

    @property
    def received(self) -> bytes:
        """All of it."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""

    def on_finish(self) -> None:
        """Called by tornado when all is said."""
        super().on_finish()
        self._release()

    def on_connection_close(self) -> None:
        """Called by tornado when the client leaves without waiting for its answer."""
        super().on_connection_close()
        self._release()

    def detach(self) -> Any:
        """Called to hang up in the middle of an answer; tornado calls nothing after that."""
        self._release()
        return super().detach()

    def _release(self) -> None:
        self.context.room.give(self._reserved)
        self._reserved = 0

    def _is_known(self) -> bool:
        secret = self.request.headers.get(access.HEADER)
        if secret is None:
            return bool(self.current_user)
        return self.context.capabilities.user(secret) is not None
