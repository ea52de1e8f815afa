"""Files and stores elsewhere, opened so that they are read block by block; the snapshot is the cache."""

import asyncio
import gc
import hashlib
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import h5py
import zarr
from zarr.storage import FsspecStore, WrapperStore

from ..errors import BadQuery, NotFound, TooLarge, Unpublishable
from .address import WEB, Address
from .manifest import Progress
from .private import size_text
from .ranged import BLOCK, BLOCKS, RangedFile
from .reading import Reading

MOST_DOWNLOADED = 20 * 10**9
"""Bytes of a file that can only be had as a whole."""
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_KEPT = 64 * 2**20  # of chunks of a store that may be asked for again

Tell = Callable[[Progress], None]


@dataclass(slots=True)
class Opened:
    """What is read, and the first thing that did not come from the server."""

    group: Any
    failed: Callable[[], BaseException | None]

    def check(self) -> None:
        """Raise that: the libraries leave out what they cannot read, and it is not for them to say."""
        if error := self.failed():
            raise error


def stamp(address: Address, reading: Reading) -> str:
    """What changes when the file does.

    Raises
    ------
    CxgError
        It cannot be reached, or is not there.
    """
    with _asking(address, reading) as files:
        if not address.is_store:
            return str(_about(files, address).stamp)
        _, document, content = _metadata(files, address)
        about = _run(files, files.about(document))
    return f"{about.stamp} {hashlib.blake2b(content, digest_size=16).hexdigest()}"


