"""A file of a million cells and 9 GB: made, prepared, and served in little memory."""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench import load
from bench.client import Kind, Orders, Report
from bench.data import Shape, write_h5ad
from bench.serving import ROOT, Memory, Serve, ask

LIMIT = 512 * 2**20
"""What the anonymous memory of the server may take."""
SECONDS = 20.0
GENES = 2_000
CLIENTS = 8
GROUP = 1_000


def run(home: Path, n_obs: int = 1_000_000) -> dict[str, Any]:
    """Seconds and anonymous memory of each step."""
    shape = Shape(n_obs, density=0.055)
    file = home / "cells.h5ad"
    start = time.perf_counter()
    with Memory(os.getpid()) as making:
        values = write_h5ad(file, shape)
    made = time.perf_counter() - start
    result = {"n_obs": n_obs, "values": values, "bytes": file.stat().st_size}
    result |= {"made_seconds": made, "made_mb": making.peak, **_copy(file), **_prepare(home, file)}
    # twice: the index is built by a server that has no limit, and the other one finds it
    with Serve(home, file) as server, Memory(server.process.pid) as memory:
        server.wait_until_open()
        result["index_seconds"] = server.wait_for_index()
    result["index_mb"] = memory.peak
    for name, limit in (("free", None), ("limited", LIMIT)):
        result[name] = serve(home, file, shape, limit)
    return result


def serve(home: Path, file: Path, shape: Shape, limit: int | None) -> dict[str, Any]:
    """Waiting times and memory under genes, layouts and comparisons."""
    with Serve(home, file, limit=limit) as server, Memory(server.process.pid) as memory:
        server.wait_until_open()
        start = memory.peak
        one = _alone(server, _genes(server, shape))
        groups = _alone(server, _groups(server, shape, 30))
        kinds = load.requests(server, shape, weights={"gene": 80, "layout": 4, "obs": 10, "schema": 3})
        kinds.append(Kind("groups", 3, _groups(server, shape, 100).requests))
        server.loop()
        report = ask(Orders("127.0.0.1", server.port, CLIENTS, SECONDS, kinds, seed=1))
        loop = dict(server.loop())
    found = load.summary(report)
    return {
        "start_mb": start,
        "peak_mb": memory.peak,
        "last_mb": memory.last,
        "clients": CLIENTS,
        "gene_p50_ms": _percentile(one, 50),
        "gene_p99_ms": _percentile(one, 99),
        "groups_ms": _percentile(groups, 50),
        "limit": limit,
        "loop": loop,
        **found,
    }


def _alone(server: Serve, kind: Kind) -> Report:
    """One client, each request once; the first ones read the pages and compile the kernels."""
    for some in (kind.requests[:5], kind.requests[5:]):
        orders = Orders("127.0.0.1", server.port, 1, 60.0, [Kind(kind.name, 1.0, some)], once=True)
        report = ask(orders)
        assert not report.errors, report.errors[:3]
    return report


def _percentile(report: Report, percent: int) -> float:
    return float(np.percentile([wait for waits in report.waits.values() for wait in waits], percent) * 1e3)


def _genes(server: Serve, shape: Shape) -> Kind:
    (kind,) = load.requests(server, shape, weights={"gene": 1.0})
    return Kind("gene", 1.0, kind.requests[-205:])


def _groups(server: Serve, shape: Shape, n: int) -> Kind:
    """Some cells against as many others, wherever they lie."""
    rng = np.random.default_rng((3, n))

    def bits(cells: Any) -> str:
        chosen = np.zeros(shape.n_obs, bool)
        chosen[cells] = True
        return base64.b64encode(np.packbits(chosen, bitorder="little")).decode()

    def body() -> str:
        cells = rng.choice(shape.n_obs, 2 * GROUP, replace=False)
        return json.dumps({"a": {"cells": bits(cells[:GROUP])}, "b": {"cells": bits(cells[GROUP:])}})

    return Kind("groups", 1.0, [load.post(f"{server.dataset}diffexp", body()) for _ in range(n)])


def _copy(file: Path) -> dict[str, float]:
    """Seconds to copy the file, block by block: what any preparation has to do."""
    copy = file.with_suffix(".copy")
    start = time.perf_counter()
    with file.open("rb") as source, copy.open("wb") as target:
        while block := source.read(1 << 24):
            target.write(block)
    seconds = time.perf_counter() - start
    copy.unlink()
    return {"copy_seconds": seconds}


def _prepare(home: Path, file: Path) -> dict[str, float]:
    program = "from jupyter_cxg.cli.app import main; main()"
    command = [sys.executable, "-c", program, "prepare", str(file)]
    environment = {**os.environ, "CXG_SNAPSHOT_DIR": str(home / "snapshots")}
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    with process, Memory(process.pid) as memory:
        assert process.wait() == 0
    return {"prepare_seconds": time.perf_counter() - start, "prepare_mb": memory.peak}
