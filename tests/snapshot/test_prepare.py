"""A file made a snapshot: whole or not at all, by one process, and without trusting the file."""

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import anndata
import h5py
import numcodecs
import numpy as np
import pytest
import zarr

from jupyter_cxg.errors import CxgError, NotFound, TooLarge, Unpublishable
from jupyter_cxg.snapshot import files, writer
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.identity import snapshot_id
from jupyter_cxg.snapshot.manifest import Progress
from jupyter_cxg.snapshot.prepare import Job, prepare
from tests.reference.example import tiny_adata
from tests.reference.same import assert_same


@pytest.fixture(autouse=True)
def _codecs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What preparing does to this process ends with the test."""
    known = dict(numcodecs.registry.codec_registry)
    monkeypatch.setattr(numcodecs.registry, "codec_registry", known)


@pytest.fixture
def h5ad(tmp_path: Path) -> Path:
    tiny_adata().write_h5ad(tmp_path / "x.h5ad")
    return tmp_path / "x.h5ad"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    tiny_adata().write_zarr(tmp_path / "x.zarr")
    return tmp_path / "x.zarr"


def job_of(path: Path, catalog: Catalog, *, max_bytes: int | None = None) -> Job:
    return Job(snapshot_id(path), str(path), f"data/{path.name}", str(catalog.root), max_bytes, 3600)


def prepared(path: Path, catalog: Catalog) -> Path:
    """Where the snapshot of the file lies."""
    job = job_of(path, catalog)
    prepare(job, lambda now: None)
    return catalog.directory(job.id)


def refused(path: Path, catalog: Catalog) -> str:
    """What preparing the file says; nothing must be left of it."""
    with pytest.raises(CxgError) as caught:
        prepare(job_of(path, catalog), lambda now: None)
    assert not list(catalog.root.iterdir())
    return str(caught.value)


def started(job: Job, code: str = "") -> "subprocess.Popen[bytes]":
    """The process, after some changes to it."""
    command = ["-c", f"{code}\nfrom jupyter_cxg.snapshot.prepare import main; raise SystemExit(main())"]
    worker = subprocess.Popen(
        [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert worker.stdin
    worker.stdin.write(job.to_line())
    worker.stdin.flush()
    return worker


# ── as it should be ──


@pytest.mark.parametrize("kind", ["h5ad", "store"])
def test_the_snapshot_is_what_the_file_holds(
    kind: str, request: pytest.FixtureRequest, catalog: Catalog
) -> None:
    path: Path = request.getfixturevalue(kind)
    directory = prepared(path, catalog)
    assert_same(anndata.read_zarr(directory / "r1.zarr"), tiny_adata())
    manifest = catalog.get(directory.name)
    assert (manifest.state, manifest.title, manifest.source) == ("complete", path.name, f"data/{path.name}")
    assert [entry.name for entry in catalog.root.iterdir()] == [directory.name]


@pytest.mark.parametrize("kind", ["h5ad", "store"])
def test_matrices_stay_on_the_disk(kind: str, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(kind)
    with files.open_file(path, path.name) as opened:
        matrices = (opened.adata.X, opened.adata.layers["counts"], opened.adata.raw.X)
        assert not [matrix for matrix in matrices if isinstance(matrix, np.ndarray) or hasattr(matrix, "nnz")]


def test_a_store_without_raw(tmp_path: Path, catalog: Catalog) -> None:
    """anndata writes that as a null, and other programs leave it away."""
    adata = tiny_adata()
    del adata.raw
    adata.write_zarr(tmp_path / "x.zarr")
    directory = prepared(tmp_path / "x.zarr", catalog)
    assert "raw" not in catalog.get(directory.name).matrices
    assert anndata.read_zarr(directory / "r1.zarr").raw is None


def test_progress_ends_with_the_first_picture(h5ad: Path, catalog: Catalog) -> None:
    told: list[Progress] = []
    prepare(job_of(h5ad, catalog), told.append)
    fractions = [now.fraction for now in told]
    assert fractions == sorted(fractions) and told[0].label == "Reading x.h5ad" and fractions[-1] >= 0.5


def test_an_old_file_opens(tmp_path: Path, catalog: Catalog) -> None:
    tiny_adata().write_h5ad(tmp_path / "old.h5ad")
    with h5py.File(tmp_path / "old.h5ad", "r+") as file:  # as anndata 0.7 wrote it
        for name in ("encoding-type", "encoding-version"):
            del (
                file.attrs[name],
                file["obsm"].attrs[name],
                file["uns"].attrs[name],
                file["layers"].attrs[name],
            )
            del file["obsm/X_umap"].attrs[name]
    directory = prepared(tmp_path / "old.h5ad", catalog)
    assert anndata.read_zarr(directory / "r1.zarr").obsm["X_umap"].shape == (60, 2)


def test_one_odd_element_does_not_take_the_others_along(h5ad: Path, catalog: Catalog) -> None:
    with h5py.File(h5ad, "r+") as file:
        file["uns"].create_group("odd").attrs.update(
            {"encoding-type": "of-tomorrow", "encoding-version": "9"}
        )
    manifest = catalog.get(prepared(h5ad, catalog).name)
    (left_out,) = [item for item in manifest.left_out if "odd" in item.where]
    assert left_out.where == "uns['odd']" and "cannot be read" in left_out.reason


# ── which snapshot a file is ──


def test_the_id_is_of_what_the_file_is_now(h5ad: Path, store: Path, tmp_path: Path) -> None:
    (tmp_path / "link.h5ad").symlink_to(h5ad)
    shutil.copy2(h5ad, tmp_path / "copy.h5ad")
    first = snapshot_id(h5ad)
    assert snapshot_id(tmp_path / "link.h5ad") == first
    assert snapshot_id(tmp_path / "copy.h5ad") != first
    os.utime(h5ad, ns=(1, 1))
    assert snapshot_id(h5ad) != first
    with pytest.raises(NotFound):
        snapshot_id(tmp_path / "missing.h5ad")


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize(
    "change",
    [
        lambda group: group["obsm/X_umap"].__setitem__((0, 0), 7.5),
        lambda group: group["uns"].create_group("new"),
        lambda group: group["X"].attrs.update(a=1),
    ],
)
def test_any_change_of_a_store_is_seen(
    tmp_path: Path, version: int, change: Callable[[zarr.Group], None]
) -> None:
    with anndata.settings.override(zarr_write_format=version):
        tiny_adata().write_zarr(tmp_path / "x.zarr")
    for path in (tmp_path / "x.zarr").rglob("*"):
        os.utime(path, ns=(10**18, 10**18))
    before = snapshot_id(tmp_path / "x.zarr")
    assert snapshot_id(tmp_path / "x.zarr") == before
    change(zarr.open_group(str(tmp_path / "x.zarr"), mode="r+", use_consolidated=False))
    assert snapshot_id(tmp_path / "x.zarr") != before


# ── a file that is not to be trusted ──


def test_a_file_cannot_have_other_files_read(tmp_path: Path, h5ad: Path, catalog: Catalog) -> None:
    (tmp_path / "secret").write_bytes(b"12345678" * 60)
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["x"] = np.zeros((60, 2))
    ways: list[Callable[[h5py.File], object]] = [
        lambda file: file["obsm"].__setitem__("X_linked", h5py.ExternalLink("other.h5", "x")),
        lambda file: file["obsm"].create_dataset(
            "X_raw", (60, 1), "f8", external=[(str(tmp_path / "secret"), 0, 480)]
        ),
        lambda file: file["obsm"].create_virtual_dataset("X_virtual", _virtual(tmp_path / "other.h5")),
    ]
    good = h5ad.read_bytes()
    for way in ways:
        h5ad.write_bytes(good)
        with h5py.File(h5ad, "r+") as file:
            way(file)
        assert "in another file" in refused(h5ad, catalog)


def _virtual(path: Path) -> h5py.VirtualLayout:
    layout = h5py.VirtualLayout((60, 2), "f8")
    layout[:] = h5py.VirtualSource(str(path), "x", (60, 2))
    return layout


def test_a_store_cannot_have_other_files_read(tmp_path: Path, store: Path, catalog: Catalog) -> None:
    (tmp_path / "secret").write_text("secret")
    (store / "uns" / "secret").symlink_to(tmp_path / "secret")
    assert "leads out of it" in refused(store, catalog)
    (store / "uns" / "secret").unlink()
    (store / "obsm" / "X_out").symlink_to(tmp_path)
    assert "leads out of it" in refused(store, catalog)


@pytest.mark.parametrize("place", ["compressor", "filters"])
def test_nothing_in_a_store_is_run(tmp_path: Path, store: Path, catalog: Catalog, place: str) -> None:
    class Attack:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "attacked",))

    array = store / "uns" / "attack"
    array.mkdir()
    about = {
        "zarr_format": 2,
        "shape": [1],
        "chunks": [1],
        "dtype": "<f8",
        "fill_value": 0,
        "order": "C",
        "compressor": None,
        "filters": None,
    }
    codec = {"id": "pickle", "protocol": 5}
    about[place] = codec if place == "compressor" else [codec]
    (array / ".zarray").write_text(json.dumps(about))
    (array / ".zattrs").write_text(json.dumps({"encoding-type": "array", "encoding-version": "0.2.0"}))
    (array / "0").write_bytes(pickle.dumps([Attack()]))
    (store / ".zmetadata").unlink(missing_ok=True)
    assert "x.zarr cannot be read as an AnnData" in refused(store, catalog)
    # zarr refused by itself; that it would not have to is seen at the codec
    with pytest.raises(ValueError, match="could run any code"):
        numcodecs.get_codec(codec).decode(pickle.dumps(Attack()))
    assert not (tmp_path / "attacked").exists()


# ── what can go wrong ──


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(13, "Permission denied"), "may not be read by this server's user"),
        (BlockingIOError(11, "unable to lock file"), "is being written by another program"),
        (OSError("Unable to open file (truncated file: eof = 9)"), "is cut short"),
        (MemoryError(), "needs more memory than it may have"),
        (SystemError("<cyfunction FastRLock.__exit__ at 0x7f> returned"), "is damaged: copy or download"),
        (OSError("Unable to synchronously open file (bad byte)"), "(bad byte)): copy or download it again"),
        (RuntimeError("Object visitation failed (wrong signature)"), "is damaged (Object visitation"),
        (RuntimeError("Special link traversal failed (too many links)"), "a link that leads back to itself"),
    ],
)
def test_what_the_system_says_becomes_a_sentence(
    h5ad: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(files.h5py, "File", fail)
    assert says in refused(h5ad, catalog)


def test_a_store_that_is_none_is_a_sentence(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "x.zarr").mkdir()
    assert "x.zarr is no Zarr store" in refused(tmp_path / "x.zarr", catalog)
    zarr.open_group(str(tmp_path / "x.zarr"), mode="w")
    assert "is no AnnData: it has no obs" in refused(tmp_path / "x.zarr", catalog)


def test_parts_that_do_not_fit_are_a_sentence(h5ad: Path, catalog: Catalog) -> None:
    with h5py.File(h5ad, "r+") as file:
        file["X"].attrs["shape"] = (61, 20)
    assert "x.h5ad cannot be read as an AnnData" in refused(h5ad, catalog)


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_file_that_changes_is_not_kept(
    h5ad: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    job = job_of(h5ad, catalog)

    def touch() -> None:
        os.utime(h5ad, ns=(1, 1))

    if when == "before":
        touch()
    else:
        copy = writer.write_matrix
        monkeypatch.setattr(writer, "write_matrix", lambda *args: (touch(), copy(*args)))
    with pytest.raises(Unpublishable, match=r"x\.h5ad changed while it was opened"):
        prepare(job, lambda now: None)
    assert not list(catalog.root.iterdir())


def test_a_full_disk_leaves_nothing(h5ad: Path, catalog: Catalog) -> None:
    with pytest.raises(TooLarge, match="CXG_MAX_BYTES"):
        prepare(job_of(h5ad, catalog, max_bytes=1000), lambda now: None)
    assert not list(catalog.root.iterdir())


# ── several processes ──

KILLED = (
    "import os, signal; from jupyter_cxg.snapshot import writer;"
    "writer.write_matrix = lambda *_: os.kill(os.getpid(), signal.{})"
)


def test_what_a_killed_process_left_is_in_nobodys_way(h5ad: Path, catalog: Catalog) -> None:
    job = job_of(h5ad, catalog)
    with started(job, KILLED.format("SIGKILL")) as worker:
        worker.wait()
    assert worker.returncode == -signal.SIGKILL
    assert catalog.directory(job.id).exists()  # half of it
    with pytest.raises(NotFound):
        catalog.get(job.id)
    prepare(job, lambda now: None)
    assert catalog.get(job.id).state == "complete"
    assert [entry.name for entry in catalog.root.iterdir()] == [job.id]


def test_a_stopped_process_clears_away(h5ad: Path, catalog: Catalog) -> None:
    with started(job_of(h5ad, catalog), KILLED.format("SIGTERM")) as worker:
        worker.wait()
    assert worker.returncode == 128 + signal.SIGTERM
    assert not list(catalog.root.iterdir())


def test_two_at_once_make_one_snapshot(h5ad: Path, catalog: Catalog) -> None:
    job = job_of(h5ad, catalog)
    with catalog.turn(job.id) as ours:
        assert ours
        workers = [started(job) for _ in range(3)]
        for worker in workers:
            assert worker.stdout and b"Waiting for another server" in worker.stdout.readline()
    said = [worker.stdout.read() for worker in workers if worker.stdout]
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert len([out for out in said if b"Reading" in out]) == 1, (
        "one reads the file, the others find its snapshot"
    )
    assert catalog.get(job.id).state == "complete"
    assert [entry.name for entry in catalog.root.iterdir()] == [job.id]


def test_what_libraries_print_does_not_disturb(h5ad: Path, catalog: Catalog) -> None:
    noise = "from jupyter_cxg.snapshot import files; print('noise on import')\n"
    noise += "o = files.open_file\nfiles.open_file = lambda *a: (print('noise'), o(*a))[1]"
    with started(job_of(h5ad, catalog), noise) as worker:
        assert worker.stdout
        out = worker.stdout.read()
    lines = out.decode().splitlines()
    assert lines[0] == "noise on import" and all(json.loads(line) for line in lines[1:])


# ── the format of before ──


def test_a_manifest_without_a_source_is_read(h5ad: Path, catalog: Catalog) -> None:
    directory = prepared(h5ad, catalog)
    content = json.loads((directory / "manifest.json").read_text())
    del content["source"]
    content["of_tomorrow"] = 1
    (directory / "manifest.json").write_text(json.dumps(content))
    assert catalog.get(directory.name).source is None
