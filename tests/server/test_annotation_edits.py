"""Some annotations changed, the others left alone: what the viewer does, over HTTP."""

import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from tornado.httpclient import HTTPResponse

from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import N_OBS
from tests.server.conftest import Fetch


def column(labels: Sequence[str], codes: Sequence[int] | None = None) -> dict[str, Any]:
    numbers = np.arange(N_OBS) % (len(labels) + 1) - 1 if codes is None else np.array(codes)
    packed = b64encode(zlib.compress(numbers.astype("<i4").tobytes())).decode()
    return {"categories": [*labels], "codes": packed}


@pytest.fixture
def api(fetch: Fetch, dataset: str, cxg: Context) -> Fetch:
    """``await api("annotations")`` as the owner of the page."""
    own = {"X-Cxg-Capability": cxg.capabilities.issue(dataset, user="me", role="own")}

    async def ask(path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> HTTPResponse:
        return await fetch(f"cxg/d/{dataset}/{path}", headers={**own, **(headers or {})}, **kwargs)

    return ask


async def edit(api: Fetch, **body: Any) -> Any:
    return json.loads((await api("annotations", method="POST", body=json.dumps(body))).body)


async def stored(api: Fetch) -> Any:
    found = json.loads((await api("annotations", headers={"Accept": "application/json"})).body)
    return dict(zip(found["names"], found["columns"], strict=True)), found["metadata"]


async def writable(api: Fetch) -> Any:
    columns = json.loads((await api("api/v0.2/schema")).body)["schema"]["annotations"]["obs"]["columns"]
    return {c["name"]: c["categories"] for c in columns if c["writable"]}


async def test_only_what_is_named_changes(api: Fetch) -> None:
    first = await edit(api, columns={"kind": column(["T", "B"]), "other": column([])}, token="")
    assert first["version"] == 1
    second = await edit(api, columns={"kind": column(["T", "B", "no cells"])}, token=first["token"])
    values, about = await stored(api)
    assert list(values) == ["kind", "other"] and values["other"] == [None] * N_OBS
    assert values["kind"][:4] == [None, "T", "B", "no cells"]
    assert about["token"] == second["token"] != first["token"] and about["version"] == "2"
    third = await edit(api, remove=["kind", "nothing"], what="kind: deleted")
    assert list((await stored(api))[0]) == ["other"] and third["version"] == 3
    lines = json.loads((await api("history")).body)["history"]
    assert [line["what"] for line in lines] == [
        "kind: deleted",
        "annotations: ~kind",
        "annotations: +kind, +other",
    ]


async def test_labels_without_cells_and_their_order_are_kept(api: Fetch) -> None:
    await edit(api, columns={"kind": column(["z", "a", "m"], [-1] * N_OBS)})
    assert await writable(api) == {"kind": ["z", "a", "m"]}


async def test_a_change_that_somebody_else_made_is_not_written_over(api: Fetch) -> None:
    seen = await edit(api, columns={"kind": column(["T"])})
    await edit(api, columns={"kind": column(["B"])}, token=seen["token"])
    late = await edit(api, columns={"kind": column(["NK"])}, token=seen["token"])
    assert late["code"] == "conflict"
    assert await writable(api) == {"kind": ["B"]}


async def test_saving_gene_sets_is_no_change_of_annotations(api: Fetch) -> None:
    seen = await edit(api, columns={"kind": column(["T"])})
    sets = json.dumps({"tid": 1, "genesets": [{"geneset_name": "s", "genes": [{"gene_symbol": "GENE1"}]}]})
    assert (await api("api/v0.2/genesets", method="PUT", body=sets)).code == 200
    after = await edit(api, columns={"kind": column(["B"])}, token=seen["token"])
    assert after["version"] == 3
    back = json.dumps({"restore": 1, "version": 3, "only": "annotations"})
    assert json.loads((await api("history", method="POST", body=back)).body) == {"version": 4}
    assert await writable(api) == {"kind": ["T"]}
    assert len(json.loads((await api("api/v0.2/genesets")).body)["genesets"]) == 1


async def test_what_was_sent_twice_is_stored_once(api: Fetch) -> None:
    """The answer to the first was lost on the way."""
    seen = await edit(api, columns={"kind": column(["T"])})
    again = await edit(api, columns={"kind": column(["T"])})
    assert again == seen


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"columns": {"kind": column(["x" * 10_001])}}, "at most 10000 characters"),
        ({"columns": {"kind": column(["\ud83d"])}}, "half a character"),
        ({"columns": {"kind": column(["a", "a"])}}, "comes twice"),
        ({"columns": {"kind": column(["a"], [1] * N_OBS)}}, "stands for no label"),
        ({"columns": {"kind": column(["a"], [-2] * N_OBS)}}, "stands for no label"),
        ({"columns": {"kind": column(["a"], [0])}}, "are not those of"),
        ({"columns": {"louvain": column(["a"])}}, "of its own"),
        ({"columns": {"x" * 251: column(["a"])}}, "1 to 250 characters"),
        ({"columns": {"kind": {"categories": ["a"], "codes": "é"}}}, "base64"),
        ({"columns": {"kind": {"categories": ["a"], "codes": "AAAA"}}}, "zlib"),
        ({"columns": {"kind": 1}}, "JSON"),
        ({"columns": []}, "JSON"),
        ({"remove": "kind"}, "JSON"),
        ({"token": 1}, "texts"),
        ({"what": "two\nlines"}, "one line"),
    ],
)
async def test_bad_edits_say_what_is_wrong_and_store_nothing(api: Fetch, body: Any, said: str) -> None:
    answer = await edit(api, **body)
    assert answer["code"] == "bad_query" and said in answer["message"]
    assert (await stored(api))[1]["version"] == "0"


async def test_any_name_of_a_label_comes_back_as_it_was(api: Fetch) -> None:
    names = [
        "<img src=x onerror=alert(1)>",
        "🧬 T",
        "خلية",
        "CD4+ #1, a;b",
        '"quoted"',
        " ",
        "x" * 250,
    ]
    await edit(api, columns={name: column([name]) for name in names})
    assert await writable(api) == {name: [name] for name in names}
    await edit(api, columns={" ": column(["two\nlines", ""])})
    assert (await writable(api))[" "] == ["two\nlines", ""]


async def test_guests_and_readers_have_none_and_write_none(
    fetch: Fetch, cxg: Context, dataset: str, catalog: Catalog, api: Fetch
) -> None:
    await edit(api, columns={"kind": column(["T"])})
    view = {"X-Cxg-Capability": cxg.capabilities.issue(dataset, user="me", role="view")}
    sent = json.dumps({"columns": {}})
    refused = await fetch(f"cxg/d/{dataset}/annotations", headers=view, method="POST", body=sent)
    assert refused.code == 403
    accept = {**view, "Accept": "application/json"}
    found = json.loads((await fetch(f"cxg/d/{dataset}/annotations", headers=accept)).body)
    assert found["names"] == []


async def test_the_page_learns_of_changes_by_a_question(api: Fetch, dataset: str, cxg: Context) -> None:
    secret = cxg.capabilities.issue(dataset, user="me", role="own")

    async def asked() -> str:
        body = json.dumps({"capability": secret, "questions": ["annotated"]})
        return (await api("ask", method="POST", body=body)).body.decode("latin-1")

    assert '"token": ""' in await asked() or '"token":""' in await asked()
    token = (await edit(api, columns={"kind": column(["T"])}))["token"]
    assert token in await asked()
