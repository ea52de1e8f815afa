"""All categories of a column over HTTP, and groups of cells from what the user has annotated."""

import asyncio
import json
from base64 import b64encode
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyter_cxg.server import access
from jupyter_cxg.server.handlers import jobs as handlers
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import N_OBS, tiny_adata
from tests.server.conftest import Fetch
from tests.server.test_annotations import body
from tests.server.watching import Gate, Person
from tests.wire.columns import objects

ARROW = {"Accept": "application/vnd.apache.arrow.stream"}
LABELS = [["b", "a#1", None, "β"][i % 4] for i in range(N_OBS)]
MINE = {"column": "my labels", "category": "b"}


def table(answer: HTTPResponse) -> pa.Table:
    assert answer.code == 200, answer.body
    return pa.ipc.open_stream(answer.body).read_all()


# ── markers ──


@pytest.mark.parametrize("method", ["t-test", "wilcoxon"])
async def test_each_category_is_compared_with_all_others(a: Person, method: str) -> None:
    found = table(await a.ask(f"markers?column=louvain&method={method}&top=5", headers=ARROW))
    assert found["category"].to_pylist() == [
        name for name in ("T cells", "B cells", "NK <b>") for _ in range(5)
    ]
    assert found.schema.metadata[b"method"] == method.encode()
    assert json.loads(found.schema.metadata[b"left_out"]) == {}
    one = table(await a.ask(f"diffexp?column=louvain&a=B%20cells&method={method}", headers=ARROW))
    best = np.argsort(-one["score"].to_numpy(), kind="stable")[:5]
    for name in one.column_names:
        theirs, ours = one[name].to_pylist(), found[name].to_pylist()[5:10]
        assert [theirs[i] for i in best] == pytest.approx(ours, rel=1e-9) if name != "gene" else ours, name
    assert [one["gene"].to_pylist()[i] for i in best] == found["gene"].to_pylist()[5:10]


async def test_json_says_what_is_left_out_and_why(
    fetch: Fetch, cxg: Any, catalog: Catalog, dataset: str
) -> None:
    adata = tiny_adata()
    adata.obs["rare"] = adata.obs["louvain"].cat.add_categories(["one", "none"])
    adata.obs.loc["cell-0", "rare"] = "one"
    publication = Publication.begin(adata, catalog, title="tiny")
    publication.finish()
    id = publication.manifest.id
    who = Person(fetch, id, cxg.capabilities.issue(id, user="x"))
    document = json.loads((await who.ask("markers?column=rare&top=1")).body)
    left_out = json.loads(document["metadata"]["left_out"])
    assert set(left_out) == {"one", "none"} and "a single cell" in left_out["one"]
    assert document["columns"][0] == ["T cells", "B cells", "NK <b>"]


async def test_it_has_a_name(a: Person) -> None:
    answer = await a.ask("markers?column=louvain")
    again = await a.ask("markers?column=louvain", headers={"If-None-Match": answer.headers["Etag"]})
    assert again.code == 304
    other = await a.ask("markers?column=louvain&top=3")
    assert other.headers["Etag"] != answer.headers["Etag"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("column=none", 404),
        ("column=score", 400),
        ("column=name_0", 400),
        ("column=louvain&column=batch", 400),
        ("column=louvain&top=0", 400),
        ("column=louvain&top=-1", 400),
        ("column=louvain&top=1e3", 400),
        ("column=louvain&top=%2B5", 400),
        ("column=louvain&top=9999999999999999999999", 400),
        ("column=louvain&top=100000", 400),
        ("column=louvain&layer=none", 404),
        ("column=louvain&method=magic", 400),
        ("column=louvain&tie_correct=maybe", 400),
        ("column=louvain&a=T%20cells", 400),
    ],
)
async def test_nonsense_is_refused(a: Person, query: str, status: int) -> None:
    answer = await a.ask(f"markers?{query}")
    assert answer.code == status and set(json.loads(answer.body)) == {"code", "message"}


