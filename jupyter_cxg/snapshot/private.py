"""Files and directories that only their owner can read, whatever the umask says."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from ..errors import Forbidden


def make_root(root: Path) -> Path:
    """Create the directory ``root`` with mode 0700, or check the one that is there.

    A temporary directory is shared with other users: somebody may have put a directory or a link of
    this name there before us, to read what we write or to have us write elsewhere.

    Raises
    ------
    Forbidden
        It is a link, not a directory, belongs to somebody else, or others can look into it.
    """
    remedy = "set CXG_SNAPSHOT_DIR to a directory of your own"
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            make_directory(root)
        found = root.lstat()
    except OSError as error:
        raise Forbidden(
            f"The snapshot directory {root} cannot be made ({error.strerror}): {remedy}."
        ) from error
    if stat.S_ISLNK(found.st_mode):
        raise Forbidden(f"The snapshot directory {root} is a link: {remedy}.")
    if not stat.S_ISDIR(found.st_mode):
        raise Forbidden(f"The snapshot directory {root} is not a directory: {remedy}.")
    if found.st_uid != os.geteuid():
        raise Forbidden(f"The snapshot directory {root} belongs to another user: {remedy}.")
    if found.st_mode & 0o077:
        raise Forbidden(
            f"Others can look into the snapshot directory {root}: run chmod 700 on it, or {remedy}."
        )
    return root


def make_directory(path: Path) -> Path:
    """Create one directory with mode 0700."""
    path.mkdir(0o700)
    path.chmod(0o700)  # mkdir's mode is cut by the umask
    return path


def open_file(path: Path) -> int:
    """Open ``path`` for writing from the start, mode 0600, as a file descriptor."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def reserve(descriptor: int, nbytes: int) -> None:
    """Find room on the disk for the first ``nbytes`` of a file, where the system can.

    Raises
    ------
    OSError
        There is no room.
    """
    if not hasattr(os, "posix_fallocate"):  # macOS
        return
    try:
        os.posix_fallocate(descriptor, 0, nbytes)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise


def swap_in(path: Path, content: bytes) -> None:
    """Write a file aside and rename it into place: readers see the old or the new one, whole."""
    aside = path.with_name(f".{path.name}.new")
    with os.fdopen(open_file(aside), "wb") as file:
        file.write(content)
    aside.replace(path)


def seal(tree: Path) -> None:
    """Take everybody else's rights away from what a library created below (and at) ``tree``."""
    for directory, _, names in os.walk(tree):
        Path(directory).chmod(0o700)
        for name in names:
            Path(directory, name).chmod(0o600)


def size_of(tree: Path) -> int:
    """Sum of the file sizes below ``tree``, in bytes; what vanishes meanwhile is not counted."""
    total = 0
    for directory, _, names in os.walk(tree):
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(directory, name).lstat().st_size
    return total


def size_text(size: int) -> str:
    """``1234567`` → ``"1.2 MB"``."""
    if size < 1000:
        return f"{size} bytes"
    power = min(4, (len(str(size)) - 1) // 3)
    return f"{size / 1000**power:.1f} {('', 'kB', 'MB', 'GB', 'TB')[power]}"
