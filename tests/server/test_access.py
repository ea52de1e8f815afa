"""No route answers data to anybody who may not have it: a walk over the whole route table."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from jupyter_cxg.server.context import Context
from jupyter_cxg.server.handlers.annotations import GeneSets, History
from jupyter_cxg.server.handlers.ask import Ask
from jupyter_cxg.server.handlers.cancel import Cancel
from jupyter_cxg.server.handlers.csv_files import AnnotationsCsv, Backup, GeneSetsCsv
from jupyter_cxg.server.handlers.diffexp import Diffexp, DiffexpObs
from jupyter_cxg.server.handlers.events import Events
from jupyter_cxg.server.handlers.figures import Figures
from jupyter_cxg.server.handlers.genes import Genes
from jupyter_cxg.server.handlers.jobs import Job, JobCancel, JobResult, Jobs, Markers
from jupyter_cxg.server.handlers.neighbors import Neighbors
from jupyter_cxg.server.handlers.open import Open
from jupyter_cxg.server.handlers.openapi import OpenApi
from jupyter_cxg.server.handlers.share import DatasetLink, DatasetLinks, Shared
from jupyter_cxg.server.handlers.static import Static
from jupyter_cxg.server.handlers.views import DatasetView, DatasetViews
from jupyter_cxg.server.routes import routes
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch

PUBLIC = (OpenApi, Static, Shared)  # the page of a link holds no data: tests/server/test_share.py
# these need a question of their own: tests/server/test_diffexp.py for the comparisons, test_jobs.py for jobs
WITHOUT_DATA = (
    AnnotationsCsv,
    Ask,
    Backup,
    Cancel,
    Diffexp,
    DiffexpObs,
    DatasetLink,
    DatasetLinks,
    DatasetView,
    DatasetViews,
    Figures,
    Genes,
    GeneSets,
    GeneSetsCsv,
    History,
    Open,
    Events,
    Job,
    JobCancel,
    JobResult,
    Jobs,
    Markers,
    Neighbors,
)
# the tiny dataset has none of these: test_neighbors.py, test_images.py, test_facts.py, test_rankings.py
OF_OTHERS = ("/facts", "/graphs", "/image", "/rankings", "/ranking")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
QUERY = "?var:name_0=GENE3&annotation-name=name_0&layout-name=umap"
# what only somebody with access may see: of the data, of the schema, of the page, of the catalog
SECRETS = (
    b"GENE",
    b"cell-",
    b"T cells",
    b"louvain",
    b"tiny",
    b'"capability"',
    b"n_obs",
    b"revision",
    b"umap_",
)


def urls(cxg: Context, dataset: str, *, of_data: bool = False) -> Iterator[str]:
    """The path of every route but the public ones, for this dataset; or only of those that GET data of it."""
    for pattern, handler, _ in routes(cxg):
        if handler not in PUBLIC and not (of_data and handler in WITHOUT_DATA):
            if of_data and pattern.endswith(OF_OTHERS):
                continue
            path = pattern.replace("([^/]+)", dataset).replace(r"\.", ".").replace("/?", "/")
            yield path.removeprefix("/") + QUERY


async def walk(fetch: Fetch, cxg: Context, dataset: str, **headers: str) -> list[tuple[str, HTTPResponse]]:
    """The answers to every method on every route."""
    found = []
    question = json.dumps({"capability": headers.get("X-Cxg-Capability", ""), "questions": ["schema"]})
    for url in urls(cxg, dataset):
        for method in METHODS:
            body = question if method in ("POST", "PUT", "PATCH") else None
            response = await fetch(url, method=method, body=body, headers=headers)
            found.append((f"{method} {url}", response))
    return found


def assert_no_data(answers: list[tuple[str, HTTPResponse]]) -> None:
    for request, response in answers:
        body = response.body or b""
        assert response.code in (204, 302, 403, 404, 405) or (
            response.code == 426 and "/events" in request
        ), (request, response.code, body)
        assert not [secret for secret in SECRETS if secret in body], (request, body)
        assert response.code != 204 or (request.startswith("OPTIONS") and body == b"")
        assert "Access-Control-Allow-Credentials" not in response.headers, request
        assert response.headers.get("Access-Control-Allow-Origin") in (None, "null"), request


@pytest.fixture(params=[True, False], ids=["open", "closed"])
def open_by_default(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def headers() -> dict[str, str]:
    # an administrator's mistake
    return {"Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Origin": "*"}


async def test_the_walk_does_find_data_with_a_login(login: Fetch, cxg: Context, dataset: str) -> None:
    for url in urls(cxg, dataset, of_data=True):
        response = await login(url, headers={"Accept": "application/json"})
        assert response.code == 200, url
        assert any(secret in response.body for secret in (*SECRETS, b"n_rows")), url


async def test_anonymous_requests_get_nothing(fetch: Fetch, cxg: Context, dataset: str) -> None:
    assert_no_data(await walk(fetch, cxg, dataset))
    assert_no_data(await walk(fetch, cxg, dataset, Origin="null"))


async def test_a_forged_capability_gets_nothing(fetch: Fetch, cxg: Context, dataset: str) -> None:
    assert_no_data(await walk(fetch, cxg, dataset, **{"X-Cxg-Capability": "a" * 43}))
    assert_no_data(await walk(fetch, cxg, dataset, **{"X-Cxg-Capability": ""}))


async def test_a_capability_is_for_one_dataset(
    fetch: Fetch, cxg: Context, dataset: str, catalog: Catalog
) -> None:
    other = cxg.capabilities.issue(publish(tiny_adata(), catalog), user="somebody")
    assert_no_data(await walk(fetch, cxg, dataset, **{"X-Cxg-Capability": other}))


async def test_an_expired_capability_gets_nothing(
    fetch: Fetch, cxg: Context, dataset: str, capability: str
) -> None:
    for given in cxg.capabilities.list():
        cxg.capabilities.revoke(given.key)
    answers = await walk(fetch, cxg, dataset, **{"X-Cxg-Capability": capability})
    assert_no_data(answers)
    refused = dict(answers)[f"GET cxg/d/{dataset}/api/v0.2/data/var{QUERY}"]
    assert json.loads(refused.body)["code"] == "expired"


async def test_a_capability_opens_its_dataset_and_nothing_else(
    fetch: Fetch, cxg: Context, dataset: str, capability: str
) -> None:
    key = {"X-Cxg-Capability": capability}
    assert (await fetch(f"cxg/d/{dataset}/api/v0.2/schema", headers=key)).code == 200
    for path in ("api/contents", "cxg/api/snapshots", f"cxg/api/snapshots/{dataset}", f"cxg/d/{dataset}/"):
        assert (await fetch(path, headers=key)).code in (302, 403), path
    deleted = await fetch(f"cxg/api/snapshots/{dataset}", method="DELETE", headers=key)
    assert deleted.code == 403 and cxg.catalog.get(dataset).id == dataset


async def test_a_bad_capability_is_not_helped_by_a_login(login: Fetch, dataset: str) -> None:
    response = await login(f"cxg/d/{dataset}/api/v0.2/schema", headers={"X-Cxg-Capability": "forged"})
    assert response.code == 403


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
async def test_a_cookie_is_not_believed_from_another_origin(
    fetch: Fetch, login: Fetch, jp_serverapp: Any, dataset: str, origin: str
) -> None:
    path = f"cxg/d/{dataset}/api/v0.2/schema"
    cookies = (await login(path)).headers.get_list("Set-Cookie")
    cookie = "; ".join(value.partition(";")[0] for value in cookies)
    assert (await fetch(path, headers={"Cookie": cookie})).code == 200
    assert (await fetch(path, headers={"Cookie": cookie, "Origin": origin})).code == 403
    post = await fetch(
        f"cxg/d/{dataset}/api/v0.2/summarize/var",
        method="POST",
        body="var:name_0=GENE3",
        headers={"Cookie": cookie},
    )
    assert post.code == 403  # a form of another page could have sent it: no XSRF token


async def test_the_authorizer_is_asked(
    login: Fetch, cxg: Context, jp_serverapp: Any, dataset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = set()

    async def refuse(handler: Any, user: Any, action: str, resource: str) -> bool:
        asked.add((action, resource))
        return False

    monkeypatch.setattr(jp_serverapp.web_app.settings["authorizer"], "is_authorized", refuse, raising=False)
    for url in urls(cxg, dataset, of_data=True):
        assert (await login(url)).code == 403, url
    assert (await login(f"cxg/api/snapshots/{dataset}", method="DELETE")).code == 403
    assert asked == {
        ("read", "jupyter_cxg:data"),
        ("read", "jupyter_cxg:snapshots"),
        ("write", "jupyter_cxg:snapshots"),
    }


def test_every_verb_is_decorated(jp_serverapp: Any, cxg: Context) -> None:
    for pattern, handler, _ in routes(cxg):
        assert jp_serverapp.web_app._check_handler_auth(pattern, handler) == []
