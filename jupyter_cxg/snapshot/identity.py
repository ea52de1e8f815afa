"""Which snapshot a file becomes: its id is made of what the file is now, so nothing need be looked up.

A second opening finds the snapshot of the first, and a file that changed becomes another one.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import NotFound
from .address import Address
from .manifest import FORMAT_VERSION
from .reading import AS_IT_IS, Reading

# what a Zarr store, of version 2 or 3, says of itself in each of its directories
_METADATA = ("zarr.json", ".zgroup", ".zattrs", ".zarray", ".zmetadata")
_DEEPEST = 8


def snapshot_id(path: Path | Address, reading: Reading = AS_IT_IS) -> str:
    """The id of the snapshot of a file or a .zarr store: 16 hexadecimal digits.

    What is elsewhere is asked for, which takes its time. Of a store, the metadata count and not the chunks,
    of which there may be a million; but on a disk, writing a chunk leaves its mark on the array's directory.

    Raises
    ------
    NotFound
        There is no such file.
    CxgError
        It is elsewhere, and cannot be asked for.
    """
    if isinstance(path, Address):
        from .remote import stamp  # with the libraries that it takes

        return _id([path.key.encode(), stamp(path, reading).encode()], reading)
    try:
        real = path.resolve(strict=True)
        size, changed = _store_stamp(real) if real.is_dir() else _stamp(real)
    except (OSError, RuntimeError) as error:  # RuntimeError: a circle of links
        raise NotFound(f"There is no file {path.name}.") from error
    return _id([os.fsencode(real), str(size).encode(), str(changed).encode()], reading)


def _id(parts: list[bytes], reading: Reading) -> str:
    parts = [*parts, str(FORMAT_VERSION).encode()]
    if reading.key:
        parts.append(os.fsencode(reading.key))
    return hashlib.blake2b(b"\0".join(parts), digest_size=8).hexdigest()


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _store_stamp(store: Path) -> tuple[int, int]:
    """Size of all metadata, and when something was last written."""
    stamps = [_stamp(path) for path in _metadata(store, 0)]
    return sum(size for size, _ in stamps), max((changed for _, changed in stamps), default=0)


def _metadata(directory: Path, depth: int) -> Iterator[Path]:
    """The metadata of the groups and arrays below, and the directories of the arrays."""
    yield from (path for name in _METADATA if (path := directory / name).is_file())
    chunks = directory / "c"
    if (directory / ".zarray").exists():
        yield directory
    elif chunks.is_dir() and not (chunks / "zarr.json").exists():
        yield chunks
        with os.scandir(chunks) as rows:  # of a matrix, each row of chunks is a directory
            yield from (Path(row.path) for row in rows if row.is_dir(follow_symlinks=False))
    elif depth < _DEEPEST:
        for child in sorted(directory.iterdir()):
            if child.is_dir() and not child.is_symlink():
                yield from _metadata(child, depth + 1)
