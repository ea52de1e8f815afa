"""The process that makes a snapshot of one file: ``python -m jupyter_cxg.snapshot.prepare``.

A process of its own, so that what a file does to the memory or to a library ends nothing else. It reads
its `Job` as one line of JSON from stdin, and tells by lines of JSON on stdout:

- ``{"label": …, "fraction": …}``, how far it is until the snapshot can be opened;
- ``{"error": "TooLarge", "message": …}``, why there will be none, as a class of `errors`.

When stdin ends, so does the process: nobody waits for it any more.
"""

import gc
import json
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from ..errors import CxgError, NotFound, Unpublishable
from .address import Address, address_of, is_address
from .catalog import Catalog
from .identity import snapshot_id
from .manifest import Progress
from .memory import bound_memory, default_memory
from .reading import AS_IT_IS, Reading, reading_of

_GRACE = 5.0  # seconds that a library may take to come back from reading

# of the way to the first picture, the parts that take no time worth measuring
_READING = 0.2
_COPYING = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """What to prepare, and where to.

    Attributes
    ----------
    id
        Of the snapshot, as `identity.snapshot_id` gave it.
    path
        Absolute, without links; or an address, with what is secret in it.
    shown
        The path as its user knows it.
    root, max_bytes, keep_seconds
        Of the `Catalog`.
    reading
        How the file is read.
    """

    id: str
    path: str
    shown: str
    root: str
    max_bytes: int | None
    keep_seconds: float
    reading: Reading = AS_IT_IS

    @property
    def name(self) -> str:
        """The last part of `shown`."""
        return self.shown.rpartition("/")[2]

    def to_line(self) -> bytes:
        """As `from_line` reads it."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: str) -> "Job":
        """What `to_line` wrote."""
        said = json.loads(line)
        return cls(**{**said, "reading": reading_of(said["reading"])})

    @property
    def title(self) -> str:
        """Of the snapshot."""
        return self.reading.titled(self.name)


def prepare(job: Job, tell: Callable[[Progress], None]) -> None:
    """Make the snapshot, unless it is there by now; leaves all of it, or nothing.

    Raises
    ------
    CxgError
        With the sentence for the user.
    """
    path = address_of(job.path) if is_address(job.path) else Path(job.path)
    catalog = Catalog(Path(job.root), max_bytes=job.max_bytes, keep_seconds=job.keep_seconds)
    with catalog.turn(job.id, wait=False) as ours:
        if ours:
            _make(job, path, catalog, tell)
            return
    tell(Progress("Waiting for another server that prepares it", 0.0))
    with catalog.turn(job.id):
        _make(job, path, catalog, tell)


def _make(job: Job, path: Path | Address, catalog: Catalog, tell: Callable[[Progress], None]) -> None:
    try:
        catalog.get(job.id)
        return
    except NotFound:
        catalog.clear(job.id)
    if isinstance(path, Address):
        from .remote import no_collection

        with no_collection():
            _copy(job, path, catalog, tell)
    else:
        _copy(job, path, catalog, tell)


def _copy(job: Job, path: Path | Address, catalog: Catalog, tell: Callable[[Progress], None]) -> None:
    tell(Progress(f"Reading {job.name}", _READING / 2))
    from .files import (  # after the first words: this is what takes its time
        explained,
        forbid_pickles,
        open_file,
    )
    from .plan import has_embedding
    from .writer import Publication, Source

    forbid_pickles()
    _check_unchanged(job, path)
    if job.reading.memory is not None and not job.reading.recipe:
        bound_memory(job.reading.memory)
    tell(Progress(f"Reading {job.name}", _READING))

    def downloaded(now: Progress) -> None:
        tell(Progress(now.label, _READING + (_COPYING - _READING) * now.fraction))

    with open_file(path, job.name, job.reading, tell=downloaded, folder=catalog.root) as opened:
        check = opened.check
        if job.reading.recipe and not has_embedding(opened.adata):
            from .recipe import compute

            tell(Progress("Loading scanpy", _READING))
            opened = compute(opened, job.reading, lambda label: tell(Progress(label, _READING)))
        tell(Progress(f"Reading {job.name}", _COPYING))
        source = Source(job.id, job.shown, opened.left_out, opened.matrices, check)

        def copied(now: Progress) -> None:
            tell(Progress(now.label, _COPYING + (1 - _COPYING) * now.fraction))
            if isinstance(path, Address):
                gc.collect(1)  # here it may be: see no_collection

        try:
            Publication.begin(opened.adata, catalog, title=job.title, source=source, progress=copied).finish()
            check()
            _check_unchanged(job, path)
        except BaseException as error:
            catalog.discard(job.id)
            if not isinstance(error, Exception):
                raise
            check()  # or what came of it
            if isinstance(error, CxgError):
                raise
            text = traceback.format_exc()
            if isinstance(path, Address):
                text = path.without_secrets(text)
            sys.stderr.write(text)  # a damaged file, most likely; the log has it, should it be ours
            raise explained(job.name, error) from error


def _check_unchanged(job: Job, path: Path | Address) -> None:
    if snapshot_id(path, job.reading) != job.id:
        raise Unpublishable(f"{job.name} changed while it was opened: open it again when it is whole.")


def main() -> int:
    """Prepare what stdin asks for."""
    job = Job.from_line(sys.stdin.readline())
    job = replace(job, reading=replace(job.reading, memory=job.reading.memory or default_memory()))
    say = _speaker()
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_watch, args=(sys.stdin,), daemon=True).start()
    warnings.simplefilter("ignore")  # nobody at a keyboard would see them
    try:
        prepare(job, lambda now: say(asdict(now)))
    except CxgError as error:
        say({"error": type(error).__name__, "message": str(error)})
        return 1
    return 0


def _speaker() -> Callable[[dict[str, Any]], None]:
    """Says documents on stdout, which nothing else gets to write to."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(document: dict[str, Any]) -> None:
        out.write(json.dumps(document) + "\n")
        out.flush()

    return say


def _stop(*_: object) -> None:
    # Leave by an exception, so that what is half written is cleared away.
    raise SystemExit(128 + signal.SIGTERM)


def _watch(stdin: TextIO) -> None:
    """End with the one who asked: when stdin ends, there is nobody left to tell."""
    stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_GRACE)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
