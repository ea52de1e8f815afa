"""64 clients that ask what viewers ask, in about the proportions of real use, through a real server."""

import base64
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from bench.client import Kind, Orders, Report
from bench.counts import TYPES
from bench.data import LINEAGES, Shape, write_h5ad
from bench.serving import ARROW, Memory, Serve, ask

CLIENTS = 64
SECONDS = 20.0
GENES = 5_000
"""So many different genes and pairs of groups are asked for: more than any cache holds."""


def run(home: Path, n_obs: int = 100_000) -> dict[str, Any]:
    """Waiting times by kind of request, the server's memory, and how long its event loop was blocked."""
    shape = Shape(n_obs)
    file = home / "cells.h5ad"
    write_h5ad(file, shape)
    with Serve(home, file) as server, Memory(server.process.pid) as memory:
        server.wait_until_open()
        index_seconds = server.wait_for_index()
        kinds = requests(server, shape)
        ask(Orders("127.0.0.1", server.port, 4, 2.0, kinds))  # kernels are compiled, pages are read
        server.loop()
        report = ask(Orders("127.0.0.1", server.port, CLIENTS, SECONDS, kinds, seed=1))
        loop = server.loop()
    return {"n_obs": n_obs, **summary(report), "loop": dict(loop), "index_seconds": index_seconds} | {
        "clients": CLIENTS,
        "peak_anonymous_mb": memory.peak,
    }


def summary(report: Report) -> dict[str, Any]:
    """Percentiles of each kind in milliseconds."""
    kinds = {
        name: {
            "n": len(waits),
            **{f"p{p}_ms": float(np.percentile(waits, p) * 1e3) for p in (50, 99)},
            "worst_ms": max(waits) * 1e3,
        }
        for name, waits in report.waits.items()
        if waits
    }
    answers = sum(map(len, report.waits.values()))
    return {
        "answers_per_second": answers / report.seconds,
        "errors": len(report.errors),
        "first_errors": report.errors[:3],
        "megabytes_per_second": report.received / report.seconds / 1e6,
        "client_cpu_share": report.cpu_seconds / report.seconds,
        "kinds": kinds,
    }


def requests(server: Serve, shape: Shape, *, weights: Mapping[str, float] | None = None) -> list[Kind]:
    """Mostly genes, as who looks at cells clicks through genes; now and then everything else."""
    rng = np.random.default_rng(7)
    data = server.dataset
    schema = re.search(r'(?i)etag: ("[^"]*")', server.headers("api/v0.2/schema"))
    assert schema is not None
    names = {
        "gene": [_get(f"api/v0.2/data/var?var:name_0=GENE{i}") for i in _genes(rng, shape)],
        "obs": [
            _get(f"api/v0.2/annotations/obs?annotation-name={name}")
            for name in ("cluster", "cell_type", "sample", "n_genes", "percent_mito")
        ],
        "layout": [_get("api/v0.2/layout/obs?layout-name=umap")],
        "schema": [_get("api/v0.2/schema", f"If-None-Match: {schema[1]}\r\n")],
        "summarize": [
            _get("api/v0.2/summarize/var?method=mean&" + "&".join(f"var:name_0=GENE{i}" for i in some))
            for some in np.sort(rng.integers(shape.n_vars, size=(300, 10)), axis=1).tolist()
        ],
        "categories": [
            _get(f"{data}diffexp?column={c}&a={quote(a)}&b={quote(b)}") for c, a, b in _pairs(rng)
        ],
        "halves": [post(f"{data}diffexp", _halves(rng, shape.n_obs)) for _ in range(40)],
    }
    usual = WEIGHTS if weights is None else weights
    return [
        Kind(name, usual[name], texts, 304 if name == "schema" else 200)
        for name, texts in names.items()
        if usual.get(name)
    ]


WEIGHTS = {
    "gene": 86.0,
    "obs": 5.0,
    "layout": 2.0,
    "schema": 3.0,
    "summarize": 3.0,
    "categories": 1.0,
    "halves": 0.02,  # each takes all cores for a quarter of a second
}


def _genes(rng: np.random.Generator, shape: Shape) -> list[int]:
    return rng.permutation(shape.n_vars)[:GENES].tolist()


def _pairs(rng: np.random.Generator) -> list[tuple[str, str, str]]:
    def some(n: int, name: Callable[[int], str]) -> list[tuple[str, str]]:
        chosen = [rng.permutation(n)[:2].tolist() for _ in range(100)]
        return [(name(a), name(b)) for a, b in chosen]

    lineages = some(LINEAGES, lambda i: f"cluster {i}")
    types = some(TYPES, lambda i: f"type {i}")
    return [("cluster", a, b) for a, b in lineages] + [("cell_type", a, b) for a, b in types]


def _halves(rng: np.random.Generator, n_obs: int) -> str:
    half = rng.permutation(np.arange(n_obs) % 2).astype(bool)
    a, b = (base64.b64encode(np.packbits(cells, bitorder="little")).decode() for cells in (half, ~half))
    return f'{{"a":{{"cells":"{a}"}},"b":{{"cells":"{b}"}}}}'


def _get(path: str, headers: str = "") -> str:
    return f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {ARROW}\r\n{headers}\r\n"


def post(path: str, body: str) -> str:
    """A request with a body, as it goes over the wire."""
    head = f"POST /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {ARROW}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
