"""Nobody but its owner gets anything from a single-user server; who holds a link gets that dataset.

Every route that the running server has is tried, with every method, as everybody else.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import product
from typing import Any

import pytest
import requests

from tests.hub.hub import Hub, Visitor
from tests.hub.owner import Owner, owner_on
from tests.hub.walk import example

BODY = ("POST", "PUT", "PATCH")
METHODS = ("GET", "HEAD", *BODY, "DELETE", "OPTIONS", "WebSocket")
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
HEADER = "X-Cxg-Capability"

# what only alice may see: her file, her data, her servers' ids, what opens more
SECRETS = (
    "only for alice",
    "GENE",
    "cell-",
    "louvain",
    "n_obs",
    '"capability": "',
    "secret.txt",
    "kernel_id",
)

# Routes that answer to anybody, whoever made them, because they hold what every installation holds. The
# last of JupyterHub and Jupyter Server; a new one is looked at before it is added.
ROBOTS = "(robots\\.txt|favicon\\.ico)"
OPENAPI = "cxg/api/openapi\\.json"  # has our words, but no data
PUBLIC = {
    "cxg/static/(.*)": "the built viewer",
    OPENAPI: "which routes there are: the same everywhere",
    "cxg/d/([^/]+)/events": "a line that is silent until it hears a capability: tests/server/test_events.py",
    "cxg/s/([^/]+)/?": "the page behind a link: the same for everybody and every link",
    "lab/extensions/(.*)": "scripts of installed extensions",
    "static/lab/(.*)": "scripts of JupyterLab",
    "static/(.*)": "files of Jupyter Server",
    ROBOTS: "as it says",
    "api": "the version of Jupyter Server",
    "logout": "leads to the Hub's",
}
# What the owner is not asked to wait for: servers elsewhere, and the licenses of all that is installed
SLOW = ("/lab/api/extensions$", "/lab/api/news$", "/lab/api/update$", "/lab/api/licenses/(.*)$")
# A handler of jupyterlab_server cannot say no: its `finish` lacks the default of an argument, so a refusal
# is never sent. It gives nothing, but lets wait.
NEVER_REFUSES = "/lab/api/licenses/(.*)$"
# The read routes of a dataset, for who holds a link to it
LINK_HOLDER = {
    *(
        f"cxg/d/([^/]+)/{name}"
        for name in ("ask", "status", "jobs", "graphs", "rankings", "facts", "annotations")
    ),
    *(
        f"cxg/d/([^/]+)/api/v0\\.2/{name}"
        for name in (
            *("schema", "config", "colors", "annotations/obs", "annotations/var"),
            *("layout/obs", "data/var", "summarize/var", "genesets"),
        )
    ),
}


@pytest.fixture(scope="module")
def owner(hub: Hub) -> Iterator[Owner]:
    found = owner_on(hub)
    wanted = {"role": "view", "expires": "1d"}
    made = found.ask("POST", f"cxg/d/{found.dataset}/links", wanted)
    found.link, found.secret = made["id"], f"{made['id']}.{made['secret']}"
    yield found
    hub.stop_server("alice")


@pytest.fixture(scope="module")
def plain_owner(plain_hub: Hub) -> Iterator[Owner]:
    yield owner_on(plain_hub)
    plain_hub.stop_server("alice")


def url_of(owner: Owner, pattern: str) -> str:
    """A path that the pattern matches, of something that alice has."""
    port = owner.hub.url.rpartition(":")[2].strip("/")
    filled = pattern.removesuffix("$")
    for part, value in {
        "cxg/d/([^/]+)": f"cxg/d/{owner.dataset}",
        "cxg/s/([^/]+)": f"cxg/s/{owner.dataset}{owner.link}",
        "links/([^/]+)": f"links/{owner.link}",
        "snapshots/([^/]+)": f"snapshots/{owner.dataset}",
        "proxy/(\\d+)(/.*|)": f"proxy/{port}/hub/health",
        "absolute/(\\d+)(/.*|)": f"absolute/{port}/hub/health",
        "/([^/:@]+):(\\d+)(/.*|)": f"/127\\.0\\.0\\.1:{port}/hub/health",
        "files/(.*)": "files/secret\\.txt",
        "terminals/(\\w+)": f"terminals/{owner.terminal}",
        "websocket/(\\w+)": f"websocket/{owner.terminal}",
        "notebooks/?(.*)": "notebooks/secret\\.txt",
    }.items():
        filled = filled.replace(part, value)
    given = {
        "path": "/secret.txt",
        "kernel_id": owner.kernel,
        "kernel_name": "python3",
        "mode": "lab",
        "format": "html",
        "section_name": "notebook",
        "schema_name": "@jupyterlab/apputils-extension:themes",
        "space_name": "default",
        "locale": "en",
    }
    path = example(filled, given)
    assert re.fullmatch(pattern.removesuffix("$"), path), (pattern, path)
    queries = {"/cxg/open": "?path=data/tiny.h5ad", "/api/v0.2/": "?var:name_0=GENE3&layout-name=umap"}
    query = next(
        (value for part, value in queries.items() if part in path), "?content=1&type=file&format=text"
    )
    return owner.hub.url.rstrip("/") + path + query


@dataclass(frozen=True)
class Identity:
    """Somebody who is not the owner."""

    name: str
    cookies: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_link(self) -> bool:
        return HEADER in self.headers


@dataclass(frozen=True)
class Answer:
    """What somebody got."""

    who: Identity
    pattern: str
    method: str
    status: int
    body: str
    location: str

    @property
    def route(self) -> str:
        return self.pattern.removesuffix("$").removeprefix("/user/alice/")

    def __str__(self) -> str:
        return (
            f"{self.who.name}: {self.method} {self.route} → {self.status} {self.location} {self.body[:200]!r}"
        )


def everybody(owner: Owner) -> list[Identity]:
    """All who are not alice."""
    bob = Visitor(owner.hub).login("bob").session.cookies
    link = {HEADER: owner.secret}
    return [
        Identity("anonymous"),
        Identity("bob in a browser", bob),
        Identity("bob's script", headers={"Authorization": f"token {owner.hub.token_of('bob')}"}),
        Identity("link-holder", headers=link),
        Identity("bob in a browser, with the link", bob, link),
        Identity("a sandboxed page with the link", headers={**link, "Origin": "null"}),
    ]


def send(owner: Owner, who: Identity, pattern: str, method: str) -> Answer:
    """One request, with a cookie jar of its own: a refusal leaves cookies behind."""
    headers = {"Sec-Fetch-Mode": "navigate", **who.headers}
    body = None
    if method == "WebSocket":
        headers |= {**UPGRADE, "Sec-Fetch-Mode": "websocket"}
    elif method in BODY:
        body = json.dumps({"capability": who.headers.get(HEADER, ""), "questions": ["schema"]})
        headers |= {"Sec-Fetch-Mode": "cors"}
        if pattern.endswith("/data/var$"):
            body = '{"filter": null}'
        if pattern.endswith("/summarize/var$"):
            body = "var:name_0=GENE3"
    with requests.Session() as session:
        session.cookies = who.cookies.copy() if who.cookies is not None else session.cookies
        try:
            response = session.request(
                "GET" if method == "WebSocket" else method,
                url_of(owner, pattern),
                data=body,
                headers=headers,
                # a browser with a login goes on to the Hub, which says no there
                allow_redirects=who.cookies is not None and method == "GET",
                timeout=0.3 if pattern.endswith(NEVER_REFUSES) else 60,
            )
        except requests.ReadTimeout:
            assert pattern.endswith(NEVER_REFUSES), (who.name, method, pattern)
            return Answer(who, pattern, method, 0, "", "")
    location = response.headers.get("Location", "")
    return Answer(who, pattern, method, response.status_code, response.text, location)


def walk(owner: Owner, people: Sequence[Identity]) -> list[Answer]:
    """Everything that they all get."""
    tasks = list(product([owner], people, owner.patterns, METHODS))
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda task: send(*task), tasks))


def is_open(answer: Answer) -> bool:
    """Whether anything was given or done."""
    if answer.method == "OPTIONS" and answer.status in (200, 204) and not answer.body:
        return False  # the way in which servers say which methods there are
    return 0 < answer.status < 300


def judge(answers: Sequence[Answer], *, link_works: bool) -> None:
    """Nobody got anything but what is public, or what the link is for."""
    for answer in answers:
        leaked = [secret for secret in SECRETS if secret in answer.body]
        if answer.who.has_link and link_works and answer.route in LINK_HOLDER:
            continue
        assert not leaked or answer.route == OPENAPI, f"{leaked} in {answer}"
        assert not is_open(answer) or answer.route in PUBLIC, str(answer)
        # what the proxy says whose line was cut, as if the server were gone
        assert answer.status != HTTPStatus.SERVICE_UNAVAILABLE or answer.route == ROBOTS, str(answer)


def report(answers: Sequence[Answer], when: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Say how much was tried: the proof is in the numbers."""
    routes = {answer.pattern for answer in answers}
    people = {answer.who.name for answer in answers}
    by_status = sorted(Counter(answer.status for answer in answers).items())
    with capsys.disabled():
        print(
            f"\n{when}: {len(routes)} routes × {len(METHODS)} methods × {len(people)} identities = "
            f"{len(answers)} requests; answers {dict(by_status)}"
        )


