"""Encodings, ETags, CORS, errors: what every data route shares."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import tiny_adata
from tests.reference.matrix_decoder import decode
from tests.server.conftest import Fetch

ARROW = "application/vnd.apache.arrow.stream"
GENE = "data/var?var:name_0=GENE3"


@pytest.fixture
def ask_for(fetch: Fetch, dataset: str, capability: str) -> Fetch:
    """``await ask_for("data/var?…")`` with the right capability."""

    async def get(path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> Any:
        known = {"X-Cxg-Capability": capability, **(headers or {})}
        return await fetch(f"cxg/d/{dataset}/api/v0.2/{path}", headers=known, **kwargs)

    return get


async def test_three_encodings_say_the_same(ask_for: Fetch) -> None:
    expected = tiny_adata().X.toarray()[:, 3]
    arrow = await ask_for(GENE, headers={"Accept": ARROW})
    table = pa.ipc.open_stream(arrow.body).read_all()
    assert arrow.headers["Content-Type"] == ARROW and table.schema.names == ["GENE3"]
    plain = await ask_for(GENE, headers={"Accept": "application/json"})
    assert plain.headers["Content-Type"] == "application/json"
    binary = await ask_for(GENE)
    for values in (
        table.column(0).to_numpy(),
        json.loads(plain.body)["columns"][0],
        decode(binary.body).columns[0],
    ):
        np.testing.assert_array_equal(values, expected)


async def test_what_is_known_is_not_worked_out_again(ask_for: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await ask_for(GENE, headers={"Accept": ARROW})
    etag = first.headers["Etag"]
    assert etag.startswith('"') and first.headers["Cache-Control"] == "private, no-cache"
    monkeypatch.setattr(Dataset, "expression", lambda *_, **__: pytest.fail("worked"))
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = await ask_for(GENE, headers={"Accept": ARROW, "If-None-Match": known})
        assert again.code == 304 and not again.body and again.headers["Etag"] == etag


async def test_etags_tell_question_encoding_and_revision_apart(
    ask_for: Fetch, catalog: Catalog, dataset: str
) -> None:
    tags = {
        (await ask_for(path, headers={"Accept": accept})).headers["Etag"]
        for path in (GENE, "data/var?var:name_0=GENE4", f"{GENE}&layer=counts", "annotations/obs")
        for accept in (ARROW, "application/json")
    }
    assert len(tags) == 8
    before = await ask_for(GENE)
    Publication.begin(tiny_adata(), catalog, title="tiny", id=dataset).finish()
    after = await ask_for(GENE, headers={"If-None-Match": before.headers["Etag"]})
    assert after.code == 200 and after.body == before.body


async def test_errors_have_one_shape_and_tell_nothing_more(
    ask_for: Fetch, monkeypatch: pytest.MonkeyPatch, jp_serverapp: Any
) -> None:
    unknown = await ask_for("annotations/obs?annotation-name=bla")
    assert unknown.code == 404 and unknown.headers["Content-Type"] == "application/json"
    assert json.loads(unknown.body) == {"code": "not_found", "message": "obs has no column 'bla'."}
    assert unknown.headers["Cache-Control"] == "no-store"

    def broken(*_: Any) -> None:
        raise RuntimeError("a path: /home/user/secret")

    monkeypatch.setattr(Dataset, "obs", broken)
    bare = await ask_for("annotations/obs")
    assert bare.code == 500
    assert json.loads(bare.body) == {"code": "error", "message": "Internal Server Error."}
    nowhere = await ask_for("schema", method="POST", body="")
    assert nowhere.code == 405 and json.loads(nowhere.body)["code"] == "error"


async def test_what_is_still_being_copied_is_asked_for_later(
    fetch: Fetch, cxg: Context, catalog: Catalog
) -> None:
    publication = Publication.begin(tiny_adata(), catalog, title="busy")
    id = publication.manifest.id
    headers = {"X-Cxg-Capability": cxg.capabilities.issue(id, user="somebody")}
    early = await fetch(f"cxg/d/{id}/api/v0.2/{GENE}", headers=headers)
    assert early.code == 503 and early.headers["Retry-After"] == "1"
    assert json.loads(early.body)["code"] == "not_ready"
    assert (await fetch(f"cxg/d/{id}/api/v0.2/layout/obs", headers=headers)).code == 200
    status = json.loads((await fetch(f"cxg/d/{id}/status", headers=headers)).body)
    assert (status["revision"], status["state"]) == (1, "publishing")
    publication.finish()
    assert (await fetch(f"cxg/d/{id}/api/v0.2/{GENE}", headers=headers)).code == 200
    done = await fetch(f"cxg/d/{id}/status", headers=headers)
    assert json.loads(done.body) == {"revision": 1, "state": "complete", "progress": None}
    assert done.headers["Cache-Control"] == "no-store" and "Etag" not in done.headers


async def test_the_sandboxed_page_may_read_and_nobody_else(
    ask_for: Fetch, fetch: Fetch, dataset: str
) -> None:
    for path in (GENE, "annotations/obs?annotation-name=bla"):
        ours = await ask_for(path, headers={"Origin": "null"})
        assert ours.headers["Access-Control-Allow-Origin"] == "null"
        assert "ETag" in ours.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in ours.headers and "Origin" in ours.headers["Vary"]
        theirs = await ask_for(path, headers={"Origin": "https://other.example"})
        assert "Access-Control-Allow-Origin" not in theirs.headers
    preflight = await fetch(
        f"cxg/d/{dataset}/api/v0.2/schema",
        method="OPTIONS",
        headers={"Origin": "null", "Access-Control-Request-Headers": "x-cxg-capability"},
    )
    assert preflight.code == 204 and preflight.headers["Access-Control-Allow-Origin"] == "null"
    assert "X-Cxg-Capability" in preflight.headers["Access-Control-Allow-Headers"]


async def test_a_large_body_is_refused(ask_for: Fetch) -> None:
    response = await ask_for("summarize/var", method="POST", body="x" * 1_000_001)
    assert response.code == 413 and json.loads(response.body)["code"] == "too_large"


async def test_more_columns_than_allowed_are_refused(ask_for: Fetch, cxg: Context) -> None:
    query = "&".join(["annotation-name=louvain"] * 33)
    response = await ask_for(f"annotations/obs?{query}")
    assert response.code == 400 and "Cxg.max_columns" in json.loads(response.body)["message"]


async def test_looking_keeps_the_server_alive_and_polling_does_not(
    ask_for: Fetch, fetch: Fetch, dataset: str, capability: str, jp_serverapp: Any
) -> None:
    settings = jp_serverapp.web_app.settings
    await fetch(f"cxg/d/{dataset}/status", headers={"X-Cxg-Capability": capability})
    assert "jupyter_cxg_last_activity" not in settings
    await ask_for("schema")
    assert jp_serverapp.web_app.last_activity() == settings["jupyter_cxg_last_activity"]
