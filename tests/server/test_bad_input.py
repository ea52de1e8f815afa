"""Requests that ask for too much, or make no sense: 4xx, soon, in little memory, and others are served."""

import json
import shutil
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import flatbuffers
import pytest

from jupyter_cxg.server.context import Context
from tests.reference.example import N_OBS, N_VARS
from tests.server.conftest import Fetch

BILLION = 10**9
SECONDS, BYTES = 10.0, 200 * 10**6
DEEP = "[" * 100_000 + "]" * 100_000
# (positions of) all that there is, 60,000 times
OFTEN = ",".join([f"[0,{BILLION}]"] * 60_000)
MANY = json.dumps([str(i) for i in range(90_000)])


def var(text: str) -> str:
    return f'{{"filter": {{"var": {text}}}}}'


def two_sets(text: str) -> str:
    chosen = f'{{"filter": {{"obs": {text}}}}}'
    return f'{{"mode": "topN", "count": 3, "set1": {chosen}, "set2": {{"filter": {{"obs": {{}}}}}}}}'


def rows_that_lie() -> bytes:
    builder = flatbuffers.Builder(0)
    builder.StartObject(7)
    builder.PrependUint32Slot(0, BILLION, 0)
    builder.PrependUint32Slot(1, 1, 0)
    builder.Finish(builder.EndObject())
    return zlib.compress(bytes(builder.Output()))


@pytest.fixture
def bounded() -> Iterator[None]:
    tracemalloc.start()
    started = time.monotonic()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.monotonic() - started < SECONDS and peak < BYTES


REQUESTS: list[tuple[str, str, str | bytes, tuple[int, ...]]] = [
    ("PUT", "api/v0.2/data/var", var(f'{{"index": [[-{BILLION}, 5]]}}'), (400,)),
    ("PUT", "api/v0.2/data/var", var(f'{{"index": [[{BILLION}, {2 * BILLION}]]}}'), (400,)),
    ("PUT", "api/v0.2/data/var", var(f'{{"index": [{BILLION}]}}'), (400,)),
    ("PUT", "api/v0.2/data/var", var(f'{{"index": [{OFTEN}]}}'), (200,)),  # as cellxgene: all genes
    (
        "PUT",
        "api/v0.2/data/var",
        var(f'{{"annotation_value": [{{"name": "n_cells", "values": {MANY}}}]}}'),
        (200,),
    ),
    (
        "PUT",
        "api/v0.2/data/var",
        var('{"annotation_value": [{"name": "n_cells", "min": 1' + "0" * 400 + "}]}"),
        (400,),
    ),
    ("PUT", "api/v0.2/data/var", var('{"index": 7}'), (400,)),
    ("PUT", "api/v0.2/data/var", DEEP, (400,)),
    ("PUT", "api/v0.2/data/var", "\ud800".encode("utf-8", "surrogatepass"), (400,)),
    ("POST", "api/v0.2/diffexp/obs", two_sets(f'{{"index": [[{BILLION}, {2 * BILLION}]]}}'), (400,)),
    ("POST", "api/v0.2/diffexp/obs", two_sets(f'{{"index": [[0, {2**63}]]}}'), (400,)),
    ("POST", "api/v0.2/diffexp/obs", two_sets(f'{{"index": [{OFTEN}]}}'), (200,)),
    (
        "POST",
        "api/v0.2/diffexp/obs",
        two_sets(f'{{"annotation_value": [{{"name": "huge", "values": {MANY}}}]}}'),
        (400,),
    ),
    ("POST", "api/v0.2/diffexp/obs", DEEP, (400,)),
    ("POST", "diffexp", '{"a": {"cells": "AAAA"}}', (400,)),
    ("POST", "diffexp", '{"a": {"cells": "%%%%"}}', (400,)),
    ("POST", "diffexp", '{"a": {"cells": "' + "A" * 900_000 + '"}}', (400,)),
    ("PUT", "api/v0.2/annotations/obs", zlib.compress(bytes(BILLION // 4)), (413,)),
    ("PUT", "api/v0.2/annotations/obs", rows_that_lie(), (400,)),
    ("PUT", "api/v0.2/annotations/obs", zlib.compress(b"\xff" * 1000), (400,)),
    ("PUT", "api/v0.2/annotations/obs", b"not deflated", (400,)),
    ("PUT", "api/v0.2/genesets", '{"tid": 1, "genesets": ' + DEEP + "}", (400,)),
    ("PUT", "api/v0.2/genesets", f'{{"tid": {10**30}, "genesets": []}}', (400,)),
    ("POST", "links", DEEP, (400,)),
    ("POST", "ask", DEEP, (400,)),
    ("POST", "ask", '{"capability": "x", "questions": ' + json.dumps(["schema"] * 50_000) + "}", (400,)),
    ("GET", "api/v0.2/data/var?var:n_cells=1e999,*", "", (200,)),
    ("GET", "api/v0.2/data/var?var:n_cells=nan,1", "", (400,)),
    ("GET", "api/v0.2/annotations/obs?" + "&".join(["annotation-name=louvain"] * 1000), "", (400,)),
    ("GET", "api/v0.2/layout/obs?layout-name=%00", "", (404,)),
]


@pytest.mark.parametrize(("method", "path", "body", "statuses"), REQUESTS, ids=range(len(REQUESTS)))
async def test_too_much_or_nonsense(
    login: Fetch,
    jp_serverapp: Any,
    cxg: Context,
    dataset: str,
    bounded: None,
    method: str,
    path: str,
    body: str | bytes,
    statuses: tuple[int, ...],
) -> None:
    owner = cxg.capabilities.issue(dataset, user="somebody", role="own")
    headers = {"X-Cxg-Capability": owner, "Accept": "application/json"}
    answer = await login(
        f"cxg/d/{dataset}/{path}", method=method, body=body if method != "GET" else None, headers=headers
    )
    assert answer.code in statuses, (answer.code, answer.body[:300])
    if answer.code >= 400:
        said = json.loads(answer.body)
        assert said["code"] in ("bad_query", "too_large", "not_found") and len(said["message"]) < 400
    else:
        assert len(answer.body) < 40 * N_OBS * N_VARS
    assert (await login(f"cxg/d/{dataset}/status")).code == 200


async def test_a_dataset_that_vanishes_while_it_is_open(login: Fetch, cxg: Context, dataset: str) -> None:
    path = f"cxg/d/{dataset}/api/v0.2/data/var?var:name_0=GENE1"
    assert (await login(path)).code == 200
    shutil.rmtree(cxg.catalog.root / dataset)
    for question in (path, f"cxg/d/{dataset}/status", f"cxg/d/{dataset}/api/v0.2/schema"):
        gone = await login(question)
        assert gone.code == 404 and json.loads(gone.body)["code"] == "not_found"
    assert (await login("cxg/api/snapshots")).code == 200
