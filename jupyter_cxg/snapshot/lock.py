"""Who is alive: a lock that the kernel holds until it ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .private import open_file


def hold(path: Path) -> int:
    """Take the lock at ``path`` until `release` or the end of this process.

    Waits when it is taken, so ask `is_held` first; a probe of another process takes it for a moment.
    The descriptor is a plain int on purpose: it is not closed when some object is collected.
    """
    descriptor = open_file(path)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def release(descriptor: int) -> None:
    """Give the lock back."""
    os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether some process, this one included, holds the lock at ``path``."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def turn(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Be the only process between here and the end of the block; the lock's file goes with it.

    Yields whether it is our turn: without ``wait``, not while it is somebody else's.
    """
    while (descriptor := _take(path, wait)) is not None:
        # Who had it before may have removed the file meanwhile: then we hold a lock on nothing.
        if _is_at(descriptor, path):
            break
        os.close(descriptor)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            path.unlink(missing_ok=True)
            os.close(descriptor)


def _take(path: Path, wait: bool) -> int | None:
    descriptor = open_file(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    held = os.fstat(descriptor)
    return (held.st_dev, held.st_ino) == (found.st_dev, found.st_ino)
