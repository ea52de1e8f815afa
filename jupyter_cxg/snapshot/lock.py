"""Who is alive: a lock that the kernel holds until it ends, however it ends."""

import fcntl
import os
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
