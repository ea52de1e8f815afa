"""Which files of the server may be opened: those that its file browser shows, and no others.

What is missing, hidden or elsewhere gets the same answer, so that nobody learns which it is.
"""

import stat
from pathlib import Path
from typing import Any
from unicodedata import category

from ..errors import BadQuery, NotFound
from ..snapshot.reading import ENDINGS, KINDS

MAX_PATH = 1024


def contents_root(manager: Any) -> Path:
    """The directory that a contents manager of Jupyter shows.

    Raises
    ------
    NotFound
        It shows none: its files are a database, or on another machine.
    """
    root = getattr(manager, "root_dir", None)
    if not root or not Path(root).is_dir():
        raise NotFound("This server's files are not on its own disk, so none can be opened from here.")
    return Path(root)


def find_file(root: Path, text: str) -> Path:
    """The real path of a file or store that may be opened; reads from the disk.

    Parameters
    ----------
    root
        Of the contents.
    text
        Relative to it, as in the file browser: components between slashes. It is taken as it is:
        a percent sign is one.

    Raises
    ------
    BadQuery
        It is no such path, whatever is on the disk.
    NotFound
        There is nothing there, or nothing to see.
    """
    _check_form(text)
    parts = text.split("/")
    if any(part.startswith(".") for part in parts):
        raise _nothing(text)
    try:
        base = root.resolve(strict=True)
        found = base.joinpath(*parts).resolve(strict=True)
        mode = found.stat().st_mode
        inside = found.relative_to(base)
    except (OSError, RuntimeError, ValueError):  # not there, a circle of links, or outside
        raise _nothing(text) from None
    if any(part.startswith(".") for part in inside.parts):
        raise _nothing(text)
    if text.endswith(".zarr") and not stat.S_ISDIR(mode):
        raise BadQuery(f"{parts[-1]} is a file, and a .zarr store is a folder: unpack it first.")
    if not text.endswith(".zarr") and not stat.S_ISREG(mode):
        raise BadQuery(f"{parts[-1]} is not a file.")
    return found


def _check_form(text: str) -> None:
    if not text:
        raise BadQuery("Say which file to open: cxg/open?path=folder/name.h5ad.")
    if len(text) > MAX_PATH or any(category(letter) in ("Cc", "Cs") for letter in text):
        raise BadQuery(f"A path has at most {MAX_PATH} letters, and no control characters.")
    if text.startswith("/") or "\\" in text:
        raise BadQuery("Paths are relative to the server's folder, with slashes: folder/name.h5ad.")
    if not {"", ".", ".."}.isdisjoint(text.split("/")):
        raise BadQuery("A path has a name between two slashes, neither nothing nor dots.")
    if not text.endswith(ENDINGS):
        raise BadQuery(f"Only {KINDS} can be opened, not {text.rpartition('/')[2]}.")


def _nothing(text: str) -> NotFound:
    return NotFound(f"There is no file {text} below this server's folder.")
