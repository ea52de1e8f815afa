"""Annotations that a notebook has written into the object that is published: what is stored is newer."""

import json
from typing import Any

import anndata
import pandas as pd
import pytest

from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.provenance import digest_of, fingerprint_of
from jupyter_cxg.snapshot.writer import publish as publish_again
from tests.reference.example import N_OBS, publish, tiny_adata
from tests.server.conftest import Fetch
from tests.server.test_annotation_edits import column

CODES = [1] * 9 + [0] * 20 + [-1] * (N_OBS - 29)
MINE = ["B"] * 9 + ["T"] * 20 + [None] * (N_OBS - 29)


def landed_adata() -> anndata.AnnData:
    """With the column ``mine``, in which all cells are T, and ``own``, which no viewer made."""
    adata = tiny_adata()
    adata.obs["mine"] = pd.Categorical(["T"] * N_OBS, categories=["T", "B"])
    adata.obs["own"] = adata.obs["mine"]
    row = {"fingerprint": fingerprint_of(adata.obs_names), "digest": digest_of(adata.obs["mine"])}
    adata.uns["jupyter_cxg"] = {"annotations": pd.DataFrame([row], index=["mine"])}
    return adata


@pytest.fixture
def landed(catalog: Catalog) -> str:
    return publish(landed_adata(), catalog)


@pytest.fixture
def api(fetch: Fetch, landed: str, dataset: str, cxg: Context) -> Any:
    """``await api("me", "annotations", {…})``: as this user; None is a guest."""

    async def ask(user: str | None, path: str, sent: Any = None, before: bool = False) -> Any:
        shown = dataset if before else landed
        secret = cxg.capabilities.issue(shown, user=user or "me", role="own" if user else "view")
        headers = {"X-Cxg-Capability": secret, "Accept": "application/json"}
        more = {} if sent is None else {"method": "POST", "body": json.dumps(sent)}
        answer = await fetch(f"cxg/d/{shown}/{path}", headers=headers, **more)
        return json.loads(answer.body) if answer.code == 200 else answer.code

    return ask


@pytest.fixture
def save(api: Any) -> Any:
    """``await save()``: before the column was published, I have stored annotations of both names."""

    async def sent() -> None:
        columns = {"mine": column(["T", "B"], CODES), "own": column(["B"])}
        assert (await api("me", "annotations", {"columns": columns}, before=True))["version"] == 1

    return sent


async def columns(api: Any, user: str | None) -> dict[str, bool]:
    """Name → whether it may be changed; each name once."""
    found = (await api(user, "api/v0.2/schema"))["schema"]["annotations"]["obs"]["columns"]
    names = [item["name"] for item in found]
    assert len(names) == len(set(names))
    return {item["name"]: item["writable"] for item in found}


async def values(api: Any, user: str | None) -> list[Any]:
    found: list[Any] = (await api(user, "api/v0.2/annotations/obs?annotation-name=mine"))["columns"][0]
    return found


async def test_who_has_none_stored_sees_what_was_published(api: Any) -> None:
    assert (await columns(api, "me"))["mine"] is False
    assert await values(api, "me") == ["T"] * N_OBS
    assert await api("me", "annotations", {"columns": {"own": column(["B"])}}) == 400
    assert (await api("me", "annotations", {"columns": {"mine": column(["T", "B"], CODES)}}))["version"] == 1
    assert (await columns(api, "me"))["mine"] is True and await values(api, "me") == MINE


async def test_who_has_it_stored_goes_on_with_that(api: Any, save: Any) -> None:
    await save()
    found = await columns(api, "me")
    assert (found["mine"], found["own"]) == (True, False), "what the viewer did not make hides, as ever"
    assert await values(api, "me") == MINE
    assert (await api("me", "api/v0.2/annotations/obs"))["names"].count("mine") == 1
    assert (await api("me", "annotations", {"columns": {"mine": column(["B"], [0] * N_OBS)}}))["version"] == 2
    assert await values(api, "me") == ["B"] * N_OBS


@pytest.mark.parametrize("other", ["you", None])
async def test_others_see_what_was_published(api: Any, save: Any, other: str | None) -> None:
    await save()
    assert (await columns(api, other))["mine"] is False
    assert await values(api, other) == ["T"] * N_OBS


async def test_what_is_stored_is_compared(api: Any, save: Any) -> None:
    await save()
    asked = "diffexp?column=mine&a=T&b=B"
    assert await api("you", asked) == 400, "nobody is B in what was published"
    assert (await api("me", asked))["names"]


# ── what is deleted after it was published ──


async def remove(api: Any, name: str = "mine") -> None:
    assert "version" in await api("me", "annotations", {"remove": [name], "what": f"{name}: deleted"})


async def test_what_was_deleted_since_is_gone_and_restoring_brings_it_back(api: Any, save: Any) -> None:
    await save()
    await remove(api)
    assert "mine" not in await columns(api, "me")
    assert await api("me", "api/v0.2/annotations/obs?annotation-name=mine") == 404
    assert "mine" not in (await api("me", "api/v0.2/annotations/obs"))["names"]
    assert await api("me", "diffexp?column=mine&a=T&b=B") == 404
    await api("me", "history", {"restore": 1})
    assert (await columns(api, "me"))["mine"] is True and await values(api, "me") == MINE


async def test_the_name_of_what_was_deleted_is_free(api: Any, save: Any) -> None:
    await save()
    await remove(api)
    await api("me", "annotations", {"columns": {"mine": column(["B"], [0] * N_OBS)}})
    assert await values(api, "me") == ["B"] * N_OBS


@pytest.mark.parametrize("other", ["you", None])
async def test_what_one_deletes_others_go_on_to_see(api: Any, save: Any, other: str | None) -> None:
    await save()
    await remove(api)
    assert (await columns(api, other))["mine"] is False and await values(api, other) == ["T"] * N_OBS


async def test_what_was_deleted_before_it_was_published_is_of_the_dataset(
    api: Any, save: Any, catalog: Catalog, landed: str, cxg: Context
) -> None:
    await save()
    await remove(api)
    publish_again(landed_adata(), catalog, title="t", id=landed)  # the object has kept it
    assert (await columns(api, "me"))["mine"] is False
    assert await values(api, "me") == ["T"] * N_OBS
