"""What a file says of itself, weighed before any of it is read: groups in circles, and what is too large.

Declared sizes count, as a few bytes may unpack to any number of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import h5py

from ..errors import TooLarge, Unpublishable

_DEEPEST = 64
_MOST = 100_000
_TEXT = 64  # bytes that a short str takes in Python
_SPARSE = ("csr_matrix", "csc_matrix")
_BY_BLOCKS = ("data", "indices")


@dataclass(frozen=True, slots=True)
class Dataset:
    """An array in a file: its path, as parts, and the bytes that it has in memory."""

    path: tuple[str, ...]
    nbytes: int
    sparse: bool
    """Whether it is data or indices of a sparse matrix."""


def weigh(group: Any, name: str) -> list[Dataset]:
    """All arrays below a group of an HDF5 file or Zarr store.

    Raises
    ------
    Unpublishable
        A group is inside of itself, or there are more than anybody writes.
    """
    found = []
    for dataset in _walk(group, (), (), name):
        found.append(dataset)
        if len(found) > _MOST:
            raise Unpublishable(f"{name} has more than {_MOST} arrays, which no AnnData needs.")
    return found


def check_memory(datasets: list[Dataset], memory: int, name: str) -> None:
    """Refuse what cannot be read in this memory; matrices are read by blocks and do not count.

    Raises
    ------
    TooLarge
        The sentence names the largest part.
    """
    whole = [dataset for dataset in datasets if not _by_blocks(dataset)]
    # what is read is converted, and for a moment there are two of it
    needed = 2 * sum(dataset.nbytes for dataset in whole)
    if needed > memory:
        largest = max(whole, key=lambda dataset: dataset.nbytes)
        raise TooLarge(
            f"{name} needs {needed / 1e9:.1f} GB of memory for obs, var and the like, most of it for "
            f"{'/'.join(largest.path)}, and {memory / 1e9:.1f} GB are allowed: leave that out of the file, "
            "or give more with jupyter cxg prepare --memory."
        )


def _by_blocks(dataset: Dataset) -> bool:
    path = dataset.path[2:] if dataset.path[0] == "mod" else dataset.path  # of a modality, as of a file
    if dataset.sparse:  # deeper in uns, it would be read
        return len(path) <= 3 or path[0] != "uns"
    return path in (("X",), ("matrix",), ("raw", "X")) or (len(path) == 2 and path[0] == "layers")


def _walk(group: Any, path: tuple[str, ...], above: tuple[object, ...], name: str) -> Iterator[Dataset]:
    me = _identity(group)
    if me is not None and me in above:
        raise Unpublishable(f"{name} has a link at {'/'.join(path)} that leads back to itself: remove it.")
    if len(path) > _DEEPEST:
        raise Unpublishable(f"{name} has groups in groups, more than {_DEEPEST} deep.")
    # 10x says it by nothing but the names
    sparse = group.attrs.get("encoding-type") in _SPARSE or (len(path) == 1 and "barcodes" in group)
    for key in group:
        try:
            item = group[key]
        except (KeyError, OSError, ValueError):  # a link to nothing; who reads it will say so
            continue
        where = (*path, key)
        if hasattr(item, "shape"):
            yield Dataset(where, _bytes(item), sparse and key in _BY_BLOCKS)
        elif hasattr(item, "keys"):
            yield Dataset(where, 0, False)  # counts, so that groups alone cannot go on forever
            yield from _walk(item, where, (*above, me), name)


def _identity(group: Any) -> object:
    """The same for the same group, by whatever link one came; a Zarr store has no such links."""
    if not isinstance(group, h5py.Group):
        return None
    info = h5py.h5o.get_info(group.id)
    return info.fileno, info.addr


def _bytes(item: Any) -> int:
    dtype = item.dtype
    size = _TEXT if dtype.kind in "OT" else dtype.itemsize
    return int(prod(map(int, item.shape or ())) * size)
