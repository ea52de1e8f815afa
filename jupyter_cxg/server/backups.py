"""Files that other programs read too: replaced as a whole, and what was there before is kept."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ..errors import TooLarge

KEPT = 9
_FOLDER = "-backups"


def replace(path: Path, content: bytes) -> os.stat_result:
    """Make ``content`` all that is in a file; what was in it stays in ``{stem}-backups/``.

    There is no moment without the file, and none with half of it: it is written aside, waits for the disk
    and is renamed into place.

    Returns
    -------
    Of the file as it was written: whoever changes it afterwards changes that.
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # the umask decides who may read a new one; an old one stays as open as it was
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666), "wb") as f:
            if path.exists():
                os.fchmod(f.fileno(), path.stat().st_mode & 0o777)
            f.write(content)
            f.flush()
            os.fsync(f.fileno())
            written = os.fstat(f.fileno())
        if path.exists() and path.stat().st_size:
            _back_up(path)
        aside.replace(path)
        return written
    finally:
        aside.unlink(missing_ok=True)


def make_room(folder: Path, nbytes: int, most: int) -> None:
    """Remove the oldest backups below a folder, so that with ``nbytes`` more there are no more than ``most``.

    Raises
    ------
    TooLarge
        The files themselves are too much.
    """
    files = [(found.stat(), found) for found in (*folder.glob("*.csv"), *folder.glob(f"*{_FOLDER}/*.csv"))]
    room = most - nbytes - sum(stat.st_size for stat, _ in files)
    for stat, found in sorted(files, key=lambda item: item[0].st_mtime_ns):
        if room >= 0:
            return
        if found.parent != folder:
            found.unlink(missing_ok=True)
            room += stat.st_size
    if room < 0:
        raise TooLarge(f"all files in {folder} would take more than {most} bytes (Cxg.max_visitors_bytes)")


def _back_up(path: Path) -> None:
    folder = path.with_name(path.stem + _FOLDER)
    with suppress(FileExistsError):
        folder.mkdir()
    # as cellxgene has it: without what some file systems do not like in names
    now = datetime.now().strftime("%Y-%m-%dT%H-%M-%S")
    same = [number for second, number in map(_age, _backups(folder, path)) if second == now]
    for number in range(1 + max(same, default=0), 1000):
        name = f"{path.stem}-{now}{f'-{number}' if number > 1 else ''}{path.suffix}"
        with suppress(FileExistsError):  # another server was faster
            _link(path, folder / name)
            break
    for old in sorted(_backups(folder, path), key=_age, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)


def _link(path: Path, backup: Path) -> None:
    try:
        os.link(path, backup)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        with path.open("rb") as old, backup.open("xb") as new:
            shutil.copyfileobj(old, new)


def _backups(folder: Path, path: Path) -> Iterator[Path]:
    """Those of ours: what else somebody put there stays."""
    pattern = re.compile(rf"{re.escape(path.stem)}-\d{{4}}(-\d\d){{2}}T\d\d(-\d\d){{2}}(-\d+)?\Z")
    return (f for f in folder.iterdir() if f.suffix == path.suffix and pattern.match(f.stem))


def _age(backup: Path) -> tuple[str, int]:
    found = re.search(r"(\d{4}(?:-\d\d){2}T\d\d(?:-\d\d){2})(?:-(\d+))?\Z", backup.stem)
    assert found is not None  # noqa: S101 - the caller looked
    return found[1], int(found[2] or 1)
