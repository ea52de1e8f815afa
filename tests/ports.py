"""Ports for servers that must be told theirs."""

import os
import socket

# below those that systems give by themselves (49152 up, on Linux 32768 up): a port that is found free here
# stays so until the server listens, however many connections others make meanwhile
FIRST, LAST = 15_000, 32_000
_next = FIRST + os.getpid() * 101 % (LAST - FIRST)  # two processes of tests begin at different ones


def free_port() -> int:
    """One that nobody listens at, each time another."""
    global _next
    while True:
        port, _next = _next, _next + 1 if _next < LAST else FIRST
        with socket.socket() as found:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
