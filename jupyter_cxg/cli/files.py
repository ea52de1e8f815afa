"""The files that a command is about."""

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import BadQuery, NotFound, Unpublishable
from ..server.preparing import File
from ..snapshot.address import address_of, is_address
from ..snapshot.identity import snapshot_id
from ..snapshot.manifest import Manifest
from ..snapshot.reading import AS_IT_IS, ENDINGS, KINDS, Reading
from .elsewhere import ids_of

MOST = 1000


def the_files(arguments: Sequence[str], reading: Reading = AS_IT_IS, *, usage: str) -> tuple[File, ...]:
    """The files that are named, and those in folders that are.

    Parameters
    ----------
    usage
        How the command is to be called.

    Raises
    ------
    BadQuery, NotFound
        There is none, or one is of another kind.
    CxgError
        One is elsewhere, and cannot be asked for.
    """
    if not arguments:
        raise BadQuery(f"Say which file: {usage}.")
    found: dict[str, File] = {}
    elsewhere = [address_of(text) for text in arguments if is_address(text)]
    ids = iter(ids_of(elsewhere, reading))
    addresses = iter(elsewhere)
    for text in arguments:
        if is_address(text):
            address = next(addresses)
            file = File(next(ids), address, address.shown, reading)
            found.setdefault(file.id, file)
            continue
        for path, shown in _paths(text):
            file = File(snapshot_id(path, reading), path.resolve(), shown, reading)
            found.setdefault(file.id, file)
    if len(found) > MOST:
        raise BadQuery(f"These are {len(found)} files, and {MOST} are the most: name a folder with fewer.")
    return tuple(found.values())


class Broken(Unpublishable):
    """A matrix of a file cannot be shown; all else can."""


def check_whole(file: File, manifest: Manifest) -> None:
    """Say what of a file is broken, though there is a snapshot of the rest.

    Raises
    ------
    Broken
        X is, or raw.
    """
    if manifest.broken:
        found = " ".join(f"{item.where} {item.reason}" for item in manifest.broken)
        raise Broken(f"{file.label}: {found} All else is shown.")


def _paths(text: str) -> Iterator[tuple[Path, str]]:
    """Each file, and how it is shown."""
    path = Path(text)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        circle = "Too many levels" in str(error)
        raise NotFound(
            f"{path} is a link that leads back to itself." if circle else f"There is no file {path}."
        ) from None
    if stat.S_ISDIR(mode) and path.suffix != ".zarr":
        inside = sorted(_below(path.resolve()))
        if not inside:
            raise BadQuery(f"{path} is a folder without any of ours: {KINDS}.")
        yield from ((file, str(file.relative_to(path.resolve()))) for file in inside)
        return
    if path.suffix not in ENDINGS:
        raise BadQuery(f"{path} is of another kind: {KINDS} can be read.")
    if path.suffix == ".zarr" and not stat.S_ISDIR(mode):
        raise BadQuery(f"{path} is a file, and a .zarr store is a folder: unpack it first.")
    if path.suffix != ".zarr" and not stat.S_ISREG(mode):
        raise BadQuery(f"{path} is not a file.")
    yield path, text


def _below(folder: Path) -> Iterator[Path]:
    """Files of ours, in folders of folders too; links to folders are not followed, nor are hidden ones."""
    for entry in folder.iterdir():
        if entry.name.startswith("."):
            continue
        if entry.suffix == ".zarr" and entry.is_dir():
            yield entry
        elif entry.is_dir() and not entry.is_symlink():
            yield from _below(entry)
        elif entry.suffix in ENDINGS and entry.suffix != ".zarr" and entry.is_file():
            yield entry
