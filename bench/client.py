"""Many clients in one process that costs little: ``python -m bench.client``, its orders as JSON on stdin.

Each client has one connection and asks as soon as it is answered. Bodies are read into one buffer and
dropped: a client that did more would be measured instead of the server, with which it shares the cores.
"""

import json
import random
import re
import resource
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

_BUFFER = memoryview(bytearray(1 << 20))
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request.

    Attributes
    ----------
    weight
        How often it is made, compared with others.
    requests
        The heads and bodies to choose from, each as latin-1 text.
    status
        What the answer must be.
    """

    name: str
    weight: float
    requests: list[str]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Orders:
    """What to do.

    Attributes
    ----------
    once
        Whether to make each request once, in order, and to end when there are none left.
    """

    host: str
    port: int
    clients: int
    seconds: float
    kinds: list[Kind]
    seed: int = 0
    once: bool = False


@dataclass(slots=True)
class Connection:
    """One client, waiting for an answer."""

    socket: socket.socket
    kind: int = 0
    asked: float = 0.0
    head: bytes = b""
    left: int = -1  # bytes of the body that are still to come; -1: the head is not whole
    unsent: bytes = b""


@dataclass(slots=True)
class Report:
    """What was seen: kind → seconds of each answer, bytes, and what was not as it should be."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    received: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0


class Client:
    """All connections, and the next request of each."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._random = random.Random(orders.seed)  # noqa: S311 - no secret
        self._weights = [kind.weight for kind in orders.kinds]
        self._requests = [[text.encode("latin-1") for text in kind.requests] for kind in orders.kinds]
        self._selector = selectors.DefaultSelector()
        self._report = Report(waits={kind.name: [] for kind in orders.kinds})

    def run(self) -> Report:
        """Ask until the time is over, and wait for what was asked by then."""
        start = time.perf_counter()
        end = start + self._orders.seconds
        open_ = 0
        for _ in range(self._orders.clients):
            connection = Connection(socket.create_connection((self._orders.host, self._orders.port)))
            connection.socket.setblocking(False)
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
            self._ask(connection)
            open_ += 1
        while open_:
            for key, events in self._selector.select(60):
                connection = key.data
                if events & selectors.EVENT_WRITE:
                    self._send(connection)
                if events & selectors.EVENT_READ and not self._receive(connection):
                    continue
                if connection.left == 0:
                    if time.perf_counter() < end and self._more():
                        self._ask(connection)
                    else:
                        self._selector.unregister(connection.socket)
                        connection.socket.close()
                        open_ -= 1
        self._report.seconds = time.perf_counter() - start
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self._report.cpu_seconds = usage.ru_utime + usage.ru_stime
        return self._report

    def _more(self) -> bool:
        return not self._orders.once or all(self._requests)

    def _ask(self, connection: Connection) -> None:
        (connection.kind,) = self._random.choices(range(len(self._weights)), self._weights)
        requests = self._requests[connection.kind]
        connection.unsent = requests.pop(0) if self._orders.once else self._random.choice(requests)
        connection.head, connection.left = b"", -1
        connection.asked = time.perf_counter()
        self._send(connection)

    def _send(self, connection: Connection) -> None:
        sent = connection.socket.send(connection.unsent)
        connection.unsent = connection.unsent[sent:]
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.unsent else 0)
        self._selector.modify(connection.socket, events, connection)

    def _receive(self, connection: Connection) -> bool:
        """Whether there was something; what is there may be only a part."""
        try:
            count = connection.socket.recv_into(_BUFFER)
        except BlockingIOError:
            return False
        kind = self._orders.kinds[connection.kind]
        if count == 0:
            raise SystemExit(f"The server hung up on {kind.name} after {connection.head[:200]!r}.")
        self._report.received += count
        if connection.left < 0:
            connection.head += bytes(_BUFFER[:count])
            head, found, body = connection.head.partition(b"\r\n\r\n")
            if not found:
                return True
            length = _LENGTH.search(head)
            connection.left = (int(length[1]) if length else 0) - len(body)
            if int(head[9:12]) != kind.status:
                self._report.errors.append(f"{kind.name}: {connection.head[:300]!r}")
        else:
            connection.left -= count
        if connection.left == 0:
            self._report.waits[kind.name].append(time.perf_counter() - connection.asked)
        return True


def main() -> None:
    """Do as stdin says; the report goes to stdout as JSON."""
    said: dict[str, Any] = json.load(sys.stdin)
    kinds = [Kind(**kind) for kind in said.pop("kinds")]
    print(json.dumps(asdict(Client(Orders(**said, kinds=kinds)).run())))


if __name__ == "__main__":
    main()
