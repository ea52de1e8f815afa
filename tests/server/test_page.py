"""The viewer's page, and the files that it loads."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch, page_config

TITLE = 'x</script><script>alert("1")</script>&amp;<!--\u2028é'


@pytest.fixture(params=[{}, {"Content-Security-Policy": "frame-ancestors 'none'"}], ids=["plain", "hub"])
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    """A Hub forbids every frame by a setting that wins over the handlers of Jupyter itself."""
    return dict(request.param)


async def test_it_is_sandboxed_and_may_be_framed_by_this_server(login: Fetch, dataset: str) -> None:
    page = await login(f"cxg/d/{dataset}/")
    assert page.code == 200
    policy = dict(part.partition(" ")[::2] for part in page.headers["Content-Security-Policy"].split("; "))
    style, nonce = policy.pop("style-src").rsplit(" ", 1)
    assert style == "'self'" and f'<meta property="csp-nonce" nonce="{nonce[7:-1]}">' in page.body.decode()
    assert nonce not in (await login(f"cxg/d/{dataset}/")).headers["Content-Security-Policy"]
    assert policy == {
        "sandbox": "allow-scripts allow-downloads allow-popups",
        "frame-ancestors": "'self'",
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "img-src": "data: blob:",
        "worker-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_it_tells_the_viewer_where_it_is(
    login: Fetch, fetch: Fetch, dataset: str, jp_base_url: str, cxg: Context
) -> None:
    config = page_config((await login(f"cxg/d/{dataset}/")).body.decode())
    assert set(config) == {
        "id",
        "title",
        "root",
        "capability",
        "version",
        "sharing",
        "state",
        "opening",
        "views",
    }
    assert config["id"] == dataset and config["title"] == "tiny"
    assert config["root"] == f"{jp_base_url}cxg/d/{dataset}/"
    key = {"X-Cxg-Capability": config["capability"]}
    assert (await fetch(f"cxg/d/{dataset}/status", headers=key)).code == 200
    (given,) = cxg.capabilities.list()
    assert given.dataset_id == dataset and config["capability"] not in repr(given)


async def test_a_title_cannot_break_out(login: Fetch, catalog: Catalog) -> None:
    id = publish(tiny_adata(), catalog, title=TITLE)
    html = (await login(f"cxg/d/{id}/")).body.decode()
    assert page_config(html)["title"] == TITLE
    assert html.count("</script>") == 2 and "<!--" not in html and "alert(&quot;" in html


async def test_it_loads_what_the_build_made(
    login: Fetch, fetch: Fetch, dataset: str, jp_base_url: str
) -> None:
    html = (await login(f"cxg/d/{dataset}/")).body.decode()
    assets = f"{jp_base_url}cxg/static/viewer/assets/"
    assert f'<script type="module" crossorigin src="{assets}main-BxY3_9aZ.js"></script>' in html
    assert f'<link rel="modulepreload" crossorigin href="{assets}vendor-DdDdDdDd.js">' in html
    assert html.index("main-CcCcCcCc.css") < html.index("vendor-EeEeEeEe.css")
    assert "<style" not in html and " style=" not in html and "<html lang=" in html
    script = await fetch("cxg/static/viewer/assets/main-BxY3_9aZ.js")  # a sandboxed page brings no login
    assert script.code == 200 and script.body == b"export {};"
    assert script.headers["Content-Type"] == "text/javascript"
    assert script.headers["Access-Control-Allow-Origin"] == "*"
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert script.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_unknown_snapshot_is_a_sentence(login: Fetch) -> None:
    for id in ("0123456789abcdef", "nonsense", "..%2f..%2fetc"):
        page = await login(f"cxg/d/{id}/")
        assert page.code == 404 and page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.body.decode().count("There is no snapshot") == 1
        assert "Run its cell again" in page.body.decode()
        assert "sandbox" in page.headers["Content-Security-Policy"]


async def test_an_unbuilt_viewer_is_a_sentence(login: Fetch, dataset: str, static: Path) -> None:
    (static / "viewer" / "manifest.json").unlink()
    page = await login(f"cxg/d/{dataset}/")
    assert page.code == 503 and "The viewer is not built" in page.body.decode()


async def test_without_a_login_the_way_leads_to_the_login(
    fetch: Fetch, dataset: str, jp_base_url: str
) -> None:
    page = await fetch(f"cxg/d/{dataset}/")
    assert page.code == 302 and page.headers["Location"].startswith(f"{jp_base_url}login?next=")


async def test_the_last_slash_is_added(login: Fetch, dataset: str, jp_base_url: str) -> None:
    page = await login(f"cxg/d/{dataset}")
    assert page.code == 302 and page.headers["Location"] == f"{jp_base_url}cxg/d/{dataset}/"


@pytest.mark.parametrize(
    "path",
    ["../routes.py", "viewer/../../__init__.py", "%2e%2e/%2e%2e/errors.py", "/etc/passwd", "viewer", ""],
)
async def test_static_files_are_all_that_is_served(fetch: Fetch, path: str) -> None:
    response = await fetch(f"cxg/static/{path}")
    assert response.code in (403, 404), response.body


async def test_files_that_may_change_are_asked_for_again(
    fetch: Fetch, static: Path, jp_serverapp: Any
) -> None:
    (static / "widget.js").write_text("export {};")
    response = await fetch("cxg/static/widget.js")
    assert response.headers["Cache-Control"] == "public, no-cache"
    again = await fetch("cxg/static/widget.js", headers={"If-None-Match": response.headers["Etag"]})
    assert again.code == 304


async def test_a_token_in_the_url_goes_into_a_cookie(fetch: Fetch, dataset: str, jp_serverapp: Any) -> None:
    """The page, or what a bug lets into it, could read the URL: it must not hold the key to the server."""
    token = jp_serverapp.identity_provider.token
    answer = await fetch(f"cxg/d/{dataset}/?a=b%20c/d&token={token}")
    assert answer.code == 302
    assert answer.headers["Location"].endswith(f"/cxg/d/{dataset}/?a=b%20c/d")
    assert "Set-Cookie" in answer.headers
    assert not answer.body


async def test_a_wrong_token_in_the_url_opens_nothing(fetch: Fetch, dataset: str) -> None:
    answer = await fetch(f"cxg/d/{dataset}/?token=wrong")
    assert answer.code in (302, 403)
    assert "wrong" not in answer.headers.get("Location", "")
    assert "Set-Cookie" not in answer.headers or "username" not in answer.headers["Set-Cookie"]
