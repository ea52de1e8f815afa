"""Several questions in one request of the sandboxed page."""

import json
from typing import Any

import pyarrow as pa
import pytest

from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch

ARROW = "application/vnd.apache.arrow.stream"


@pytest.fixture
def ask(fetch: Fetch, dataset: str, capability: str) -> Any:
    """``await ask("schema", …)``: the response to a simple request, as the viewer sends it."""

    async def post(*questions: Any, **body: Any) -> Any:
        content = {"capability": capability, "questions": list(questions), **body}
        return await fetch(
            f"cxg/d/{dataset}/ask",
            method="POST",
            body=json.dumps(content),
            headers={"Origin": "null", "Content-Type": "text/plain"},
        )

    return post


def unpack(body: bytes) -> list[tuple[dict[str, Any], bytes]]:
    """Header entry and part of each answer."""
    start = 4 + int.from_bytes(body[:4], "little")
    assert start % 64 == 0
    entries = json.loads(body[4:start])["answers"]
    parts = []
    for entry in entries:
        offset = start + entry.get("offset", 0)
        assert offset % 64 == 0
        parts.append((entry, body[offset : offset + entry.get("length", 0)]))
    return parts


async def test_the_first_picture_is_one_round_trip(ask: Any) -> None:
    asked = ("schema", "config", "colors", "status", "default-layout", "default-color")
    response = await ask(*asked)
    assert response.code == 200 and response.headers["Access-Control-Allow-Origin"] == "null"
    assert response.headers["Cache-Control"] == "no-store"
    answers = unpack(response.body)
    assert [entry["status"] for entry, _ in answers] == [200] * 6
    schema, config, colors, status = (json.loads(part) for _, part in answers[:4])
    assert schema["schema"]["dataframe"]["nObs"] == 60
    assert config["config"]["parameters"]["default_embedding"] == "umap"
    assert set(colors) == {"louvain"} and status["state"] == "complete"
    layout, color = (pa.ipc.open_stream(part).read_all() for _, part in answers[4:])
    assert layout.schema.names == ["umap_0", "umap_1"] and color.schema.names == ["louvain"]
    assert [entry["type"] for entry, _ in answers] == ["application/json"] * 4 + [ARROW] * 2


async def test_the_gene_sets_of_who_asks(ask: Any, fetch: Fetch, cxg: Context, dataset: str) -> None:
    writing = cxg.capabilities.issue(dataset, user="somebody", role="own")
    item = {"geneset_name": "T", "geneset_description": "", "genes": [{"gene_symbol": "GENE1"}]}
    sent = json.dumps({"tid": 3, "genesets": [item]})
    headers = {"X-Cxg-Capability": writing}
    route = f"cxg/d/{dataset}/api/v0.2/genesets"
    assert (await fetch(route, method="PUT", body=sent, headers=headers)).code == 200
    ((_, found),) = unpack((await ask("genesets", capability=writing)).body)
    assert json.loads(found)["tid"] == 3 and b'"T"' in found
    ((_, other),) = unpack((await ask("genesets")).body)
    assert json.loads(other) == {"genesets": [], "tid": 0}


async def test_each_question_fails_on_its_own(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dataset, "embedding", lambda *_: 1 / 0)
    asked = ["data/var?var:name_0=GENE3", "bla", "annotations/obs?annotation-name=x", "data/var?obs:a=b"]
    response = await ask(*asked, "layout/obs?layout-name=umap", "schema")
    found = [(entry["status"], entry.get("code")) for entry, _ in unpack(response.body)]
    assert found == [
        (200, None),
        (404, "not_found"),
        (404, "not_found"),
        (400, "bad_query"),
        (500, "error"),
        (200, None),
    ]


async def test_no_default_color_is_null(fetch: Fetch, cxg: Context, catalog: Catalog) -> None:
    adata = tiny_adata()
    del adata.uns["louvain_colors"]
    id = publish(adata, catalog)
    body = {"capability": cxg.capabilities.issue(id, user="x"), "questions": ["default-color"]}
    response = await fetch(f"cxg/d/{id}/ask", method="POST", body=json.dumps(body))
    assert unpack(response.body)[0][1] == b"null"


async def test_a_cookie_or_token_is_not_looked_at(login: Fetch, dataset: str) -> None:
    body = json.dumps({"capability": "", "questions": ["schema"]})
    response = await login(f"cxg/d/{dataset}/ask", method="POST", body=body)
    assert response.code == 403 and json.loads(response.body)["code"] == "expired"


@pytest.mark.parametrize(
    "body",
    [{"questions": "schema"}, {"questions": [1]}, {"questions": ["schema"] * 65}, {"capability": None}],
)
async def test_nonsense_is_refused(ask: Any, body: dict[str, Any]) -> None:
    response = await ask("schema", **body)
    assert response.code == 400 and json.loads(response.body)["code"] == "bad_query"


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"capability": "x"}'])
async def test_a_body_that_is_no_question_is_refused(fetch: Fetch, dataset: str, body: str) -> None:
    response = await fetch(f"cxg/d/{dataset}/ask", method="POST", body=body)
    assert response.code == 400


async def test_a_removed_snapshot_answers_nothing(ask: Any, catalog: Catalog, dataset: str) -> None:
    assert (await ask("schema")).code == 200
    catalog.remove(dataset)
    response = await ask("schema", "colors")
    assert response.code == 404 and json.loads(response.body)["code"] == "not_found"
