"""The OpenAPI document says something about all that there is, and the same as docs/api.md."""

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_cxg.server import openapi
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.handlers.health import Health
from jupyter_cxg.server.routes import routes
from tests.server.conftest import Fetch

API = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
NOBODY: Any = None  # routes only hand the context on
# who may ask, as docs/api.md writes it
ACCESS = {
    "public": ("public",),
    "login": ("login",),
    "data": ("login or capability",),
    "own": ("login, or capability of the owner",),
    "body": ("capability in the body",),
}


def built() -> dict[str, Any]:
    return openapi.build(routes(NOBODY), "/")


def operations() -> list[tuple[str, str]]:
    return [(path, verb) for path, verb, _, _ in openapi.verbs_of(routes(NOBODY))]


@pytest.mark.parametrize(("path", "verb"), operations())
def test_every_verb_of_every_route_is_described(path: str, verb: str) -> None:
    operation = built()["paths"][path][verb]
    assert operation["summary"] and operation["responses"]
    named = {item["name"] for item in operation["parameters"] if item["in"] == "path"}
    assert all(f"{{{name}}}" in path for name in named) and path.count("{") == len(named)


def test_a_verb_of_which_nothing_is_said_is_noticed() -> None:
    class Silent(Health):
        def post(self) -> None: ...

    Silent.__module__ = "jupyter_cxg.server.handlers.health"
    with pytest.raises(LookupError, match="post /cxg/silent"):
        openapi.build([*routes(NOBODY), ("/cxg/silent", Silent, {})], "/")


@pytest.mark.parametrize(("path", "verb"), operations())
def test_who_may_ask_is_what_the_documentation_says(path: str, verb: str) -> None:
    _, _, handler, kwargs = next(
        item for item in openapi.verbs_of(routes(NOBODY)) if item[:2] == (path, verb)
    )
    said = openapi.spec_of(getattr(handler, verb), kwargs.get("route", ""))
    row = next(line for line in API.splitlines() if f"`{written(path)}`" in line and line.startswith("| "))
    told = row.split("|")[4].strip()
    general, _, special = told.partition(f"; {verb.upper()}: ")
    assert said and (special or general.partition(";")[0]).startswith(ACCESS[said.access])


def written(path: str) -> str:
    """As docs/api.md writes a path."""
    shown = path.removeprefix("/cxg/")
    for name in openapi.parameters_of(path):
        shown = shown.replace(f"{{{name}}}", "{path}" if name == "path" else "{id}")
    return shown


def test_operations_have_names_of_their_own() -> None:
    found = [operation["operationId"] for path in built()["paths"].values() for operation in path.values()]
    assert len(set(found)) == len(found) == len(operations())


async def test_it_is_served_to_everybody(fetch: Fetch, cxg: Context, jp_base_url: str) -> None:
    answer = await fetch("cxg/api/openapi.json")
    assert answer.code == 200 and answer.headers["Content-Type"] == "application/json"
    document = json.loads(answer.body)
    assert document["servers"] == [{"url": jp_base_url.rstrip("/") or "/"}]
    assert document["paths"] == json.loads(json.dumps(built()["paths"]))
