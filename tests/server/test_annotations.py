"""Annotations and gene sets over HTTP, as cellxgene's client sends them."""

import json
import zlib
from typing import Any

import numpy as np
import pytest
from tornado.httpclient import HTTPResponse

from jupyter_cxg.model import Values, columns_of
from jupyter_cxg.server.access import owner
from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.wire.flatbuffer import encode
from tests.reference.example import N_OBS, publish, tiny_adata
from tests.reference.matrix_decoder import decode
from tests.server.conftest import Fetch
from tests.wire.columns import objects
from tests.wire.test_decode import like_the_client

JSON, INT32, FLOAT64 = 5, 2, 4
LABELS = objects([["b", "a#1", None, "β"][i % 4] for i in range(N_OBS)])
SET = {
    "geneset_name": "s one",
    "geneset_description": "",
    "genes": [{"gene_symbol": "GENE3", "gene_description": "x"}],
}


def body(n_rows: int = N_OBS, **columns: Values) -> bytes:
    if not columns:
        return zlib.compress(like_the_client(n_rows, 0))
    return zlib.compress(encode(columns_of(tuple(columns), tuple(columns.values()))))


@pytest.fixture
def own(cxg: Context, dataset: str) -> dict[str, str]:
    """The header of a page of the owner."""
    return {"X-Cxg-Capability": cxg.capabilities.issue(dataset, user="me", role="own")}


@pytest.fixture
def api(fetch: Fetch, dataset: str, own: dict[str, str]) -> Fetch:
    """``await api("schema")``, ``await api("/history")`` as the owner."""

    async def ask(path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> HTTPResponse:
        below = path if path.startswith("/") else f"/api/v0.2/{path}"
        return await fetch(f"cxg/d/{dataset}{below}", headers={**own, **(headers or {})}, **kwargs)

    return ask


async def put(api: Fetch, path: str, sent: Any, **kwargs: Any) -> HTTPResponse:
    content = sent if isinstance(sent, bytes) else json.dumps(sent)
    return await api(path, method="PUT", body=content, **kwargs)


async def writable(api: Fetch) -> dict[str, Any]:
    columns = json.loads((await api("schema")).body)["schema"]["annotations"]["obs"]["columns"]
    return {c["name"]: (c["type"], c.get("categories")) for c in columns if c["writable"]}


async def test_annotations_come_back_as_cellxgene_has_them(api: Fetch) -> None:
    numbers = np.arange(N_OBS) % 3
    sent = body(
        **{
            "my labels": LABELS,
            "floats": (numbers + 2.0**33).astype(np.int64),
            "size": np.array(numbers, np.int32),
            "numbers": objects([None, *numbers[1:].tolist()]),
        }
    )
    answer = await put(api, "annotations/obs?annotation-collection-name=mine-1", sent)
    assert (answer.code, json.loads(answer.body)) == (200, {"status": "OK"})
    assert answer.headers["Content-Type"] == "application/json"
    assert await writable(api) == {
        "my labels": ("categorical", ["a#1", "b", "β"]),
        "floats": ("int32", None),
        "size": ("int32", None),
        "numbers": ("categorical", None),
    }
    matrix = decode((await api("annotations/obs?annotation-name=my%20labels&annotation-name=size")).body)
    assert matrix.kinds == [JSON, INT32] and matrix.index == ["my labels", "size"]
    assert matrix.columns[0] == LABELS.tolist()
    np.testing.assert_array_equal(matrix.columns[1], numbers)
    everything = decode((await api("annotations/obs")).body)
    assert everything.index[0] == "name_0" and everything.index[-4:] == [
        "my labels",
        "floats",
        "size",
        "numbers",
    ]
    config = json.loads((await api("config")).body)["config"]["parameters"]
    assert config["annotations"] and config["annotations-data-collection-name"] == "mine-1"


async def test_a_later_save_replaces_all_and_changes_the_etag(api: Fetch) -> None:
    await put(api, "annotations/obs", body(one=LABELS))
    first = (await api("schema")).headers["Etag"]
    assert (await api("schema", headers={"If-None-Match": first})).code == 304
    await put(api, "annotations/obs", body(two=LABELS))
    assert list(await writable(api)) == ["two"]
    assert (await api("schema", headers={"If-None-Match": first})).code == 200
    assert (await api("annotations/obs?annotation-name=one")).code == 404
    await put(api, "annotations/obs", body())
    assert await writable(api) == {}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"not deflated", 400),
        (zlib.compress(b"no matrix"), 400),
        (body(louvain=LABELS), 400),
        (body(name_0=LABELS), 400),
        (body(a=LABELS[:-1]), 400),
        (body(a=np.full(N_OBS, 0.5, np.float32)), 400),
        (body(a=np.full(N_OBS, np.nan, np.float32)), 400),
        (body(**{"": LABELS}), 400),
        (body(**{"a\0b": LABELS}), 400),
        (body(**{"a" * 999: LABELS}), 400),
        (zlib.compress(bytes(20 << 20)), 413),
    ],
)
async def test_what_cannot_be_stored_is_refused_and_nothing_changes(
    api: Fetch, sent: bytes, status: int
) -> None:
    await put(api, "annotations/obs", body(kept=LABELS))
    answer = await put(api, "annotations/obs", sent)
    assert answer.code == status and set(json.loads(answer.body)) == {"code", "message"}
    assert list(await writable(api)) == ["kept"]


