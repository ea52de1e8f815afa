"""The WebSocket of the viewer: who is told what, and until when."""

import asyncio
import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from jupyter_cxg.server import feeds
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.handlers import events
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch
from tests.server.watching import Gate, Person, Told


@pytest.fixture(params=[True, False], ids=["open", "closed"])
def open_by_default(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def call(
    http_server_client: Any, jp_serverapp: Any, jp_http_port: int, jp_base_url: str, dataset: str
) -> Any:
    """``await call()``: a socket, without any login."""

    async def connect(id: str = dataset, **headers: str) -> Told:
        url = f"ws://localhost:{jp_http_port}{jp_base_url}cxg/d/{id}/events"
        return Told(await websocket_connect(HTTPRequest(url, headers=headers)))

    return connect


async def test_who_may_look_is_told(call: Any, a: Person, b: Person, gate: Gate) -> None:
    told, other = await call(Origin="null"), await call()
    await told.say(capability=a.secret)
    await other.say(capability=b.secret)
    assert await told.next() == {"status": {"revision": 1, "state": "complete", "progress": None}}
    await other.status(state="complete")
    job = await a.start(0)
    assert (await told.job(job["job"], state="running"))["kind"] == "diffexp"
    gate.let("0")
    done = await told.job(job["job"], state="done")
    assert done == await a.see(job)
    theirs = await b.start(1)
    await other.job(theirs["job"], state="running")
    # of the jobs of others nothing is said
    assert {said["job"]["job"] for said in other.heard if "job" in said} == {theirs["job"]}
    assert {said["job"]["job"] for said in told.heard if "job" in said} == {job["job"]}


async def test_who_comes_later_is_told_what_goes_on(call: Any, a: Person, gate: Gate) -> None:
    job = await a.start(0)
    told = await call()
    await told.say(capability=a.secret)
    assert (await told.job(job["job"]))["state"] == "running"


async def test_progress_is_told_ten_times_a_second_at_most(
    watch: Any, a: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jupyter_cxg.engine.shelf import Opened
    from jupyter_cxg.server import tasks

    steps = 500

    def answer(opened: Opened, *_: Any) -> Any:
        opened.watch.check()
        for step in range(steps):
            opened.watch.advance(step / steps)
            pause.wait(0.001)
        raise ZeroDivisionError

    from threading import Event

    pause = Event()
    monkeypatch.setattr(tasks.comparisons, "answer", answer)
    told = await watch(a)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await told.job((await a.start(0))["job"], state="failed")
    said = [item["job"]["progress"] for item in told.heard if "job" in item]
    fractions = [progress["fraction"] for progress in said if progress]
    assert fractions == sorted(fractions) and len(set(fractions)) > 2
    assert len(fractions) <= 3 + (loop.time() - begun) / 0.1


async def test_a_new_revision_is_told(watch: Any, a: Person, catalog: Catalog) -> None:
    told = await watch(a)
    publication = Publication.begin(tiny_adata(), catalog, title="tiny", id=a.dataset)
    await told.status(revision=2, state="publishing")
    publication.finish()
    await told.status(revision=2, state="complete", progress=None)


# ── who may not ──


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('{"capability": "nobody"}', 4403),
        ('{"capability": "0123456789abcdef.nobody"}', 4403),
        ('{"capability": ""}', 4403),
        ('{"capability": null}', 4400),
        ("hello", 4400),
        ("", 4400),
        (b"\xff\xfe\x00", 4400),
        ("[" * 4000, 4400),
        ("x" * 5000, 1009),
    ],
)
async def test_a_stranger_is_told_nothing(call: Any, said: str | bytes, code: int) -> None:
    told = await call()
    await told.socket.write_message(said, binary=isinstance(said, bytes))
    closed = await told.end()
    # what is too large is hung up on in the middle of it
    assert closed[0] == code or (code == 1009 and closed[0] is None)
    assert told.heard == []


async def test_a_login_is_not_believed(login: Fetch, call: Any, dataset: str, jp_auth_header: Any) -> None:
    cookies = (await login(f"cxg/d/{dataset}/status")).headers.get_list("Set-Cookie")
    cookie = "; ".join(value.partition(";")[0] for value in cookies)
    told = await call(Cookie=cookie, **jp_auth_header)
    await told.say(capability="")
    assert (await told.end())[0] == 4403 and told.heard == []


