"""A port that is free, and an application that listens there until it is told to stop."""

import asyncio
import errno
import socket

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from ..errors import BadQuery, Conflict
from .standalone import Application

USUAL_PORT = 5005
PORTS_TRIED = 50
GRACE = 10.0
MAX_BODY = 4_000_000  # of who is not known; see `receiving` for the others


def listen(address: str, port: int | None) -> list[socket.socket]:
    """Sockets that listen at a port, or at the first free one from `USUAL_PORT` on.

    Raises
    ------
    Conflict
        The port is taken.
    BadQuery
        This machine has no such address, or the port is not for everybody.
    """
    if port is not None and not 0 <= port < 65536:  # the system would take it modulo 65536
        raise BadQuery(f"There is no port {port}: ports go from 1 to 65535.")
    tried = range(USUAL_PORT, USUAL_PORT + PORTS_TRIED) if port is None else (port,)
    for candidate in tried:
        try:
            return bind_sockets(candidate, address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            if error.errno == errno.EACCES:
                raise BadQuery(f"Port {candidate} is for the administrator: take one above 1023.") from None
            why = error.strerror or str(error)
            raise BadQuery(f"This machine cannot listen at {address!r} ({why}): see --host.") from None
    taken = f"Port {port} is" if port is not None else f"All ports from {USUAL_PORT} to {tried[-1]} are"
    raise Conflict(f"{taken} taken at {address or 'this machine'}: give another with --port.")


class Listener:
    """The application, listening.

    Parameters
    ----------
    behind_proxy
        Whether to believe the headers by which a proxy says who asked, and by which scheme.
    """

    def __init__(self, app: Application, sockets: list[socket.socket], *, behind_proxy: bool = False) -> None:
        self._app = app
        self._server = HTTPServer(app, xheaders=behind_proxy, max_body_size=MAX_BODY)
        self._server.add_sockets(sockets)

    async def stop(self, grace: float = GRACE) -> None:
        """Take no more requests, answer those that are there, hang up."""
        self._server.stop()
        clock = asyncio.get_running_loop().time
        end = clock() + grace
        while self._app.busy > 0 and clock() < end:
            await asyncio.sleep(0.02)
        await self._server.close_all_connections()