async def test_a_bad_collection_is_refused_in_cellxgenes_words(api: Fetch) -> None:
    answer = await put(api, "annotations/obs?annotation-collection-name=a%20b", body(a=LABELS))
    assert answer.code == 400
    assert json.loads(answer.body)["message"] == "Bad annotation collection name"


async def test_annotations_survive_publishing_anew(
    api: Fetch, fetch: Fetch, cxg: Context, catalog: Catalog
) -> None:
    await put(api, "annotations/obs", body(kept=LABELS, late=LABELS))
    adata = tiny_adata()
    adata.obs["late"] = 1  # the notebook has it by now
    other = publish(adata, catalog)
    key = {"X-Cxg-Capability": cxg.capabilities.issue(other, user="me", role="own")}
    there = f"cxg/d/{other}/api/v0.2"
    schema = json.loads((await fetch(f"{there}/schema", headers=key)).body)["schema"]["annotations"]["obs"]
    assert [(c["name"], c["writable"]) for c in schema["columns"][-2:]] == [("late", False), ("kept", True)]
    await fetch(f"{there}/annotations/obs", method="PUT", body=body(kept=LABELS), headers=key)
    assert list(await writable(api)) == ["late", "kept"]  # what was hidden there is not lost


async def test_a_save_keeps_genes_that_are_not_published_any_more(
    api: Fetch, fetch: Fetch, cxg: Context, catalog: Catalog
) -> None:
    await put(api, "genesets", {"tid": 1, "genesets": [SET]})
    fewer = publish(tiny_adata()[:, 10:].copy(), catalog)
    key = {"X-Cxg-Capability": cxg.capabilities.issue(fewer, user="me", role="own")}
    route = f"cxg/d/{fewer}/api/v0.2/genesets"
    found = json.loads((await fetch(route, headers=key)).body)["genesets"]
    assert found == [SET]
    new = {"geneset_name": "new", "geneset_description": "", "genes": [{"gene_symbol": "NOBODY"}]}
    sent = json.dumps({"tid": 2, "genesets": [new, *found]})
    assert (await fetch(route, method="PUT", body=sent, headers=key)).code == 200
    assert json.loads((await api("genesets")).body)["genesets"] == [{**new, "genes": []}, SET]


