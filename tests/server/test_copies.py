"""CSV files in step with the database, without a server around them."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from jupyter_cxg.config import Cxg
from jupyter_cxg.engine.shelf import Opened
from jupyter_cxg.server import annotating, backups
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.copies import Plan
from jupyter_cxg.server.params import Saving
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import N_OBS
from tests.server.test_annotations import LABELS, body
from tests.wire.columns import objects

ME = "me"


def a_context(catalog: Catalog, tmp_path: Path) -> Context:
    plan = Plan(annotations=tmp_path / "mine.csv", gene_sets=tmp_path / "sets.csv", author=ME)
    settings = Cxg(snapshot_dir=str(catalog.root), annotations_url=str(tmp_path / "a.sqlite"))
    return Context(settings, copies=plan)


@pytest.fixture
def cxg(catalog: Catalog, tmp_path: Path) -> Iterator[Context]:
    made = a_context(catalog, tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(cxg: Context, dataset: str) -> Opened:
    return cxg.open(dataset)


def save(cxg: Context, opened: Opened, first: str) -> None:
    labels = objects([first, *["rest"] * (N_OBS - 1)])
    annotating.save_annotations(cxg.annotations, opened, ME, body(a=labels), Saving())
    cxg.copies.follow(opened, ME)


def in_file(tmp_path: Path) -> str:
    return (tmp_path / "mine.csv").read_text().splitlines()[3].partition(",")[2]


def in_database(cxg: Context, opened: Opened) -> str:
    values = cxg.annotations.annotations(annotating.key_of(opened, ME)).read()["a"]
    return str(values.categories[values.codes[0]])  # type: ignore[union-attr]


def test_nothing_changes_nothing(cxg: Context, opened: Opened, tmp_path: Path) -> None:
    save(cxg, opened, "x")
    before = (tmp_path / "mine.csv").stat()
    for _ in range(3):
        cxg.copies.in_step(opened, ME)
        cxg.copies.follow(opened, ME)
    other = a_context(Catalog(cxg.catalog.root), tmp_path)
    other.copies.start(other.open(opened.manifest.id))
    other.close()
    assert (tmp_path / "mine.csv").stat() == before and not (tmp_path / "mine-backups").exists()
    assert len(cxg.annotations.history(annotating.key_of(opened, ME))) == 1


def test_whoever_writes_last_the_file_has_the_newest(cxg: Context, opened: Opened, tmp_path: Path) -> None:
    save(cxg, opened, "start")
    threads = [Thread(target=save, args=(cxg, opened, f"t{i}")) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert in_file(tmp_path) == in_database(cxg, opened)
    assert len(cxg.annotations.history(annotating.key_of(opened, ME))) == 13, "and no edit is invented"


def test_what_was_saved_meanwhile_is_in_the_file(cxg: Context, opened: Opened, tmp_path: Path) -> None:
    save(cxg, opened, "start")

    class Slow:
        """A turn that comes when somebody else has saved and written."""

        def __enter__(self) -> None:
            cxg.copies._locks = usual
            save(cxg, opened, "newer")

        def __exit__(self, *_: object) -> None:
            pass

    usual = cxg.copies._locks
    cxg.copies._locks = [Slow()] * len(usual)  # type: ignore[list-item]
    save(cxg, opened, "older")
    assert in_file(tmp_path) == in_database(cxg, opened) == "newer"


def test_two_servers_with_one_database_take_no_file_for_an_edit(
    cxg: Context, opened: Opened, tmp_path: Path
) -> None:
    other = a_context(Catalog(cxg.catalog.root), tmp_path)
    there = other.open(opened.manifest.id)
    for i in range(3):
        save(cxg, opened, f"one {i}")
        other.copies.in_step(there, ME)
        save(other, there, f"two {i}")
        cxg.copies.in_step(opened, ME)
    assert in_file(tmp_path) == "two 2"
    assert len(cxg.annotations.history(annotating.key_of(opened, ME))) == 6
    other.close()


def test_a_removed_file_comes_back_and_an_emptied_one_counts(
    cxg: Context, opened: Opened, tmp_path: Path
) -> None:
    save(cxg, opened, "x")
    (tmp_path / "mine.csv").unlink()
    cxg.copies.in_step(opened, ME)
    assert in_file(tmp_path) == "x"
    (tmp_path / "mine.csv").write_text("")
    cxg.copies.in_step(opened, ME)
    key = annotating.key_of(opened, ME)
    assert cxg.annotations.annotations(key).names == ()
    assert cxg.annotations.history(key)[0].who == "mine.csv"


def test_integers_and_missing_labels_survive_an_edit_elsewhere(
    cxg: Context, opened: Opened, tmp_path: Path
) -> None:
    numbers = objects(list(range(N_OBS)))
    annotating.save_annotations(cxg.annotations, opened, ME, body(n=numbers, l=LABELS), Saving())
    cxg.copies.follow(opened, ME)
    before = cxg.annotations.annotations(annotating.key_of(opened, ME)).read()
    path = tmp_path / "mine.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], lines[2] + ",new", *(line + ",x" for line in lines[3:])]))
    cxg.copies.in_step(opened, ME)
    after = cxg.annotations.annotations(annotating.key_of(opened, ME)).read()
    assert list(after) == ["n", "l", "new"]
    assert [v.categories.tolist() for v in before.values()] == [  # type: ignore[union-attr]
        after[name].categories.tolist()  # type: ignore[union-attr]
        for name in before
    ]


def test_a_pipe_and_junk_do_not_stop_anything(
    cxg: Context, opened: Opened, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(cxg, opened, "x")
    path = tmp_path / "mine.csv"
    for junk in (b"\xff\xfa", b'index,a\n"cell-1', b"index,a\ncell-1,b\ncell-1,c\n"):
        path.write_bytes(junk)
        caplog.clear()
        for _ in range(3):
            cxg.copies.in_step(opened, ME)
        assert len([r for r in caplog.records if "not in step" in r.message]) == 1, "said once"
        assert in_database(cxg, opened) == "x"
    path.unlink()
    os.mkfifo(path)
    cxg.copies.in_step(opened, ME)
    assert in_database(cxg, opened) == "x"
    path.unlink()
    save(cxg, opened, "y")
    assert in_file(tmp_path) == "y"


def test_a_write_that_fails_is_made_up_for(
    cxg: Context, opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(cxg, opened, "x")
    with monkeypatch.context() as broken:

        def full(path: Path, content: bytes) -> os.stat_result:
            raise OSError(28, "No space left on device")

        broken.setattr(backups, "replace", full)
        save(cxg, opened, "y")
    assert (in_file(tmp_path), in_database(cxg, opened)) == ("x", "y")
    other = a_context(Catalog(cxg.catalog.root), tmp_path)  # the next start
    other.copies.start(other.open(opened.manifest.id))
    assert (in_file(tmp_path), in_database(other, opened)) == ("y", "y")
    other.close()
