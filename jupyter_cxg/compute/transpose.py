"""A matrix turned, so that its columns lie together: the two steps of a blocked counting sort.

Blocks of the matrix are sorted by column one by one, each within bounded memory; then, for some columns
at a time, the runs that the blocks have of them are put together. What lies together in the matrix is
called a line, so that CSR and CSC are one case, and dense row after row and column after column another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ..model import Array, Dense, Matrix
from .gather import chunks

Sorter = Callable[[int, Array], tuple[Array, ...]]
"""Given a block and its counts, gives the arrays of `Turn.dtypes` as unsigned integers; they hold until
it is called again."""


class Broken(Exception):  # noqa: N818 - who builds an index goes without
    """The matrix names columns that it does not have."""


class Turn(Protocol):
    """A matrix to be turned.

    Attributes
    ----------
    dtypes
        Of the arrays of the result, by name; they have ``n_values`` values each.
    bounds
        (n_blocks + 1,): between which values each block lies.
    """

    @property
    def dtypes(self) -> dict[str, "np.dtype[np.generic]"]: ...
    @property
    def n_columns(self) -> int: ...
    @property
    def n_values(self) -> int: ...
    @property
    def bounds(self) -> list[int]: ...

    def count(self, block: int, out: Array) -> None:
        """Add how many values each column has in a block to ``out``: (n_columns,) uint32."""

    def sorter(self) -> "Sorter":
        """Sorts blocks by column, one at a time: for one thread."""


@dataclass(frozen=True, slots=True)
class SparseTurn:
    """CSR to CSC, or the other way round; see `Turn`."""

    data: Array  # as unsigned integers
    indices: Array
    indptr: Array
    n_columns: int
    dtypes: dict[str, "np.dtype[np.generic]"]
    bounds: list[int]

    @property
    def n_values(self) -> int:
        """How many entries there are."""
        return len(self.data)

    def count(self, block: int, out: Array) -> None:
        """As `Turn` says.

        Raises
        ------
        Broken
            An index lies outside of the matrix.
        """
        from . import kernels_transpose as kernels

        if not kernels.count_columns(self.indices, self.bounds[block], self.bounds[block + 1], out):
            raise Broken("An index lies outside of the matrix.")

    def sorter(self) -> Sorter:
        """As `Turn` says."""
        from . import kernels_transpose as kernels

        data, lines = (np.empty(self.bounds[1], _unsigned(dtype)) for dtype in self.dtypes.values())
        as_pairs = data.itemsize == lines.itemsize == 4
        pairs = np.empty(len(data) if as_pairs else 0, np.uint64)

        def sort(block: int, counts: Array) -> tuple[Array, ...]:
            start, stop = self.bounds[block : block + 2]
            line = int(np.searchsorted(self.indptr, start, side="right")) - 1
            cursor = np.zeros(self.n_columns, np.uint32)
            np.cumsum(counts[:-1], out=cursor[1:])
            matrix, n = (self.data, self.indices, self.indptr), stop - start
            if as_pairs:
                kernels.sort_pairs(*matrix, line, start, stop, cursor, pairs)
                kernels.split_pairs(pairs[:n], data, lines)
            else:
                kernels.sort_entries(*matrix, line, start, stop, cursor, data, lines)
            return data[:n], lines[:n]

        return sort


@dataclass(frozen=True, slots=True)
class DenseTurn:
    """Rows one after the other to columns one after the other; see `Turn`."""

    lines: Array  # (n_lines, n_columns) as unsigned integers, C-order
    dtypes: dict[str, "np.dtype[np.generic]"]
    bounds: list[int]

    @property
    def n_columns(self) -> int:
        """How many columns there are."""
        return int(self.lines.shape[1])

    @property
    def n_values(self) -> int:
        """How many values there are."""
        return int(self.lines.size)

    def count(self, block: int, out: Array) -> None:
        """As `Turn` says: a value of every line."""
        out += np.uint32((self.bounds[block + 1] - self.bounds[block]) // self.n_columns)

    def sorter(self) -> Sorter:
        """As `Turn` says."""
        from . import kernels_transpose as kernels

        values = np.empty(self.bounds[1], self.lines.dtype)

        def sort(block: int, counts: Array) -> tuple[Array, ...]:
            start, stop = self.bounds[block : block + 2]
            kernels.sort_dense(self.lines[start // self.n_columns : stop // self.n_columns], values)
            return (values[: stop - start],)

        return sort


def turn_of(matrix: Matrix, block: int) -> Turn:
    """The matrix as something to be turned, in blocks of about so many values."""
    unsigned = _unsigned(matrix.data.dtype)
    if isinstance(matrix, Dense):
        data = np.asarray(matrix.data)
        lines = (data if data.flags.c_contiguous else data.T).view(unsigned)
        step = max(1, block // max(1, lines.shape[1])) * lines.shape[1]
        return DenseTurn(lines, {"data": data.dtype}, _bounds(lines.size, step))
    n_lines, n_columns = matrix.shape if matrix.layout == "csr" else matrix.shape[::-1]
    lines_dtype = np.dtype(np.int32 if n_lines <= np.iinfo(np.int32).max else np.int64)
    return SparseTurn(
        *(np.asarray(matrix.data).view(unsigned), np.asarray(matrix.indices), np.asarray(matrix.indptr)),
        n_columns=n_columns,
        dtypes={"data": matrix.data.dtype, "indices": lines_dtype},
        bounds=_bounds(len(matrix.data), block),
    )


def _unsigned(dtype: "np.dtype[Any]") -> "np.dtype[Any]":
    return np.dtype(f"u{dtype.itemsize}")


def _bounds(n_values: int, step: int) -> list[int]:
    return [*range(0, n_values, max(1, step)), n_values]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the values of a matrix go.

    Attributes
    ----------
    counts
        (n_blocks, n_columns): how many values of each column each block has.
    starts
        (n_columns + 1,) int64: where each column begins in the end.
    buckets
        ``(first, last)`` of the columns that are put together at a time.
    places
        (n_blocks, n_buckets) int64: where the columns of a bucket of each block lie meanwhile: in the
        place where the bucket will be, block after block.
    """

    counts: Array
    starts: Array
    buckets: list[tuple[int, int]]
    places: Array

    def widest(self) -> int:
        """How many values the largest bucket has."""
        return max((int(self.starts[last] - self.starts[first]) for first, last in self.buckets), default=0)

    def pieces(self, block: int) -> list[tuple[int, int, int]]:
        """Of a sorted block: from where to where the columns of each bucket lie in it, and their place."""
        ends = np.concatenate([[0], np.cumsum(self.counts[block], dtype=np.int64)])
        return [
            (int(ends[first]), int(ends[last]), int(place))
            for (first, last), place in zip(self.buckets, self.places[block], strict=True)
        ]

    def merge(self, bucket: int, source: Array, out: Array) -> None:
        """Put the runs of the columns of a bucket together; both as unsigned integers."""
        from . import kernels_transpose as kernels

        first, last = self.buckets[bucket]
        kernels.merge_runs(source, np.ascontiguousarray(self.counts[:, first:last]), out)


def layout_of(counts: Array, bucket: int) -> Layout:
    """Where everything goes when about so many values are put together at a time."""
    totals = np.zeros(counts.shape[1], np.int64)
    for some in counts:  # one by one: they may be many, and lie in a file
        totals += some
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(totals)])
    buckets = list(chunks(totals, 0, len(totals), bucket))
    firsts = [first for first, _ in buckets]
    sizes = np.array([np.add.reduceat(some, firsts, dtype=np.int64) for some in counts])
    before = np.cumsum(sizes, axis=0) - sizes
    return Layout(counts, starts, buckets, before + starts[firsts])


__all__ = ["Broken", "DenseTurn", "Layout", "SparseTurn", "Turn", "layout_of", "turn_of"]