def left(owner: Owner) -> tuple[Any, ...]:
    """What the owner has, to see that nothing was changed."""
    home = owner.hub.home_of("alice")
    return (
        [kernel["id"] for kernel in owner.ask("GET", "api/kernels")],
        [terminal["name"] for terminal in owner.ask("GET", "api/terminals")],
        [item["id"] for item in owner.ask("GET", "cxg/api/snapshots")],
        sorted(str(path.relative_to(home)) for path in home.glob("*") if not path.name.startswith(".")),
        (home / "secret.txt").read_text(),
    )


def test_the_owner_gets_all_of_it(owner: Owner) -> None:
    """Otherwise the walk would prove nothing."""
    alice = Identity("alice", owner.visitor.session.cookies)
    asked = [pattern for pattern in owner.patterns if not pattern.endswith(SLOW)]
    answers = [send(owner, alice, pattern, "GET") for pattern in asked]
    given = {answer.route for answer in answers if answer.status == 200}
    assert len(given) > 40
    assert {"api/kernels", "files/(.*)", "cxg/api/snapshots", "lab/api/plugins"} <= given
    assert LINK_HOLDER - given == {"cxg/d/([^/]+)/ask"}  # which looks at no login
    shown = "".join(answer.body for answer in answers)
    assert not [secret for secret in SECRETS if secret not in shown]


