"""Saved views over HTTP."""

import json
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest
from tornado.httpclient import HTTPResponse

from jupyter_cxg.annotations.views import Place
from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import N_OBS, tiny_adata
from tests.server.conftest import Fetch, page_config
from tests.server.watching import Person

STATE = {"color": {"kind": "gene", "name": "GENE3"}, "filters": []}
BITS = b64encode(bytes((N_OBS + 7) // 8)).decode()


@pytest.fixture
def me(person: Any) -> Any:
    """``await me("views", "POST", {…})`` as the owner: status and document."""
    return caller(person("me", "own"))


@pytest.fixture
def you(person: Any) -> Any:
    """Somebody else who may write."""
    return caller(person("you", "annotate"))


def caller(who: Person) -> Any:
    async def ask(path: str, method: str = "GET", sent: Any = None) -> tuple[int, Any]:
        body = sent if isinstance(sent, bytes | None) else json.dumps(sent)
        headers = {"X-Cxg-Capability": who.secret, "Origin": "null"}
        answer: HTTPResponse = await who.fetch(
            f"cxg/d/{who.dataset}/{path}", method=method, body=body, headers=headers
        )
        return answer.code, json.loads(answer.body) if answer.body else None

    return ask


async def save(me: Any, **more: Any) -> Any:
    code, saved = await me("views", "POST", {"name": "T cells", "state": STATE, **more})
    assert code == 201, saved
    return saved


async def test_a_view_is_saved_read_changed_and_deleted(me: Any) -> None:
    assert await me("views") == (200, {"views": [], "revision": 1})
    saved = await save(me, about="umap · GENE3", cells={"k": BITS})
    assert saved == {
        "id": saved["id"],
        "name": "T cells",
        "about": "umap · GENE3",
        "at": saved["at"],
        "revision": 1,
        "same_data": True,
        "same_cells": True,
    }
    assert await me("views") == (200, {"views": [saved], "revision": 1})
    path = f"views/{saved['id']}"
    assert await me(path) == (200, {**saved, "state": STATE, "cells": {"k": BITS}})
    code, renamed = await me(path, "PUT", {"name": "  CD4\n T "})
    assert (code, renamed) == (200, {**saved, "name": "CD4 T"})
    code, _ = await me(path, "PUT", {"state": {"genes": ["GENE1"]}, "about": "else"})
    assert code == 200
    _, found = await me(path)
    assert (found["name"], found["about"], found["state"], found["cells"]) == (
        "CD4 T",
        "else",
        {"genes": ["GENE1"]},
        {},
    )
    assert (await me(path, "DELETE"))[0] == 204
    code, body = await me(path)
    assert (code, body["code"]) == (404, "not_found")


async def test_each_has_their_own(me: Any, you: Any) -> None:
    saved = await save(me)
    assert (await you("views"))[1]["views"] == []
    for method, sent in (("GET", None), ("PUT", {"name": "x"}), ("DELETE", None)):
        assert (await you(f"views/{saved['id']}", method, sent))[0] == 404
    await save(you)  # the same name is no conflict
    code, body = await me("views", "POST", {"name": "T cells", "state": STATE})
    assert (code, body["code"]) == (409, "conflict")


async def test_who_may_only_look_has_none(person: Any, login: Fetch, dataset: str) -> None:
    guest = caller(person("guest", "view"))
    assert (await guest("views"))[0] == 403
    assert (await guest("views", "POST", {"name": "a", "state": {}}))[0] == 403
    page: Any = page_config((await login(f"cxg/d/{dataset}/")).body.decode())
    assert page["views"] is True


async def test_a_newer_revision_says_what_it_was_saved_on(me: Any, catalog: Catalog, dataset: str) -> None:
    saved = await save(me, cells={"k": BITS})
    adata = tiny_adata()
    adata.obs["new"] = 1.0
    Publication.begin(adata, catalog, title="tiny", id=dataset).finish()
    _, found = await me(f"views/{saved['id']}")
    assert (found["revision"], found["same_data"], found["same_cells"]) == (1, False, True)
    assert found["cells"] == {"k": BITS}
    Publication.begin(tiny_adata()[:-1].copy(), catalog, title="tiny", id=dataset).finish()
    _, listed = await me("views")
    assert listed["revision"] == 3 and [view["same_cells"] for view in listed["views"]] == [False]
    _, found = await me(f"views/{saved['id']}")
    assert (found["state"], found["cells"]) == (STATE, {})


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        {"name": "a"},
        {"state": {}},
        {"name": "", "state": {}},
        {"name": " \n", "state": {}},
        {"name": "x" * 201, "state": {}},
        {"name": "a\x00", "state": {}},
        {"name": 1, "state": {}},
        {"name": "a", "state": []},
        {"name": "a", "state": {"x": float("nan")}},
        {"name": "a", "state": {}, "about": "x" * 501},
        {"name": "a", "state": {}, "cells": []},
        {"name": "a", "state": {}, "cells": {"k": 1}},
        {"name": "a", "state": {}, "cells": {"k": "AA"}},
        {"name": "a", "state": {}, "cells": {"k": "é"}},
        {"name": "a", "state": {}, "more": 1},
    ],
)
async def test_what_makes_no_sense_is_refused_in_a_sentence(me: Any, sent: Any) -> None:
    code, body = await me("views", "POST", sent)
    assert (code, body["code"]) == (400, "bad_query") and body["message"].endswith(".")
    assert (await me("views"))[1]["views"] == []


@pytest.mark.parametrize("id", ["x", "-1", "1.5", "9" * 40, "٣"])
async def test_ids_that_are_none(me: Any, id: str) -> None:
    assert (await me(f"views/{quote(id)}"))[0] == 404


async def test_odd_names_are_kept_as_they_are(me: Any) -> None:
    for name in ("<img src=x onerror=alert(1)>", "a,b#c", "שלום", "👩‍🔬", "\ud800"):
        code, _ = await me("views", "POST", {"name": name, "state": {}})
        assert code == 201, name
    listed = [view["name"] for view in (await me("views"))[1]["views"]]
    assert listed == ["?", "👩‍🔬", "שלום", "a,b#c", "<img src=x onerror=alert(1)>"]


class TestSwitchedOff:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        jp_server_config["Cxg"]["saved_views"] = False
        return jp_server_config

    async def test_nothing_is_saved_and_the_page_knows(
        self, me: Any, login: Fetch, dataset: str, cxg: Context
    ) -> None:
        code, body = await me("views", "POST", {"name": "a", "state": {}})
        assert (code, body["code"]) == (501, "not_offered")
        page: Any = page_config((await login(f"cxg/d/{dataset}/")).body.decode())
        assert page["views"] is False
        assert cxg.annotations.views.all("me", Place(dataset, "", 1)) == ()