async def test_who_only_looks_sees_and_writes_nothing(
    api: Fetch, fetch: Fetch, login: Fetch, dataset: str, capability: str
) -> None:
    await put(api, "annotations/obs", body(secret=LABELS))
    await put(api, "genesets", {"tid": 1, "genesets": [SET]})
    made = json.loads((await api("/links", method="POST", body="{}")).body)
    for held in (capability, f"{made['id']}.{made['secret']}"):
        key = {"X-Cxg-Capability": held}
        for path in ("schema", "annotations/obs", "config", "genesets"):
            answer = await api(path, headers=key)
            assert answer.code == 200 and b"secret" not in answer.body and b"GENE3" not in answer.body, path
        assert b'"annotations":false' in (await api("config", headers=key)).body
        assert (await api("annotations/obs?annotation-name=secret", headers=key)).code == 404
        assert (await put(api, "annotations/obs", body(x=LABELS), headers=key)).code == 403
        assert (await put(api, "genesets", {"tid": 9, "genesets": []}, headers=key)).code == 403
        asked = json.dumps({"capability": held, "questions": ["schema", "annotations", "genesets"]})
        told = await fetch(f"cxg/d/{dataset}/ask", method="POST", body=asked)
        assert b"secret" not in told.body and b'{"genesets":[],"tid":0}' in told.body
        for method, sent in (("GET", None), ("POST", '{"restore": 1}')):
            assert (await api("/history", method=method, body=sent, headers=key)).code == 403
    assert list(await writable(api)) == ["secret"]


async def test_ask_shows_the_owners_annotations(
    api: Fetch, fetch: Fetch, dataset: str, own: dict[str, str]
) -> None:
    await put(api, "annotations/obs", body(secret=LABELS))
    asked = {"capability": own["X-Cxg-Capability"], "questions": ["schema"]}
    assert b"secret" in (await fetch(f"cxg/d/{dataset}/ask", method="POST", body=json.dumps(asked))).body


async def test_users_have_annotations_of_their_own(api: Fetch, cxg: Context, dataset: str) -> None:
    await put(api, "annotations/obs", body(secret=LABELS))
    you = {"X-Cxg-Capability": cxg.capabilities.issue(dataset, user="you", role="own")}
    assert b"secret" not in (await api("schema", headers=you)).body
    await put(api, "annotations/obs", body(), headers=you)
    assert list(await writable(api)) == ["secret"]


async def test_the_servers_token_is_its_owner_in_every_browser(
    login: Fetch, cxg: Context, dataset: str
) -> None:
    path = f"cxg/d/{dataset}/api/v0.2/annotations/obs"
    assert (await login(path, method="PUT", body=body(mine=LABELS))).code == 200  # each time another cookie
    assert b'"mine"' in (await login(f"cxg/d/{dataset}/api/v0.2/schema")).body
    page = (await login(f"cxg/d/{dataset}/")).body
    assert page and [given.user for given in cxg.capabilities.list()] == [owner()]


