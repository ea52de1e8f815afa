"""Opening a file of the server: at once, again, by two tabs, when it is broken, and when it is given up."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anndata
import h5py
import numpy as np
import pytest

from jupyter_cxg.errors import CxgError
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.preparing import Preparations
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.prepare import Job
from tests.reference.example import tiny_adata
from tests.server.conftest import Fetch, page_config
from tests.server.test_ask import unpack

Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
def root(jp_root_dir: Path) -> Path:
    """What the file browser shows."""
    (jp_root_dir / "data").mkdir()
    return jp_root_dir


@pytest.fixture
def file(root: Path) -> Path:
    path = root / "data" / "x.h5ad"
    tiny_adata().write_h5ad(path)
    return path


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """Preparing begins, says so, and then takes forever."""
    code = (
        "import sys, time; from jupyter_cxg.snapshot.prepare import Job;"
        "job = Job.from_line(sys.stdin.readline());"
        "open(job.root + '/' + str(__import__('os').getpid()) + '.pid', 'w').close();"
        'print(\'{"label": "Reading", "fraction": 0.25}\', flush=True); time.sleep(600)'
    )
    monkeypatch.setattr("jupyter_cxg.server.preparing.COMMAND", (sys.executable, "-c", code))


@pytest.fixture
def ask(fetch: Fetch) -> Ask:
    """``await ask(config, "schema", …)``: what the page with this config would ask."""

    async def post(config: dict[str, str], *questions: str) -> Any:
        body = json.dumps({"capability": config["capability"], "questions": questions})
        return await fetch(f"cxg/d/{config['id']}/ask", method="POST", body=body)

    return post


def open_url(path: str, **query: str) -> str:
    return f"cxg/open?path={quote(path, safe='')}" + "".join(f"&{k}={quote(v)}" for k, v in query.items())


async def opened(login: Fetch, path: str, **query: str) -> dict[str, Any]:
    """The config of the page that opens a file."""
    page = await login(open_url(path, **query))
    assert page.code == 200, page.body
    return page_config(page.body.decode())


async def status(ask: Ask, config: dict[str, str]) -> dict[str, Any]:
    ((entry, part),) = unpack((await ask(config, "status")).body)
    assert entry["status"] == 200
    found: dict[str, Any] = json.loads(part)
    return found


async def ended(cxg: Context, id: str) -> None:
    """Wait until nobody is at it any more, for good or bad."""
    if preparation := cxg.preparations.running(id):
        assert preparation.task
        await asyncio.wait([preparation.task])


async def failure(login: Fetch, ask: Ask, cxg: Context, path: str) -> tuple[int, str, str]:
    """Status, code and sentence that the viewer of a file gets in the end."""
    config = await opened(login, path)
    await ended(cxg, config["id"])
    response = await ask(config, "status", "schema")
    body = json.loads(response.body)
    assert not list(cxg.catalog.root.iterdir()), "something is left on the disk"
    return response.code, body["code"], body["message"]


# ── as it should be ──


async def test_a_file_is_shown_and_the_second_time_at_once(
    login: Fetch, ask: Ask, cxg: Context, file: Path, jp_base_url: str
) -> None:
    page = await login(open_url("data/x.h5ad"))
    assert page.code == 200 and "sandbox" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    config = page_config(page.body.decode())
    assert config["title"] == "x.h5ad" and config["state"] == {} and config["opening"] is True  # type: ignore[comparison-overlap]
    assert config["root"] == f"{jp_base_url}cxg/d/{config['id']}/"
    await ended(cxg, config["id"])
    assert await status(ask, config) == {"revision": 1, "state": "complete", "progress": None}
    answers = unpack((await ask(config, "schema", "default-layout", "data/var?var:name_0=GENE3")).body)
    assert [entry["status"] for entry, _ in answers] == [200, 200, 200]

    again = await opened(login, "data/x.h5ad")
    assert again["id"] == config["id"] and again["opening"] is False
    assert cxg.preparations.running(config["id"]) is None


async def test_the_snapshot_knows_its_file(login: Fetch, cxg: Context, file: Path) -> None:
    config = await opened(login, "data/x.h5ad")
    await ended(cxg, config["id"])
    (document,) = json.loads((await login("cxg/api/snapshots")).body)
    assert document["id"] == config["id"] and document["title"] == "x.h5ad"
    assert document["source"] == "data/x.h5ad" and document["state"] == "complete"


async def test_a_store_opens_too(login: Fetch, ask: Ask, cxg: Context, root: Path) -> None:
    tiny_adata().write_zarr(root / "x.zarr")
    config = await opened(login, "x.zarr")
    await ended(cxg, config["id"])
    assert (await status(ask, config))["state"] == "complete"


async def test_a_changed_file_is_another_snapshot(login: Fetch, cxg: Context, file: Path) -> None:
    before = await opened(login, "data/x.h5ad")
    await ended(cxg, before["id"])
    tiny_adata()[:30].copy().write_h5ad(file)
    after = await opened(login, "data/x.h5ad")
    await ended(cxg, after["id"])
    assert before["id"] != after["id"]
    assert {manifest.n_obs for manifest in cxg.catalog.list()} == {60, 30}


@pytest.mark.parametrize("where", ["open", "d"])
async def test_while_it_is_opened_there_is_only_the_status(
    login: Fetch, ask: Ask, cxg: Context, file: Path, stuck: None, where: str
) -> None:
    config = await opened(login, "data/x.h5ad")
    if where == "d":  # the page of the dataset itself does the same
        page = await login(f"cxg/d/{config['id']}/")
        config = page_config(page.body.decode())
        assert config["opening"] is True and config["title"] == "x.h5ad"  # type: ignore[comparison-overlap]
    while (found := await status(ask, config))["progress"]["label"] != "Reading":
        assert found["state"] == "opening"
    assert found == {
        "revision": 0,
        "state": "opening",
        "progress": {"label": "Reading", "fraction": 0.25},
    }
    answers = unpack((await ask(config, "schema", "status", "data/var?var:name_0=GENE3")).body)
    assert [(entry["status"], entry.get("code")) for entry, _ in answers] == [
        (503, "not_ready"),
        (200, None),
        (503, "not_ready"),
    ]
    direct = await login(f"cxg/d/{config['id']}/api/v0.2/schema")
    assert direct.code == 503 and direct.headers["Retry-After"] == "1"
    assert json.loads((await login(f"cxg/d/{config['id']}/status")).body) == found
    (document,) = json.loads((await login("cxg/api/snapshots")).body)
    assert (document["state"], document["source"]) == ("opening", "data/x.h5ad")


async def test_two_tabs_are_one_process(
    login: Fetch, cxg: Context, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    make = asyncio.create_subprocess_exec

    async def counted(*args: Any, **kwargs: Any) -> asyncio.subprocess.Process:
        made.append(args)
        return await make(*args, **kwargs)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", counted)
    first, second = await asyncio.gather(opened(login, "data/x.h5ad"), opened(login, "data/x.h5ad"))
    assert first["id"] == second["id"] and len(cxg.preparations.list()) == 1
    assert first["capability"] != second["capability"]
    await ended(cxg, first["id"])
    await opened(login, "data/x.h5ad")
    assert len(made) == 1


async def test_more_files_wait_for_their_turn(
    login: Fetch, ask: Ask, cxg: Context, root: Path, stuck: None
) -> None:
    for name in "abc":
        tiny_adata().write_h5ad(root / f"{name}.h5ad")
    configs = [await opened(login, f"{name}.h5ad") for name in "abc"]
    await until(lambda: len(pids(cxg)) == 2)
    waiting = await status(ask, configs[2])
    assert waiting["progress"] == {"label": "Waiting for other files", "fraction": 0.0}
    await cxg.preparations.cancel(configs[0]["id"])
    await until(lambda: len(pids(cxg)) == 3)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ('{"color": {"kind": "gene", "name": "GENE3"}}', {"color": {"kind": "gene", "name": "GENE3"}}),
        ("{}", {}),
        ("", {}),
        ("[1]", {}),
        ("nonsense", {}),
        ('{"x": NaN}', {}),
        ('{"x": 1e999}', {}),
        ("[" * 15_000, {}),
        ('{"a": ' * 2000, {}),
        ('{"x": "' + "y" * 16_000 + '"}', {}),
        ('{"x": "</script>"}', {"x": "</script>"}),
        ('{"x": "\\ud800"}', {"x": "\ud800"}),
    ],
)
async def test_the_view_to_begin_with_is_a_small_object_or_nothing(
    login: Fetch, file: Path, stuck: None, state: str, expected: Any
) -> None:
    config = await opened(login, "data/x.h5ad", state=state)
    assert config["state"] == expected


# ── who may ──


async def test_without_a_login_there_is_no_data(fetch: Fetch, cxg: Context, file: Path) -> None:
    for path in ("data/x.h5ad", "data/missing.h5ad", "../x", ""):
        page = await fetch(open_url(path))
        assert page.code == 302 and "/login?next=" in page.headers["Location"]
    for method in ("POST", "PUT", "DELETE"):
        page = await fetch(open_url("data/x.h5ad"), method=method, body=None if method == "DELETE" else "")
        assert page.code in (403, 405)
    assert not cxg.preparations.list()


async def test_a_capability_opens_no_file(fetch: Fetch, cxg: Context, file: Path, capability: str) -> None:
    page = await fetch(open_url("data/x.h5ad"), headers={"X-Cxg-Capability": capability})
    assert page.code == 302 and not cxg.preparations.list()


@pytest.mark.parametrize("refused", ["contents", "jupyter_cxg:data"])
async def test_jupyters_authorizer_is_asked(
    login: Fetch, cxg: Context, file: Path, jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    allowed = lambda handler, user, action, resource: (action, resource) != ("read", refused)  # noqa: E731
    monkeypatch.setattr(jp_serverapp.authorizer, "is_authorized", allowed)
    page = await login(open_url("data/x.h5ad"))
    assert page.code == 403 and not cxg.preparations.list()


@pytest.mark.parametrize(
    ("site", "dest", "code"),
    [
        ("cross-site", "image", 403),
        ("cross-site", "iframe", 403),
        ("cross-site", "document", 200),  # a link on some page, or Binder
        ("same-origin", "iframe", 200),  # JupyterLab
        ("none", "document", 200),
    ],
)
async def test_a_foreign_page_cannot_have_files_opened_behind_its_visitors_back(
    login: Fetch, cxg: Context, file: Path, stuck: None, site: str, dest: str, code: int
) -> None:
    page = await login(open_url("data/x.h5ad"), headers={"Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest})
    assert page.code == code and bool(cxg.preparations.list()) is (code == 200)


# ── paths ──


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", 400),
        ("?path=", 400),
        ("?path=data/x.h5ad&path=data/x.h5ad", 400),
        ("?path=../../etc/passwd", 400),
        ("?path=..%2F..%2Fetc%2Fpasswd", 400),
        ("?path=%2e%2e/%2e%2e/etc/passwd", 400),
        ("?path=%2e%2e%2f%2e%2e%2fout.h5ad", 400),
        ("?path=%252e%252e%252fout.h5ad", 404),
        ("?path=..%5C..%5Cout.h5ad", 400),
        ("?path=..%c0%afout.h5ad", 404),
        ("?path=%ff%fe.h5ad", 404),
        ("?path=%EF%BC%8E%EF%BC%8E%2Fout.h5ad", 404),
        ("?path=%2Fetc%2Fpasswd", 400),
        ("?path=//etc/out.h5ad", 400),
        ("?path=data/x.h5ad%00", 400),
        ("?path=data/x.h5ad%00.zarr", 400),
        ("?path=data/x.h5ad/", 400),
        ("?path=data", 400),
        ("?path=.hidden/x.h5ad", 404),
        ("?path=.x.h5ad", 404),
        ("?path=link.h5ad", 404),
        ("?path=out/out.h5ad", 404),
        ("?path=missing.h5ad", 404),
        ("?path=" + "x/" * 5000 + "x.h5ad", 400),
        ("?path=<script>alert(1)</script>.h5ad", 404),
    ],
)
async def test_paths_that_lead_astray_are_a_sentence(
    login: Fetch, cxg: Context, file: Path, tmp_path: Path, query: str, code: int
) -> None:
    root, outside = file.parents[1], tmp_path / "outside"
    outside.mkdir()
    for path in (outside / "out.h5ad", root / ".x.h5ad"):
        path.write_bytes(file.read_bytes())
    (root / "link.h5ad").symlink_to(outside / "out.h5ad")
    (root / "out").symlink_to(outside)
    page = await login(f"cxg/open{query}")
    assert page.code == code and page.headers["Content-Type"] == "text/html; charset=utf-8"
    text = page.body.decode()
    assert "<main><p>" in text and "<script" not in text and "Run its cell" not in text
    assert str(tmp_path) not in text and not cxg.preparations.list()


# ── files that cannot be shown ──


def not_hdf5(path: Path) -> None:
    path.write_text("cell,gene\n" * 1000)


def empty(path: Path) -> None:
    path.touch()


def cut_short(path: Path) -> None:
    tiny_adata().write_h5ad(path)
    os.truncate(path, path.stat().st_size // 2)


def other_hdf5(path: Path) -> None:
    with h5py.File(path, "w") as other:
        other["matrix"] = np.zeros(3)


def no_embedding(path: Path) -> None:
    adata = tiny_adata()
    adata.obsm.clear()
    adata.write_h5ad(path)


def broken_chunk(path: Path) -> None:
    tiny_adata().write_h5ad(path, compression="gzip")
    with h5py.File(path) as good:
        where = good["X/data"].id.get_chunk_info(0).byte_offset
    with path.open("r+b") as bad:
        bad.seek(where)
        bad.write(b"\xff" * 40)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (not_hdf5, "is not an HDF5 file"),
        (empty, "is empty"),
        (cut_short, "is cut short, or still being copied"),
        (other_hdf5, "is no AnnData: it has no obs"),
        (no_embedding, "has no embedding to draw: run sc.tl.umap"),
        (broken_chunk, "cannot be read"),
    ],
)
async def test_a_file_that_cannot_be_shown_is_a_sentence(
    login: Fetch, ask: Ask, cxg: Context, root: Path, make: Callable[[Path], None], says: str
) -> None:
    make(root / "bad.h5ad")
    code, name, sentence = await failure(login, ask, cxg, "bad.h5ad")
    assert (code, name) == (422, "unpublishable")
    assert says in sentence and str(root) not in sentence and "\n" not in sentence


async def test_a_file_that_may_not_be_read_is_a_sentence(
    login: Fetch, ask: Ask, cxg: Context, file: Path
) -> None:
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("whoever runs these tests may read everything: see tests/snapshot/test_prepare.py")
    assert "may not be read" in (await failure(login, ask, cxg, "data/x.h5ad"))[2]


async def test_a_file_beyond_the_limit_is_a_sentence(
    login: Fetch, ask: Ask, cxg: Context, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = cxg.preparations._place
    monkeypatch.setattr(cxg.preparations, "_place", type(place)(place.root, 1000, place.keep_seconds))
    code, name, sentence = await failure(login, ask, cxg, "data/x.h5ad")
    assert (code, name) == (413, "too_large") and "CXG_MAX_BYTES" in sentence


async def test_a_file_that_is_being_written_is_a_sentence(
    login: Fetch, ask: Ask, cxg: Context, file: Path
) -> None:
    code = (
        f"import h5py, sys; f = h5py.File({str(file)!r}, 'r+'); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdin and writer.stdout and writer.stdout.readline() == b"open\n"
        said = await failure(login, ask, cxg, "data/x.h5ad")
        writer.stdin.close()
    assert said[:2] == (422, "unpublishable") and "is being written by another program" in said[2]


# ── stopping ──


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def pids(cxg: Context) -> list[int]:
    """Processes that `stuck` started."""
    return [int(path.stem) for path in cxg.catalog.root.glob("*.pid")]


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_killed_process_is_a_sentence_and_opening_again_works(
    login: Fetch, ask: Ask, cxg: Context, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import os, signal; from jupyter_cxg.snapshot import matrices, writer, prepare;"
        "writer.write_matrix = lambda *_: os.kill(os.getpid(), signal.SIGKILL); prepare.main()"
    )
    with monkeypatch.context() as patch:
        patch.setattr("jupyter_cxg.server.preparing.COMMAND", (sys.executable, "-c", code))
        status_code, name, sentence = await failure(login, ask, cxg, "data/x.h5ad")
    assert (status_code, name) == (422, "unpublishable")
    assert "x.h5ad was not opened: its process was killed" in sentence and "open it again" in sentence
    config = await opened(login, "data/x.h5ad")
    await ended(cxg, config["id"])
    assert (await status(ask, config))["state"] == "complete"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended with SIGSEGV"),
        ("import sys; sys.exit(3)", "by a mistake of ours"),
        ("print('no json', flush=True)", "by a mistake of ours"),
    ],
)
async def test_whatever_becomes_of_the_process_is_a_sentence(
    login: Fetch, ask: Ask, cxg: Context, file: Path, monkeypatch: pytest.MonkeyPatch, code: str, says: str
) -> None:
    monkeypatch.setattr("jupyter_cxg.server.preparing.COMMAND", (sys.executable, "-c", code))
    assert says in (await failure(login, ask, cxg, "data/x.h5ad"))[2]


@pytest.mark.parametrize("way", ["cancel", "delete"])
async def test_it_can_be_given_up_and_taken_up_again(
    login: Fetch, fetch: Fetch, ask: Ask, cxg: Context, file: Path, stuck: None, way: str
) -> None:
    config = await opened(login, "data/x.h5ad")
    await until(lambda: len(pids(cxg)) == 1)
    (pid,) = pids(cxg)
    if way == "cancel":
        key = {"X-Cxg-Capability": config["capability"], "Origin": "null"}
        answer = await fetch(f"cxg/d/{config['id']}/cancel", method="POST", body="", headers=key)
        response = await ask(config, "status")
        assert response.code == 422 and "was cancelled" in json.loads(response.body)["message"]
    else:
        answer = await login(f"cxg/api/snapshots/{config['id']}", method="DELETE")
        assert (await ask(config, "status")).code == 403  # its capabilities are over
    assert answer.code == 204 and not lives(pid)
    again = await opened(login, "data/x.h5ad")
    assert again["opening"] is True and len(cxg.preparations.list()) == 1


async def test_only_the_owner_gives_up(
    fetch: Fetch, login: Fetch, cxg: Context, file: Path, stuck: None
) -> None:
    config = await opened(login, "data/x.h5ad")
    url = f"cxg/d/{config['id']}/cancel"
    secrets = ["", "nonsense", cxg.capabilities.issue(config["id"], user="x", role="view")]
    secrets.append(cxg.capabilities.issue("0" * 16, user="x", role="own"))
    for secret in secrets:
        answer = await fetch(url, method="POST", body="", headers={"X-Cxg-Capability": secret})
        assert answer.code == 403
    assert (await fetch(url, method="POST", body="")).code == 403
    assert len(cxg.preparations.list()) == 1
    nothing = await login(f"cxg/d/{'0' * 16}/cancel", method="POST", body="")
    assert nothing.code == 404


async def test_no_process_outlives_the_server(
    login: Fetch, cxg: Context, file: Path, stuck: None, jp_serverapp: Any
) -> None:
    await opened(login, "data/x.h5ad")
    await until(lambda: len(pids(cxg)) == 1)
    (pid,) = pids(cxg)
    await jp_serverapp.extension_manager.stop_all_extensions()
    assert not lives(pid) and not cxg.preparations.list()
    await opened_after_the_end(cxg.preparations)


async def opened_after_the_end(preparations: Preparations) -> None:
    from jupyter_cxg.server.preparing import File

    preparations.start(File("0" * 16, Path("x.h5ad"), "x.h5ad"))
    assert not preparations.list()


def test_a_process_ends_with_a_server_that_was_killed(catalog: Catalog, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.h5ad")  # whoever opens it waits
    job = Job("0" * 16, str(tmp_path / "x.h5ad"), "x.h5ad", str(catalog.root), None, 60)
    with (
        catalog.turn(job.id),
        subprocess.Popen(
            [sys.executable, "-m", "jupyter_cxg.snapshot.prepare"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as worker,
    ):
        assert worker.stdin and worker.stdout
        worker.stdin.write(job.to_line())
        worker.stdin.flush()
        assert b"Waiting for another server" in worker.stdout.readline()
        worker.stdin.close()  # as the system does for a killed server
        assert worker.wait(20) == 128 + signal.SIGTERM


# ── kinds of files ──


async def test_a_modality_is_another_dataset(login: Fetch, ask: Ask, cxg: Context, root: Path) -> None:
    with h5py.File(root / "x.h5mu", "w") as file:
        mod = file.create_group("mod")
        for name, n_obs in (("rna", 60), ("small", 30)):
            anndata.io.write_elem(mod, name, tiny_adata()[:n_obs].copy())
        anndata.io.write_elem(file, "obs", tiny_adata().obs[[]])
    for name, n_obs in (("rna", 60), ("small", 30)):
        config = await opened(login, "x.h5mu", modality=name)
        await ended(cxg, config["id"])
        cxg.preparations.explain(config["id"])  # raises if it failed
        assert cxg.catalog.get(config["id"]).n_obs == n_obs
    config = await opened(login, "x.h5mu")
    await ended(cxg, config["id"])
    with pytest.raises(CxgError, match=r"2 modalities \(rna, small\): choose one"):
        cxg.preparations.explain(config["id"])
    twice = await login("cxg/open?path=x.h5mu&modality=rna&modality=small")
    assert twice.code == 400 and b"Say which modality" in twice.body
