"""Jobs over HTTP: what takes longer than a request should."""

import json
from base64 import b64encode
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jupyter_cxg.server import tasks
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.handlers import jobs as handlers
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import N_OBS, publish, tiny_adata
from tests.server.conftest import Fetch, page_config
from tests.server.test_ask import unpack
from tests.server.watching import Gate, Person

BEGUN = {"label": "Comparing cells", "fraction": 0.25}
ARROW = "application/vnd.apache.arrow.stream"
T, B = ({"column": "louvain", "category": name} for name in ("T cells", "B cells"))


@pytest.fixture
def jp_server_config(jp_server_config: Any) -> Any:
    return {
        **jp_server_config,
        "Cxg": {**jp_server_config["Cxg"], "max_jobs": 60, "max_running_jobs": 1},
    }


# ── one job ──


@pytest.mark.parametrize("method", ["t-test", "wilcoxon"])
async def test_the_result_is_that_of_the_synchronous_route(a: Person, watch: Any, method: str) -> None:
    told = await watch(a)
    cells = {"cells": b64encode(np.packbits(np.arange(N_OBS) < 25, bitorder="little").tobytes()).decode()}
    answer = await a.submit(a=cells, b=T, method=method)
    job = json.loads(answer.body)
    assert answer.code == 202 and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"].endswith(f"/cxg/d/{a.dataset}/jobs/{job['job']}")
    assert job["kind"] == "diffexp" and job["revision"] == 1 and job["message"] is None
    done = await told.job(job["job"], state="done")
    assert done["position"] is None and done["progress"] is None and await a.see(job) == done
    body = json.dumps({"a": cells, "b": T, "method": method})
    for accept in ("application/json", ARROW):
        found = await a.ask(f"jobs/{job['job']}/result", headers={"Accept": accept})
        same = await a.ask("diffexp", method="POST", body=body, headers={"Accept": accept})
        assert found.code == 200 and found.body == same.body
        assert found.headers["Content-Type"] == accept
    flat = await a.ask(f"jobs/{job['job']}/result", headers={"Accept": "application/octet-stream"})
    assert flat.code == 406


async def test_what_is_known_is_done_at_once(a: Person, b: Person, watch: Any) -> None:
    told = await watch(a)
    job = json.loads((await a.submit(a=T)).body)
    await told.job(job["job"], state="done")
    again = await a.submit(a=T)
    assert again.code == 200 and json.loads(again.body)["job"] == job["job"]
    # for another user too, and however the cells are described
    same = {"filter": {"obs": {"annotation_value": [{"name": "louvain", "values": ["T cells"]}]}}}
    other = await b.submit(a=same)
    assert other.code == 200 and json.loads(other.body)["state"] == "done"
    assert json.loads(other.body)["job"] != job["job"]
    theirs, mine = [
        await who.ask(f"jobs/{json.loads(found.body)['job']}/result")
        for who, found in ((a, again), (b, other))
    ]
    assert theirs.code == 200 and theirs.body == mine.body


async def test_what_the_synchronous_route_computed_is_known(a: Person) -> None:
    assert (await a.ask("diffexp", method="POST", body=json.dumps({"a": T, "b": B}))).code == 200
    answer = await a.submit(a=T, b=B)
    assert answer.code == 200 and json.loads(answer.body)["state"] == "done"


async def test_a_simple_request_is_enough(fetch: Fetch, a: Person, watch: Any, gate: Gate) -> None:
    told = await watch(a)
    headers = {"Origin": "null", "Content-Type": "text/plain;charset=UTF-8"}
    body = {"capability": a.secret, "kind": "markers", "column": "louvain", "top": 3}
    answer = await fetch(f"cxg/d/{a.dataset}/jobs", method="POST", body=json.dumps(body), headers=headers)
    assert answer.code == 202 and answer.headers["Access-Control-Allow-Origin"] == "null"
    job = json.loads(answer.body)
    running = await told.job(job["job"], state="running", progress=BEGUN)
    assert running["position"] is None
    asked = json.dumps(
        {
            "capability": a.secret,
            "questions": ["jobs", f"job?id={job['job']}", f"job/result?id={job['job']}", "job?id=x", "job"],
        }
    )

    async def ask() -> list[Any]:
        return unpack(
            (await fetch(f"cxg/d/{a.dataset}/ask", method="POST", body=asked, headers=headers)).body
        )

    jobs, one, result, missing, which = await ask()
    assert json.loads(jobs[1]) == {"jobs": [json.loads(one[1])]} and json.loads(one[1])["state"] == "running"
    assert (result[0]["status"], result[0]["code"]) == (409, "unfinished")
    assert (missing[0]["status"], which[0]["status"]) == (404, 400)
    gate.let("louvain")
    await told.job(job["job"], state="done")
    _, _, result, *_ = await ask()
    table = pa.ipc.open_stream(result[1]).read_all()
    assert table.num_rows == 9 and table["category"].to_pylist()[0] == "T cells"


