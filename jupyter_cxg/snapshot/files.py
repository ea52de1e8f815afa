"""A file or .zarr store as an AnnData whose matrices stay on the disk, layers and raw included.

What kind of file it is, its content says: AnnData, MuData (`modalities`), 10x (`tenx`), or `loom`.

`sources.open_path` is what a kernel wants: an ordinary, backed AnnData. Here nothing but reading will be
done with it, so that no more than a block of a matrix need ever be in memory.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import h5py
import numcodecs
import zarr
from numcodecs.abc import Codec

from ..errors import CxgError, NotFound, TooLarge, Unpublishable
from ..model import LeftOut
from .address import Address
from .guard import check_memory, weigh
from .loom import is_loom, read_loom
from .manifest import Progress
from .modalities import is_mudata, joint_embeddings, modality
from .reading import AS_IT_IS, Reading
from .sources import build, open_path, read_item
from .tenx import is_tenx, read_tenx

_SPARSE = ("csr_matrix", "csc_matrix")
_DAMAGE = ("synchronously", "visitation failed")  # how HDF5 begins to speak of what it cannot make out


def _nothing() -> None:
    """Check what needs no check."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An AnnData in a file, and what of it could not be read; ``matrices`` as `plan.plan` takes them.

    ``check`` raises what did not come of a file that is elsewhere, to be called when all was read;
    ``meanwhile`` is a context to read it in.
    """

    adata: Any  # AnnData, which only sources.py and writer.py know
    left_out: tuple[LeftOut, ...]
    matrices: Mapping[str, Any] = field(default_factory=dict)
    check: Callable[[], None] = _nothing
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext


@contextmanager
def open_file(
    path: Path | Address,
    name: str,
    reading: Reading = AS_IT_IS,
    *,
    tell: Callable[[Progress], None] = lambda now: None,
    folder: Path | None = None,
) -> Iterator[OpenFile]:
    """The AnnData in a file, for as long as the block lasts.

    Parameters
    ----------
    name
        What its user calls it.
    tell, folder
        As `remote.open_address` takes them.

    Raises
    ------
    NotFound
        There is no such file.
    Unpublishable
        It is none of ours, damaged, not to be read, or being written.
    TooLarge
        It needs more memory than it may have.
    """
    check: Callable[[], None] = _nothing
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext
    with ExitStack() as stack, ExitStack() as opening:
        try:
            if isinstance(path, Address):
                from .remote import no_collection, open_address  # with the libraries that it takes

                meanwhile = no_collection
                opening.enter_context(meanwhile())
                there = stack.enter_context(open_address(path, reading, tell, folder=folder))
                group, check = there.group, there.check
                if isinstance(group, h5py.Group):
                    _check_links(group, name)
            else:
                group = stack.enter_context(_hdf5(path, name)) if _is_file(path, name) else _zarr(path, name)
            datasets = weigh(group, name)
            if reading.memory is not None:
                check_memory(datasets, reading.memory, name)
            opened = replace(_read(group, path, name, reading), check=check, meanwhile=meanwhile)
            check()
            for axis in ("obs", "var"):
                _set_names(opened.adata, axis, getattr(reading, f"{axis}_names"), name)
        except CxgError:
            raise
        except Exception as error:  # whatever the libraries say to a damaged file
            check()  # or to one that does not come
            raise explained(name, error) from error
        opening.close()
        yield opened


def keep_open(path: Path | Address, name: str, reading: Reading, folder: Path) -> OpenFile:
    """The AnnData in a file, for as long as anybody has it; for a kernel.

    Raises
    ------
    CxgError
        As `open_file`.
    """
    stack = ExitStack()
    known = numcodecs.registry.codec_registry.get(_NoPickle.codec_id)
    forbid_pickles()  # arrays have their codecs from when they are opened, so it is enough to do so now
    try:
        opened = stack.enter_context(open_file(path, name, reading, folder=folder))
    finally:
        if known is not None:
            numcodecs.register_codec(known)
    opened.adata.__dict__["_cxg_file"] = stack  # closed with the last one who has the AnnData
    return opened


def _is_file(path: Path, name: str) -> bool:
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise Unpublishable(f"{name} is neither a file nor a folder.")  # a pipe would be waited for
    return stat.S_ISREG(mode)


def _set_names(adata: Any, axis: str, column: str, name: str) -> None:
    """Take the names of an axis from one of its columns."""
    if not column:
        return
    frame = getattr(adata, axis)
    if column not in frame:
        raise NotFound(f"{name} has no {axis} column {column!r}: it has {', '.join(map(str, frame))}.")
    if not frame[column].is_unique:
        raise Unpublishable(f"The {axis} column {column!r} of {name} has values that occur more than once.")
    setattr(adata, f"{axis}_names", frame[column].astype(str).to_numpy())


class _NoPickle(Codec):  # type: ignore[misc]  # numcodecs ships no types
    """In the place of numcodecs' Pickle, by which an array of a store runs whatever it likes when read."""

    codec_id = "pickle"

    def __init__(self, **_: Any) -> None:
        """Take any configuration."""

    def encode(self, buf: Any) -> Any:
        """Refuse."""
        raise ValueError("pickled objects are not written")

    def decode(self, buf: Any, out: Any = None) -> Any:
        """Refuse."""
        raise ValueError("it holds pickled objects, which could run any code")


def forbid_pickles() -> None:
    """Let no array of this process be unpickled; for a process that reads files of strangers."""
    numcodecs.register_codec(_NoPickle)


def _hdf5(path: Path, name: str) -> Any:
    if path.stat().st_size == 0:
        raise Unpublishable(f"{name} is empty: copy or download it again.")
    file = h5py.File(path, "r")
    try:
        _check_links(file, name)
    except BaseException:
        file.close()
        raise
    return file


