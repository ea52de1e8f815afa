"""Answers of any size in bounded memory: made piece by piece, each when the one before has left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from ..wire.genes import Pieces

if TYPE_CHECKING:
    from .handler import DataHandler

AT_ONCE = 4
STALLED = 60.0
"""Seconds after which a client that takes nothing of a piece is sent away, as others wait for its place."""


class Streams:
    """Places for answers that hold some tens of megabytes while they last; half of them at most for guests.

    Parameters
    ----------
    at_once
        How many there are; more answers begin, and wait before they go on.
    stalled
        Seconds that a client may take for one piece.
    """

    def __init__(self, at_once: int = AT_ONCE, *, stalled: float = STALLED) -> None:
        self.stalled = stalled
        self._places = asyncio.Semaphore(at_once)
        self._guests = asyncio.Semaphore(max(1, at_once // 2))

    @property
    def is_full(self) -> bool:
        """Whether the next one must wait."""
        return self._places.locked()

    @asynccontextmanager
    async def place(self, *, guest: bool) -> AsyncIterator[None]:
        """Wait for a place, and keep it."""
        if not guest:
            async with self._places:
                yield
            return
        async with self._guests, self._places:
            yield


async def stream(handler: "DataHandler", pieces: Pieces, gone: asyncio.Event) -> None:
    """Finish with ``pieces``, each of which is made on the pool.

    The first one must be there without work: it is sent while the others may have to wait. Where something
    goes wrong after that, the connection ends in the middle of the body, as clients then know that it is not
    whole.

    Parameters
    ----------
    gone
        Set when the client leaves.
    """
    try:
        if not await _send_next(handler, pieces, gone):
            return
        async with handler.context.streams.place(guest=handler.guest):
            while await _send_next(handler, pieces, gone):
                pass
    except BaseException:
        _break_off(handler)
        raise
    finally:
        with suppress(ValueError):  # a thread is still at it: the server ends
            pieces.close()  # else their memory would wait for Python's next look for garbage


async def _send_next(handler: "DataHandler", pieces: Pieces, gone: asyncio.Event) -> bool:
    """Whether there was one more and the client has it."""
    piece = await handler.work(lambda: next(pieces, b""))
    if piece is None:  # the client left, and nobody needs the rest
        return False
    if not piece:
        handler.finish()
        return False
    handler.write(piece)
    sent = handler.flush()  # tornado forgets it, and never says anything, when the connection is lost
    leaving = asyncio.ensure_future(gone.wait())
    either: set[asyncio.Future[Any]] = {sent, leaving}
    try:
        stalled = handler.context.streams.stalled
        await asyncio.wait(either, timeout=stalled, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
    if sent.done():
        return sent.exception() is None
    if not gone.is_set():
        _break_off(handler)
    return False


def _break_off(handler: "DataHandler") -> None:
    if handler._headers_written and not handler._finished:  # tornado has no other word for it
        handler.detach().close()