async def test_a_simple_request_can_cancel(fetch: Fetch, a: Person, b: Person, gate: Gate) -> None:
    job = await a.start(1)
    url = f"cxg/d/{a.dataset}/jobs/{job['job']}/cancel"
    text = {"Content-Type": "text/plain"}
    for secret, status in ((b.secret, 404), ("nobody", 403), (a.secret, 200)):
        body = json.dumps({"capability": secret})
        assert (await fetch(url, method="POST", body=body, headers=text)).code == status
    assert (await a.see(job))["state"] == "cancelled"
    result = await a.ask(f"jobs/{job['job']}/result")
    assert result.code == 409 and json.loads(result.body)["code"] == "conflict"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ("{}", 400),
        ('{"kind": "bla"}', 400),
        ('{"kind": "diffexp"}', 400),
        ('{"kind": "diffexp", "a": {"cells": ""}}', 400),
        ('{"kind": "diffexp", "a": {"column": "louvain", "category": "T cells"}, "top": 3}', 400),
        ('{"kind": "diffexp", "a": {"column": "none", "category": "none"}}', 404),
        ('{"kind": "diffexp", "a": {"column": "louvain", "category": "T cells"}, "layer": "none"}', 404),
        ('{"kind": "markers"}', 400),
        ('{"kind": "markers", "column": "none"}', 404),
        ('{"kind": "markers", "column": "score"}', 400),
        ('{"kind": "markers", "column": "louvain", "top": 0}', 400),
        ('{"kind": "markers", "column": "louvain", "top": true}', 400),
        ('{"kind": "markers", "column": "louvain", "top": 1000000}', 400),
        ('{"kind": "markers", "column": "louvain", "capability": 3}', 400),
    ],
)
async def test_nonsense_is_refused_before_it_waits(a: Person, body: str, status: int) -> None:
    answer = await a.ask("jobs", method="POST", body=body)
    assert answer.code == status and set(json.loads(answer.body)) == {"code", "message"}
    assert json.loads((await a.ask("jobs")).body) == {"jobs": []}


async def test_a_stranger_gets_nothing(fetch: Fetch, dataset: str) -> None:
    for headers in ({}, {"X-Cxg-Capability": "nobody"}, {"Content-Type": "text/plain"}):
        body = json.dumps({"kind": "markers", "column": "louvain", "capability": "nobody"})
        answer = await fetch(f"cxg/d/{dataset}/jobs", method="POST", body=body, headers=headers)
        assert answer.code == 403
    assert (
        await fetch(f"cxg/d/{dataset}/jobs", method="POST", body="", headers={"Content-Type": "text/plain"})
    ).code == 400


async def test_a_cookie_is_no_help_to_a_simple_request(fetch: Fetch, login: Fetch, dataset: str) -> None:
    cookies = (await login(f"cxg/d/{dataset}/status")).headers.get_list("Set-Cookie")
    cookie = "; ".join(value.partition(";")[0] for value in cookies)
    body = json.dumps({"kind": "markers", "column": "louvain"})
    for kind, status in (("text/plain", 400), ("application/json", 403)):
        headers = {"Cookie": cookie, "Content-Type": kind}
        answer = await fetch(f"cxg/d/{dataset}/jobs", method="POST", body=body, headers=headers)
        assert answer.code == status, (kind, answer.body)


# ── many jobs ──


async def test_who_queues_fifty_jobs_is_in_nobodys_way(a: Person, b: Person, watch: Any, gate: Gate) -> None:
    told = await watch(b)
    jobs = [await a.start(i) for i in range(50)]
    assert jobs[0]["state"] == "running"
    assert [job["position"] for job in jobs[1:]] == [*range(1, 50)]
    job = await b.start(50)
    assert (job["state"], job["position"]) == ("queued", 1)
    assert (await a.see(jobs[1]))["position"] == 2 and (await a.see(jobs[49]))["position"] == 50
    gate.let("0")
    await told.job(job["job"], state="running", progress=BEGUN)
    assert gate.begun == ["0", "50"]
    # questions do not wait behind them
    assert (await b.ask("api/v0.2/data/var?var:name_0=GENE3")).code == 200
    gate.wide_open = True
    await told.job(job["job"], state="done")
    assert [job["state"] for job in json.loads((await a.ask("jobs")).body)["jobs"]].count("queued") > 0


