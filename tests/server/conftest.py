"""A real Jupyter server with the extension loaded, and a snapshot that it shows."""

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from jupyter_cxg.server import comparisons, tasks
from jupyter_cxg.server.capability import Role
from jupyter_cxg.server.context import Context
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.watching import Gate, Person, Told

Fetch = Callable[..., Awaitable[HTTPResponse]]

MANIFEST = {
    "src/main.tsx": {
        "file": "assets/main-BxY3_9aZ.js",
        "css": ["assets/main-CcCcCcCc.css"],
        "imports": ["_vendor.js"],
        "isEntry": True,
    },
    "_vendor.js": {"file": "assets/vendor-DdDdDdDd.js", "css": ["assets/vendor-EeEeEeEe.css"]},
}


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """The catalog that the server and its kernels share."""
    root = tmp_path / "snapshots"
    monkeypatch.setenv("CXG_SNAPSHOT_DIR", str(root))
    return Catalog(root)


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A viewer as the build leaves it, so that these tests need no Node."""
    root = tmp_path / "static"
    assets = root / "viewer" / "assets"
    assets.mkdir(parents=True)
    (root / "viewer" / "manifest.json").write_text(json.dumps(MANIFEST))
    for chunk in MANIFEST.values():
        (root / "viewer" / str(chunk["file"])).write_text("export {};")
    (assets / "main-CcCcCcCc.css").write_text("body{}")
    monkeypatch.setattr("jupyter_cxg.server.extension.STATIC", root)
    return root


@pytest.fixture
def headers() -> dict[str, str]:
    """What the administrator sets for every answer; overridden by tests."""
    return {}


@pytest.fixture
def open_by_default() -> bool:
    """``ServerApp.allow_unauthenticated_access``; both must be safe."""
    return True


@pytest.fixture
def jp_server_config(catalog: Catalog, static: Path, headers: dict[str, str], open_by_default: bool) -> Any:
    return {
        "ServerApp": {
            "jpserver_extensions": {"jupyter_cxg": True},
            "allow_unauthenticated_access": open_by_default,
            "tornado_settings": {"headers": headers},
        },
        "Cxg": {"snapshot_dir": str(catalog.root)},
    }


@pytest.fixture
def dataset(catalog: Catalog) -> str:
    """The id of the published tiny AnnData."""
    return publish(tiny_adata(), catalog)


@pytest.fixture
def cxg(jp_serverapp: Any) -> Context:
    """What the running server's handlers share."""
    app = jp_serverapp.extension_manager.extension_apps["jupyter_cxg"]
    return next(iter(app)).context


@pytest.fixture
def fetch(jp_serverapp: Any, http_server_client: Any, jp_base_url: str) -> Fetch:
    """``await fetch("cxg/…")`` without any login; errors are answers too."""

    async def anonymous(path: str, **kwargs: Any) -> HTTPResponse:
        kwargs.setdefault("follow_redirects", False)
        return await http_server_client.fetch(jp_base_url + path, raise_error=False, **kwargs)

    return anonymous


@pytest.fixture
def login(fetch: Fetch, jp_auth_header: dict[str, str]) -> Fetch:
    """As `fetch`, logged in."""

    async def known(path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> HTTPResponse:
        return await fetch(path, headers={**jp_auth_header, **(headers or {})}, **kwargs)

    return known


@pytest.fixture
def capability(cxg: Context, dataset: str) -> str:
    """What a viewer's page of `dataset` would hold."""
    return cxg.capabilities.issue(dataset, user="somebody")


@pytest.fixture
def refused(jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Jupyter's authorizer allows nothing; what it was asked: action and resource."""
    asked: list[tuple[str, str]] = []

    async def refuse(handler: Any, user: Any, action: str, resource: str) -> bool:
        asked.append((action, resource))
        return False

    monkeypatch.setattr(jp_serverapp.web_app.settings["authorizer"], "is_authorized", refuse, raising=False)
    return asked


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Holds up the work of jobs until it is told to let them go on."""
    found = Gate(comparisons.answer)
    monkeypatch.setattr(tasks.comparisons, "answer", found.answer)
    return found


@pytest.fixture
def person(fetch: Fetch, cxg: Context, dataset: str) -> Any:
    """``person("a")``, ``person("me", "own")``: somebody with a page of `dataset`."""

    def make(name: str, role: Role = "view") -> Person:
        return Person(fetch, dataset, cxg.capabilities.issue(dataset, user=name, role=role))

    return make


@pytest.fixture
def a(person: Any) -> Person:
    """Somebody with a page of `dataset`."""
    found: Person = person("a")
    return found


@pytest.fixture
def b(person: Any) -> Person:
    """Somebody else."""
    found: Person = person("b")
    return found


@pytest.fixture
def watch(jp_ws_fetch: Any, dataset: str) -> Any:
    """``await watch(person)``: a socket of theirs."""

    async def connect(who: Person) -> Told:
        told = Told(await jp_ws_fetch("cxg", "d", dataset, "events", headers={"Origin": "null"}))
        await told.say(capability=who.secret)
        await told.status()
        return told

    return connect


def page_config(html: str) -> dict[str, str]:
    """The JSON inside the page."""
    found = re.search(r'<script id="cxg-config" type="application/json">(.*?)</script>', html, re.S)
    assert found, html
    config: dict[str, str] = json.loads(found[1])
    return config
