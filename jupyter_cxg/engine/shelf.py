"""Datasets that are open, each in the revision that is current."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from ..errors import NotFound
from ..model import Annotations
from ..snapshot.catalog import Catalog
from ..snapshot.manifest import Manifest
from .cache import Cache
from .dataset import Dataset
from .index import Indexer
from .watch import Watch

MAX_OPEN = 32
TOUCH_EVERY = 60.0
IDLE = 600.0

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """A dataset with what its snapshot's manifest says now, and what who asks has written about it.

    Attributes
    ----------
    mine
        None: who asks may not write, or the question is not about that.
    watch
        Who waits for the answer.
    """

    manifest: Manifest
    dataset: Dataset
    mine: Annotations | None = None
    watch: Watch = field(default_factory=Watch)


@dataclass(slots=True)
class _Entry:
    stamp: Stamp
    opened: Opened
    touched: float = float("-inf")
    asked: float = 0.0


class Shelf:
    """Opens datasets on first use and again when their snapshot was published anew.

    All methods read from the disk: call them from the pool.
    """

    def __init__(self, catalog: Catalog, cache: Cache, indexer: Indexer, *, threads: int = 1) -> None:
        self._catalog = catalog
        self._cache = cache
        self._indexer = indexer
        self._threads = threads
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = Lock()

    def get(self, id: str) -> Opened:
        """The current revision of a snapshot.

        Raises
        ------
        NotFound
            There is none, or its kernel ended before it was whole.
        """
        with self._lock:
            try:
                return self._current(id)
            except NotFound:
                self._close(id)
                raise

    def tidy(self) -> None:
        """Close what was removed or published anew, and what nobody asked for lately.

        Without this the disk would keep the files of removed snapshots as long as they are mapped.
        """
        with self._lock:
            now = time.monotonic()
            for id, entry in list(self._entries.items()):
                if now - entry.asked > IDLE or self._is_outdated(id, entry):
                    self._close(id)

    def _current(self, id: str) -> Opened:
        stamp = self._stamp(id)
        entry = self._entries.get(id)
        if entry is None:
            entry = self._entries[id] = _Entry(stamp, self._open(self._catalog.get(id)))
            if len(self._entries) > MAX_OPEN:
                self._close(next(iter(self._entries)))
        elif entry.stamp != stamp or entry.opened.manifest.state == "publishing":
            # The second: only a living kernel keeps it visible, and that is not written in the manifest.
            entry.opened = self._refreshed(entry.opened, self._catalog.get(id))
            entry.stamp = stamp
        self._entries.move_to_end(id)
        self._touch(id, entry)
        return entry.opened

    def _stamp(self, id: str) -> Stamp:
        """Changes whenever the manifest is swapped: one system call, not a parse, per question."""
        path = self._catalog.directory(id) / "manifest.json"
        try:
            found = path.stat()
        except FileNotFoundError:
            raise NotFound(f"There is no snapshot {id}.") from None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _open(self, manifest: Manifest) -> Opened:
        snapshot = self._catalog.open(manifest.id)
        return Opened(snapshot.manifest, Dataset(snapshot, self._cache, self._indexer, threads=self._threads))

    def _refreshed(self, old: Opened, manifest: Manifest) -> Opened:
        before = old.manifest
        if (before.revision, before.created) != (manifest.revision, manifest.created):
            old.dataset.forget()
        elif (before.state, before.left_out) == (manifest.state, manifest.left_out):
            return Opened(manifest, old.dataset)
        return self._open(manifest)

    def _is_outdated(self, id: str, entry: _Entry) -> bool:
        try:
            return self._stamp(id) != entry.stamp
        except NotFound:
            return True

    def _close(self, id: str) -> None:
        entry = self._entries.pop(id, None)
        if entry is not None:
            entry.opened.dataset.forget()

    def _touch(self, id: str, entry: _Entry) -> None:
        entry.asked = now = time.monotonic()
        if now - entry.touched > TOUCH_EVERY:
            self._catalog.touch(id)
            entry.touched = now
