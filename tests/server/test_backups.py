"""Files that are replaced with a backup."""

import os
from pathlib import Path

import pytest

from jupyter_cxg.errors import TooLarge
from jupyter_cxg.server import backups


def test_each_state_is_kept_up_to_nine(tmp_path: Path) -> None:
    path, folder = tmp_path / "x.csv", tmp_path / "x-backups"
    (tmp_path / "x-backups").mkdir()
    (folder / "mine.csv").write_text("not ours")
    (folder / "x-2020-01-01T00-00-00.csv").write_text("the oldest")
    for number in range(13):  # in less than two seconds
        backups.replace(path, str(number).encode())
    assert path.read_text() == "12" and (folder / "mine.csv").read_text() == "not ours"
    kept = sorted(int(f.read_text()) for f in folder.iterdir() if f.name != "mine.csv")
    assert kept == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert sorted(f.name for f in tmp_path.iterdir()) == ["x-backups", "x.csv"]


def test_the_first_and_an_empty_one_leave_no_backup(tmp_path: Path) -> None:
    backups.replace(tmp_path / "x.csv", b"")
    backups.replace(tmp_path / "x.csv", b"a")
    assert not (tmp_path / "x-backups").exists()


def test_a_file_stays_as_open_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a")
    path.chmod(0o640)
    backups.replace(path, b"b")
    assert path.stat().st_mode & 0o777 == 0o640
    old = os.umask(0o077)
    try:
        backups.replace(tmp_path / "new.csv", b"b")
    finally:
        os.umask(old)
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        backups.replace(path, b"b")
    assert path.read_text() == "a" and [f.name for f in tmp_path.iterdir()] == ["x.csv"]


def test_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    for text in (b"a", b"b", b"c"):
        backups.replace(tmp_path / "x.csv", text)
    assert sorted(f.read_text() for f in (tmp_path / "x-backups").iterdir()) == ["a", "b"]


def test_old_backups_make_room(tmp_path: Path) -> None:
    for text in (b"aaaa", b"bbbb", b"cccc"):
        backups.replace(tmp_path / "x.csv", text)
    backups.make_room(tmp_path, 4, 12)
    assert [f.read_text() for f in (tmp_path / "x-backups").iterdir()] == ["bbbb"]
    with pytest.raises(TooLarge, match="max_visitors_bytes"):
        backups.make_room(tmp_path, 4, 7)
    assert (tmp_path / "x.csv").read_text() == "cccc"
