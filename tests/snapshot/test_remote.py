"""Files and stores of a web server: read in parts, never from where they must not, each failure said."""

import asyncio
import gc
import re
import shutil
import socket
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import anndata
import numcodecs
import numpy as np
import pytest
import zarr
from aiohttp import web as server
from anndata import AnnData
from scipy import sparse

from jupyter_cxg.errors import CxgError
from jupyter_cxg.snapshot import ranged, remote, web
from jupyter_cxg.snapshot.address import Address, address_of
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.files import open_file
from jupyter_cxg.snapshot.identity import snapshot_id
from jupyter_cxg.snapshot.manifest import Progress
from jupyter_cxg.snapshot.prepare import Job, prepare
from jupyter_cxg.snapshot.reading import Reading
from tests.reference.example import tiny_adata
from tests.reference.same import assert_same
from tests.snapshot.remote_server import Server, without_ranges
from tests.snapshot.test_prepare import started

pytestmark = pytest.mark.filterwarnings("ignore")  # of anndata and zarr, about formats to come


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    tiny_adata().write_h5ad(folder / "x.h5ad")
    tiny_adata().write_zarr(folder / "x.zarr")
    return folder


@pytest.fixture
def here(tmp_path: Path, example: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with x.h5ad and x.zarr; what is tried again, is tried again at once."""
    monkeypatch.setattr(web, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr("numcodecs.registry.codec_registry", dict(numcodecs.registry.codec_registry))
    folder = tmp_path / "served"
    shutil.copytree(example, folder)
    found = Server(folder)
    yield found
    found.stop()


def reading_of(here: Server) -> Reading:
    return Reading(private=(here.host,))


def job_of(here: Server, name: str, catalog: Catalog, reading: Reading | None = None) -> Job:
    address = address_of(f"{here.url}/{name}")
    reading = reading or reading_of(here)
    id = snapshot_id(address, reading)
    return Job(id, address.url, address.shown, str(catalog.root), None, 3600, reading)


def prepared(here: Server, name: str, catalog: Catalog, told: list[Progress] | None = None) -> AnnData:
    job = job_of(here, name, catalog)
    prepare(job, (told if told is not None else []).append)
    return anndata.read_zarr(catalog.directory(job.id) / "r1.zarr")


def refused(here: Server, name: str, catalog: Catalog) -> str:
    """What is said; nothing must be left."""
    with pytest.raises(CxgError) as caught:
        prepared(here, name, catalog)
    assert [p.name for p in catalog.root.iterdir() if not p.name.endswith(".turn")] == []
    said = str(caught.value)
    assert "\n" not in said and said.endswith(".")
    return said


def answering(*args: Any, **kwargs: Any) -> Callable[..., Awaitable[Any]]:
    async def behave(request: Any, path: Path) -> Any:
        return server.Response(*args, **kwargs)

    return behave


# ── as it should be ──


@pytest.mark.parametrize("name", ["x.h5ad", "x.zarr", "x.zarr/"])
@pytest.mark.parametrize("behave", [None, without_ranges])
def test_it_is_what_is_there(here: Server, catalog: Catalog, name: str, behave: Any) -> None:
    here.behave = behave
    told: list[Progress] = []
    assert_same(prepared(here, name, catalog, told), tiny_adata())
    (manifest,) = catalog.list()
    assert manifest.title == name.rstrip("/") and manifest.source == f"{here.url}/{name.rstrip('/')}"
    labels = {now.label for now in told}
    assert any("Downloading" in label for label in labels) is (behave is not None and name == "x.h5ad")
    assert [now.fraction for now in told] == sorted(now.fraction for now in told)


@pytest.mark.parametrize("version", [2, 3])
def test_both_versions_of_zarr(here: Server, catalog: Catalog, version: Any) -> None:
    with anndata.settings.override(zarr_write_format=version):
        tiny_adata().write_zarr(here.folder / "v.zarr")
    assert_same(prepared(here, "v.zarr", catalog), tiny_adata())


def test_a_second_start_finds_it(here: Server, catalog: Catalog) -> None:
    first = job_of(here, "x.h5ad", catalog)
    assert job_of(here, "x.h5ad?X-Amz-Signature=1&sig=2", catalog).id == first.id
    assert job_of(here, "x.h5ad?version=1", catalog).id != first.id
    assert job_of(here, "x.h5ad", catalog, replace(reading_of(here), obs_names="plate")).id != first.id
    adata = tiny_adata()
    adata.obs["new"] = 1
    adata.write_h5ad(here.folder / "x.h5ad")
    assert job_of(here, "x.h5ad", catalog).id != first.id
    store = job_of(here, "x.zarr", catalog)
    adata.write_zarr(here.folder / "x.zarr")
    assert job_of(here, "x.zarr", catalog).id != store.id


def test_it_is_read_in_parts_and_matrices_stay_there(here: Server) -> None:
    address = address_of(f"{here.url}/x.h5ad")
    with open_file(address, "x.h5ad", reading_of(here)) as opened:
        assert not isinstance(opened.adata.layers["counts"], np.ndarray)
        assert not hasattr(opened.adata.X, "nnz")
    assert all(span for _, _, span in here.asked)


def test_a_password_is_sent_and_goes_no_further(here: Server, catalog: Catalog) -> None:
    async def behave(request: Any, path: Path) -> Any:
        if path.name == "moved.h5ad":
            raise server.HTTPFound(f"http://localhost:{here.port}/x.h5ad")
        return None

    here.behave = behave
    url = here.url.replace("//", "//ada:s%33cret@") + "/moved.h5ad"
    reading = Reading(private=(here.host, f"localhost:{here.port}"))
    snapshot_id(address_of(url), reading)
    first, last = here.headers
    assert first["Authorization"] == "Basic YWRhOnMzY3JldA==" and "Authorization" not in last


# ── memory ──


def test_it_keeps_to_the_memory(here: Server, catalog: Catalog) -> None:
    """The system lets the process have no more; the file is larger, and its blocks come and go."""
    n_obs, n_vars, each = 60_000, 1_000, 600
    rng = np.random.default_rng(0)
    columns = np.sort(rng.permuted(np.tile(np.arange(n_vars, dtype=np.int32), (50, 1)), axis=1)[:, :each])
    indices = np.tile(columns, (n_obs // 50, 1)).ravel()
    data = rng.random(len(indices), dtype=np.float32)
    X = sparse.csr_matrix((data, indices, np.arange(0, len(indices) + 1, each)), (n_obs, n_vars))
    AnnData(X, obsm={"X_umap": np.zeros((n_obs, 2), np.float32)}).write_h5ad(here.folder / "large.h5ad")
    size, memory = (here.folder / "large.h5ad").stat().st_size, 220_000_000
    assert size > 1.2 * memory
    for behave in (None, without_ranges):
        here.behave = behave
        job = job_of(here, "large.h5ad", catalog, replace(reading_of(here), memory=memory))
        worker = started(job, "from jupyter_cxg.snapshot import web; web.PAUSES = ()")
        assert worker.stdin and worker.stdout and worker.stderr
        out = worker.stdout.read()
        assert worker.wait(120) == 0, (out, worker.stderr.read())
        worker.stdin.close()
        written = catalog.open(job.id)
        assert np.array_equal(written.matrix("X").data[-each:], data[-each:])
        catalog.remove(job.id)


# ── where it must not lead ──


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "169.254.169.254", "[fd00:ec2::254]", "10.0.0.1",
        "LOCALHOST", "127.0.0.1.", "①②⑦.⓪.⓪.①",
    ],
)  # fmt: skip
def test_this_network_is_not_reached(here: Server, host: str) -> None:
    with pytest.raises(CxgError) as caught:
        snapshot_id(address_of(f"http://{host}:{here.port}/x.h5ad"))
    said = str(caught.value)
    assert "--allow-private" in said or "There is no host" in said or "is none: copy it again" in said
    assert not here.asked


def test_the_sentence_names_host_and_remedy(here: Server) -> None:
    with pytest.raises(
        CxgError, match=r"^127\.0\.0\.1 is an address of this network, .* add --allow-private "
    ):
        snapshot_id(address_of(f"{here.url}/x.h5ad"))


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{other}/x.h5ad", "http://169.254.169.254/latest/", "http://[::1]:{other}/x"]
)
def test_no_redirect_leads_there(here: Server, tmp_path: Path, target: str) -> None:
    inner = Server(here.folder)
    try:
        here.behave = answering(status=302, headers={"Location": target.format(other=inner.port)})
        with pytest.raises(CxgError, match=r"leads on to .*--allow-private"):
            snapshot_id(address_of(f"{here.url}/x.h5ad"), reading_of(here))
        assert not inner.asked
    finally:
        inner.stop()


def test_a_name_that_changes_its_mind(here: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is public whenever somebody looks, and not when it is connected to."""
    asked, real = [], socket.getaddrinfo

    def rebinding(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "rebind.example":
            return real(host, *args, **kwargs)
        asked.append(host)
        return real("127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with pytest.raises(CxgError, match=r"rebind\.example is an address of this network"):
        snapshot_id(address_of(f"http://rebind.example:{here.port}/x.h5ad"), reading_of(here))
    assert asked and not here.asked


def test_a_proxy_of_the_environment_is_not_asked(here: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, here.url)
    with pytest.raises(CxgError, match="--allow-private"):
        snapshot_id(address_of("http://10.0.0.1/x.h5ad"))
    assert not here.asked


# ── what a server may do wrong ──


@pytest.mark.parametrize(
    ("behave", "sentence"),
    [
        (answering(status=404), r"There is no http://127\.0\.0\.1:\d+/x\.h5ad: its server says so"),
        (answering(status=410), "There is no"),
        (answering(status=403), r"does not let this be read: x\.h5ad \(403\)"),
        (answering(status=401), "does not let this be read"),
        (answering(status=500), "answers 500 while x.h5ad is read: try again later"),
        (answering(status=429), "answers 429"),
        (answering(status=418), "answers 418"),
        (answering(text="<!DOCTYPE html><html>", content_type="text/html"), "is a web page, and not a file"),
        (answering(body=b"PK\x03\x04 a zip file"), "is not an HDF5 file"),
        (answering(body=b""), "is empty at"),
        (answering(status=302, headers={"Location": "/again"}), "more than 10 times"),
        (
            answering(status=302, headers={"Location": "file:///etc/passwd"}),
            "to file://, where nothing is read",
        ),
        (answering(status=302, headers={"Location": "http://["}), "copy it again"),
        (answering(status=206, body=b"12345678"), "does not say which"),
        (answering(status=206, body=b"x", headers={"Content-Range": "bytes z-/1"}), "does not say which"),
        (answering(body=b"12345678", headers={"Content-Encoding": "br"}), "only compressed"),
    ],
)
def test_what_is_no_file(here: Server, catalog: Catalog, behave: Any, sentence: str) -> None:
    here.behave = behave
    said = refused(here, "x.h5ad", catalog)
    assert re.search(sentence, said), said


def test_there_is_nobody(here: Server, catalog: Catalog) -> None:
    here.stop()
    assert "127.0.0.1 does not answer while x.h5ad is read" in refused(here, "x.h5ad", catalog)


def test_a_silent_server(here: Server, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(request: Any, path: Path) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(web, "SILENT_SECONDS", 0.1)
    here.behave = silent
    assert "says nothing while x.h5ad is read" in refused(here, "x.h5ad", catalog)
    assert len(here.asked) == 3


def ranged_files() -> set[int]:
    """Those that somebody still holds."""
    gc.collect()
    return {id(found) for found in gc.get_objects() if isinstance(found, ranged.RangedFile)}


def parts_that(go_wrong: Callable[[Any, Path], Awaitable[Any]], after: int = 4) -> Any:
    """As it should be, but for what comes after some requests."""
    count = [0]

    async def behave(request: Any, path: Path) -> Any:
        count[0] += 1
        return await go_wrong(request, path) if count[0] > after else None

    return behave


def part_of(request: Any, path: Path) -> Any:
    """The beginning of a right answer."""
    about, asked = path.stat(), request.http_range
    response = server.StreamResponse(status=206)
    response.headers["ETag"] = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
    response.last_modified = about.st_mtime
    response.headers["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{about.st_size}"
    return response


async def broken_off(request: Any, path: Path) -> Any:
    response = part_of(request, path)
    response.content_length = request.http_range.stop - request.http_range.start
    await response.prepare(request)
    await response.write(b"some")
    request.transport.close()
    return response


async def cut_short(request: Any, path: Path) -> Any:
    response = part_of(request, path)
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(b"some")
    return response


async def of_another(request: Any, path: Path) -> Any:
    size = path.stat().st_size
    headers = {"Content-Range": f"bytes 0-{size - 1}/{size}", "ETag": '"another"'}
    return server.Response(status=206, body=path.read_bytes(), headers=headers)


async def elsewhere_in_it(request: Any, path: Path) -> Any:
    size = path.stat().st_size
    body = path.read_bytes()[5:]
    return server.Response(status=206, body=body, headers={"Content-Range": f"bytes 5-{size - 1}/{size}"})


async def endless(request: Any, path: Path) -> Any:
    response = part_of(request, path)
    response.enable_chunked_encoding()
    await response.prepare(request)
    while True:
        await response.write(bytes(2**16))


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        (broken_off, "broke off while x.h5ad is read: try again later"),
        (cut_short, "broke off while x.h5ad is read"),
        (answering(status=503), "answers 503 while x.h5ad is read"),
        (answering(status=403), "does not let this be read"),
        (answering(status=404), "There is no"),
        (of_another, "changed at 127.0.0.1 while it was read: run this again"),
        (elsewhere_in_it, "sends other bytes"),
        (endless, "sends more than"),
        (without_ranges, "no longer sends parts"),
    ],
)
def test_the_server_fails_midway(here: Server, catalog: Catalog, way: Any, sentence: str) -> None:
    before = ranged_files()
    here.behave = parts_that(way)
    assert sentence in refused(here, "x.h5ad", catalog)
    # what stays would be asked by HDF5 at exit, when there is no Python any more
    assert ranged_files() <= before
    here.behave = None
    assert_same(prepared(here, "x.h5ad", catalog), tiny_adata())


@pytest.mark.parametrize("after", [4, 12, 30])
def test_a_store_fails_midway(here: Server, catalog: Catalog, after: int) -> None:
    """None of it is left out, though the libraries would."""
    here.behave = parts_that(answering(status=503), after)
    assert "answers 503 while x.zarr is read" in refused(here, "x.zarr", catalog)


@pytest.mark.parametrize("part", ["uns/", "obsm/X_pca/", "layers/counts/data", "raw/var/"])
def test_a_part_of_a_store_does_not_come(here: Server, catalog: Catalog, part: str) -> None:
    """All else does; the libraries would leave it out, and the viewer say that it is odd."""

    async def behave(request: Any, path: Path) -> Any:
        return server.Response(status=503) if f"x.zarr/{part}" in str(path) else None

    here.behave = behave
    assert "answers 503 while x.zarr is read" in refused(here, "x.zarr", catalog)
    assert any(part in asked for _, asked, _ in here.asked)


def test_what_passes_is_not_noticed(here: Server, catalog: Catalog) -> None:
    count = [0]

    async def every_other(request: Any, path: Path) -> Any:
        count[0] += 1
        return server.Response(status=503) if count[0] % 2 else None

    here.behave = every_other
    assert_same(prepared(here, "x.zarr", catalog), tiny_adata())


def test_a_download_breaks_off(here: Server, catalog: Catalog) -> None:
    async def behave(request: Any, path: Path) -> Any:
        response = server.StreamResponse()
        response.content_length = path.stat().st_size
        await response.prepare(request)
        await response.write(path.read_bytes()[:1000])
        request.transport.close()
        return response

    here.behave = behave
    assert "broke off" in refused(here, "x.h5ad", catalog)


def test_a_download_has_a_limit(here: Server, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MOST_DOWNLOADED", 1000)
    here.behave = without_ranges
    assert "only as a whole, and" in refused(here, "x.h5ad", catalog)

    async def without_length(request: Any, path: Path) -> Any:
        response = server.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(path.read_bytes())
        return response

    here.behave = without_length
    assert "sends more than 1.0 kB for x.h5ad" in refused(here, "x.h5ad", catalog)


def test_stores_that_are_none(here: Server, catalog: Catalog) -> None:
    assert "There is no Zarr store" in refused(here, "none.zarr", catalog)
    zarr.open_group(str(here.folder / "plain.zarr"), mode="w", zarr_format=3)
    assert "zarr.consolidate_metadata" in refused(here, "plain.zarr", catalog)
    zarr.open_group(str(here.folder / "old.zarr"), mode="w", zarr_format=2)
    assert "zarr.consolidate_metadata" in refused(here, "old.zarr", catalog)
    text = (here.folder / "x.zarr" / ".zmetadata").exists()
    document = here.folder / "x.zarr" / (".zmetadata" if text else "zarr.json")
    document.write_text(document.read_text().replace("vlen-utf8", "pickle"))
    assert "pickled objects" in refused(here, "x.zarr", catalog)
    document.write_text(document.read_text()[:500] + '"consolidated_metadata"')
    assert "is no Zarr group that can be read" in refused(here, "x.zarr", catalog)


# ── what is secret ──


def test_nothing_secret_is_said(here: Server, catalog: Catalog, capfd: pytest.CaptureFixture[str]) -> None:
    url = here.url.replace("//", "//ada:s3cret@") + "/x.h5ad?X-Amz-Signature=abcdef"
    address = address_of(url)
    ways = [None, without_ranges, *(parts_that(way) for way in (broken_off, answering(status=403), endless))]
    for behave in ways:
        here.behave = behave
        said = ""
        try:
            id = snapshot_id(address, reading_of(here))
            job = Job(id, address.url, address.shown, str(catalog.root), None, 3600, reading_of(here))
            prepare(job, lambda now: print(now))
        except CxgError as error:
            said = str(error)
        out, err = capfd.readouterr()
        assert not [word for word in ("s3cret", "abcdef", "ada") if word in said + out + err]
    written = b"".join(p.read_bytes() for p in catalog.root.rglob("manifest.json"))
    assert written and not [word for word in (b"s3cret", b"abcdef", b"ada:") if word in written]


# ── the file object ──


def test_blocks_come_once_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    content = np.random.default_rng(0).integers(0, 256, 50_001, dtype=np.uint8).tobytes()
    monkeypatch.setattr(ranged, "BLOCK", 1000)
    asked: list[int] = []

    def ask(start: int, stop: int) -> Future[bytes]:
        assert 0 < stop - start <= 1000
        asked.append(start)
        done: Future[bytes] = Future()
        done.set_result(content[start:stop])
        return done

    file = ranged.RangedFile(ask, len(content), blocks=8)
    assert file.read() == content and len(asked) == 51 == len(set(asked))
    assert len(file._blocks) <= 8
    rng = np.random.default_rng(1)
    for start, length in zip(rng.integers(0, 50_001, 200), rng.integers(0, 12_000, 200), strict=True):
        file.seek(int(start))
        assert file.read(int(length)) == content[start : start + length]
    assert file.seek(-1, 2) == 50_000 and file.read(10) == content[-1:] and file.read(10) == b""
    file.close()


def test_an_address_shows_itself_without_secrets() -> None:
    assert "s3cret" not in repr(Address("https://a:s3cret@h/x", "https://h/x"))
