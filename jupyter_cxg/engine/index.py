"""Columns of matrices that were published as rows, built in the background beside the snapshot."""

import fcntl
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock
from urllib.parse import quote

import numpy as np

from ..compute.blocks import Cancelled
from ..compute.transpose import column_starts, move_columns
from ..model import Array, Sparse
from ..snapshot.manifest import Progress
from ..snapshot.private import open_file, seal

SMALL = 2_000_000
"""Up to so many entries, a gene is found among the rows fast enough."""

log = logging.getLogger(__name__)


class Indexer:
    """Builds column indexes, one after the other.

    Parameters
    ----------
    submit
        Runs a function some time later in the background; one at a time.
    """

    def __init__(self, submit: Callable[[Callable[[], None]], object], *, small: int = SMALL) -> None:
        self._submit = submit
        self._small = small
        self._stop = Event()
        self._lock = Lock()
        self._under_way: dict[Path, float] = {}
        self._failed: set[Path] = set()

    def columns(self, directory: Path, layer: str, rows: Sparse) -> Sparse | None:
        """The column form of ``rows``; None, and it is built in the background, if there is none yet.

        Parameters
        ----------
        directory
            The snapshot's directory for derived arrays; may not exist.
        layer
            Names the index in there.
        rows
            A CSR matrix that nobody writes any more.
        """
        target = directory / f"{quote(layer, safe='')}.csc"
        if target.is_dir():
            return _open(target, rows.shape)
        if len(rows.data) > self._small:
            self._start(target, rows)
        return None

    def progress(self, directory: Path) -> Progress | None:
        """How far the indexes of a snapshot are; None when nothing is under way."""
        with self._lock:
            fractions = [done for target, done in self._under_way.items() if target.parent == directory]
        return Progress("indexing genes", min(fractions)) if fractions else None

    def close(self) -> None:
        """Stop soon; what is half built is thrown away."""
        self._stop.set()

    def _start(self, target: Path, rows: Sparse) -> None:
        with self._lock:
            if target in self._under_way or target in self._failed or self._stop.is_set():
                return
            self._under_way[target] = 0.0
        self._submit(lambda: self._build(target, rows))

    def _build(self, target: Path, rows: Sparse) -> None:
        def advance(done: float) -> None:
            self._under_way[target] = done

        try:
            build(target, rows, advance=advance, stop=self._stop)
        except Cancelled:
            pass
        except OSError as error:  # the disk is full, or the snapshot was removed meanwhile
            log.warning("Genes of %s stay slow: no index could be built (%s).", target.parent, error)
            self._failed.add(target)
        finally:
            with self._lock:
                del self._under_way[target]


def build(target: Path, rows: Sparse, *, advance: Callable[[float], None], stop: Event) -> None:
    """Write the column form of ``rows`` aside and rename it to ``target``; nothing if it is there.

    Raises
    ------
    Cancelled
        ``stop`` was set.
    OSError
        There is no room for it.
    """
    target.parent.mkdir(mode=0o700, exist_ok=True)
    aside = target.with_suffix(".part")
    # Another server of this user may serve the same snapshot: the lock says who builds, and goes with
    # its process, so what lies aside while we hold it is nobody's.
    with os.fdopen(open_file(target.parent / "building.lock"), "wb") as lock:
        _acquire(lock.fileno(), stop)
        if target.is_dir():
            return
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        try:
            _write(aside, rows, advance, stop)
            seal(aside)
            aside.rename(target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _acquire(descriptor: int, stop: Event) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if stop.wait(0.5):
                raise Cancelled from None
        else:
            return


def _write(aside: Path, rows: Sparse, advance: Callable[[float], None], stop: Event) -> None:
    indptr = column_starts(rows, advance=advance, cancelled=stop.is_set)
    np.save(aside / "indptr.npy", indptr)
    move_columns(
        rows,
        indptr,
        _reserve(aside / "data.npy", rows.data.dtype, len(rows.data)),
        _reserve(aside / "indices.npy", np.dtype(np.int32), len(rows.data)),
        advance=advance,
        cancelled=stop.is_set,
    )


def _reserve(path: Path, dtype: "np.dtype[np.generic]", length: int) -> Array:
    """A new .npy file as a writable memory map, with its room on the disk taken.

    A write into a map of a file with holes would kill the process with SIGBUS when the disk is full.
    """
    mapped = np.lib.format.open_memmap(path, "w+", dtype, (length,))
    if hasattr(os, "posix_fallocate"):  # macOS has none
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return np.asarray(mapped)


def _open(target: Path, shape: tuple[int, int]) -> Sparse:
    def read(name: str) -> Array:
        array: Array = np.load(target / f"{name}.npy", mmap_mode="r")
        return array

    return Sparse(shape, "csc", read("data"), read("indices"), read("indptr"))
