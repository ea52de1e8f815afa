"""The files of a turned matrix: while they are written, and once they are whole."""

import json
import math
import os
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from ..model import Array, Dense, Matrix, Sparse
from ..snapshot.private import open_file, swap_in

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_STEPS = "steps.json"


def is_by_gene(matrix: Matrix) -> bool:
    """Whether the values of a gene lie together, not those of a cell."""
    if isinstance(matrix, Dense):
        return bool(matrix.data.flags.f_contiguous and not matrix.data.flags.c_contiguous)
    return matrix.layout == "csc"


def open_turned(directory: Path, matrix: Matrix) -> Matrix:
    """The other orientation of ``matrix``, which lies in ``directory``, as read-only memory maps."""

    def read(name: str) -> Array:
        array: Array = np.load(directory / f"{name}.npy", mmap_mode="r")
        return array

    if isinstance(matrix, Dense):
        return Dense(read("data"))
    layout: Literal["csr", "csc"] = "csr" if is_by_gene(matrix) else "csc"
    return Sparse(matrix.shape, layout, read("data"), read("indices"), read("indptr"))


class ArrayFile:
    """A .npy file that is written and read back in any order.

    Parameters
    ----------
    shape
        Of the array that it will be.
    by_gene
        Whether a matrix is in column-major order.
    spare
        How many values more there are room for meanwhile.

    Raises
    ------
    OSError
        It cannot be made.
    """

    def __init__(
        self, path: Path, dtype: "np.dtype[Any]", shape: tuple[int, ...], *, by_gene: bool, spare: int
    ) -> None:
        head = BytesIO()
        about = {"descr": dtype.str, "fortran_order": by_gene and len(shape) > 1, "shape": shape}
        np.lib.format.write_array_header_1_0(head, about)
        self._start, self._itemsize = len(head.getvalue()), dtype.itemsize
        self._length = self._start + math.prod(shape) * dtype.itemsize
        is_new = not path.exists()
        if is_new:
            os.close(open_file(path))  # private from the beginning
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        if is_new:
            # Room is not reserved: ext4 writes to reserved room 1.3 times slower, and a write for which
            # there is none fails by itself.
            os.ftruncate(self._file, self._length + spare * dtype.itemsize)
            self._put(head.getvalue(), 0)

    def write(self, values: Array, position: int) -> None:
        """Put contiguous values where the array has its values from ``position`` on."""
        self._put(values.view(np.uint8).data, self._start + position * self._itemsize)

    def read(self, out: Array, position: int) -> None:
        """Fill ``out`` with the values from ``position`` on.

        Raises
        ------
        OSError
            The file is shorter.
        """
        rest, place = out.view(np.uint8).data, self._start + position * self._itemsize
        while rest:
            n = os.preadv(self._file, [rest], place)
            if not n:
                raise OSError("an unfinished index was cut short")
            rest, place = rest[n:], place + n

    def _put(self, content: Any, place: int) -> None:
        # not through a memory map: a full disk would end the process by a signal
        rest = memoryview(content)
        while rest:  # a write may be cut short
            n = os.pwrite(self._file, rest, place)
            rest, place = rest[n:], place + n

    def finish(self) -> None:
        """Give the spare room back."""
        os.ftruncate(self._file, self._length)

    def close(self) -> None:
        """Take no more."""
        os.close(self._file)


@dataclass(frozen=True, slots=True)
class Steps:
    """How far it is.

    Attributes
    ----------
    about
        Names the matrix, the form of the work, and the boot of the machine: what a process wrote survives
        that this is killed, but not a power cut.
    sorted, merged
        Before which block and bucket all are done.
    """

    about: str
    sorted: int = 0
    merged: int = 0

    @classmethod
    def load(cls, directory: Path, about: str) -> Self | None:
        """As `save` wrote them; None when there are none, or about something else."""
        try:
            found = cls(**json.loads((directory / _STEPS).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        return found if about and found.about == about else None

    def save(self, directory: Path) -> None:
        """Replace the earlier ones in one step."""
        swap_in(directory / _STEPS, json.dumps(asdict(self)).encode())


def this_boot() -> str:
    """The same until the machine starts anew; empty where the system does not say."""
    try:
        return _BOOT.read_text().strip()
    except OSError:  # not Linux
        return ""