class TestTwoAtOnce:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        return {**jp_server_config, "Cxg": {**jp_server_config["Cxg"], "max_running_jobs": 2}}

    async def test_there_is_always_a_place_for_somebody_else(self, a: Person, b: Person, gate: Gate) -> None:
        states = [(await a.start(i))["state"] for i in range(3)]
        assert states == ["running", "queued", "queued"]
        assert (await b.start(50))["state"] == "running"


async def test_one_run_for_all_who_want_it(a: Person, b: Person, watch: Any, gate: Gate) -> None:
    told_a, told_b = await watch(a), await watch(b)
    blocking = await a.start(0)
    mine, theirs = await a.start(7), await b.start(7)
    assert mine["job"] != theirs["job"]
    gate.let("0")
    await told_a.job(blocking["job"], state="done")
    for told, job in ((told_a, mine), (told_b, theirs)):
        await told.job(job["job"], state="running", progress=BEGUN)
    assert await a.cancel(mine) == 204
    await told_a.job(mine["job"], state="cancelled")
    assert (await b.see(theirs))["state"] == "running" and not gate.stopped
    late = await a.start(7)  # wants it again, and joins
    assert late["state"] == "running" and late["job"] != mine["job"]
    gate.let("7")
    await told_b.job(theirs["job"], state="done")
    assert gate.begun == ["0", "7"] and (await a.see(late))["state"] == "done"


async def test_what_nobody_wants_stops(a: Person, b: Person, watch: Any, gate: Gate) -> None:
    told = await watch(a)
    mine, theirs = await a.start(7), await b.start(7)
    following = await a.start(8)
    await told.job(mine["job"], state="running")
    assert await a.cancel(mine) == await b.cancel(theirs) == 204
    # the place is free only when the thread has ended: then the next one runs
    await told.job(following["job"], state="running")
    assert gate.stopped == ["7"]
    assert await a.cancel(mine) == 204  # is over
    assert (await a.see(mine))["message"] == "This job was cancelled: ask again."
    assert (await a.start(7))["state"] == "queued"


async def test_a_job_is_its_users(a: Person, b: Person, gate: Gate) -> None:
    gate.wide_open = True
    job = await a.start(1)
    path = f"jobs/{job['job']}"
    for method, below in (("GET", ""), ("DELETE", ""), ("GET", "/result")):
        assert (await b.ask(path + below, method=method)).code == 404
    assert json.loads((await b.ask("jobs")).body) == {"jobs": []}
    assert len(json.loads((await a.ask("jobs")).body)["jobs"]) == 1


async def test_a_job_belongs_to_a_dataset(
    a: Person, person: Any, cxg: Context, catalog: Catalog, gate: Gate
) -> None:
    job = await a.start(1)
    other = publish(tiny_adata(), catalog)
    elsewhere = Person(a.fetch, other, cxg.capabilities.issue(other, user="a"))
    assert (await elsewhere.ask(f"jobs/{job['job']}")).code == 404
    assert json.loads((await elsewhere.ask("jobs")).body) == {"jobs": []}


