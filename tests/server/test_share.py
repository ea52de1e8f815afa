"""A link opens one dataset for looking, until it ends; its owner makes and ends it."""

import asyncio
import json
import logging
import os
import threading
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from jupyter_server.auth import IdentityProvider
from tornado.httpclient import HTTPResponse
from traitlets.config import Config

from jupyter_cxg.config import Cxg
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.handlers.annotations import GeneSets
from jupyter_cxg.server.handlers.data import Answers
from jupyter_cxg.server.handlers.openapi import OpenApi
from jupyter_cxg.server.pool import Pool
from jupyter_cxg.server.routes import routes
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.links import Links
from jupyter_cxg.snapshot.wish import Wish
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch, page_config
from tests.server.test_access import QUERY, SECRETS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STATE = {
    "color": {"kind": "gene", "name": "GENE3"},
    "filters": [{"kind": "cells", "key": "python-1", "label": "from Python", "count": 4}],
}
BITS = b64encode(bytes([15, 0, 0, 0, 0, 0, 0, 0])).decode()
UNKNOWN = "0123456789abcdeffedcba9876543210"
HEADER = "X-Cxg-Capability"


@pytest.fixture(params=[True, False], ids=["open", "closed"])
def open_by_default(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def make(login: Fetch, dataset: str) -> Callable[..., Any]:
    """``await make(expires="1d")``: a new link, as the owner is told of it."""

    async def post(**wish: Any) -> dict[str, Any]:
        response = await login(f"cxg/d/{dataset}/links", method="POST", body=json.dumps(wish))
        assert response.code == 201, response.body
        made: dict[str, Any] = json.loads(response.body)
        return made

    return post


def capability_of(made: dict[str, Any]) -> str:
    return f"{made['id']}.{made['secret']}"


async def ask(fetch: Fetch, dataset: str, capability: str, *questions: str, **headers: str) -> HTTPResponse:
    body = json.dumps({"capability": capability, "questions": questions})
    return await fetch(
        f"cxg/d/{dataset}/ask", method="POST", body=body, headers={"Origin": "null", **headers}
    )


def answers(response: HTTPResponse) -> list[dict[str, Any]]:
    """The header of the container, with the JSON documents in it."""
    assert response.code == 200, response.body
    length = int.from_bytes(response.body[:4], "little")
    found: list[dict[str, Any]] = json.loads(response.body[4 : 4 + length])["answers"]
    for part in found:
        if part.get("type") == "application/json":
            start = 4 + length + part["offset"]
            part["document"] = json.loads(response.body[start : start + part["length"]])
    return found


def refusal(response: HTTPResponse) -> tuple[int, str]:
    return response.code, json.loads(response.body)["code"]


# ── the page ──


async def test_the_page_is_the_same_for_everybody_and_every_id(
    fetch: Fetch, login: Fetch, make: Callable[..., Any], dataset: str, jp_base_url: str
) -> None:
    made = await make()
    path, _, fragment = made["url_path"].partition("#k=")
    assert path == f"{jp_base_url}cxg/s/{dataset}{made['id']}" and fragment == made["secret"]
    pages = []
    for who, ids in ((fetch, dataset + made["id"]), (login, dataset + made["id"]), (fetch, UNKNOWN)):
        page = await who(f"cxg/s/{ids}")
        assert page.code == 200 and "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        policy = page.headers["Content-Security-Policy"]
        assert "sandbox allow-scripts" in policy and "frame-ancestors 'self'" in policy
        config = page_config(page.body.decode())
        assert config == {
            "id": ids[:16],
            "title": "Shared view",
            "root": f"{jp_base_url}cxg/d/{ids[:16]}/",
            "capability": None,
            "version": config["version"],
            "sharing": False,
            "link": ids[16:],
        }
        nonce = policy.split("'nonce-")[1].split("'")[0]
        pages.append(page.body.decode().replace(ids[:16], "D").replace(ids[16:], "L").replace(nonce, "N"))
    assert len(set(pages)) == 1
    head = await fetch(f"cxg/s/{dataset}{made['id']}", method="HEAD")
    assert head.code == 200 and head.body == b""


@pytest.mark.parametrize(
    "ids",
    ["x", "0" * 31, "0" * 33, "G" * 32, "%2e%2e%2f" + "0" * 29, "0" * 32 + ".json", "0" * 16 + "%00" * 16],
)
async def test_what_is_no_link_is_a_sentence(fetch: Fetch, ids: str) -> None:
    page = await fetch(f"cxg/s/{ids}")
    assert page.code == 404 and b"no link to a view" in page.body and b"Run its cell" not in page.body
    assert page.headers["Content-Type"].startswith("text/html")


# ── the guest ──


async def test_a_guest_is_told_what_the_link_shows(
    fetch: Fetch, make: Callable[..., Any], dataset: str
) -> None:
    made = await make(state={**STATE, "revision": 7}, cells={"python-1": BITS}, note="not for guests")
    response = await ask(fetch, dataset, capability_of(made), "view", "config", "data/var?var:name_0=GENE3")
    view, config, genes = answers(response)
    assert view["document"] == {
        "link": {"expires": made["expires"]},
        "state": STATE,
        "cells": {"python-1": BITS},
    }
    assert config["document"]["config"]["displayNames"]["dataset"] == "tiny"
    assert genes["status"] == 200 and genes["type"] == "application/vnd.apache.arrow.stream"
    assert b"not for guests" not in response.body and "Set-Cookie" not in response.headers


async def test_an_owner_comes_by_no_link(fetch: Fetch, dataset: str, capability: str) -> None:
    (view,) = answers(await ask(fetch, dataset, capability, "view"))
    assert view["document"] == {"link": None, "state": {}, "cells": {}}


async def test_a_link_opens_the_read_routes_of_its_dataset_and_nothing_else(
    fetch: Fetch, login: Fetch, cxg: Context, make: Callable[..., Any], dataset: str, catalog: Catalog
) -> None:
    """Every route of the server, with every method, for both datasets."""
    made = await make()
    other = publish(tiny_adata(), catalog)
    key = {HEADER: capability_of(made)}
    reads = {f"/cxg/d/([^/]+){rest}" for rest in _data_routes(cxg)}
    tried, opened = 0, set()
    for pattern, handler, _ in routes(cxg):
        for id in (dataset, other):
            path = pattern.replace("/?", "/").replace("([^/]+)", id).replace(r"\.", ".").replace("(.*)", "x")
            for method in METHODS:
                body = "var:name_0=GENE3" if method in ("POST", "PUT", "PATCH") else None
                response = await fetch(path.removeprefix("/") + QUERY, method=method, body=body, headers=key)
                tried += 1
                if pattern in reads and id == dataset and method == "GET":
                    assert response.code == 200, (method, path, response.body)
                    opened.add(path.removeprefix(f"/cxg/d/{dataset}/"))
                elif handler is OpenApi:
                    continue  # is the same for all the world
                elif pattern.endswith("/jobs") and id == dataset and method == "GET":
                    assert json.loads(response.body) == {"jobs": []}, "a guest's own, and so none"
                elif not (pattern in reads and id == dataset):
                    assert response.code in (204, 302, 400, 403, 404, 405, 426), (method, path, response.code)
                    assert response.code != 204 or method == "OPTIONS"
                    assert not [secret for secret in SECRETS if secret in (response.body or b"")] or (
                        handler.__name__ == "Shared"
                    ), (method, path, response.body)
    for path in (
        "api/contents",
        "api/kernels",
        "api/sessions",
        "api/status",
        "api/terminals",
        "tree",
        "files/x",
    ):
        assert (await fetch(path, headers=key)).code in (302, 403, 404, 405), path
        tried += 1
    print(f"{tried} requests as a guest, {len(opened)} of them answered with data")
    assert opened == {
        *("status", "graphs", "rankings", "facts", "annotations"),  # annotations: a guest has none
        *(f"api/v0.2/{name}" for name in ("schema", "config", "colors", "genesets", "summarize/var")),
        *(f"api/v0.2/{name}" for name in ("annotations/obs", "annotations/var", "layout/obs", "data/var")),
    }
    assert {manifest.id for manifest in catalog.list()} == {dataset, other}, "and nothing was removed"
    assert [link.id for link in cxg.links.list(dataset)] == [made["id"]]


def _data_routes(cxg: Context) -> list[str]:
    return [
        pattern.removeprefix("/cxg/d/([^/]+)")
        for pattern, handler, _ in routes(cxg)
        if issubclass(handler, (Answers, GeneSets)) and not pattern.endswith(("/image", "/ranking"))
    ]


async def test_a_forged_link_gets_nothing(
    fetch: Fetch, login: Fetch, make: Callable[..., Any], dataset: str, catalog: Catalog
) -> None:
    one, two = await make(), await make()
    other = publish(tiny_adata(), catalog)
    forged = [
        (dataset, f"{one['id']}.{one['secret'][:-1]}"),  # truncated
        (dataset, f"{one['id']}.{'0' * 40}"),
        (dataset, f"{one['id']}."),
        (dataset, f".{one['secret']}"),
        (dataset, "."),
        (dataset, f"{two['id']}.{one['secret']}"),  # re-targeted
        (other, f"{one['id']}.{one['secret']}"),
        (dataset, f"../links/{one['id']}.{one['secret']}"),
        (dataset, f"{other}/links/{one['id']}.{one['secret']}"),
        ("0" * 16, f"{one['id']}.{one['secret']}"),
        ("%2e%2e", f"{one['id']}.{one['secret']}"),
    ]
    for id, capability in forged:
        response = await ask(fetch, id, capability, "view", "schema")
        assert refusal(response) == (403, "expired"), (id, capability)
        header = await login(f"cxg/d/{id}/api/v0.2/schema", headers={HEADER: capability})
        assert refusal(header) == (403, "expired"), "a login does not help a bad link"
    assert (await ask(fetch, dataset, capability_of(one), "schema")).code == 200


async def test_a_revoked_link_ends_at_once(
    fetch: Fetch, login: Fetch, make: Callable[..., Any], dataset: str
) -> None:
    made, kept = await make(), await make()
    assert (await ask(fetch, dataset, capability_of(made), "schema")).code == 200
    gone = await login(f"cxg/d/{dataset}/links/{made['id']}", method="DELETE")
    assert gone.code == 204
    response = await ask(fetch, dataset, capability_of(made), "schema")
    assert refusal(response) == (403, "expired") and b"revoked" in response.body
    assert response.headers["Access-Control-Allow-Origin"] == "null", "the page can read why"
    assert (await ask(fetch, dataset, capability_of(kept), "schema")).code == 200
    again = await login(f"cxg/d/{dataset}/links/{made['id']}", method="DELETE")
    assert refusal(again) == (404, "not_found")


async def test_an_expired_link_has_ended(fetch: Fetch, dataset: str, catalog: Catalog) -> None:
    link, secret = Links(catalog, clock=lambda: 1_700_000_000.0).create(dataset, Wish(expires="1d"))
    response = await ask(fetch, dataset, f"{link.id}.{secret}", "schema")
    assert refusal(response) == (403, "expired") and b"expired on 2023-11-15" in response.body


async def test_with_the_snapshot_the_link_is_gone(
    fetch: Fetch, login: Fetch, make: Callable[..., Any], dataset: str
) -> None:
    made = await make()
    assert (await ask(fetch, dataset, capability_of(made), "schema")).code == 200
    assert (await login(f"cxg/api/snapshots/{dataset}", method="DELETE")).code == 204
    response = await ask(fetch, dataset, capability_of(made), "schema")
    assert refusal(response) == (403, "expired") and b"its data is gone" in response.body


async def test_cells_of_other_cells_are_not_shown(
    fetch: Fetch, make: Callable[..., Any], dataset: str, catalog: Catalog
) -> None:
    made = await make(state=STATE, cells={"python-1": BITS})
    adata = tiny_adata()
    adata.obs_names = [f"other-{i}" for i in range(adata.n_obs)]
    Publication.begin(adata, catalog, title="tiny", id=dataset).finish()
    (view,) = answers(await ask(fetch, dataset, capability_of(made), "view"))
    assert view["document"]["cells"] == {} and view["document"]["state"] == STATE


async def test_the_secret_is_in_no_log(
    fetch: Fetch, make: Callable[..., Any], dataset: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = await make()
    await fetch(f"cxg/s/{dataset}{made['id']}")
    await ask(fetch, dataset, capability_of(made), "view", "nonsense")
    await ask(fetch, dataset, f"{made['id']}.{made['secret']}x", "view")
    await fetch(f"cxg/d/{dataset}/api/v0.2/nonsense", headers={HEADER: capability_of(made)})
    await fetch(f"cxg/d/{dataset}/api/v0.2/data/var?var:x=1", headers={HEADER: capability_of(made)})
    assert made["id"] in caplog.text and made["secret"] not in caplog.text


async def test_two_guests_at_once_and_the_owner(
    fetch: Fetch, make: Callable[..., Any], dataset: str, capability: str
) -> None:
    one, two = await make(), await make()
    questions = ("schema", "default-layout", "data/var?var:name_0=GENE3")
    found = await asyncio.gather(
        *(ask(fetch, dataset, capability_of(made), *questions) for made in (one, two) for _ in range(8)),
        *(ask(fetch, dataset, capability, *questions) for _ in range(4)),
    )
    assert {response.code for response in found} == {200} and len({response.body for response in found}) == 1


async def test_guests_leave_threads_for_the_owner() -> None:
    pool = Pool(4)
    busy = threading.Semaphore(0)
    go_on = threading.Event()

    def work() -> None:
        busy.release()
        go_on.wait(10)

    guests = [asyncio.ensure_future(pool.run(work, guest=True)) for _ in range(6)]
    try:
        for _ in range(2):
            assert await asyncio.to_thread(busy.acquire, timeout=5)
        assert await asyncio.wait_for(pool.run(lambda: "answered"), 5) == "answered"
        assert not busy.acquire(blocking=False), "two of four threads, not more"
    finally:
        go_on.set()
        await asyncio.gather(*guests)
        pool.close()


# ── the owner ──


async def test_the_owner_lists_links_without_secrets(
    login: Fetch, make: Callable[..., Any], dataset: str
) -> None:
    first = await make(expires="1d", note="<b>one</b>")
    second = await make()
    response = await login(f"cxg/d/{dataset}/links")
    document = json.loads(response.body)
    assert document["max_days"] == 90
    assert {link["id"] for link in document["links"]} == {first["id"], second["id"]}
    assert document["links"][0].keys() == {"id", "role", "created", "expires", "note"}
    assert first["secret"].encode() not in response.body
    assert [link["note"] for link in document["links"] if link["id"] == first["id"]] == ["<b>one</b>"]


async def test_the_owners_page_may_do_all_that(fetch: Fetch, login: Fetch, dataset: str) -> None:
    config = page_config((await login(f"cxg/d/{dataset}/")).body.decode())
    assert config["sharing"] is True
    key = {HEADER: config["capability"], "Origin": "null"}
    made = await fetch(f"cxg/d/{dataset}/links", method="POST", body="{}", headers=key)
    assert made.code == 201 and made.headers["Access-Control-Allow-Origin"] == "null"
    id = json.loads(made.body)["id"]
    asked = await fetch(f"cxg/d/{dataset}/links/{id}", method="OPTIONS", headers={"Origin": "null"})
    assert "DELETE" in asked.headers["Access-Control-Allow-Methods"]
    assert json.loads((await fetch(f"cxg/d/{dataset}/links", headers=key)).body)["links"][0]["id"] == id
    assert (await fetch(f"cxg/d/{dataset}/links/{id}", method="DELETE", headers=key)).code == 204


async def test_a_capability_for_looking_or_for_another_dataset_makes_no_links(
    fetch: Fetch, cxg: Context, make: Callable[..., Any], dataset: str, catalog: Catalog
) -> None:
    made = await make()
    other = publish(tiny_adata(), catalog)
    for capability in (
        cxg.capabilities.issue(dataset, user="somebody"),
        cxg.capabilities.issue(other, user="somebody", role="own"),
        capability_of(made),
        "",
        "x",
    ):
        for method, path, body in (
            ("GET", "links", None),
            ("POST", "links", "{}"),
            ("DELETE", f"links/{made['id']}", None),
        ):
            response = await fetch(
                f"cxg/d/{dataset}/{path}", method=method, body=body, headers={HEADER: capability}
            )
            assert response.code == 403, (capability, method)
    assert [link.id for link in cxg.links.list(dataset)] == [made["id"]]


async def test_a_foreign_page_makes_no_links(
    fetch: Fetch, login: Fetch, cxg: Context, make: Callable[..., Any], dataset: str
) -> None:
    made = await make()
    path = f"cxg/d/{dataset}/links"
    cookies = (await login(path)).headers.get_list("Set-Cookie")
    cookie = "; ".join(value.partition(";")[0] for value in cookies)
    assert (await fetch(path, headers={"Cookie": cookie})).code == 200
    no_token = await fetch(path, method="POST", body="{}", headers={"Cookie": cookie})
    assert no_token.code == 403  # no XSRF token
    delete = await fetch(f"{path}/{made['id']}", method="DELETE", headers={"Cookie": cookie})
    assert delete.code == 403
    for origin in ("https://evil.example", "null"):
        foreign = await fetch(path, headers={"Cookie": cookie, "Origin": origin})
        assert foreign.code == 403
        token = cookie.partition("_xsrf=")[2].partition(";")[0]
        with_token = {"Cookie": cookie, "Origin": origin, "X-XSRFToken": token}
        post = await fetch(path, method="POST", body="{}", headers=with_token)
        assert post.code in (403, 404)  # Jupyter's word for it
    assert [link.id for link in cxg.links.list(dataset)] == [made["id"]]


@pytest.mark.parametrize(
    "body",
    [
        '{"expires": "0d"}',
        '{"expires": "-1d"}',
        '{"expires": "abc"}',
        '{"expires": "3650d"}',
        '{"expires": 7}',
        '{"role": "owner"}',
        '{"state": []}',
        '{"state": {"x": NaN}}',
        '{"cells": 1}',
        '{"state": {"filters": [{"kind": "cells", "key": "a"}]}, "cells": {"a": "AAAA"}}',
        '{"unknown": 1}',
        "[]",
        "null",
        "not json",
        "[" * 100_000,
    ],
)
async def test_nonsense_makes_no_link(login: Fetch, cxg: Context, dataset: str, body: str) -> None:
    response = await login(f"cxg/d/{dataset}/links", method="POST", body=body)
    assert refusal(response) == (400, "bad_query"), response.body
    assert cxg.links.list(dataset) == []


async def test_links_of_nothing(login: Fetch) -> None:
    for id in ("0" * 16, "..%2f..", "nonsense"):
        assert refusal(await login(f"cxg/d/{id}/links")) == (404, "not_found")
        assert refusal(await login(f"cxg/d/{id}/links", method="POST", body="{}")) == (404, "not_found")
        gone = await login(f"cxg/d/{id}/links/{'0' * 16}", method="DELETE")
        assert refusal(gone) == (404, "not_found")


async def test_the_authorizer_is_asked(login: Fetch, dataset: str, refused: list[tuple[str, str]]) -> None:
    path = f"cxg/d/{dataset}/links"
    assert (await login(path)).code == 403
    assert (await login(path, method="POST", body="{}")).code == 403
    assert (await login(f"{path}/{'0' * 16}", method="DELETE")).code == 403
    resource = "jupyter_cxg:links"
    assert refused == [("read", resource), ("write", resource), ("write", resource)]


# ── the switch ──


async def test_switched_off_no_link_works(
    fetch: Fetch, login: Fetch, cxg: Context, make: Callable[..., Any], dataset: str
) -> None:
    made = await make()
    cxg.sharing = False
    page = await fetch(f"cxg/s/{dataset}{made['id']}")
    assert page.code == 403 and b"switched off" in page.body
    assert page.headers["Content-Type"].startswith("text/html")
    response = await ask(fetch, dataset, capability_of(made), "schema")
    assert refusal(response) == (403, "sharing_off")
    more = await login(f"cxg/d/{dataset}/links", method="POST", body="{}")
    assert refusal(more) == (403, "sharing_off")
    assert page_config((await login(f"cxg/d/{dataset}/")).body.decode())["sharing"] is False
    # what there is can still be seen and ended
    assert len(json.loads((await login(f"cxg/d/{dataset}/links")).body)["links"]) == 1
    assert (await login(f"cxg/d/{dataset}/links/{made['id']}", method="DELETE")).code == 204


@pytest.mark.parametrize(
    ("sharing", "by_hub", "allowed"),
    [
        ("auto", False, True),
        ("auto", True, False),
        ("on", True, True),
        ("on", False, True),
        ("off", False, False),
        ("off", True, False),
    ],
)
def test_under_a_hub_sharing_is_off_until_it_is_switched_on(
    sharing: str, by_hub: bool, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Cxg(config=Config({"Cxg": {"sharing": sharing}}))
    assert settings.sharing_allowed(by_hub=by_hub) is allowed
    monkeypatch.setattr(os, "environ", {"CXG_SHARING": "whatever it inherited"})
    settings.hand_down(sharing=allowed)
    assert os.environ["CXG_SHARING"] == ("on" if allowed else "off")
    assert os.environ["CXG_MAX_LINK_DAYS"] == "90.0"


async def test_kernels_are_told(jp_serverapp: Any) -> None:
    assert os.environ["CXG_SHARING"] == "on"


class TestUnderAHub:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setattr(IdentityProvider, "hub_auth", object(), raising=False)
        monkeypatch.setenv("CXG_SHARING", "on")  # as it was before, and will be again
        return jp_server_config

    async def test_links_do_not_work(self, fetch: Fetch, cxg: Context, dataset: str) -> None:
        assert cxg.sharing is False and os.environ["CXG_SHARING"] == "off"
        assert (await fetch(f"cxg/s/{UNKNOWN}")).code == 403


async def test_a_token_does_not_stay_in_the_address_of_a_link(fetch: Fetch, jp_serverapp: Any) -> None:
    """The page could read it there."""
    token = jp_serverapp.identity_provider.token
    answer = await fetch(f"cxg/s/{UNKNOWN}?token={token}")
    assert answer.code == 302
    assert answer.headers["Location"].endswith(f"/cxg/s/{UNKNOWN}")
    assert "Set-Cookie" not in answer.headers
