"""Bodies that are too large are refused before they are here; the others arrive whole."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from jupyter_cxg.errors import TooMany
from jupyter_cxg.server.arriving import Room
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.receiving import MAX_KNOWN, MAX_STRANGE
from tests.server.conftest import Fetch

TEN_GB = 10**10


async def posted(port: int, path: str, length: str, pieces: Iterator[bytes]) -> tuple[bytes, int]:
    """What comes back for a body that is sent until the server has heard enough, and how much that was."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", length]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    sent = 0
    answer = asyncio.ensure_future(reader.read())
    try:
        while not answer.done() and (piece := next(pieces, None)):
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
            await asyncio.sleep(0)
    except ConnectionError:
        pass
    try:
        return await answer, sent
    except ConnectionError:  # hung up on while something was on its way
        return b"", sent
    finally:
        writer.close()


def megabytes(count: int) -> Iterator[bytes]:
    return iter([bytes(10**6)] * count)


def chunks(count: int) -> Iterator[bytes]:
    return iter([b"10000\r\n" + bytes(65536) + b"\r\n"] * count)


@pytest.fixture
def ask_path(jp_base_url: str, dataset: str) -> str:
    return f"{jp_base_url}cxg/d/{dataset}/ask"


async def test_ten_gigabytes_of_a_stranger(
    jp_serverapp: Any, http_server: Any, http_server_port: Any, ask_path: str, cxg: Context
) -> None:
    port = http_server_port[1]
    for length in (f"Content-Length: {TEN_GB}", f"Content-Length: {MAX_STRANGE + 1}"):
        answer, sent = await posted(port, ask_path, length, megabytes(200))
        assert sent < 200 * 10**6
        if answer:  # else it was lost with the connection
            assert answer.startswith(b"HTTP/1.1 413") and b'"too_large"' in answer
    _, sent = await posted(port, ask_path, "Transfer-Encoding: chunked", chunks(2000))
    assert sent < 131_000_000
    cxg.room.take(256_000_000)  # all of it is free again


async def test_who_waits_for_an_answer_gets_one(
    http_server: Any, http_server_port: Any, ask_path: str
) -> None:
    answer, _ = await posted(http_server_port[1], ask_path, f"Content-Length: {TEN_GB}", iter(()))
    assert answer.startswith(b"HTTP/1.1 413") and b'"too_large"' in answer


async def test_who_is_known_may_send_more(fetch: Fetch, login: Fetch, dataset: str, capability: str) -> None:
    body = b" " * (MAX_STRANGE + 1)
    path = f"cxg/d/{dataset}/diffexp"
    key = {"X-Cxg-Capability": capability}
    for answer in (
        await fetch(path, method="POST", body=body, headers=key),
        await login(path, method="POST", body=body),
    ):
        assert answer.code == 400 and json.loads(answer.body)["code"] == "bad_query"
    forged = await fetch(path, method="POST", body=body, headers={"X-Cxg-Capability": "forged"})
    assert forged.code in (413, 599)
    too_much = await fetch(path, method="POST", body=bytes(MAX_KNOWN + 1), headers=key)
    assert too_much.code in (413, 599)  # 599: the client was still sending


def test_there_is_room_for_so_much() -> None:
    room = Room(10)
    room.take(6)
    with pytest.raises(TooMany):
        room.take(5)
    room.give(6)
    room.take(10)


async def test_who_is_refused_before_the_body_is_told_that_the_line_is_cut(
    jp_serverapp: Any,
    http_server: Any,
    http_server_port: Any,
    jp_base_url: str,
    dataset: str,
    capability: str,
) -> None:
    """Else a proxy sends somebody else's request into it, and takes the server for gone."""
    head = f"POST {jp_base_url}cxg/d/{dataset}/diffexp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
    for header, status, is_cut in (
        ("", b"403", True),
        (f"X-Cxg-Capability: {capability}\r\n", b"400", False),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", http_server_port[1])
        writer.write(f"{head}{header}\r\n".encode() + b"{}")
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        assert answer.split()[1] == status  # 403 is for want of an XSRF token
        assert (b"\r\nconnection: close\r\n" in answer.lower()) == is_cut
        writer.close()