class TestLimited:
    """``Cxg.max_jobs``."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        return {**jp_server_config, "Cxg": {**jp_server_config["Cxg"], "max_jobs": 2}}

    async def test_more_are_refused(self, a: Person, b: Person, person: Any, gate: Gate) -> None:
        jobs = [await a.start(0), await a.start(1)]
        for who in (a, person("a")):  # another page of the same user
            answer = await who.submit(a={"filter": {"obs": {"index": [2]}}}, method="wilcoxon")
            error = json.loads(answer.body)
            assert answer.code == 429 and answer.headers["Retry-After"] == "5"
            assert error["code"] == "too_many" and "Cxg.max_jobs" in error["message"]
        assert (await a.start(1))["job"] == jobs[1]["job"]  # is there already
        assert (await b.start(2))["state"] == "queued"
        await a.cancel(jobs[1])
        assert (await a.start(3))["state"] == "queued"

    async def test_the_guests_of_a_link_are_one_user(
        self, login: Fetch, fetch: Fetch, dataset: str, gate: Gate
    ) -> None:
        made = json.loads((await login(f"cxg/d/{dataset}/links", method="POST", body="{}")).body)
        guests = [Person(fetch, dataset, f"{made['id']}.{made['secret']}") for _ in range(2)]
        jobs = [await guest.start(i) for i, guest in enumerate(guests)]
        assert (await guests[0].submit(a=T)).code == 429
        assert (await guests[0].see(jobs[1]))["state"] == "queued"


# ── what may happen meanwhile ──


async def test_data_that_is_published_anew_gives_no_old_numbers(
    a: Person, watch: Any, gate: Gate, catalog: Catalog
) -> None:
    told = await watch(a)
    done, running, waiting = [await a.start(i) for i in range(3)]
    gate.let("0")
    await told.job(running["job"], state="running")
    assert (await a.ask(f"jobs/{done['job']}/result")).code == 200
    republish(catalog, a.dataset)
    gate.wide_open = True
    for job in (running, waiting):
        failed = await told.job(job["job"], state="failed")
        assert "published anew" in failed["message"] and failed["code"] == "conflict"
        assert (await a.ask(f"jobs/{job['job']}/result")).code == 409
    assert (await a.ask(f"jobs/{done['job']}/result")).code == 409
    new = await a.start(0)
    assert new["revision"] == 2 and new["job"] != done["job"]
    await told.job(new["job"], state="done")
    assert (await a.ask(f"jobs/{new['job']}/result")).code == 200


def republish(catalog: Catalog, dataset: str) -> None:
    publication = Publication.begin(tiny_adata(), catalog, title="tiny", id=dataset)
    publication.finish()


async def test_data_that_is_removed_ends_its_jobs(a: Person, login: Fetch, watch: Any, gate: Gate) -> None:
    told = await watch(a)
    running, waiting = await a.start(0), await a.start(1)
    assert (await login(f"cxg/api/snapshots/{a.dataset}", method="DELETE")).code == 204
    for job in (running, waiting):
        assert "not there any more" in (await told.job(job["job"], state="cancelled"))["message"]
    assert (await told.end())[0] in (4403, 4404)


async def test_a_mistake_of_ours_is_said_to_be_one(
    a: Person, watch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await watch(a)

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    def unknown(opened: Any, *_: Any) -> Any:
        opened.watch.check()
        broken()

    monkeypatch.setattr(tasks.comparisons, "answer", unknown)
    failed = await told.job((await a.start(0))["job"], state="failed")
    assert failed["code"] == "error" and "mistake of ours" in failed["message"]
    assert (await a.ask(f"jobs/{failed['job']}/result")).code == 500
    assert (await a.start(0))["job"] != failed["job"]  # is tried again


async def test_the_end_of_the_server_ends_jobs(a: Person, watch: Any, cxg: Context, gate: Gate) -> None:
    told = await watch(a)
    running, waiting = await a.start(0), await a.start(1)
    await told.job(running["job"], state="running")
    await cxg.jobs.close()
    for job in (running, waiting):
        assert (await told.job(job["job"], state="cancelled"))["message"] == "The server was stopped."
    assert gate.stopped == ["0"]
    assert (await a.submit(a=T)).code == 503


# ── who asks ──


async def test_a_login_and_the_pages_it_loads_are_one_user(
    login: Fetch, fetch: Fetch, dataset: str, gate: Gate
) -> None:
    body = json.dumps({"kind": "markers", "column": "louvain"})
    answer = await login(f"cxg/d/{dataset}/jobs", method="POST", body=body)
    job = json.loads(answer.body)
    assert answer.code == 202
    page = page_config((await login(f"cxg/d/{dataset}/")).body.decode())
    who = Person(fetch, dataset, page["capability"])
    assert (await who.see(job))["state"] == "running" and await who.cancel(job) == 204


async def test_the_authorizer_is_asked(login: Fetch, dataset: str, refused: list[tuple[str, str]]) -> None:
    requests = (("GET", ""), ("POST", ""), ("GET", "/x"), ("DELETE", "/x"), ("GET", "/x/result"))
    for method, below in (*requests, ("POST", "/x/cancel")):
        body = "{}" if method == "POST" else None
        answer = await login(f"cxg/d/{dataset}/jobs{below}", method=method, body=body)
        assert answer.code == 403, (method, below)
    assert (await login(f"cxg/d/{dataset}/markers?column=louvain")).code == 403
    assert refused == [("read", "jupyter_cxg:data")] * 7


async def test_a_body_beyond_any_question_is_refused(
    fetch: Fetch, a: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "MAX_BODY", 10)
    assert (await a.submit(a=T)).code == 413
    monkeypatch.setattr(handlers, "MAX_SIMPLE", 10)
    text = {"Content-Type": "text/plain"}
    body = json.dumps({"capability": a.secret})
    assert (await fetch(f"cxg/d/{a.dataset}/jobs", method="POST", body=body, headers=text)).code == 413
