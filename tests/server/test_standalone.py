"""The routes under the second host: no Jupyter Server, one dataset, its own ways to log in."""

import json
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from jupyter_cxg._version import __version__
from jupyter_cxg.config import Cxg
from jupyter_cxg.errors import Unpublishable
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.handlers.front import Site
from jupyter_cxg.server.identity import AnyoneIdentity, StandaloneAuthorizer, TokenIdentity
from jupyter_cxg.server.preparing import File
from jupyter_cxg.server.routes import routes
from jupyter_cxg.server.standalone import Host, make_app
from jupyter_cxg.server.visitors import VisitorIdentity, is_visitor
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server import test_access, test_contract
from tests.server.conftest import Fetch, page_config
from tests.server.watching import Told

TOKEN = "a-token"

# The same tests as under Jupyter Server, with the fixtures below.
test_exchanges = test_contract.test_exchanges
test_the_schema_says_what_cellxgene_says = test_contract.test_the_schema_says_what_cellxgene_says
test_the_config_offers_what_there_is = test_contract.test_the_config_offers_what_there_is
test_layers = test_contract.test_layers
test_a_forged_capability_gets_nothing = test_access.test_a_forged_capability_gets_nothing
test_an_expired_capability_gets_nothing = test_access.test_an_expired_capability_gets_nothing
test_a_bad_capability_is_not_helped_by_a_login = test_access.test_a_bad_capability_is_not_helped_by_a_login


@pytest.fixture
def auth() -> str:
    """Who may look; overridden by parameters of tests."""
    return "token"


@pytest.fixture
def base_url() -> str:
    return "/some+where/"


@pytest.fixture
def cxg(catalog: Catalog, dataset: str) -> Context:
    return Context(Cxg(snapshot_dir=str(catalog.root)), only={dataset})


@pytest.fixture
def host(auth: str, base_url: str) -> Host:
    if auth == "none":
        return Host(AnyoneIdentity(), StandaloneAuthorizer(lambda user: False), base_url)
    if auth == "visitors":
        annotators = StandaloneAuthorizer(lambda user: False, is_visitor)
        return Host(VisitorIdentity(b"key", path=base_url), annotators, base_url)
    return Host(TokenIdentity(TOKEN), StandaloneAuthorizer(lambda user: True), base_url)


@pytest.fixture
def jp_web_app(cxg: Context, host: Host, dataset: str, static: Path) -> Any:
    site = Site((File(dataset, Path("/nowhere/tiny.h5ad"), "tiny.h5ad"),))
    return make_app(cxg, site, host, static=static)


@pytest.fixture
def fetch(http_server_client: Any, base_url: str) -> Fetch:
    async def anonymous(path: str, **kwargs: Any) -> HTTPResponse:
        kwargs.setdefault("follow_redirects", False)
        kwargs.setdefault("allow_nonstandard_methods", True)
        return await http_server_client.fetch(base_url + path, raise_error=False, **kwargs)

    return anonymous


