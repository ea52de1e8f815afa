"""The list of snapshots, for the pages of Jupyter itself."""

import json

from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch


async def test_snapshots_are_listed_newest_first(login: Fetch, catalog: Catalog) -> None:
    assert json.loads((await login("cxg/api/snapshots")).body) == []
    ids = [publish(tiny_adata(), catalog, title=title) for title in ("one", "two")]
    response = await login("cxg/api/snapshots")
    assert response.headers["Content-Type"] == "application/json"
    listed = json.loads(response.body)
    assert [item["id"] for item in listed] == ids[::-1]
    newest = listed[0]
    assert newest.keys() == {
        "id",
        "title",
        "n_obs",
        "n_vars",
        "revision",
        "bytes",
        "state",
        "created",
        "source",
    }
    assert (newest["title"], newest["n_obs"], newest["n_vars"]) == ("two", 60, 20)
    assert (newest["revision"], newest["state"]) == (1, "complete") and newest["bytes"] > 0
    assert json.loads((await login(f"cxg/api/snapshots/{ids[1]}")).body) == newest


async def test_unknown_snapshots_are_not_found(login: Fetch) -> None:
    for id in ("0123456789abcdef", "x", "%2e%2e"):
        response = await login(f"cxg/api/snapshots/{id}")
        assert response.code == 404 and json.loads(response.body)["code"] == "not_found"
        assert (await login(f"cxg/api/snapshots/{id}", method="DELETE")).code == 404


async def test_removing_ends_what_could_open_it(
    login: Fetch, fetch: Fetch, catalog: Catalog, dataset: str, capability: str, cxg: Context
) -> None:
    headers = {"X-Cxg-Capability": capability}
    assert (await fetch(f"cxg/d/{dataset}/status", headers=headers)).code == 200
    assert (await login(f"cxg/api/snapshots/{dataset}", method="DELETE")).code == 204
    assert catalog.list() == [] and not catalog.directory(dataset).exists()
    assert (await fetch(f"cxg/d/{dataset}/status", headers=headers)).code == 403
    assert cxg.capabilities.list() == []