@contextmanager
def open_address(
    address: Address, reading: Reading, tell: Tell, *, folder: Path | None = None
) -> Iterator[Opened]:
    """The group of an HDF5 file or Zarr store, for as long as the block lasts.

    Parameters
    ----------
    folder
        Where a file goes for a while that its server does not give in parts.

    Raises
    ------
    CxgError
        It cannot be reached, is not there, or is something else.
    """
    if address.is_store:
        with _opened_store(address, reading) as opened:
            yield opened
        return
    with _asking(address, reading) as files:
        _about(files, address)
        about = _run(files, files.remember())
        if not about.in_parts or about.size is None:
            with _downloaded(files, address, about, tell, folder) as file, h5py.File(file, "r") as group:
                yield Opened(group, lambda: None)
            return
        blocks = BLOCKS if reading.memory is None else min(BLOCKS, reading.memory // 8 // BLOCK)
        loop = files.loop

        def ask(start: int, stop: int) -> Any:
            return asyncio.run_coroutine_threadsafe(files._cat_file("", start, stop), loop)

        with RangedFile(ask, about.size, blocks=blocks) as file:
            opened = Opened(None, lambda: file.failed)
            try:
                with h5py.File(file, "r") as group:
                    opened.group = group
                    yield opened
            except Exception:
                opened.check()  # what HDF5 says of it explains nothing
                raise


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage is collected meanwhile: to be done around all reading of an `open_address`.

    A collection in the thread that asks the server would wait for HDF5's lock, which is held by the one
    who waits for the server: https://github.com/h5py/h5py/issues/2019
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _files(address: Address, reading: Reading, *, asynchronous: bool = False) -> Any:
    if find_spec("fsspec") is None or find_spec("aiohttp") is None:
        raise BadQuery("Reading addresses needs fsspec and aiohttp: pip install 'jupyter-cxg[remote]'.")
    if address.parts.scheme.lower() in WEB:
        from .web import Web

        return Web(address, reading.private, asynchronous=asynchronous)
    from .bucket import Bucket

    return Bucket(address, asynchronous=asynchronous)


@contextmanager
def _asking(address: Address, reading: Reading) -> Iterator[Any]:
    files = _files(address, reading)
    try:
        yield files
    finally:
        files.end()


def _run(files: Any, coroutine: Any) -> Any:
    return asyncio.run_coroutine_threadsafe(coroutine, files.loop).result()


def _about(files: Any, address: Address) -> Any:
    """What the server says, if the file may be one of ours."""
    try:
        about = _run(files, files.about())
    except FileNotFoundError:
        raise NotFound(f"There is no {address.shown}: its server says so (404).") from None
    if about.size == 0:
        raise Unpublishable(f"{address.name} is empty at {address.host}: it was not uploaded whole.")
    if about.first != _SIGNATURE:
        if about.first.lstrip()[:1] == b"<":
            raise Unpublishable(
                f"{address.shown} is a web page, and not a file: use the address of the download itself."
            )
        raise Unpublishable(
            f"{address.name} at {address.host} is not an HDF5 file; the name of a Zarr store ends in .zarr."
        )
    return about


# ── what comes as a whole ──


@contextmanager
def _downloaded(files: Any, address: Address, about: Any, tell: Tell, folder: Path | None) -> Iterator[Any]:
    """A copy that has no name in any folder: when this process ends, however it does, nothing is left."""
    place = folder or Path(tempfile.gettempdir())
    most = min(MOST_DOWNLOADED, shutil.disk_usage(place).free // 2)
    if about.size is not None and about.size > most:
        raise TooLarge(
            f"{address.host} gives {address.name} only as a whole, and {size_text(about.size)} are more than "
            f"the {size_text(most)} that may be downloaded: download it yourself, and name the file."
        )
    label = f"Downloading {address.name}, as its server gives no parts of it"

    def told(done: int) -> None:
        tell(Progress(label, done / about.size if about.size else 0.0))

    with tempfile.TemporaryFile(dir=place) as out:
        told(0)
        _run(files, files.fetch(out, most, told))
        out.flush()
        if about.size is not None and out.tell() != about.size:
            raise Unpublishable(f"{address.host} broke off while {address.name} was read: try again later.")
        yield out


# ── stores ──


def _metadata(files: Any, address: Address) -> tuple[Literal[2, 3], str, bytes]:
    """Version of the format, and the document that tells of all arrays."""
    found: list[str] = []
    documents: tuple[tuple[Literal[2, 3], str], ...] = ((3, "zarr.json"), (2, ".zmetadata"), (2, ".zgroup"))
    for version, document in documents:
        try:
            content = _run(files, files._cat_file(document))
        except FileNotFoundError:
            continue
        if version == 3 and b"consolidated_metadata" not in content:
            found.append(document)
            continue
        return version, document, content
    if found:
        raise Unpublishable(_not_consolidated(address))
    raise NotFound(
        f"There is no Zarr store {address.shown}: its server has no zarr.json or .zmetadata there."
    )


def _not_consolidated(address: Address) -> str:
    return (
        f"{address.name} at {address.host} does not list its arrays in one place: run "
        "zarr.consolidate_metadata on the store, and upload it again."
    )


@contextmanager
def _opened_store(address: Address, reading: Reading) -> Iterator[Opened]:
    with _asking(address, reading) as files:
        version, document, content = _metadata(files, address)
    if b'"pickle"' in content:
        raise Unpublishable(f"{address.name} holds pickled objects, which could run any code: write it anew.")
    if document == ".zgroup":
        raise Unpublishable(_not_consolidated(address))
    files = _files(address, reading, asynchronous=True)
    store = _Kept(FsspecStore(files, read_only=True, path=""))
    try:
        try:
            group = zarr.open_group(store, mode="r", zarr_format=version, use_consolidated=True)
        except (ValueError, FileNotFoundError, KeyError) as error:
            store.check()
            raise Unpublishable(
                f"{address.name} at {address.host} is no Zarr group that can be read."
            ) from error
        yield Opened(group, lambda: store.failed)
    finally:
        files.end()


class _Kept(WrapperStore[Any]):
    """A store that keeps the last chunks: blocks of a matrix end where they like."""

    def __init__(self, store: Any) -> None:
        super().__init__(store)
        self._chunks: OrderedDict[str, Any] = OrderedDict()
        self._bytes = 0
        self.failed: BaseException | None = None

    def check(self) -> None:
        """Raise what did not come."""
        if self.failed:
            raise self.failed

    async def get(self, key: str, prototype: Any, byte_range: Any = None) -> Any:
        """A chunk, or a part of one."""
        if byte_range is None and key in self._chunks:
            self._chunks.move_to_end(key)
            return prototype.buffer.from_bytes(self._chunks[key])
        try:
            found = await self._store.get(key, prototype, byte_range)
        except Exception as error:
            self.failed = self.failed or error
            raise
        if found is not None and byte_range is None and len(found) <= _KEPT // 4:
            self._chunks[key] = found.to_bytes()
            self._bytes += len(found)
            while self._bytes > _KEPT:
                self._bytes -= len(self._chunks.popitem(last=False)[1])
        return found
