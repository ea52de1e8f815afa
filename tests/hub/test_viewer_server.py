"""A named server that is a viewer and nothing else, shared with another user by the Hub's own means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from tests.hub.hub import Hub, Visitor, page_config

NAME = "cxg-tiny"
JUPYTER = (
    "api",
    "api/contents",
    "api/kernels",
    "api/sessions",
    "terminals/1",
    "lab",
    "tree",
    "files/secret.txt",
)


@dataclass
class Shown:
    """The server of alice."""

    hub: Hub
    url: str
    alice: Visitor


@pytest.fixture(scope="module")
def shown(hub: Hub) -> Iterator[Shown]:
    url = hub.start_server("alice", NAME, {"dataset": "data/tiny.h5ad"})
    while requests.get(f"{url}readyz", timeout=10).status_code != 200:
        pass  # each question takes its time
    yield Shown(hub, url, Visitor(hub).login("alice"))
    hub.stop_server("alice", NAME)


def schema(visitor: Visitor, url: str, config: dict[str, str]) -> requests.Response:
    """What the viewer asks with the capability in its page."""
    key = {"X-Cxg-Capability": config["capability"]}
    return visitor.session.get(f"{url}cxg/d/{config['id']}/api/v0.2/schema", headers=key, timeout=30)


def test_the_owner_sees_it(shown: Shown) -> None:
    page = shown.alice.get(shown.url)
    assert page.status_code == 200 and page.url == shown.url
    config = page_config(page.text)
    assert config["title"] == "tiny.h5ad"
    assert "louvain" in schema(shown.alice, shown.url, config).text


@pytest.mark.parametrize("path", JUPYTER)
def test_there_is_nothing_else_in_it(shown: Shown, path: str) -> None:
    headers = {"Authorization": f"token {shown.hub.token_of('alice')}"}
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = requests.request(method, shown.url + path, headers=headers, timeout=30)
        assert answer.status_code == 404, (method, path)


def test_nobody_else_sees_it(shown: Shown) -> None:
    anonymous = requests.get(shown.url, timeout=30)
    assert "/hub/login" in anonymous.url and "louvain" not in anonymous.text
    bob = Visitor(shown.hub).login("bob").get(shown.url)
    assert bob.status_code == 403
    script = requests.get(
        shown.url + "cxg/api/snapshots",
        headers={"Authorization": f"token {shown.hub.token_of('bob')}"},
        timeout=30,
    )
    assert script.status_code == 403


def test_whom_it_is_shared_with_sees_it_and_nothing_else(shown: Shown) -> None:
    hub = shown.hub
    other = hub.start_server("alice")
    mine = {"Authorization": f"token {hub.token_of('alice')}"}
    shares = f"{hub.url}hub/api/shares/alice/{NAME}"
    shared = requests.post(shares, json={"user": "bob"}, headers=mine, timeout=30)
    assert shared.status_code == 200, shared.text
    assert shared.json()["scopes"] == [f"access:servers!server=alice/{NAME}"]

    bob = Visitor(hub).login("bob")
    page = accept(bob, bob.get(shown.url))
    assert page.status_code == 200 and page.url == shown.url, page.text
    config = page_config(page.text)
    assert config["sharing"] is False  # to pass it on is for alice
    assert "louvain" in schema(bob, shown.url, config).text

    links = f"{shown.url}cxg/d/{config['id']}/links"
    for headers in ({}, {"X-Cxg-Capability": config["capability"]}):
        assert bob.session.get(links, headers=headers, timeout=30).status_code == 403
        assert bob.session.post(links, json={}, headers=headers, timeout=30).status_code == 403
    removed = bob.session.delete(f"{shown.url}cxg/api/snapshots/{config['id']}", timeout=30)
    assert removed.status_code == 403
    assert [bob.get(shown.url + path).status_code for path in JUPYTER] == [404] * len(JUPYTER)
    assert bob.get(f"{other}api/contents").status_code == 403
    assert bob.get(f"{other}cxg/d/{config['id']}/").status_code == 403
    started = {"Authorization": f"token {hub.token_of('bob')}"}
    again = requests.post(f"{hub.url}hub/api/users/alice/servers/cxg-b", json={}, headers=started, timeout=30)
    assert again.status_code in (403, 404)


def accept(visitor: Visitor, page: requests.Response) -> requests.Response:
    """Say yes on the Hub's page that asks whether this server may know who visits it."""
    if "/hub/api/oauth2/authorize" not in page.url:
        return page
    assert page.status_code == 200, page.text
    form = {"_xsrf": visitor.session.cookies.get("_xsrf", path="/hub/") or "", "scopes": scopes_of(page.text)}
    return visitor.session.post(page.url, data=form, headers={"Referer": page.url}, timeout=60)


def scopes_of(page: str) -> list[str]:
    """What the page would send."""
    return re.findall(r'name="scopes"[^>]*?value="([^"]+)"', page, re.S)
