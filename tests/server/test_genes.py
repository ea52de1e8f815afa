"""Genes in bulk over HTTP: who may ask, what comes, and what becomes of clients that leave or do not read."""

import asyncio
import json
import re
import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from anndata import AnnData
from tornado.httpclient import HTTPResponse

from jupyter_cxg.engine import bulk
from jupyter_cxg.model import Array
from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import N_OBS, N_VARS, publish, tiny_adata
from tests.server.conftest import Fetch

API = Path(__file__).parents[2] / "docs" / "api.md"
ARROW = "application/vnd.apache.arrow.stream"


@pytest.fixture
def genes(fetch: Fetch, dataset: str, capability: str) -> Callable[..., Any]:
    """``await genes(["GENE3"], layer="raw")``, with the capability as a header."""

    async def ask(asked: Any, *, accept: str = "", headers: dict[str, str] | None = None, **more: Any) -> Any:
        known = {"X-Cxg-Capability": capability} if headers is None else headers
        if accept:
            known = {**known, "Accept": accept}
        body = asked if isinstance(asked, bytes) else json.dumps({"genes": asked, **more})
        return await fetch(f"cxg/d/{dataset}/genes", method="POST", body=body, headers=known)

    return ask


def x() -> Array:
    found: Array = tiny_adata().X.toarray()
    return found


def matrix(response: HTTPResponse) -> tuple[Array, Any]:
    """Cells × genes, and the metadata."""
    assert response.code == 200, response.body
    table = pa.ipc.open_stream(response.body).read_all()
    told = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    out = np.zeros((int(told["n_rows"]), table.num_rows))
    rows, values = table["rows"].to_pylist(), table["values"].to_pylist()
    for i in range(table.num_rows):
        out[slice(None) if rows[i] is None else rows[i], i] = values[i]
    assert table.num_rows == int(told["n_genes"])
    return out, told


def bits(mask: Array) -> str:
    return b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()


def says(response: HTTPResponse) -> str:
    found = json.loads(response.body)
    assert set(found) == {"code", "message"}
    return str(found["message"])


async def test_genes_by_name_and_position(genes: Any) -> None:
    response = await genes(["GENE7", 0, "TYPO", "GENE3", "GENE7"])
    assert response.headers["Content-Type"] == ARROW and response.headers["Cache-Control"] == "no-store"
    assert "Content-Length" not in response.headers
    found, told = matrix(response)
    np.testing.assert_array_equal(found, x()[:, [7, 0, 3]])
    assert json.loads(told["unknown"]) == ["TYPO"]
    table = pa.ipc.open_stream(response.body).read_all()
    assert table["gene"].to_pylist() == ["GENE7", "GENE0", "GENE3"]
    nobody, told = matrix(await genes(["TYPO", "typo"]))
    assert nobody.shape == (N_OBS, 0) and json.loads(told["unknown"]) == ["TYPO", "typo"]


async def test_genes_of_some_cells_of_a_layer(genes: Any) -> None:
    mask = np.arange(N_OBS) % 7 == 3
    found, _ = matrix(await genes([24, "RAW2"], layer="raw", cells=bits(mask)))
    np.testing.assert_array_equal(found, tiny_adata().raw.X[mask][:, [24, 2]])
    found, told = matrix(await genes([1], cells=bits(np.zeros(N_OBS, bool))))
    assert told["n_rows"] == "0" and found.shape == (0, 1)


async def test_json_is_for_people(genes: Any, cxg: Context) -> None:
    response = await genes(["GENE3", "TYPO"], accept="application/json")
    assert response.headers["Content-Type"] == "application/json"
    found = json.loads(response.body)
    assert found["n_rows"] == N_OBS and found["unknown"] == ["TYPO"]
    assert found["genes"] == [{"gene": "GENE3", "position": 3, "values": x()[:, 3].tolist()}]
    cxg.limits = type(cxg.limits)(2, 10, max_genes=N_VARS - 1)
    many = await genes([0, 1, 2], accept="application/json")
    assert many.code == 400 and "Cxg.max_columns" in says(many)
    assert (await genes([0, 1, 2])).code == 200
    more = await genes([*range(N_VARS)])
    assert more.code == 400 and "Cxg.max_genes" in says(more)