@pytest.fixture
def login(fetch: Fetch) -> Fetch:
    async def known(path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> HTTPResponse:
        return await fetch(path, headers={"Authorization": f"token {TOKEN}", **(headers or {})}, **kwargs)

    return known


def cookies(response: HTTPResponse) -> str:
    return "; ".join(value.partition(";")[0] for value in response.headers.get_list("Set-Cookie"))


# ── what there is and what there is not ──


NOT_OURS = (
    "api/contents",
    "api/kernels",
    "api/sessions",
    "api/terminals",
    "terminals/1",
    "lab",
    "tree",
    "files/a",
)


@pytest.mark.parametrize("path", [*NOT_OURS, "cxg/open?path=tiny.h5ad", "lab/api/settings", "cxg", "%00"])
async def test_there_is_no_jupyter(login: Fetch, path: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        body = "{}" if method in ("POST", "PUT", "PATCH") else None
        assert (await login(path, method=method, body=body)).code == 404, method


async def test_the_front_page_is_the_viewer(login: Fetch, dataset: str, base_url: str) -> None:
    response = await login("")
    assert response.code == 200 and "sandbox allow-scripts" in response.headers["Content-Security-Policy"]
    config = page_config(response.body.decode())
    assert config["id"] == dataset and config["root"] == f"{base_url}cxg/d/{dataset}/"


async def test_the_base_url_may_lack_its_slash(http_server_client: Any, base_url: str) -> None:
    response = await http_server_client.fetch(
        "/some+where?token=x", raise_error=False, follow_redirects=False
    )
    assert (response.code, response.headers["Location"]) == (302, f"{base_url}?token=x")
    outside = await http_server_client.fetch("/", raise_error=False)
    assert outside.code == 404


async def test_only_the_one_dataset_is_there(login: Fetch, catalog: Catalog, dataset: str) -> None:
    other = publish(tiny_adata(), catalog)
    listed = json.loads((await login("cxg/api/snapshots")).body)
    assert [item["id"] for item in listed] == [dataset]
    for path in (f"cxg/d/{other}/", f"cxg/d/{other}/api/v0.2/schema", f"cxg/api/snapshots/{other}"):
        assert (await login(path)).code == 404, path
    assert (await login(f"cxg/d/{dataset}/api/v0.2/schema")).code == 200


async def test_nobody_removes_it(login: Fetch, catalog: Catalog, dataset: str) -> None:
    assert (await login(f"cxg/api/snapshots/{dataset}", method="DELETE")).code == 403
    assert catalog.get(dataset).id == dataset


# ── the token ──


async def test_without_the_token_no_route_answers(fetch: Fetch, cxg: Context, dataset: str) -> None:
    answers = await test_access.walk(fetch, cxg, dataset)
    test_access.assert_no_data(answers)
    front = await fetch("")
    assert front.code == 302 and "/login" in front.headers["Location"]


async def test_the_token_leaves_the_address_bar(fetch: Fetch, base_url: str) -> None:
    response = await fetch(f"?token={TOKEN}")
    assert (response.code, response.headers["Location"]) == (302, base_url)
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and f"Path={base_url}" in cookie
    assert (await fetch("", headers={"Cookie": cookies(response)})).code == 200


@pytest.mark.parametrize("token", ["", "wrong", "a-toke", "a-token-", "%00", "é"])
async def test_a_wrong_token_is_none(fetch: Fetch, token: str) -> None:
    response = await fetch(f"?token={token}")
    assert response.code == 302 and "Set-Cookie" not in response.headers
    posted = await fetch("login", method="POST", body=f"token={token}")
    assert posted.code == 403 and b"not the token" in posted.body and "Set-Cookie" not in posted.headers


async def test_the_form_logs_in(fetch: Fetch, base_url: str) -> None:
    form = await fetch("login?next=https://evil.example/")
    assert form.code == 200 and f'action="{base_url}login"'.encode() in form.body
    done = await fetch("login", method="POST", body=f"token={TOKEN}")
    assert (done.code, done.headers["Location"]) == (302, base_url)
    assert (await fetch("", headers={"Cookie": cookies(done)})).code == 200


async def test_another_token_ends_all_logins(fetch: Fetch) -> None:
    given = cookies(await fetch(f"?token={TOKEN}"))
    secrets = {TokenIdentity(token).cookie_secret() for token in (TOKEN, "another", "")}
    assert len(secrets) == 3 and given


async def test_who_has_the_token_may_make_links(login: Fetch, fetch: Fetch, dataset: str) -> None:
    path = f"cxg/d/{dataset}/links"
    made = await login(path, method="POST", body='{"role": "view", "expires": "1d"}')
    assert made.code == 201, made.body
    assert page_config((await login("")).body.decode())["sharing"] is True
    assert (await fetch(path)).code == 403


# ── everybody ──


everybody = pytest.mark.parametrize("auth", ["none", "visitors"])


@everybody
async def test_everybody_may_look(fetch: Fetch, dataset: str, auth: str) -> None:
    page = await fetch("")
    assert page.code == 200 and ("Set-Cookie" in page.headers) == (auth == "visitors")
    config = page_config(page.body.decode())
    assert config["sharing"] is False
    asked = json.dumps({"capability": config["capability"], "questions": ["schema"]})
    assert (await fetch(f"cxg/d/{dataset}/ask", method="POST", body=asked)).code == 200
    assert (await fetch(f"cxg/d/{dataset}/api/v0.2/schema")).code == 200


@everybody
async def test_nobody_may_do_more(fetch: Fetch, catalog: Catalog, dataset: str) -> None:
    config = page_config((await fetch("")).body.decode())
    path = f"cxg/d/{dataset}/links"
    for headers in ({}, {"X-Cxg-Capability": config["capability"]}):
        assert (await fetch(path, headers=headers)).code == 403
        for method, where in (("POST", path), ("DELETE", f"{path}/{'0' * 16}")):
            body = '{"role": "view", "expires": "1d"}' if method == "POST" else None
            assert (await fetch(where, method=method, body=body, headers=headers)).code == 403
    assert (await fetch(f"cxg/api/snapshots/{dataset}", method="DELETE")).code == 403
    assert catalog.get(dataset).id == dataset


@everybody
@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
async def test_other_sites_read_nothing(fetch: Fetch, dataset: str, origin: str) -> None:
    assert (await fetch(f"cxg/d/{dataset}/api/v0.2/schema", headers={"Origin": origin})).code == 403


@everybody
@pytest.mark.parametrize("name", ["evil.example", "evil.example:5005", "127.0.0.1.evil.example"])
async def test_another_name_of_this_machine_is_refused(fetch: Fetch, name: str) -> None:
    for path in ("", "cxg/api/snapshots"):
        assert (await fetch(path, headers={"Host": name})).code == 403


# ── health ──


async def test_health(fetch: Fetch) -> None:
    assert (await fetch("healthz")).code == 200
    assert (await fetch("readyz")).code == 200


async def test_health_as_cellxgene_says_it(
    fetch: Fetch, catalog: Catalog, cxg: Context, dataset: str
) -> None:
    answer = await fetch("health")
    assert answer.code == 200 and answer.headers["Content-Type"] == "application/health+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.body) == {"releaseID": __version__, "status": "pass", "version": "1"}
    catalog.remove(dataset)
    cxg.preparations._fail(File(dataset, Path("/nowhere"), "tiny.h5ad"), Unpublishable("It is damaged."))
    answer = await fetch("health")
    assert answer.code == 400 and json.loads(answer.body)["status"] == "fail"


async def test_every_verb_is_decorated(jp_serverapp: Any, jp_web_app: Any) -> None:
    rules = jp_web_app.wildcard_router.rules
    assert len(rules) > len(routes(None))  # type: ignore[arg-type]  # they only hand it on
    for rule in rules:
        assert jp_serverapp.web_app._check_handler_auth(str(rule.matcher), rule.target) == []


# ── the API where cellxgene's clients look for it ──


async def test_the_api_is_at_the_root_too(fetch: Fetch, login: Fetch, dataset: str) -> None:
    for route in ("schema", "config", "colors", "layout/obs?layout-name=umap"):
        there = await login(f"cxg/d/{dataset}/api/v0.2/{route}")
        here = await login(f"api/v0.2/{route}")
        assert (here.code, here.body) == (200, there.body) and here.headers["Etag"] == there.headers["Etag"]
        assert (await fetch(f"api/v0.2/{route}")).code == 403, "who has no token gets nothing there either"
    assert (await login("api/v0.2/")).code == (await login("api/v0.1/schema")).code == 404


@pytest.mark.parametrize("auth", ["none"])
async def test_scripts_need_no_cookie_where_nobody_logs_in(fetch: Fetch, base_url: str) -> None:
    body = json.dumps({"filter": {"var": {"index": [0]}}})
    headers = {"Accept": "application/octet-stream", "Content-Type": "application/json"}
    assert (await fetch("api/v0.2/data/var", method="PUT", body=body, headers=headers)).code == 200
    foreign = {**headers, "Origin": "https://elsewhere.example"}
    assert (await fetch("api/v0.2/data/var", method="PUT", body=body, headers=foreign)).code == 403


async def test_scripts_with_a_login_need_what_they_always_need(login: Fetch, fetch: Fetch) -> None:
    body = json.dumps({"filter": {"var": {"index": [0]}}})
    headers = {"Accept": "application/octet-stream", "Content-Type": "application/json"}
    assert (await login("api/v0.2/data/var", method="PUT", body=body, headers=headers)).code == 200
    assert (await fetch("api/v0.2/data/var", method="PUT", body=body, headers=headers)).code == 403


# ── jobs ──


@pytest.mark.parametrize("auth", ["none", "token"])
async def test_jobs_and_their_events(
    fetch: Fetch, login: Fetch, cxg: Context, dataset: str, http_server_port: Any, base_url: str, auth: str
) -> None:
    secret = cxg.capabilities.issue(dataset, user="visitor")
    url = f"ws://localhost:{http_server_port[1]}{base_url}cxg/d/{dataset}/events"
    told = Told(await websocket_connect(HTTPRequest(url, headers={"Origin": "null"})))
    await told.say(capability=secret)
    await told.status(state="complete")
    job = json.loads(
        (
            await fetch(
                f"cxg/d/{dataset}/jobs",
                method="POST",
                body=json.dumps({"capability": secret, "kind": "markers", "column": "louvain", "top": 2}),
                headers={"Content-Type": "text/plain", "Origin": "null"},
            )
        ).body
    )
    await told.job(job["job"], state="done")
    result = await fetch(f"cxg/d/{dataset}/jobs/{job['job']}/result", headers={"X-Cxg-Capability": secret})
    assert result.code == 200 and json.loads(result.body)["n_rows"] == 6
    await cxg.stop()
    assert (await told.end())[0] == 1001
