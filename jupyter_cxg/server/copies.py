"""CSV files that are kept in step with what users save, as ``cellxgene launch`` has them.

The database is the truth. After each save, and before the answer, the file is written anew; a file that
somebody else changed is read, as one more edit with its line of history. What we wrote or read last is
known by its hash, in the database: so a server that is killed between a save and its file makes up for it
at its next start, and no file of ours is taken for somebody's edit.
"""

import base64
import hashlib
import logging
import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import get_args

from .._version import __version__
from ..annotations.copies import Copy, Kind
from ..annotations.store import DEFAULT_COLLECTION, Store
from ..engine.shelf import Opened
from ..errors import BadQuery, CxgError, TooLarge
from ..wire import csv_text
from . import annotating, annotating_csv, backups

log = logging.getLogger(__name__)

KINDS: tuple[Kind, ...] = get_args(Kind)
_NAMES: Mapping[Kind, str] = {"annotations": "cell-labels", "gene_sets": "gene-sets"}
_TITLES: Mapping[Kind, str] = {"annotations": "Annotations", "gene_sets": "Gene sets"}
MAX_SEEN = 10_000
MAX_NAME = 150  # bytes of a collection's name in that of a file
_LOCKS = 32

Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Which files there are.

    Attributes
    ----------
    annotations, gene_sets
        The one file for all; None: no such.
    directory
        Where each user has files of their own; None: nowhere.
    author
        Under whose name all write where there is one file for all.
    most
        Bytes that the files in ``directory`` may take; None: no limit.
    """

    annotations: Path | None = None
    gene_sets: Path | None = None
    directory: Path | None = None
    author: str = ""
    most: int | None = None

    @property
    def collection(self) -> str | None:
        """The only collection, where there is one file for all."""
        fixed = self.annotations or self.gene_sets
        return None if fixed is None else fixed.stem

    def fixed(self, kind: Kind) -> Path | None:
        """The one file for all."""
        return self.annotations if kind == "annotations" else self.gene_sets

    def path(self, kind: Kind, collection: str | None, owner: str) -> Path | None:
        """The file of a collection; None: there is none.

        Parameters
        ----------
        owner
            As `owner_hash` has it.
        """
        if self.directory is None or collection is None:
            return self.fixed(kind)
        if len(collection.encode()) > MAX_NAME:  # file systems have limits
            start = collection.encode()[:100].decode("utf-8", "ignore")
            collection = f"{start}-{hashlib.blake2b(collection.encode(), digest_size=8).hexdigest()}"
        return self.directory / f"{collection}-{_NAMES[kind]}-{owner}.csv"


NO_FILES = Plan()


def owner_hash(user: str, fingerprint: str) -> str:
    """What stands for a user and their cells in the names of files.

    Twice as long as cellxgene's, so that nobody finds another user with the same one.
    """
    digest = hashlib.blake2b(f"{user}\0{fingerprint}".encode("utf-8", "replace"), digest_size=10).digest()
    return base64.b32encode(digest).decode()


class Copies:
    """Keeps the files in step. Reads and writes the disk: for the pool."""

    def __init__(self, store: Store, plan: Plan) -> None:
        self._store, self._plan = store, plan
        self._seen: OrderedDict[Path, tuple[Stamp, int]] = OrderedDict()
        self._refused: dict[Path, Stamp] = {}
        self._locks = [Lock() for _ in range(_LOCKS)]
        self._noting = Lock()

    def start(self, opened: Opened) -> None:
        """Read the files for all, or make them.

        Raises
        ------
        CxgError, OSError
            One does not fit to the dataset, or cannot be read or written.
        """
        for kind in KINDS:
            if self._plan.fixed(kind):
                self._sync(kind, opened, self._plan.author)

    def in_step(self, opened: Opened, user: str) -> None:
        """Before something is read or saved: take up what changed in the files."""
        self._try(lambda kind: self._sync(kind, opened, user))

    def follow(self, opened: Opened, user: str) -> None:
        """After something was saved: write it, whatever is in the files."""
        self._try(lambda kind: self._sync(kind, opened, user, saved=True))

    def _try(self, work: Callable[[Kind], None]) -> None:
        if self._plan == NO_FILES:
            return
        for kind in KINDS:
            try:
                work(kind)
            except (CxgError, OSError) as error:
                why = error.strerror if isinstance(error, OSError) else error
                log.error(
                    "The file of %s is not in step: %s. What was saved is in the database, and the file "
                    "follows with the next save or start.",
                    _TITLES[kind].lower(),
                    why,
                )

    def _sync(self, kind: Kind, opened: Opened, user: str, *, saved: bool = False) -> None:
        key = annotating.key_of(opened, user)
        mine = self._store.annotations(key)
        path = self._plan.path(kind, mine.collection, owner_hash(user, key.fingerprint))
        if path is None or (not saved and self._is_known(path, mine.version)):
            return
        with self._locks[hash(path) % _LOCKS]:
            mine = self._store.annotations(key)  # in here, or an older state could be written last
            stamp = _stamp(path)
            if self._is_known(path, mine.version):
                return
            if not saved and path in self._refused and self._refused[path] == stamp:
                return
            self._refused[path] = stamp  # until this is done
            most = 2 * annotating.most_bytes(opened)  # there are the names of the cells, too
            text = _render(kind, self._store, replace(opened, mine=mine), user)
            content = _content(path, stamp, most, any_kind=saved)
            theirs = _text(content, any_kind=saved)
            known = self._store.copy(key, kind)
            if known is not None and known.path != str(path):
                known = None
            ours = known is not None and known.hash == _hash(content)
            behind = known.version < mine.version if known else not theirs
            version = mine.version
            if content is None and not text and path != self._plan.fixed(kind):
                del self._refused[path]  # nothing was ever saved
                return
            if content is None or (theirs != text and (saved or (behind and (ours or known is None)))):
                content, stamp = self._write(path, kind, opened, text)
                ours = False
            elif theirs != text and not ours:
                version = annotating_csv.take(kind, self._store, opened, user, theirs or "", path.name)
            if not ours:
                self._store.remember(key, kind, Copy(str(path), _hash(content), version))
            del self._refused[path]
            self._note(path, stamp, version)

    def _write(self, path: Path, kind: Kind, opened: Opened, text: str) -> tuple[bytes, Stamp]:
        now = datetime.now().isoformat(timespec="seconds")
        comments = (
            f"# {_TITLES[kind]} generated on {now} using jupyter_cxg version {__version__}\n"
            f"# Input data file was {' '.join(opened.manifest.title.split())}\n"
        )
        content = (comments + text if text else "").encode("utf-8", "replace")
        if self._plan.directory is not None and self._plan.most is not None:
            backups.make_room(self._plan.directory, len(content), self._plan.most)
        return content, _stamp_of(backups.replace(path, content))

    def _is_known(self, path: Path, version: int) -> bool:
        """Whether neither the file nor the collection has changed since they were in step."""
        seen = self._seen.get(path)
        return seen is not None and seen[0] is not None and seen == (_stamp(path), version)

    def _note(self, path: Path, stamp: Stamp, version: int) -> None:
        with self._noting:
            self._seen[path] = (stamp, version)
            self._seen.move_to_end(path)
            if len(self._seen) > MAX_SEEN:
                self._seen.popitem(last=False)


def collection_of(opened: Opened, plan: Plan) -> str:
    """The name of the collection that is shown."""
    return plan.collection or (opened.mine and opened.mine.collection) or DEFAULT_COLLECTION


def _render(kind: Kind, store: Store, opened: Opened, user: str) -> str:
    if kind == "gene_sets":
        return annotating_csv.gene_sets_text(annotating.gene_sets(store, opened, user).sets)
    return annotating_csv.annotations_text(opened) if annotating.annotation_names(opened) else ""


def _stamp(path: Path) -> Stamp:
    """Changes whenever the file is replaced or written."""
    try:
        return _stamp_of(path.stat())
    except FileNotFoundError:
        return None


def _stamp_of(found: os.stat_result) -> Stamp:
    return found.st_ino, found.st_mtime_ns, found.st_size


def _content(path: Path, stamp: Stamp, most: int, *, any_kind: bool) -> bytes | None:
    """What is in a file; ``any_kind``: it is about to be replaced, and need make no sense."""
    if stamp is None:
        return None
    if stamp[2] > most and not any_kind:
        raise TooLarge(f"{path.name} has more than {most} bytes")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe would never open
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BadQuery(f"{path.name} is not a file")
        return file.read(most)


def _text(content: bytes | None, *, any_kind: bool) -> str | None:
    try:
        return None if content is None else csv_text.without_comments(csv_text.text_of(content))
    except BadQuery:
        if any_kind:
            return None
        raise


def _hash(content: bytes | None) -> str:
    return hashlib.blake2b(content or b"", digest_size=20).hexdigest()
