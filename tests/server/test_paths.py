"""Which files may be opened, whatever the path says."""

import os
from pathlib import Path

import pytest

from jupyter_cxg.errors import BadQuery, NotFound
from jupyter_cxg.server.paths import MAX_PATH, contents_root, find_file

SECRET = "never shown"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A contents root with files of all kinds, and something beside it that is nobody's business."""
    root = tmp_path / "root"
    for folder in ("data/deep", ".hidden", "store.zarr", "folder.h5ad", "data/.git"):
        (root / folder).mkdir(parents=True)
    for file in ("a.h5ad", "data/deep/b.h5ad", ".dot.h5ad", ".hidden/c.h5ad", "data/.git/d.h5ad", "x.txt"):
        (root / file).write_text(SECRET)
    (root / "file.zarr").write_text(SECRET)
    (root / "100%2e é ä.h5ad").write_text(SECRET)
    outside = tmp_path / "outside"
    (outside / "out.zarr").mkdir(parents=True)
    (outside / "out.h5ad").write_text(SECRET)
    (tmp_path / "root2").mkdir()
    (tmp_path / "root2" / "e.h5ad").write_text(SECRET)
    (root / "link.h5ad").symlink_to(outside / "out.h5ad")
    (root / "relative.h5ad").symlink_to("../outside/out.h5ad")
    (root / "link.zarr").symlink_to(outside / "out.zarr")
    (root / "out").symlink_to(outside)
    (root / "sibling").symlink_to(tmp_path / "root2")
    (root / "tohidden.h5ad").symlink_to(".hidden/c.h5ad")
    (root / "loop.h5ad").symlink_to("loop.h5ad")
    (root / "dangling.h5ad").symlink_to("nowhere.h5ad")
    (root / "inside.h5ad").symlink_to("data/deep/b.h5ad")
    (root / "indir").symlink_to("data")
    os.mkfifo(root / "pipe.h5ad")
    return root


@pytest.mark.parametrize(
    ("path", "real"),
    [
        ("a.h5ad", "a.h5ad"),
        ("data/deep/b.h5ad", "data/deep/b.h5ad"),
        ("store.zarr", "store.zarr"),
        ("100%2e é ä.h5ad", "100%2e é ä.h5ad"),
        ("inside.h5ad", "data/deep/b.h5ad"),
        ("indir/deep/b.h5ad", "data/deep/b.h5ad"),
    ],
)
def test_what_the_file_browser_shows_is_found(root: Path, path: str, real: str) -> None:
    assert find_file(root, path) == root.resolve() / real


def test_a_root_that_is_a_link_is_no_way_out(root: Path, tmp_path: Path) -> None:
    (tmp_path / "home").symlink_to(root)
    assert find_file(tmp_path / "home", "a.h5ad") == root.resolve() / "a.h5ad"


@pytest.mark.parametrize(
    "path",
    [
        "missing.h5ad",
        "missing/a.h5ad",
        "a.h5ad/b.h5ad",
        ".dot.h5ad",
        ".hidden/c.h5ad",
        "data/.git/d.h5ad",
        ".hidden/missing.h5ad",
        "...h5ad",
        "link.h5ad",
        "relative.h5ad",
        "link.zarr",
        "out/out.h5ad",
        "sibling/e.h5ad",
        "tohidden.h5ad",
        "loop.h5ad",
        "dangling.h5ad",
        # dots by another name are names
        "%2e%2e/outside/out.h5ad",
        "%2e%2e%2foutside%2fout.h5ad",
        "%252e%252e/outside/out.h5ad",
        "．．/outside/out.h5ad",
        "‥/outside/out.h5ad",
        "..∕outside∕out.h5ad",
        "..%c0%afoutside/out.h5ad",
        "~/out.h5ad",
        "$HOME/out.h5ad",
        "x" * 300 + ".h5ad",  # longer than file systems take
    ],
)
def test_missing_hidden_and_elsewhere_are_the_same(root: Path, path: str) -> None:
    with pytest.raises(NotFound) as caught:
        find_file(root, path)
    assert str(caught.value) == f"There is no file {path} below this server's folder."


@pytest.mark.parametrize(
    "path",
    [
        "",
        "..",
        ".",
        "/",
        "../outside/out.h5ad",
        "../../etc/passwd",
        "data/../../outside/out.h5ad",
        "data/../a.h5ad",
        "./a.h5ad",
        "data//deep/b.h5ad",
        "a.h5ad/",
        "store.zarr/",
        "store.zarr/..",
        "..\\outside\\out.h5ad",
        "data\\deep\\b.h5ad",
        "C:\\out.h5ad",
        "/etc/passwd",
        "//etc/out.h5ad",
        "a.h5ad\0",
        "a.h5ad\0.txt",
        "\0",
        "a\n.h5ad",
        "a\udcff.h5ad",
        "x.txt",
        "data",
        "a.H5AD",
        "a.h5ad ",
        "a/" * MAX_PATH + "a.h5ad",
        "file.zarr",
        "folder.h5ad",
        "pipe.h5ad",
    ],
)
def test_what_is_no_path_to_a_dataset_is_refused(root: Path, path: str) -> None:
    with pytest.raises(BadQuery) as caught:
        find_file(root, path)
    assert len(str(caught.value)) < 200 and "\0" not in str(caught.value)


def test_a_server_without_files_on_its_disk_says_so(tmp_path: Path) -> None:
    class Manager:
        root_dir = str(tmp_path)

    class Database:
        pass

    assert contents_root(Manager()) == tmp_path
    for other in (Database(), None):
        with pytest.raises(NotFound, match="not on its own disk"):
            contents_root(other)