async def test_a_simple_request_is_enough(
    genes: Any, fetch: Fetch, dataset: str, capability: str, cxg: Context
) -> None:
    simple = {"Content-Type": "text/plain", "Origin": "null"}
    response = await genes(["GENE3"], capability=capability, headers=simple)
    assert response.headers["Access-Control-Allow-Origin"] == "null"
    np.testing.assert_array_equal(matrix(response)[0], x()[:, [3]])
    assert (await genes(["GENE3"], capability="forged", headers=simple)).code == 403
    assert (await genes(["GENE3"], headers={"Content-Type": "text/plain"})).code == 400  # nobody asks
    other = cxg.capabilities.issue("0" * 16, user="somebody")
    assert (await genes(["GENE3"], capability=other, headers=simple)).code == 403


async def test_a_login_is_enough_and_nothing_is_not(genes: Any, jp_auth_header: dict[str, str]) -> None:
    assert (await genes(["GENE3"], headers=jp_auth_header)).code == 200
    assert (await genes(["GENE3"], headers={})).code == 403
    assert (await genes(["GENE3"], headers={"X-Cxg-Capability": "a" * 43})).code == 403


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "must be JSON"),
        (b"[]", "must be JSON"),
        (b"[" * 100_000, "must be JSON"),
        (b"{}", "at least one"),
        (b'{"genes": []}', "at least one"),
        (b'{"genes": "GENE3"}', "a list of names"),
        (b'{"genes": [true]}', "a list of names"),
        (b'{"genes": [1.5]}', "a list of names"),
        (b'{"genes": [null]}', "a list of names"),
        (b'{"genes": [[1]]}', "a list of names"),
        (b'{"genes": [20]}', "outside of 0..19"),
        (b'{"genes": [-1]}', "outside of 0..19"),
        (b'{"genes": [1], "layer": 3}', "layer must be a text"),
        (b'{"genes": [1], "cells": 3}', "bitset in base64"),
        (b'{"genes": [1], "cells": "?"}', "bitset in base64"),
        (b'{"genes": [1], "cells": "\\u00e9"}', "bitset in base64"),
        (b'{"genes": [1], "cells": "AAAA"}', "has 8 bytes, not 3"),
        (b'{"genes": [1], "cells": "//////////8="}', "beyond the last cell"),
        (b'{"genes": [1], "cell": "AAAA"}', "may not have 'cell'"),
    ],
)
async def test_what_makes_no_sense_is_refused(genes: Any, body: bytes, message: str) -> None:
    response = await genes(body)
    assert response.code == 400 and message in says(response)


async def test_other_refusals(genes: Any, fetch: Fetch, capability: str, dataset: str) -> None:
    assert (await genes([1], layer="nothing")).code == 404
    assert (await genes([1], accept="application/octet-stream")).code == 406
    assert (await genes(b"x" * 4_000_001)).code == 413
    key = {"X-Cxg-Capability": capability}
    assert (await fetch(f"cxg/d/{dataset}/genes", headers=key)).code == 405


async def test_the_example_of_the_documentation_works(
    http_server: Any, jp_http_port: int, jp_base_url: str, dataset: str, capability: str
) -> None:
    (block,) = re.findall(r"^```python\n(.*?def genes.*?)^```", API.read_text(encoding="utf-8"), re.M | re.S)
    known: dict[str, Any] = {}
    exec(block, known)  # noqa: S102 - our own documentation
    url = f"http://127.0.0.1:{jp_http_port}{jp_base_url}cxg/d/{dataset}"
    found = await in_thread(lambda: known["genes"](url, capability, ["GENE7", "TYPO", 0]))
    np.testing.assert_array_equal(found[0].toarray(), x()[:, [7, 0]])
    assert found[1:] == (["GENE7", "GENE0"], ["TYPO"])


# ── slow and gone ──

N_BIG, GENES_BIG = 100_000, 100
TOTAL = N_BIG * GENES_BIG * 4
AHEAD = 24 << 20
"""What may be on its way: batches, and the buffers of both ends."""


