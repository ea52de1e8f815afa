"""How much memory this process may take, and keeping to it."""

import resource
from pathlib import Path

from ..errors import BadQuery

_LEAST = 64 * 2**20  # beyond the libraries: some blocks in work, and the names
_CGROUPS = Path("/sys/fs/cgroup")
_UNLIMITED = 2**60  # what version 1 says for none


def default_memory() -> int:
    """Half of what the container may take, or of what the machine has: others live there too."""
    return (container_limit() or _line(Path("/proc/meminfo"), "MemTotal")) // 2


def container_limit(cgroups: Path = _CGROUPS, own: Path = Path("/proc/self/cgroup")) -> int | None:
    """The least limit of the control groups that this process is in; None if there is none.

    Parameters
    ----------
    cgroups, own
        Where the system tells of control groups, and of this process's.
    """
    found = [_number(cgroups / "memory" / "memory.limit_in_bytes")]  # version 1
    try:
        lines = own.read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, kinds, group = line.split(":", 2)
        if kinds and "memory" not in kinds.split(","):
            continue
        base = cgroups / "memory" if kinds else cgroups
        name = "memory.limit_in_bytes" if kinds else "memory.max"
        directory = base / group.lstrip("/")
        # in a container, the group is often called as outside, where there is nothing inside
        found += [_number(place / name) for place in (base, directory, *directory.parents)]
    limits = [limit for limit in found if limit is not None and limit < _UNLIMITED]
    return min(limits, default=None)


def bound_memory(limit: int) -> None:
    """Let this process take no more anonymous memory than that: what asks for more is a `MemoryError`.

    The system counts what is reserved, and the libraries reserve much that they never touch. So what is
    reserved by now stays allowed, and from here on every byte counts.

    Raises
    ------
    BadQuery
        The libraries alone take more.
    """
    status = Path("/proc/self/status")
    taken = _line(status, "RssAnon")
    if limit < taken + _LEAST:
        raise BadQuery(f"{_text(limit)} of memory are not enough: give at least {_text(taken + _LEAST)}.")
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = _line(status, "VmData") + limit - taken
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))


def bytes_of(text: str) -> int:
    """``"400M"``, ``"1.5 GB"``, ``"2000000"`` → bytes; K, M, G and T are powers of 1000, with an i of 1024.

    Raises
    ------
    BadQuery
        It is no size.
    """
    word = text.strip().upper().removesuffix("B").strip()
    base = 1024 if word.endswith("I") else 1000
    word = word.removesuffix("I")
    power = "KMGT".find(word[-1:]) + 1 if word[-1:] else 0
    try:
        size = float(word[:-1] if power else word) * float(base**power)
    except ValueError:
        size = -1.0
    if not 1 <= size < _UNLIMITED:
        raise BadQuery(f"{text!r} is no size: write it like 400M or 2G.")
    return int(size)


def _text(size: int) -> str:
    return f"{-(-size // 10**6)} MB"


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # not there, or "max"
        return None


def _line(path: Path, name: str) -> int:
    """A line of /proc in kB, as bytes."""
    for line in path.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"{path} does not say {name}")
