"""Moments of categories on the disk beside a snapshot, mapped when they are asked for."""

import os
from pathlib import Path
from urllib.parse import quote

import numpy as np

from ..compute.moments import Moments
from ..model import Array
from ..snapshot.private import make_directory, reserve

PARTS = 3
"""Mean, squares, nonzero: one behind the other, (3, n_groups, n_vars) of 8 bytes; the last are int64."""


def load(directory: Path, layer: str, name: str, n: Array, n_vars: int) -> Moments | None:
    """What `store` wrote; None if there is nothing, or nothing of this shape.

    Parameters
    ----------
    name
        Says which cells are in which group.
    n
        (n_groups,): cells per group.
    """
    try:
        found = np.load(_path(directory, layer, name), mmap_mode="r")
    except (OSError, ValueError):  # ValueError: cut off by a full disk
        return None
    if found.shape != (PARTS, len(n), n_vars):
        return None
    mean, squares, nonzero = np.asarray(found)
    return Moments(n, mean, squares, nonzero.view(np.int64))


def store(directory: Path, layer: str, name: str, moments: Moments) -> None:
    """Write them aside and rename them into place.

    Raises
    ------
    OSError
        There is no room, or the snapshot was removed.
    """
    path = _path(directory, layer, name)
    if not directory.is_dir():
        make_directory(directory)
    aside = path.with_suffix(f".{os.getpid()}.part")
    try:
        shape = (PARTS, *moments.mean.shape)
        with aside.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            np.lib.format.write_array_header_1_0(
                file, {"descr": "<f8", "fortran_order": False, "shape": shape}
            )
            reserve(file.fileno(), file.tell() + 8 * int(np.prod(shape)))
            for part, kind in ((moments.mean, "<f8"), (moments.squares, "<f8"), (moments.nonzero, "<i8")):
                file.write(np.ascontiguousarray(part, kind).data)
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)


def is_stored(directory: Path, layer: str, name: str) -> bool:
    """Whether `store` was here."""
    return _path(directory, layer, name).exists()


def _path(directory: Path, layer: str, name: str) -> Path:
    return directory / f"{quote(layer, safe='')}.{name}.moments.npy"