def _zarr(path: Path, name: str) -> Any:
    for directory, folders, names in os.walk(path):
        for part in (*folders, *names):
            entry = Path(directory, part)
            if entry.is_symlink() and not entry.resolve().is_relative_to(path):
                raise Unpublishable(f"{name} has a link that leads out of it ({part}): copy the data itself.")
            if part in folders and entry.is_symlink():  # one could go around in circles
                raise Unpublishable(f"{name} has a link to a folder ({part}): copy the data itself.")
    try:
        return zarr.open_group(str(path), mode="r")
    except FileNotFoundError as error:
        raise Unpublishable(f"{name} is no Zarr store: it is a folder without a group in it.") from error


def _check_links(file: Any, name: str) -> None:
    """Refuse a file that would have us read other files, which is not for it to choose."""

    def visit(where: str, item: Any) -> str | None:
        foreign = isinstance(item, h5py.Dataset) and (item.external or item.is_virtual)
        return where if foreign else None

    def visit_link(where: str, link: Any) -> str | None:
        return where if isinstance(link, h5py.ExternalLink) else None

    found = file.visititems_links(visit_link) or file.visititems(visit)
    if found:
        raise Unpublishable(f"{name} keeps {found} in another file: copy the data into this one.")


def _read(group: Any, path: Path | Address, name: str, reading: Reading) -> OpenFile:
    if is_mudata(group):
        chosen = modality(group, reading.modality, name)
        opened = _read_anndata(chosen, path, name)
        joint = joint_embeddings(group, reading.modality, opened.adata.n_obs)
        for key, points in joint.items():
            opened.adata.obsm.setdefault(key, points)
        return opened
    if reading.modality:
        raise NotFound(f"{name} has no modalities: only .h5mu files have.")
    if "obs" not in group and isinstance(group, h5py.Group):
        if is_loom(group):
            parts, rows, left_out = read_loom(group, name)
            return OpenFile(build(parts), tuple(left_out), rows)
        if is_tenx(group):
            parts, matrix = read_tenx(group, name)
            return OpenFile(build(parts), (), {"X": matrix})
    return _read_anndata(group, path, name)


def _read_anndata(group: Any, path: Path | Address, name: str) -> OpenFile:
    missing = [part for part in ("obs", "var") if part not in group]
    if missing:
        raise Unpublishable(f"{name} is no AnnData: it has no {missing[0]}.")
    if isinstance(group["obs"], h5py.Dataset):  # written before anndata 0.7
        if isinstance(path, Address):
            raise Unpublishable(f"{name} was written before anndata 0.7: download it, and write it anew.")
        return OpenFile(open_path(path), ())
    left_out: list[LeftOut] = []
    parts: dict[str, Any] = {part: read_item(group[part]) for part in ("obs", "var")}
    for part in ("obsm", "varm", "obsp", "varp", "uns", "layers"):
        parts[part] = {} if part not in group else _members(group[part], part, left_out)
    parts["X"] = _lazy(group["X"]) if "X" in group else None
    if "raw" in group and _encoding(group["raw"]) != "null":
        raw = group["raw"]
        parts["raw"] = {
            "X": _lazy(raw["X"]),
            "var": read_item(raw["var"]),
            "varm": _members(raw["varm"], "raw.varm", left_out) if "varm" in raw else {},
        }
    return OpenFile(build(parts), tuple(left_out))


def _members(group: Any, where: str, left_out: list[LeftOut]) -> dict[str, Any]:
    """The members that can be read: one that is odd does not take the others along."""
    found = {}
    for name in group:
        try:
            item = group[name]
            found[name] = _lazy(item) if where == "layers" or _encoding(item) in _SPARSE else read_item(item)
        except Exception as error:  # noqa: BLE001 - as in open_file
            left_out.append(LeftOut(f"{where}[{name!r}]", f"cannot be read ({_first_line(error)})."))
    return found


def _lazy(item: Any) -> Any:
    """A matrix that is read when it is sliced."""
    return item if _encoding(item) in ("array", None) else read_item(item, lazily=True)


def _encoding(item: Any) -> str | None:
    found: str | None = item.attrs.get("encoding-type")
    return found


def explained(name: str, error: Exception) -> CxgError:
    """What the libraries say of a file, as a sentence with a remedy."""
    said = str(error)
    if isinstance(error, FileNotFoundError):
        return NotFound(f"There is no file {name}.")
    if isinstance(error, MemoryError) or "memory allocation failed" in said or "unable to allocate" in said:
        return TooLarge(
            f"{name} needs more memory than it may have: free some, or give more with jupyter cxg prepare "
            "--memory."
        )
    if isinstance(error, PermissionError):
        return Unpublishable(f"{name} may not be read by this server's user: change its permissions.")
    if getattr(error, "errno", None) in (errno.EAGAIN, errno.EWOULDBLOCK) or "unable to lock" in said:
        return Unpublishable(f"{name} is being written by another program: open it when that is done.")
    if "truncated file" in said:
        return Unpublishable(f"{name} is cut short, or still being copied: wait, or copy it again.")
    if "file signature not found" in said:
        return Unpublishable(f"{name} is not an HDF5 file, whatever its name says.")
    if isinstance(error, SystemError):  # what h5py's own locks say when HDF5 has lost its way
        return Unpublishable(f"{name} is damaged: copy or download it again.")
    if "too many links" in said:
        return Unpublishable(f"{name} has a link that leads back to itself: remove it.")
    if any(words in said for words in _DAMAGE) and "doesn't exist" not in said:
        return Unpublishable(f"{name} is damaged ({_first_line(error)}): copy or download it again.")
    return Unpublishable(f"{name} cannot be read as an AnnData: {_first_line(error)}.")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")[:200]
