"""Annotating where nobody logs in: each browser is a user of its own (``jupyter cxg serve --auth none``)."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from jupyter_cxg.config import Cxg
from jupyter_cxg.errors import Forbidden
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.handlers.front import Site
from jupyter_cxg.server.identity import StandaloneAuthorizer
from jupyter_cxg.server.preparing import File
from jupyter_cxg.server.standalone import Host, make_app
from jupyter_cxg.server.visitors import VisitorIdentity, is_visitor, signing_key
from jupyter_cxg.snapshot.catalog import Catalog
from tests.server.conftest import Fetch, page_config
from tests.server.test_annotations import LABELS, SET, body

KEY = b"k" * 32
SETS = json.dumps({"tid": 1, "genesets": [SET]})


@pytest.fixture
def base_url() -> str:
    return "/some+where/"


@pytest.fixture
def settings() -> dict[str, Any]:
    """Of `Cxg`; overridden by parameters of tests."""
    return {}


@pytest.fixture
def cxg(catalog: Catalog, dataset: str, settings: dict[str, Any], tmp_path: Path) -> Iterator[Context]:
    url = str(tmp_path / "annotations.sqlite")
    context = Context(Cxg(snapshot_dir=str(catalog.root), annotations_url=url, **settings), only={dataset})
    yield context
    context.close()


@pytest.fixture
def jp_web_app(cxg: Context, base_url: str, dataset: str, static: Path) -> Any:
    site = Site((File(dataset, Path("/nowhere/tiny.h5ad"), "tiny.h5ad"),))
    authorizer = StandaloneAuthorizer(lambda user: False, is_visitor)
    return make_app(
        cxg, site, Host(VisitorIdentity(KEY, path=base_url), authorizer, base_url, KEY), static=static
    )


@pytest.fixture
def fetch(http_server_client: Any, base_url: str) -> Fetch:
    async def anonymous(path: str, **kwargs: Any) -> HTTPResponse:
        kwargs.setdefault("follow_redirects", False)
        return await http_server_client.fetch(base_url + path, raise_error=False, **kwargs)

    return anonymous


async def visit(fetch: Fetch, path: str = "api/v0.2/config") -> dict[str, str]:
    """The header by which a new browser is known from now on."""
    given = (await fetch(path)).headers.get_list("Set-Cookie")
    assert len(given) == 1
    return {"Cookie": given[0].partition(";")[0]}


async def shown(fetch: Fetch, browser: dict[str, str]) -> list[str]:
    schema = json.loads((await fetch("api/v0.2/schema", headers=browser)).body)["schema"]
    return [column["name"] for column in schema["annotations"]["obs"]["columns"] if column["writable"]]


async def put(fetch: Fetch, path: str, sent: bytes | str, **headers: str) -> int:
    return int((await fetch(path, method="PUT", body=sent, headers=headers)).code)


async def test_two_visitors_do_not_see_each_others(fetch: Fetch) -> None:
    one, two = await visit(fetch), await visit(fetch)
    assert await put(fetch, "api/v0.2/annotations/obs", body(first=LABELS), **one) == 200
    assert (
        await put(fetch, "api/v0.2/annotations/obs?annotation-collection-name=b", body(x=LABELS), **two)
        == 200
    )
    assert await put(fetch, "api/v0.2/genesets", SETS, **one) == 200
    assert (await shown(fetch, one), await shown(fetch, two)) == (["first"], ["x"])
    sets = [json.loads((await fetch("api/v0.2/genesets", headers=b)).body)["genesets"] for b in (one, two)]
    assert sets == [[SET], []]
    assert (await fetch("api/v0.2/annotations/obs?annotation-name=first", headers=two)).code == 404
    told = [
        json.loads((await fetch("api/v0.2/config", headers=b)).body)["config"]["parameters"]
        for b in (one, two)
    ]
    assert [t["annotations-data-collection-name"] for t in told] == ["default", "b"]
    assert (
        told[0]["annotations"]
        and told[0]["annotations-user-data-idhash"] != told[1]["annotations-user-data-idhash"]
    )


async def test_the_cookie(fetch: Fetch, base_url: str) -> None:
    for path in ("", "api/v0.2/config"):
        (cookie,) = (await fetch(path)).headers.get_list("Set-Cookie")
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and f"Path={base_url}" in cookie
        again = (await fetch(path, headers={"Cookie": cookie.partition(";")[0]})).headers["Set-Cookie"]
        assert again.split("|")[-2] == cookie.split("|")[-2], "the same name, for longer"
    assert "Secure" not in cookie
    for path in ("api/v0.2/schema", "api/v0.2/genesets", "healthz"):
        assert "Set-Cookie" not in (await fetch(path)).headers, path


async def test_behind_https_the_cookie_is_secure(fetch: Fetch, http_server: Any) -> None:
    http_server.xheaders = True  # as the command says where visitors come from elsewhere
    answer = await fetch("api/v0.2/config", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("forged", ["", "abc", "2|1:0|10:1|18:cxg-visitor|4:YWJj|" + "0" * 64])
async def test_who_has_no_cookie_of_ours_only_looks(fetch: Fetch, forged: str) -> None:
    name = (await visit(fetch))["Cookie"].partition("=")[0]
    nobody = {"Cookie": f"{name}={forged}"} if forged else {}
    assert await put(fetch, "api/v0.2/annotations/obs", body(a=LABELS), **nobody) == 403
    assert await put(fetch, "api/v0.2/genesets", SETS, **nobody) == 403
    config = await fetch("api/v0.2/schema", headers=nobody)
    assert config.code == 200 and b'"writable":true' not in config.body


async def test_the_page_writes_in_the_visitors_name(fetch: Fetch, dataset: str, cxg: Context) -> None:
    browser = await visit(fetch, "")
    page = page_config((await fetch("", headers=browser)).body.decode())
    assert page["sharing"] is False
    sandboxed = {"X-Cxg-Capability": page["capability"], "Origin": "null"}
    assert (
        await put(fetch, f"cxg/d/{dataset}/api/v0.2/annotations/obs", body(mine=LABELS), **sandboxed) == 200
    )
    assert await shown(fetch, browser) == ["mine"]
    first = page_config((await fetch("")).body.decode())  # of the answer that sets the cookie
    stranger = {"X-Cxg-Capability": first["capability"]}
    assert await put(fetch, f"cxg/d/{dataset}/api/v0.2/annotations/obs", body(), **stranger) == 200
    assert await shown(fetch, browser) == ["mine"]
    for method, sent in (("GET", None), ("POST", '{"role": "view", "expires": "1d"}')):
        answer = await fetch(f"cxg/d/{dataset}/links", method=method, body=sent, headers=sandboxed)
        assert answer.code == 403, "a visitor makes no links"
    cancel = await fetch(f"cxg/d/{dataset}/cancel", method="POST", body="", headers=sandboxed)
    assert cancel.code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_pages_write_nothing(fetch: Fetch, dataset: str, headers: dict[str, str]) -> None:
    browser = await visit(fetch)
    await put(fetch, "api/v0.2/annotations/obs", body(mine=LABELS), **browser)
    for method, path, sent in (
        ("PUT", "api/v0.2/annotations/obs", body()),
        ("PUT", "api/v0.2/genesets", SETS),
        ("PUT", f"cxg/d/{dataset}/annotations.csv", b"index\n"),
        ("PUT", f"cxg/d/{dataset}/genesets.csv", b""),
        ("POST", f"cxg/d/{dataset}/history", b'{"restore": 1}'),
    ):
        answer = await fetch(path, method=method, body=sent, headers={**browser, **headers})
        assert answer.code == 403, path
    assert await shown(fetch, browser) == ["mine"]
    own = {**browser, "Sec-Fetch-Site": "same-origin"}
    assert await put(fetch, "api/v0.2/annotations/obs", body(), **own) == 200


@pytest.mark.parametrize("settings", [{"max_visitors": 1}])
async def test_rooms_for_visitors_are_bounded(fetch: Fetch) -> None:
    one, two = await visit(fetch), await visit(fetch)
    assert await put(fetch, "api/v0.2/annotations/obs", body(a=LABELS), **one) == 200
    answer = await fetch("api/v0.2/annotations/obs", method="PUT", body=body(a=LABELS), headers=two)
    assert answer.code == 413 and "Cxg.max_visitors" in json.loads(answer.body)["message"]
    assert await put(fetch, "api/v0.2/annotations/obs", body(b=LABELS), **one) == 200


@pytest.mark.parametrize("settings", [{"annotating": False}])
async def test_annotations_may_be_switched_off(fetch: Fetch, dataset: str) -> None:
    browser = await visit(fetch)
    for path in ("api/v0.2/annotations/obs", f"cxg/d/{dataset}/annotations.csv"):
        assert await put(fetch, path, body(a=LABELS), **browser) == 501
    assert await put(fetch, "api/v0.2/genesets", SETS, **browser) == 200
    told = json.loads((await fetch("api/v0.2/config", headers=browser)).body)["config"]["parameters"]
    assert (told["annotations"], told["annotations-data-collection-is-read-only"]) == (False, True)
    assert told["annotations-data-collection-name"] is None
    assert (told["annotations_genesets"], told["annotations_genesets_readonly"]) == (True, False)


@pytest.mark.parametrize("settings", [{"gene_sets_save": False}])
async def test_saving_gene_sets_may_be_switched_off(fetch: Fetch, dataset: str) -> None:
    browser = await visit(fetch)
    for path in ("api/v0.2/genesets", f"cxg/d/{dataset}/genesets.csv"):
        assert await put(fetch, path, SETS, **browser) == 501
    assert await put(fetch, "api/v0.2/annotations/obs", body(a=LABELS), **browser) == 200
    told = json.loads((await fetch("api/v0.2/config", headers=browser)).body)["config"]["parameters"]
    assert (told["annotations"], told["annotations_genesets_readonly"]) == (True, True)


# ── the key ──


def test_the_key_stays_and_is_its_owners_alone(tmp_path: Path) -> None:
    place, old = tmp_path / "new" / "visitors.key", os.umask(0)
    try:
        key = signing_key(place)
    finally:
        os.umask(old)
    assert len(key) == 32 and signing_key(place) == key
    assert place.stat().st_mode & 0o777 == 0o600 and place.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in place.parent.iterdir()] == ["visitors.key"]
    assert signing_key(tmp_path / "none", "given") == signing_key(tmp_path / "none", "given") != key
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("kind", ["open", "short", "link", "folder"])
def test_another_key_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "visitors.key"
    if kind == "folder":
        place.mkdir()
    elif kind == "link":
        (tmp_path / "x").write_bytes(KEY)
        place.symlink_to(tmp_path / "x")
    else:
        place.write_bytes(KEY if kind == "open" else KEY[:5])
        place.chmod(0o644 if kind == "open" else 0o600)
    with pytest.raises(Forbidden, match="key"):
        signing_key(place)