class Worked:
    """How much was made, and whether whoever made it was told to stop."""

    def __init__(self) -> None:
        self.made = 0
        self.over = threading.Event()


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Worked:
    found, batches = Worked(), bulk._batches

    def watched(genes: Any) -> Iterator[Any]:
        try:
            for batch in batches(genes):
                found.made += sum(gene.values.nbytes for gene in batch)
                yield batch
        finally:
            found.over.set()

    monkeypatch.setattr(bulk, "_batches", watched)
    return found


@pytest.fixture
def big(catalog: Catalog) -> str:
    """A dataset of which not all fits into the buffers of a connection."""
    values = np.random.default_rng(0).random((N_BIG, GENES_BIG), np.float32)
    adata = AnnData(np.asfortranarray(values))
    adata.obsm["X_umap"] = values[:, :2].copy()
    return publish(adata, catalog)


@pytest.fixture
def connect(big: str, cxg: Context, http_server: Any, jp_http_port: int, jp_base_url: str) -> Any:
    """A connection over which all genes were asked for."""
    secret = cxg.capabilities.issue(big, user="somebody")
    opened = []

    def post() -> socket.socket:
        body = json.dumps({"genes": [*range(GENES_BIG)], "capability": secret})
        head = (
            f"POST {jp_base_url}cxg/d/{big}/genes HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
        )
        connection = socket.socket()
        opened.append(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", jp_http_port))
        connection.sendall(f"{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        return connection

    yield post
    for connection in opened:
        connection.close()


def in_thread(work: Callable[[], Any]) -> Any:
    """Blocking sockets, beside the server's loop."""
    return asyncio.get_running_loop().run_in_executor(None, work)


async def test_a_slow_reader_gets_all_and_costs_little(connect: Any, worked: Worked) -> None:
    def read() -> tuple[bytes, int]:
        connection, parts, size, ahead = connect(), [], 0, 0
        while part := connection.recv(1 << 16):
            parts.append(part)
            size += len(part)
            ahead = max(ahead, worked.made - size)
        return b"".join(parts), ahead

    body, ahead = await in_thread(read)
    assert ahead < AHEAD < TOTAL < len(body)
    assert body.startswith(b"HTTP/1.1 200") and body.endswith(b"\r\n0\r\n\r\n") and worked.made == TOTAL


async def test_a_client_that_leaves_stops_the_work(connect: Any, worked: Worked, cxg: Context) -> None:
    def leave() -> bool:
        connection = connect()
        size = 0
        while size < 1 << 20:  # so there was something to stop
            size += len(connection.recv(1 << 16))
        connection.close()
        return worked.over.wait(30)

    assert await in_thread(leave)
    assert worked.made < AHEAD
    assert await in_thread(lambda: connect().recv(12)) == b"HTTP/1.1 200"  # the server goes on


async def test_a_client_that_does_not_read_is_sent_away(connect: Any, worked: Worked, cxg: Context) -> None:
    cxg.streams.stalled = 0.2

    def wait() -> bytes:
        connection = connect()
        assert worked.over.wait(30)
        parts = []
        try:
            while part := connection.recv(1 << 20):
                parts.append(part)
        except ConnectionError:  # as the server did not read on either
            pass
        return b"".join(parts)

    body = await in_thread(wait)
    assert body.startswith(b"HTTP/1.1 200") and not body.endswith(b"\r\n0\r\n\r\n")  # and it can tell
    assert len(body) < TOTAL and worked.made < AHEAD


async def test_who_waits_for_a_place_has_the_first_byte(connect: Any, cxg: Context) -> None:
    for _ in range(4):  # nobody of them reads
        await in_thread(connect)
    first = await in_thread(lambda: connect().recv(12))
    assert cxg.streams.is_full and first == b"HTTP/1.1 200"


async def test_what_breaks_in_the_middle_breaks_the_connection(
    connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = bulk._batches

    def broken(genes: Any) -> Iterator[Any]:
        yield next(batches(genes))
        raise RuntimeError("a path: /home/user/secret")

    monkeypatch.setattr(bulk, "_batches", broken)

    def read() -> bytes:
        connection, parts = connect(), []
        while part := connection.recv(1 << 20):
            parts.append(part)
        return b"".join(parts)

    body = await in_thread(read)
    assert body.startswith(b"HTTP/1.1 200") and not body.endswith(b"\r\n0\r\n\r\n")
    assert b"secret" not in body