async def test_a_login_that_may_not_write_sees_no_annotations(
    login: Fetch, jp_serverapp: Any, dataset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await login(f"cxg/d/{dataset}/api/v0.2/annotations/obs", method="PUT", body=body(mine=LABELS))

    async def read_only(handler: Any, user: Any, action: str, resource: str) -> bool:
        return action == "read"

    authorizer = jp_serverapp.web_app.settings["authorizer"]
    monkeypatch.setattr(authorizer, "is_authorized", read_only, raising=False)
    assert b'"mine"' not in (await login(f"cxg/d/{dataset}/api/v0.2/schema")).body
    sent = await login(f"cxg/d/{dataset}/api/v0.2/annotations/obs", method="PUT", body=body())
    assert sent.code == 403


async def test_a_cookie_needs_the_xsrf_token(fetch: Fetch, login: Fetch, dataset: str) -> None:
    path = f"cxg/d/{dataset}/api/v0.2/annotations/obs"
    cookies = (await login(path)).headers.get_list("Set-Cookie")
    cookie = "; ".join(value.partition(";")[0] for value in cookies)
    assert (await fetch(path, headers={"Cookie": cookie})).code == 200
    for route, sent in (("annotations/obs", body()), ("genesets", b'{"tid": 1, "genesets": []}')):
        url = f"cxg/d/{dataset}/api/v0.2/{route}"
        assert (await fetch(url, method="PUT", body=sent, headers={"Cookie": cookie})).code == 403


# ── gene sets ──


async def test_gene_sets_come_back_in_order(api: Fetch) -> None:
    nothing = await api("genesets")
    assert json.loads(nothing.body) == {"genesets": [], "tid": 0}
    other = {
        "geneset_name": "A",
        "genes": [{"gene_symbol": name} for name in ("GENE9", "NOBODY", "GENE1", "GENE9")],
    }
    answer = await put(api, "genesets", {"tid": 4, "genesets": [SET, other]})
    assert (answer.code, json.loads(answer.body)) == (200, {"status": "OK"})
    genes = [{"gene_symbol": name, "gene_description": ""} for name in ("GENE9", "GENE1")]
    found = json.loads((await api("genesets", headers={"Accept": "application/json"})).body)
    assert found == {
        "genesets": [SET, {"geneset_name": "A", "geneset_description": "", "genes": genes}],
        "tid": 4,
    }
    file = await api("genesets", headers={"Accept": "text/csv"})
    assert file.headers["Content-Type"] == "text/csv"
    assert file.headers["Content-Disposition"] == "attachment; filename=genesets.csv"
    assert file.body.decode() == (
        "gene_set_name,gene_set_description,gene_symbol,gene_description\r\n"
        "s one,,GENE3,x\r\nA,,GENE9,\r\nA,,GENE1,\r\n"
    )
    assert (await api("genesets", headers={"Accept": "application/octet-stream"})).code == 406


async def test_a_stale_tid_is_404_in_cellxgenes_words(api: Fetch) -> None:
    await put(api, "genesets", {"tid": 4, "genesets": [SET]})
    for tid in (0, 4):
        answer = await put(api, "genesets", {"tid": tid, "genesets": []})
        assert (answer.code, json.loads(answer.body)["message"]) == (404, "TID is stale.")
    assert len(json.loads((await api("genesets")).body)["genesets"]) == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        {"genesets": []},
        {"tid": 1},
        *({"tid": tid, "genesets": []} for tid in (True, -1, "1", 1.5, None, 10**30)),
        {"tid": 1, "genesets": {}},
        {"tid": 1, "genesets": [1]},
        {"tid": 1, "genesets": [{"geneset_name": "a"}]},
        *(
            {"tid": 1, "genesets": [{**SET, "geneset_name": name}]}
            for name in ("", " a", "a ", "a  b", "a\nb", "a\0", "\ud800", 3, None)
        ),
        {"tid": 1, "genesets": [SET, SET]},
        {"tid": 1, "genesets": [{**SET, "genes": [{}]}]},
        {"tid": 1, "genesets": [{**SET, "genes": [{"gene_symbol": ""}]}]},
        {"tid": 1, "genesets": [{**SET, "geneset_description": [1]}]},
    ],
)
async def test_other_gene_sets_are_refused(api: Fetch, sent: Any) -> None:
    answer = await put(api, "genesets", sent)
    assert answer.code == 400 and json.loads(answer.body)["code"] == "bad_query"
    assert json.loads((await api("genesets")).body)["tid"] == 0


# ── ours ──


async def test_history_and_restore(api: Fetch) -> None:
    await put(api, "annotations/obs", body(one=LABELS))
    await put(api, "annotations/obs?version=1", body(two=LABELS))
    stale = await put(api, "annotations/obs?version=1", body(three=LABELS))
    assert (stale.code, json.loads(stale.body)["code"]) == (409, "conflict")
    stale = await put(api, "genesets?version=1", {"tid": 1, "genesets": [SET]})
    assert stale.code == 409
    found = json.loads((await api("/history")).body)
    assert found["version"] == 2
    assert [line["what"] for line in found["history"]] == ["annotations: +two, -one", "annotations: +one"]
    sent = json.dumps({"restore": 1, "version": 2})
    assert json.loads((await api("/history", method="POST", body=sent)).body) == {"version": 3}
    assert list(await writable(api)) == ["one"]
    assert (await api("/history", method="POST", body=sent)).code == 409
    for bad, status in (("{}", 400), ("[]", 400), ('{"restore": "1"}', 400), ('{"restore": 99}', 404)):
        assert (await api("/history", method="POST", body=bad)).code == status
