"""The catalog: who may look, what is visible, what goes when."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyter_cxg.errors import Conflict, Forbidden, NotFound, TooLarge
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.manifest import read_manifest
from jupyter_cxg.snapshot.writer import Publication, publish
from tests.reference.example import tiny_adata

ELSEWHERE = """
import sys
from pathlib import Path
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import tiny_adata

publication = Publication.begin(tiny_adata(), Catalog(Path(sys.argv[1])), title="elsewhere")
if "finish" in sys.argv:
    publication.finish()
print(publication.manifest.id, flush=True)
del publication  # the lock must not depend on an object that somebody keeps
sys.stdin.read()
"""


@pytest.fixture
def kernel(catalog: Catalog):  # type: ignore[no-untyped-def]  # a factory of (process, id)
    """Another process that publishes and lives on."""
    processes = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-c", ELSEWHERE, str(catalog.root), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        processes.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_root_is_made_for_the_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Catalog(tmp_path / "new" / "root")
    finally:
        os.umask(before)
    assert (tmp_path / "new" / "root").stat().st_mode & 0o777 == 0o700


def test_a_root_that_others_can_look_into_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root").chmod(0o755)
    with pytest.raises(Forbidden, match=r"chmod 700.*CXG_SNAPSHOT_DIR"):
        Catalog(tmp_path / "root")


def test_a_root_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(0o700)
    (tmp_path / "root").symlink_to(tmp_path / "real")
    with pytest.raises(Forbidden, match="is a link"):
        Catalog(tmp_path / "root")


def test_a_root_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "root").mkdir(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(Forbidden, match="belongs to another user"):
        Catalog(tmp_path / "root")


def test_a_root_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Forbidden, match="cannot be made"):
        Catalog(tmp_path / "file" / "root")


def test_lists_what_is_visible_newest_first(catalog: Catalog) -> None:
    first = publish(tiny_adata(), catalog, title="first")
    second = publish(tiny_adata(), catalog, title="second")
    (catalog.root / "0123456789abcdef").mkdir()  # without a manifest
    (catalog.root / "notes.txt").touch()
    assert [manifest.id for manifest in catalog.list()] == [second.id, first.id]
    assert catalog.get(first.id) == first
    assert first.bytes > 10_000


@pytest.mark.parametrize(
    "id", ["", "..", "../../etc/passwd", "0" * 15, "0" * 17, "A" * 16, "0" * 16 + "\n", "0" * 16]
)
def test_only_an_id_names_a_snapshot(catalog: Catalog, id: str) -> None:
    with pytest.raises(NotFound):
        catalog.get(id)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format_version": 1}', '{"format_version": 99}'])
def test_a_manifest_that_cannot_be_read_is_no_snapshot(catalog: Catalog, content: str) -> None:
    id = publish(tiny_adata(), catalog, title="it").id
    (catalog.root / id / "manifest.json").write_text(content)
    assert catalog.list() == []


def test_alive_as_long_as_the_kernel(catalog: Catalog, kernel) -> None:  # type: ignore[no-untyped-def]
    process, id = kernel("finish")
    assert catalog.is_alive(id)
    process.kill()
    process.communicate()
    assert not catalog.is_alive(id)
    assert catalog.get(id).state == "complete", "it outlives its kernel"


def test_prune_takes_what_nobody_will_ask_for(catalog: Catalog, kernel) -> None:  # type: ignore[no-untyped-def]
    _, alive = kernel("finish")
    process, dead = kernel("finish")
    process.kill()
    process.communicate()
    half, unfinished = kernel()
    half.kill()
    half.communicate()
    assert catalog.prune() == [unfinished]
    long_ago = time.time() - 25 * 3600
    for id in (alive, dead):
        os.utime(catalog.root / id / "last_read", (long_ago, long_ago))
    assert catalog.prune() == [dead]
    assert [manifest.id for manifest in catalog.list()] == [alive]


def test_what_is_read_is_kept(catalog: Catalog, kernel) -> None:  # type: ignore[no-untyped-def]
    process, id = kernel("finish")
    process.kill()
    process.communicate()
    os.utime(catalog.root / id / "last_read", (0, 0))
    catalog.touch(id)
    assert catalog.prune() == []


def test_touch_writes_at_most_once_a_minute(catalog: Catalog) -> None:
    id = publish(tiny_adata(), catalog, title="it").id
    mark = catalog.root / id / "last_read"
    recently = time.time() - 30
    os.utime(mark, (recently, recently))
    catalog.touch(id)
    assert mark.stat().st_mtime == pytest.approx(recently)


def test_removed_is_removed(catalog: Catalog) -> None:
    id = publish(tiny_adata(), catalog, title="it").id
    catalog.remove(id)
    assert list(catalog.root.iterdir()) == []
    with pytest.raises(NotFound):
        catalog.remove(id)


def test_another_kernels_snapshot_cannot_be_published_over(catalog: Catalog, kernel) -> None:  # type: ignore[no-untyped-def]
    _, id = kernel("finish")
    with pytest.raises(Conflict, match="another kernel"):
        Publication.begin(tiny_adata(), catalog, title="mine", id=id)
    assert read_manifest(catalog.root / id).title == "elsewhere"


def test_all_snapshots_together_stay_below_the_limit(tmp_path: Path) -> None:
    roomy = Catalog(tmp_path / "root")
    size = publish(tiny_adata(), roomy, title="first").bytes
    tight = Catalog(tmp_path / "root", max_bytes=size + 5_000)
    with pytest.raises(TooLarge):
        Publication.begin(tiny_adata(), tight, title="second")
    roomy.remove(roomy.list()[0].id)
    Publication.begin(tiny_adata(), tight, title="second")


def test_old_snapshots_make_room(tmp_path: Path, kernel) -> None:  # type: ignore[no-untyped-def]
    process, id = kernel("finish")
    process.kill()
    process.communicate()
    root = tmp_path / "snapshots"
    os.utime(root / id / "last_read", (0, 0))
    tight = Catalog(root, max_bytes=Catalog(root).get(id).bytes + 5_000)
    publish(tiny_adata(), tight, title="new")
    assert [manifest.title for manifest in tight.list()] == ["new"]