def test_nobody_else_gets_anything(owner: Owner, capsys: pytest.CaptureFixture[str]) -> None:
    before = left(owner)
    people = everybody(owner)
    answers = walk(owner, people)
    report(answers, "JupyterHub 6, link valid", capsys)
    judge(answers, link_works=True)
    assert left(owner) == before

    # what a link is for: exactly the read routes, also across the login of somebody else
    for who in people[3:]:
        given = {a.route for a in answers if a.who is who and is_open(a)} - set(PUBLIC)
        assert given == LINK_HOLDER, who.name

    owner.ask("DELETE", f"cxg/d/{owner.dataset}/links/{owner.link}")
    answers = walk(owner, people[3:])  # who had it; the others have never seen it
    report(answers, "JupyterHub 6, link revoked", capsys)
    judge(answers, link_works=False)
    assert left(owner) == before


def test_nobody_else_gets_anything_on_a_plain_hub(
    plain_owner: Owner, capsys: pytest.CaptureFixture[str]
) -> None:
    before = left(plain_owner)
    answers = walk(plain_owner, everybody(plain_owner)[:3])
    report(answers, "JupyterHub 5.5, no links", capsys)
    judge(answers, link_works=False)
    assert left(plain_owner) == before


def test_links_are_off_until_somebody_switches_them_on(plain_owner: Owner) -> None:
    owner = plain_owner
    headers = {"Authorization": f"token {owner.token}"}
    links = f"{owner.url}cxg/d/{owner.dataset}/links"
    made = requests.post(links, json={"role": "view", "expires": "1d"}, headers=headers, timeout=30)
    assert made.status_code == 403 and made.json()["code"] == "sharing_off"
    page = requests.get(f"{owner.url}cxg/s/{owner.dataset}{'0' * 16}", timeout=30)
    assert page.status_code == 403 and "switched off" in page.text
