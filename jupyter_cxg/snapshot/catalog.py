"""The snapshots of this user: where they lie, who sees them, and when they go."""

import builtins
import os
import re
import secrets
import shutil
import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from ..errors import Conflict, NotFound, TooLarge
from .links import has_valid_link
from .lock import hold, is_held, release, turn
from .manifest import Manifest, read_manifest
from .place import default_place, default_root
from .private import make_directory, make_root, size_of, size_text
from .reader import Snapshot

__all__ = ["Catalog", "default_root", "user_catalog"]

_ID = re.compile(r"[0-9a-f]{16}")
_HIDDEN = re.compile(r"\.[0-9a-f]{16}\.(new|gone)")
_TURN = re.compile(r"\.[0-9a-f]{16}\.turn")
_LOCK = "alive.lock"
_LAST_READ = "last_read"
_YOUNG = 60.0  # seconds in which a directory may be without its lock: somebody is just making it
_TOUCH_EVERY = 60.0


def user_catalog() -> "Catalog":
    """The catalog where the environment says that it is."""
    place = default_place()
    return Catalog(place.root, max_bytes=place.max_bytes, keep_seconds=place.keep_seconds)


class Catalog:
    """The directory of this user's snapshots, one subdirectory each, named by id.

    A snapshot is *visible* when its manifest can be read and it is either complete, or still being
    published by a kernel that lives.

    Parameters
    ----------
    root
        Created with mode 0700 if need be.
    max_bytes
        What all snapshots may take together; None: a new one may take half of what is free.
    keep_seconds
        How long a snapshot stays after its kernel ended and it was read for the last time.

    Raises
    ------
    Forbidden
        ``root`` is a link, or others own it or can look into it.
    """

    root: Path

    def __init__(self, root: Path, *, max_bytes: int | None = None, keep_seconds: float = 24 * 3600) -> None:
        self.root = make_root(Path(root))
        self._max_bytes = max_bytes
        self._keep_seconds = keep_seconds
        self._locks: dict[str, int] = {}

    # ── what there is ──

    def list(self) -> list[Manifest]:
        """The visible snapshots, newest first."""
        found = []
        for directory in self.root.iterdir():
            with suppress(NotFound):
                found.append(self.get(directory.name))
        return sorted(found, key=lambda manifest: manifest.created, reverse=True)

    def get(self, id: str) -> Manifest:
        """The manifest of a visible snapshot.

        Raises
        ------
        NotFound
            There is none of this id, or it is half written and its kernel is gone.
        """
        manifest = read_manifest(self.directory(id))
        if manifest.state == "publishing" and not self.is_alive(id):
            raise NotFound(f"Snapshot {id} was never finished, and its kernel is gone: publish it again.")
        return manifest

    def open(self, id: str) -> Snapshot:
        """The current revision of a visible snapshot, as read-only memory maps."""
        return Snapshot(self.directory(id), self.get(id))

    def is_alive(self, id: str) -> bool:
        """Whether the kernel that published it still runs."""
        return is_held(self.directory(id) / _LOCK)

    def directory(self, id: str) -> Path:
        """Where the snapshot lies; ids are checked, so no other directory can be named."""
        if not _ID.fullmatch(id):
            raise NotFound(f"There is no snapshot {id[:40]!r}: ids have 16 hexadecimal digits.")
        return self.root / id

    # ── keeping house ──

    def touch(self, id: str) -> None:
        """Note that it was read just now; writes at most once a minute."""
        mark = self.directory(id) / _LAST_READ
        try:
            if time.time() - mark.stat().st_mtime > _TOUCH_EVERY:
                os.utime(mark)
        except FileNotFoundError:  # removed meanwhile
            return

    def remove(self, id: str) -> None:
        """Take a snapshot away; memory maps that are open stay readable."""
        directory = self.directory(id)
        gone = self.root / f".{id}.gone"
        try:
            directory.rename(gone)  # at once, so that nobody sees half of it
        except FileNotFoundError:
            raise NotFound(f"There is no snapshot {id}.") from None
        shutil.rmtree(gone, ignore_errors=True)
        if id in self._locks:
            release(self._locks.pop(id))

    def prune(self) -> builtins.list[str]:
        """Remove what nobody will ask for again; returns the ids.

        That is: snapshots of ended kernels that were not read for ``keep_seconds`` and that no link
        shows to anybody, and what a killed kernel left half written.
        """
        removed = []
        for entry in tuple(self.root.iterdir()):
            with suppress(NotFound, FileNotFoundError):  # somebody else was faster
                if _ID.fullmatch(entry.name) and self._is_stale(entry):
                    self.remove(entry.name)
                    removed.append(entry.name)
                elif _HIDDEN.fullmatch(entry.name) and self._is_abandoned(entry):
                    shutil.rmtree(entry, ignore_errors=True)
                elif _TURN.fullmatch(entry.name):
                    with turn(entry, wait=False):
                        pass
        return removed

    def _is_stale(self, directory: Path) -> bool:
        if is_held(directory / _LOCK):
            return False
        try:
            manifest = read_manifest(directory)
        except NotFound:
            return self._is_abandoned(directory)
        if manifest.state == "publishing":
            return True
        if has_valid_link(directory, time.time()):
            return False
        return time.time() - (directory / _LAST_READ).stat().st_mtime > self._keep_seconds

    @staticmethod
    def _is_abandoned(directory: Path) -> bool:
        return not is_held(directory / _LOCK) and time.time() - directory.stat().st_mtime > _YOUNG

    # ── for the writer ──

    def check_room(self, needed: int) -> None:
        """Refuse a snapshot that is too large, after pruning if that helps.

        Raises
        ------
        TooLarge
            ``needed`` bytes are beyond the limit or do not fit on the disk.
        """
        self.prune()
        free = shutil.disk_usage(self.root).free
        if self._max_bytes is None:
            limit, of = free // 2, "half of what is free on the disk"
        else:
            limit = self._max_bytes - size_of(self.root)
            of = f"of {size_text(self._max_bytes)} by CXG_MAX_BYTES"
        if needed > min(limit, free):
            left = size_text(max(0, min(limit, free)))
            raise TooLarge(
                f"This AnnData needs {size_text(needed)} in {self.root}, where {left} are left ({of}): close "
                "views with viewer.close(), raise CXG_MAX_BYTES, or set CXG_SNAPSHOT_DIR to a larger disk."
            )

    def room(self) -> int:
        """How many bytes what is derived from snapshots may take: as `check_room` counts."""
        free = shutil.disk_usage(self.root).free
        return free // 2 if self._max_bytes is None else self._max_bytes - size_of(self.root)

    def turn(self, id: str, *, wait: bool = True) -> AbstractContextManager[bool]:
        """Be the only process that makes a snapshot of a given id; see `lock.turn`."""
        return turn(self.root / f".{self.directory(id).name}.turn", wait=wait)

    def clear(self, id: str) -> None:
        """Remove what a process that was stopped left of a snapshot; for who has the `turn`."""
        for half in (self.root / f".{id}.new", self.directory(id)):
            if not is_held(half / _LOCK):
                shutil.rmtree(half, ignore_errors=True)

    def discard(self, id: str) -> None:
        """Remove a snapshot that this process was making, whatever there is of it."""
        with suppress(NotFound):
            self.remove(id)
        if id in self._locks:
            release(self._locks.pop(id))

    def reserve(self, id: str | None = None) -> tuple[str, Path]:
        """An id, new unless it is given, and its hidden directory, with the lock held; `reveal` shows it."""
        id = id or secrets.token_hex(8)
        hidden = make_directory(self.root / f".{id}.new")
        self._locks[id] = hold(hidden / _LOCK)
        (hidden / _LAST_READ).touch(0o600)
        return id, hidden

    def reveal(self, id: str, hidden: Path) -> Path:
        """Rename the hidden directory into place."""
        return hidden.rename(self.directory(id))

    def claim(self, id: str) -> Path:
        """The directory of a snapshot that this process may publish again.

        Raises
        ------
        Conflict
            Another kernel that lives published it.
        """
        directory = self.directory(id)
        self.get(id)
        if id not in self._locks:
            if self.is_alive(id):
                raise Conflict(f"Snapshot {id} belongs to another kernel: publish a new one.")
            self._locks[id] = hold(directory / _LOCK)
        return directory

    def abandon(self, id: str, hidden: Path) -> None:
        """Forget a snapshot that could not be written."""
        shutil.rmtree(hidden, ignore_errors=True)
        if id in self._locks:
            release(self._locks.pop(id))
