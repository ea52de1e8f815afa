"""The other orientation of matrices, built in the background beside the snapshot."""

import fcntl
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock
from urllib.parse import quote

from ..compute.blocks import Cancelled
from ..compute.transpose import Broken
from ..model import Dense, Matrix
from ..snapshot.manifest import Progress
from ..snapshot.private import open_file, seal, size_of, size_text
from .turned import is_by_gene, open_turned
from .turning import THREADS, room_of, write_turned

SMALL = 2_000_000
"""Up to so many values, a gene is found among the cells within some milliseconds."""
SMALL_BY_GENE = 10 * SMALL
"""Up to so many values, some cells are compared in one pass over all genes."""
UNFINISHED = ".part"

log = logging.getLogger(__name__)


class Indexer:
    """Builds the orientation that a matrix was not published in, one matrix after the other.

    Parameters
    ----------
    submit
        Runs a function some time later in the background; one at a time.
    threads
        For one matrix; more than `turning.THREADS` are not used.
    room
        How many bytes an index may take; None: half of what is free on the disk.
    small
        Matrices of so many values need no index of genes, those of ten times as many none of cells.
    """

    def __init__(
        self,
        submit: Callable[[Callable[[], None]], object],
        *,
        threads: int = 1,
        room: Callable[[], int] | None = None,
        small: int = SMALL,
    ) -> None:
        self._submit = submit
        self._threads = min(threads, THREADS)
        self._room = room
        self._small = small
        self._stop = Event()
        self._lock = Lock()
        self._fractions: dict[Path, float] = {}
        self._failed: set[Path] = set()

    def other(self, directory: Path, layer: str, matrix: Matrix) -> Matrix | None:
        """The other orientation of ``matrix``; None, and it is built in the background, if there is none yet.

        Parameters
        ----------
        directory
            The snapshot's directory for derived arrays; may not exist.
        layer
            Names the index in there.
        matrix
            As it was published; nobody writes it any more.
        """
        target = directory / f"{quote(layer, safe='')}.{_kind(matrix)}"
        if target.is_dir():
            return open_turned(target, matrix)
        # it takes as much room on the disk as the matrix itself
        if matrix.data.size > self._small * (SMALL_BY_GENE // SMALL if is_by_gene(matrix) else 1):
            self._start(target, matrix)
        return None

    def progress(self, directory: Path) -> Progress | None:
        """How far the indexes of a snapshot are, all together; None when nothing is under way."""
        with self._lock:
            found = {target: done for target, done in self._fractions.items() if target.parent == directory}
        if not found:
            return None
        genes = any(target.suffix in (".csc", ".genes") for target, done in found.items() if done < 1)
        return Progress(f"indexing {'genes' if genes else 'cells'}", sum(found.values()) / len(found))

    def follow(self, work: Callable[[Callable[[], bool]], None]) -> None:
        """Run ``work(stopped)`` in the background, behind what waits already; it may fail as a build may."""

        def run() -> None:
            try:
                if not self._stop.is_set():
                    work(self._stop.is_set)
            except Cancelled:
                pass
            except OSError as error:  # the disk is full, or the snapshot was removed meanwhile
                log.warning("Categories stay slow to compare: nothing could be stored (%s).", error)

        self._submit(run)

    def close(self) -> None:
        """Stop soon; what is half built stays for the next server."""
        self._stop.set()

    def _start(self, target: Path, matrix: Matrix) -> None:
        with self._lock:
            if self._fractions.get(target, 1.0) < 1 or target in self._failed or self._stop.is_set():
                return
            self._fractions[target] = 0.0
        self._submit(lambda: self._build(target, matrix))

    def _build(self, target: Path, matrix: Matrix) -> None:
        def advance(done: float) -> None:
            self._fractions[target] = min(done, 0.999)

        try:
            build(target, matrix, threads=self._threads, room=self._room, advance=advance, stop=self._stop)
        except Cancelled:
            pass
        except (OSError, Broken) as error:  # the disk is full, or the snapshot was removed meanwhile
            log.warning("%s stays slow: no index could be built (%s).", target, error)
            self._failed.add(target)
        finally:
            self._end(target)

    def _end(self, target: Path) -> None:
        """Count it as done as long as others of the snapshot are under way, so that progress only grows."""
        with self._lock:
            self._fractions[target] = 1.0
            together = [other for other in self._fractions if other.parent == target.parent]
            if all(self._fractions[other] == 1 for other in together):
                for other in together:
                    del self._fractions[other]


def _kind(matrix: Matrix) -> str:
    """What the other orientation is called."""
    if isinstance(matrix, Dense):
        return "cells" if is_by_gene(matrix) else "genes"
    return "csr" if is_by_gene(matrix) else "csc"


def build(
    target: Path,
    matrix: Matrix,
    *,
    threads: int = 1,
    room: Callable[[], int] | None = None,
    advance: Callable[[float], None],
    stop: Event,
) -> None:
    """Write the other orientation of ``matrix`` aside and rename it to ``target``; nothing if it is there.

    What a server that was killed had written is taken up.

    Raises
    ------
    Cancelled
        ``stop`` was set; what is done stays.
    OSError
        There is no room for it.
    Broken
        The matrix names columns that it does not have.
    """
    target.parent.mkdir(mode=0o700, exist_ok=True)
    aside = target.with_name(target.name + UNFINISHED)
    # Another server of this user may serve the same snapshot: the lock says who builds, and goes with
    # its process, so what lies aside while we hold it is nobody's.
    with os.fdopen(open_file(target.parent / "building.lock"), "wb") as lock:
        _acquire(lock.fileno(), stop)
        if target.is_dir():
            return
        try:
            _check_room(target.parent, room_of(matrix) - size_of(aside), room)
            write_turned(aside, matrix, threads=threads, advance=advance, cancelled=stop.is_set)
        except (OSError, Broken):
            shutil.rmtree(aside, ignore_errors=True)
            raise
        seal(aside)
        aside.rename(target)


def _check_room(directory: Path, needed: int, room: Callable[[], int] | None) -> None:
    free = shutil.disk_usage(directory).free
    left = free // 2 if room is None else min(room(), free)
    if needed > left:
        raise OSError(f"it needs {size_text(needed)} on the disk, and may take {size_text(max(0, left))}")


def _acquire(descriptor: int, stop: Event) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if stop.wait(0.5):
                raise Cancelled from None
        else:
            return