async def test_a_capability_is_for_one_dataset(call: Any, a: Person, catalog: Catalog) -> None:
    told = await call(publish(tiny_adata(), catalog))
    await told.say(capability=a.secret)
    assert (await told.end())[0] == 4403 and told.heard == []


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example"])
async def test_foreign_pages_are_not_answered(call: Any, origin: str) -> None:
    with pytest.raises(HTTPClientError, match="403"):
        await call(Origin=origin)


async def test_it_is_no_page(fetch: Fetch, dataset: str) -> None:
    answer = await fetch(f"cxg/d/{dataset}/events")
    assert answer.code == 426 and json.loads(answer.body)["code"] == "error"


async def test_who_says_nothing_is_hung_up_on(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SPEAK_WITHIN", 0.05)
    told = await call()
    code, reason = await told.end()
    assert code == 4403 and "Nothing was said" in str(reason)


async def test_silent_ones_are_bounded(
    call: Any, a: Person, cxg: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MAX_SILENT", 2)
    silent = [await call(), await call()]
    assert (await (await call()).end())[0] == 4429
    silent[0].socket.close()
    await silent[0].end()
    told = await call()
    await told.say(capability=a.secret)
    await told.status()
    assert len(cxg.feeds._silent) <= 1


async def test_connections_of_one_capability_are_bounded(
    call: Any, watch: Any, a: Person, b: Person, cxg: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MAX_EACH", 2)
    mine = [await watch(a), await watch(a)]
    more = await call()
    await more.say(capability=a.secret)
    assert (await more.end())[0] == 4429
    await watch(b)
    mine[0].socket.close()
    await mine[0].end()
    await watch(a)
    assert cxg.feeds._each[a.secret] == 2


async def test_what_is_said_later_is_passed_over(watch: Any, a: Person, gate: Gate) -> None:
    told = await watch(a)
    await told.say(capability="nobody")
    job = await a.start(0)
    await told.job(job["job"], state="running")


# ── until when ──


async def test_it_ends_with_the_capability(watch: Any, a: Person, b: Person, cxg: Context) -> None:
    told, other = await watch(a), await watch(b)
    key = next(given.key for given in cxg.capabilities.list() if given.user == "a")
    cxg.capabilities.revoke(key)
    code, reason = await told.end()
    assert code == 4403 and "load it again" in str(reason)
    cxg.feeds.look_now(a.dataset)
    assert other.socket.close_code is None and cxg.feeds._each.total() == 1


async def test_a_socket_does_not_keep_a_capability_alive(watch: Any, a: Person, cxg: Context) -> None:
    told = await watch(a)
    expires = [given.expires for given in cxg.capabilities.list() if given.user == "a"]
    for _ in range(3):
        assert await cxg._is_valid(a.secret, a.dataset)
    assert [given.expires for given in cxg.capabilities.list() if given.user == "a"] == expires
    assert told.socket.close_code is None


async def test_a_link_that_is_revoked_ends_it_and_its_jobs(
    login: Fetch, fetch: Fetch, watch: Any, dataset: str, gate: Gate
) -> None:
    made = json.loads((await login(f"cxg/d/{dataset}/links", method="POST", body="{}")).body)
    guest = Person(fetch, dataset, f"{made['id']}.{made['secret']}")
    told = await watch(guest)
    job = await guest.start(0)
    await told.job(job["job"], state="running", progress={"label": "Comparing cells", "fraction": 0.25})
    assert (await login(f"cxg/d/{dataset}/links/{made['id']}", method="DELETE")).code == 204
    assert (await told.job(job["job"]))["state"] == "cancelled"
    assert (await told.end())[0] == 4403
    assert (await guest.ask("jobs")).code == 403


async def test_a_link_that_a_kernel_revokes_ends_it_too(
    login: Fetch, fetch: Fetch, watch: Any, dataset: str, cxg: Context
) -> None:
    made = json.loads((await login(f"cxg/d/{dataset}/links", method="POST", body="{}")).body)
    told = await watch(Person(fetch, dataset, f"{made['id']}.{made['secret']}"))
    cxg.links.revoke(dataset, made["id"])  # as another process does: nobody tells the server
    assert (await told.end())[0] == 4403


async def test_it_ends_with_the_dataset(watch: Any, a: Person, catalog: Catalog) -> None:
    told = await watch(a)
    catalog.remove(a.dataset)
    assert (await told.end())[0] == 4404


async def test_it_ends_with_the_server(watch: Any, call: Any, a: Person, cxg: Context) -> None:
    told, silent = await watch(a), await call()
    cxg.feeds.close()
    assert (await told.end())[0] == (await silent.end())[0] == 1001
    assert not cxg.feeds._watchers and not cxg.feeds._each
