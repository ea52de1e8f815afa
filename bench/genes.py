"""16 clients ask random genes of one dataset through a real Jupyter server."""

import asyncio
import json
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np

from bench.data import Shape, make_adata
from tests.browser.jupyter import TOKEN, JupyterServer

CLIENTS = 16
SECONDS = 10.0


def run(home: Path, n_obs: int = 100_000) -> dict[str, Any]:
    """Genes per second and the spread of the waiting times, once the server has its index."""
    from jupyter_cxg.snapshot.catalog import Catalog
    from jupyter_cxg.snapshot.writer import Publication

    shape = Shape(n_obs)
    with JupyterServer(home, "/user/someone/") as server:
        catalog = Catalog(server.snapshots)
        publication = Publication.begin(make_adata(shape), catalog, title="bench")
        publication.finish(None)
        dataset = f"{server.url}cxg/d/{publication.manifest.id}/"
        index_seconds = _wait_for_index(dataset)
        capability = _capability(dataset)
        waits, received, seconds = asyncio.run(_load(dataset, capability, shape))
        rss = _memory(server)
    return {
        "n_obs": n_obs,
        "genes_per_second": len(waits) / seconds,
        "p50_ms": float(np.percentile(waits, 50) * 1e3),
        "p99_ms": float(np.percentile(waits, 99) * 1e3),
        "bytes_per_gene": received / len(waits),
        "index_seconds": index_seconds,
        "server_rss_mb": rss,
    }


def _get(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server on the loopback
        body: bytes = answer.read()
    return body


def _wait_for_index(dataset: str) -> float:
    """Open the dataset and ask until the server says that no background work is left."""
    start = time.perf_counter()
    _get(f"{dataset}api/v0.2/data/var?var:name_0=GENE0")
    while json.loads(_get(f"{dataset}status"))["progress"] is not None:
        time.sleep(0.1)
    return time.perf_counter() - start


def _capability(dataset: str) -> str:
    page = _get(dataset).decode()
    config = re.search(r'<script id="cxg-config" type="application/json">(.*?)</script>', page, re.S)
    assert config is not None
    capability: str = json.loads(config[1])["capability"]
    return capability


async def _load(dataset: str, capability: str, shape: Shape) -> tuple[list[float], int, float]:
    host, _, rest = dataset.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    deadline = time.perf_counter() + SECONDS
    waits: list[float] = []
    sizes: list[int] = []

    async def client(seed: int) -> None:
        rng = np.random.default_rng(seed)
        reader, writer = await asyncio.open_connection(name, int(port), limit=2**22)
        while time.perf_counter() < deadline:
            gene = f"GENE{rng.integers(shape.n_vars)}"
            writer.write(
                f"GET /{rest}api/v0.2/data/var?var:name_0={gene} HTTP/1.1\r\nHost: {host}\r\n"
                "Accept: application/vnd.apache.arrow.stream\r\n"
                f"X-Cxg-Capability: {capability}\r\n\r\n".encode()
            )
            start = time.perf_counter()
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]
            await reader.readexactly(length)
            waits.append(time.perf_counter() - start)
            sizes.append(length)
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(client(i) for i in range(CLIENTS)))
    return waits, sum(sizes), time.perf_counter() - start


def _memory(server: JupyterServer) -> float:
    status = Path(f"/proc/{server._process.pid}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")