async def test_one_decision_closes_all_routes(a: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = (handlers.Markers, handlers.JobHandler)
    for kind in kinds:
        assert kind.role is access.COMPUTE
        monkeypatch.setattr(kind, "role", "own")
    assert (await a.ask("markers?column=louvain")).code == 403
    assert (await a.submit("markers", column="louvain")).code == 403


class TestSwitchedOff:
    """``Cxg.diffexp = False``."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        return {**jp_server_config, "Cxg": {**jp_server_config["Cxg"], "diffexp": False}}

    async def test_it_is_not_offered(self, a: Person) -> None:
        assert (await a.ask("markers?column=louvain")).code == 501
        assert (await a.submit("markers", column="louvain")).code == 501


class TestLimited:
    """``Cxg.max_diffexp_cells``."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        return {**jp_server_config, "Cxg": {**jp_server_config["Cxg"], "max_diffexp_cells": 59}}

    async def test_too_many_cells_are_refused(self, a: Person) -> None:
        for answer in (await a.ask("markers?column=louvain"), await a.submit("markers", column="louvain")):
            assert answer.code == 400 and b"Cxg.max_diffexp_cells" in answer.body


async def test_who_leaves_is_worked_for_no_more(a: Person, gate: Gate) -> None:
    with pytest.raises(HTTPClientError, match="Timeout"):
        await a.ask("markers?column=louvain", request_timeout=0.2)
    assert await asyncio.to_thread(gate.has_stopped.wait, 5) and gate.stopped == ["louvain"]
    assert (await a.ask("api/v0.2/schema")).code == 200


# ── annotations ──


@pytest.fixture
def me(person: Any) -> Person:
    """Who may annotate."""
    found: Person = person("me", "own")
    return found


async def annotate(who: Person, **columns: Any) -> None:
    answer = await who.ask("api/v0.2/annotations/obs", method="PUT", body=body(**columns))
    assert answer.code == 200, answer.body


def cells(label: str) -> dict[str, str]:
    mask = np.array([other == label for other in LABELS])
    return {"cells": b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()}


async def test_annotations_are_groups(me: Person, watch: Any) -> None:
    await annotate(me, **{"my labels": objects(LABELS), "size": np.arange(N_OBS, dtype=np.int32)})
    wanted = await me.ask("diffexp", method="POST", body=json.dumps({"a": cells("b"), "b": cells("β")}))
    by_category = {"a": MINE, "b": {**MINE, "category": "β"}}
    filters = [
        {"filter": {"obs": {"annotation_value": [{"name": "my labels", "values": [label]}]}}}
        for label in ("b", "β")
    ]
    for asked in (by_category, {"a": filters[0], "b": filters[1]}):
        found = await me.ask("diffexp", method="POST", body=json.dumps(asked))
        same(found, wanted)
    same(await me.ask("diffexp?column=my%20labels&a=b&b=%CE%B2"), wanted)
    told = await watch(me)
    job = json.loads((await me.submit(**by_category, method="wilcoxon")).body)
    await told.job(job["job"], state="done")
    ranked = {"a": cells("b"), "b": cells("β"), "method": "wilcoxon"}
    same(
        await me.ask(f"jobs/{job['job']}/result"),
        await me.ask("diffexp", method="POST", body=json.dumps(ranked)),
    )
    first = {"filter": {"obs": {"annotation_value": [{"name": "size", "max": 24}]}}}
    second = {"filter": {"obs": {"index": [[0, 25]]}}}
    answers = [
        await me.ask(
            "api/v0.2/diffexp/obs",
            method="POST",
            body=json.dumps({"mode": "topN", "count": 3, "set1": chosen, "set2": filters[1]}),
        )
        for chosen in (first, second)
    ]
    assert answers[0].code == 200 and answers[0].body == answers[1].body


def same(found: HTTPResponse, wanted: HTTPResponse) -> None:
    assert found.code == wanted.code == 200, (found.body, wanted.body)
    one, two = json.loads(found.body), json.loads(wanted.body)
    assert one["names"] == two["names"]
    for name, a, b in zip(one["names"], one["columns"], two["columns"], strict=True):
        assert a == b if name == "gene" else a == pytest.approx(b, rel=1e-9), name


async def test_markers_of_an_annotation_change_with_it(me: Person) -> None:
    await annotate(me, **{"my labels": objects(LABELS)})
    answer = await me.ask("markers?column=my%20labels", headers=ARROW)
    assert set(table(answer)["category"].to_pylist()) == {"b", "a#1", "β"}
    known = {**ARROW, "If-None-Match": answer.headers["Etag"]}
    assert (await me.ask("markers?column=my%20labels", headers=known)).code == 304
    turned = ["x" if label == "b" else label for label in reversed(LABELS)]
    await annotate(me, **{"my labels": objects(turned)})
    now = table(await me.ask("markers?column=my%20labels", headers=known))
    assert set(now["category"].to_pylist()) == {"x", "a#1", "β"}


async def test_a_job_is_about_the_annotations_as_they_were(me: Person, watch: Any, gate: Gate) -> None:
    await annotate(me, **{"my labels": objects(LABELS)})
    told = await watch(me)
    job = json.loads((await me.submit(a=MINE)).body)
    await told.job(job["job"], state="running", progress={"label": "Comparing cells", "fraction": 0.25})
    await annotate(me, other=objects(LABELS))  # the column is gone
    gate.let("b")
    await told.job(job["job"], state="done")
    same(
        await me.ask(f"jobs/{job['job']}/result"),
        await me.ask("diffexp", method="POST", body=json.dumps({"a": cells("b")})),
    )
    assert (await me.submit(a=MINE)).code == 404
    gate.wide_open = True
    await annotate(me, **{"my labels": objects([*reversed(LABELS)])})
    new = await me.submit(a=MINE)  # other cells by the same name
    assert json.loads(new.body)["job"] != job["job"]


async def test_annotations_of_others_are_no_groups(me: Person, a: Person) -> None:
    await annotate(me, **{"my labels": objects(LABELS)})
    assert (await a.submit(a=MINE)).code == 404
    assert (await a.ask("markers?column=my%20labels")).code == 404
    assert (await a.ask("diffexp", method="POST", body=json.dumps({"a": MINE}))).code == 404


async def test_the_datasets_own_columns_come_first(me: Person, catalog: Catalog) -> None:
    await annotate(me, later=objects(["all"] * N_OBS))
    adata = tiny_adata()
    adata.obs["later"] = adata.obs["louvain"]
    publication = Publication.begin(adata, catalog, title="tiny", id=me.dataset)
    publication.finish()
    found = table(await me.ask("markers?column=later&top=1", headers=ARROW))
    assert set(found["category"].to_pylist()) == {"T cells", "B cells", "NK <b>"}
