"""A turned matrix written to files: in bounded memory, and going on where a killed process stopped.

Every block of the matrix is sorted by column and written to where its columns will be, roughly: to the
place of their *bucket*, some columns that fit into memory. Then the buckets are read back, put in order,
and written to their final places. So the matrix is read from front to end, and all that is written and read
again comes in pieces that suit a disk, however little of the files the system can keep in memory.

The unordered buckets lie a little behind their final places: a bucket in order never covers an unordered one
that is still needed. So each step can be done once more after a kill, and no room for a second copy is taken.
"""

import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..compute.blocks import in_window
from ..compute.transpose import Layout, Turn, layout_of, turn_of
from ..model import Dense, Matrix
from ..snapshot.private import make_directory, reserve
from .turned import ArrayFile, Steps, is_by_gene, this_boot

T = TypeVar("T")

THREADS = 4
"""At most so many share the work."""
MEMORY = 256 << 20
"""What so many threads hold of the matrix together, in bytes."""
FINEST, PARTS = 2 << 20, 256
"""A matrix is sorted in so many parts, but of that many values at least: small parts are sorted faster, in
the CPU's cache, and large ones are written faster, as their pieces for each bucket are."""
COUNTING, SORTING = 0.1, 0.55
"""Shares of the time; the rest is merging."""
UNFINISHED, COUNTS = "unfinished", "counts.npy"
"""The directory of what goes in the end, how far it is, and how many values of each column each block has."""
_FORM = 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many values each thread works on at a time: sorts, and puts together."""

    block: int
    bucket: int


def sizes_of(matrix: Matrix) -> Sizes:
    """What is fast and keeps to `MEMORY`, unless a single gene or cell takes more."""
    n_values, share = matrix.data.size, MEMORY // THREADS
    itemsize = max(matrix.data.dtype.itemsize, 4)  # the lines of a sparse matrix take 4 bytes too, or 8
    block, bucket = max(FINEST, n_values // PARTS), max(2 * FINEST, 2 * n_values // PARTS)
    return Sizes(min(block, share // 16), min(bucket, share // (2 * itemsize)))


def room_of(matrix: Matrix) -> int:
    """How many bytes on the disk turning it takes at most, roughly."""
    sizes = sizes_of(matrix)
    turn = turn_of(matrix, sizes.block)
    values = min(2 * turn.n_values, turn.n_values + (THREADS + 1) * sizes.bucket)  # the gap has holes
    counts = len(turn.bounds) * turn.n_columns * 4
    return values * sum(dtype.itemsize for dtype in turn.dtypes.values()) + counts + 8 * turn.n_columns


def write_turned(
    aside: Path,
    matrix: Matrix,
    *,
    threads: int,
    advance: Callable[[float], None],
    cancelled: Callable[[], bool],
    sizes: Sizes | None = None,
) -> None:
    """Write the other orientation of a matrix as ``{aside}/*.npy``, going on with what is there.

    Parameters
    ----------
    matrix
        With one value at least. Nobody writes it any more.

    Raises
    ------
    Cancelled
        ``cancelled()`` was true; what is done stays.
    OSError
        There is no room for it.
    Broken
        The matrix is none.
    """
    sizes = sizes or sizes_of(matrix)
    turn = turn_of(matrix, sizes.block)
    unfinished = aside / UNFINISHED
    boot = this_boot()
    about = boot and f"{_FORM} {boot} {matrix.data.shape} {turn.dtypes} {turn.n_columns} {sizes}"
    steps = Steps.load(unfinished, about)
    if steps is None:
        shutil.rmtree(aside, ignore_errors=True)
        make_directory(aside)
        make_directory(unfinished)
        _count(unfinished, turn, threads, advance, cancelled)
    layout = layout_of(np.load(unfinished / COUNTS, mmap_mode="r"), sizes.bucket)
    if not isinstance(matrix, Dense):
        np.save(aside / "indptr.npy", layout.starts)
    with ExitStack() as stack:
        gap = THREADS * layout.widest()
        files = [
            stack.enter_context(closing(_array_file(aside, name, matrix, turn, gap))) for name in turn.dtypes
        ]
        work = _Work(turn, layout, files, gap, threads, advance, cancelled)
        work.run(steps or Steps(about), unfinished)
        for file in files:
            file.finish()
    shutil.rmtree(unfinished)


def _array_file(aside: Path, name: str, matrix: Matrix, turn: Turn, gap: int) -> ArrayFile:
    shape = matrix.data.shape  # of an array of a sparse matrix: how many entries
    by_gene = not is_by_gene(matrix)
    return ArrayFile(aside / f"{name}.npy", turn.dtypes[name], shape, by_gene=by_gene, spare=gap)


def _count(
    unfinished: Path,
    turn: Turn,
    threads: int,
    advance: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:
    n_blocks = len(turn.bounds) - 1
    path = unfinished / COUNTS
    counts = np.lib.format.open_memmap(path, "w+", np.uint32, (n_blocks, turn.n_columns))
    with path.open("r+b") as file:  # a write into a map of holes would be the end of us when the disk is full
        reserve(file.fileno(), path.stat().st_size)
    rows = np.asarray(counts)
    in_window(
        lambda _, block: turn.count(block, rows[block]),
        0,
        n_blocks,
        ahead=n_blocks,
        threads=threads,
        finished=lambda done: advance(COUNTING * done / n_blocks),
        cancelled=cancelled,
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What sorting and merging share."""

    turn: Turn
    layout: Layout
    files: list[ArrayFile]
    gap: int
    threads: int
    advance: Callable[[float], None]
    cancelled: Callable[[], bool]

    def run(self, steps: Steps, unfinished: Path) -> None:
        """All that is left to do, noting each step."""
        n_blocks, n_buckets = len(self.turn.bounds) - 1, len(self.layout.buckets)

        def sorted_before(block: int) -> None:
            replace(steps, sorted=block).save(unfinished)
            self.advance(COUNTING + SORTING * block / n_blocks)

        def merged_before(bucket: int) -> None:
            Steps(steps.about, n_blocks, bucket).save(unfinished)
            self.advance(COUNTING + SORTING + (1 - COUNTING - SORTING) * bucket / n_buckets)

        steps.save(unfinished)
        self._each(self._sorter(), steps.sorted, n_blocks, n_blocks, sorted_before)
        self._each(self._merger(), steps.merged, n_buckets, THREADS, merged_before)

    def _each(
        self,
        work: Callable[[int, int], None],
        first: int,
        last: int,
        ahead: int,
        finished: Callable[[int], None],
    ) -> None:
        in_window(
            work,
            first,
            last,
            ahead=ahead,
            threads=self.threads,
            finished=finished,
            cancelled=self.cancelled,
        )

    def _in_turn(self, worker: int, arrays: Iterable[T]) -> list[tuple[ArrayFile, T]]:
        """The files and their arrays: a file takes one write at a time, so neighbors begin with another."""
        both = list(zip(self.files, arrays, strict=True))
        return both if worker % 2 == 0 else both[::-1]

    def _sorter(self) -> Callable[[int, int], None]:
        sorters = [self.turn.sorter() for _ in range(self.threads)]

        def sort(worker: int, block: int) -> None:
            arrays = sorters[worker](block, self.layout.counts[block])
            pieces = self.layout.pieces(block)
            for file, array in self._in_turn(worker, arrays):
                for start, stop, place in pieces:
                    file.write(array[start:stop], self.gap + place)

        return sort

    def _merger(self) -> Callable[[int, int], None]:
        starts, dtypes = self.layout.starts, list(map(_unsigned, self.turn.dtypes.values()))
        nbytes = self.layout.widest() * max(dtype.itemsize for dtype in dtypes)
        held = [(np.empty(nbytes, np.uint8), np.empty(nbytes, np.uint8)) for _ in range(self.threads)]

        def merge(worker: int, bucket: int) -> None:
            first, last = self.layout.buckets[bucket]
            start, n = int(starts[first]), int(starts[last] - starts[first])
            for file, dtype in self._in_turn(worker, dtypes):
                source, out = (array[: n * dtype.itemsize].view(dtype) for array in held[worker])
                file.read(source, self.gap + start)
                self.layout.merge(bucket, source, out)
                file.write(out, start)

        return merge


def _unsigned(dtype: "np.dtype[Any]") -> "np.dtype[Any]":
    return np.dtype(f"u{dtype.itemsize}")
