"""cellxgene's FlatBuffers ``Matrix`` read: what clients send, and so anything that somebody may send.

Every offset and length is checked against the bytes there are, nothing is read twice, and what is
deflated grows to a given size and no further. Formats: `flatbuffer`.
"""

import json
import struct
import zlib
from typing import Any

import numpy as np

from ..errors import BadQuery, TooLarge
from ..model import Array, Columns
from .flatbuffer import FLOAT32, FLOAT64, INT32, JSON, UINT32

MAX_COLUMNS = 1000

_DTYPES = {FLOAT32: "<f4", INT32: "<i4", UINT32: "<u4", FLOAT64: "<f8"}


def inflate(body: bytes, most: int) -> bytes:
    """What is inside of a zlib stream (RFC 1950).

    Raises
    ------
    BadQuery
        It is none, or not all of one, or something follows.
    TooLarge
        There is more inside than ``most`` bytes.
    """
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(body, most + 1)
    except zlib.error as error:
        raise BadQuery("The body is not deflated by zlib.") from error
    if len(found) > most:
        raise TooLarge(f"The body has more than {most} bytes once it is inflated.")
    if not stream.eof or stream.unused_data:
        raise BadQuery("The body is not one whole zlib stream.")
    return found


def decode(body: bytes) -> Columns:
    """A Matrix with text names: numbers as arrays, JSON as arrays of objects.

    Raises
    ------
    BadQuery
        It is no such thing.
    """
    try:
        return _Reader(body).matrix()
    except (struct.error, ValueError, RecursionError) as error:
        raise BadQuery("The body is no Matrix as cellxgene's clients send it.") from error


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        # Vectors may overlap in a FlatBuffer, and a small body say a lot; what an encoder writes does not.
        self._unread = len(body)

    def matrix(self) -> Columns:
        root = self._u32(0)
        n_rows, n_cols = self._field_u32(root, 0), self._field_u32(root, 1)
        vector = self._follow(root, 2)
        count = 0 if vector is None else self._u32(vector)
        if count != n_cols or count > MAX_COLUMNS:
            raise BadQuery(f"The matrix must have as many columns as it says, and at most {MAX_COLUMNS}.")
        if vector is None or not count:
            return Columns(n_rows, (), ())
        names = self._names(root, count)
        places = [vector + 4 + 4 * i for i in range(count)]
        values = tuple(self._column(place + self._u32(place), n_rows) for place in places)
        return Columns(n_rows, names, values, names)

    def _names(self, root: int, count: int) -> tuple[str, ...]:
        found = self._typed_array(root, 3, 4)
        if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
            raise BadQuery("The names of the columns must be a JSON array of texts.")
        if len(found) != count:
            raise BadQuery("There must be one name for each column.")
        return tuple(found)

    def _column(self, table: int, n_rows: int) -> Array:
        found = self._typed_array(table, 0, 1)
        if len(found) != n_rows:
            raise BadQuery(f"A column has {len(found)} values where the matrix has {n_rows} rows.")
        if isinstance(found, list):
            objects: Array = np.empty(len(found), object)
            objects[:] = found
            return objects
        return found

    def _typed_array(self, table: int, kind_field: int, offset_field: int) -> Array | list[Any]:
        kind = self._field_u8(table, kind_field)
        inner = self._follow(table, offset_field)
        vector = None if inner is None else self._follow(inner, 0)
        if vector is None:
            raise ValueError
        count, start = self._u32(vector), vector + 4
        if kind == JSON:
            found = json.loads(self._take(start, count), parse_constant=_refuse)
            if not isinstance(found, list) or any(isinstance(value, (list, dict)) for value in found):
                raise BadQuery("A column must be a JSON array of texts, numbers and nulls.")
            return found
        dtype = np.dtype(_DTYPES.get(kind, "V0"))
        if not dtype.itemsize:
            raise ValueError
        numbers: Array = np.frombuffer(self._take(start, count * dtype.itemsize), dtype)
        return numbers

    def _take(self, start: int, length: int) -> bytes:
        if start + length > len(self._body) or length > self._unread:
            raise ValueError
        self._unread -= length
        return self._body[start : start + length]

    def _slot(self, table: int, field: int) -> int:
        """Where a field lies; 0 when it is absent."""
        if table < 0:
            raise ValueError
        vtable = table - struct.unpack_from("<i", self._body, table)[0]
        if vtable < 0:
            raise ValueError
        (size,) = struct.unpack_from("<H", self._body, vtable)
        where = 4 + 2 * field
        if where + 2 > size:
            return 0
        (offset,) = struct.unpack_from("<H", self._body, vtable + where)
        return table + int(offset) if offset else 0

    def _field_u32(self, table: int, field: int) -> int:
        slot = self._slot(table, field)
        return self._u32(slot) if slot else 0

    def _field_u8(self, table: int, field: int) -> int:
        slot = self._slot(table, field)
        return int(struct.unpack_from("<B", self._body, slot)[0]) if slot else 0

    def _follow(self, table: int, field: int) -> int | None:
        slot = self._slot(table, field)
        return slot + self._u32(slot) if slot else None

    def _u32(self, where: int) -> int:
        return int(struct.unpack_from("<I", self._body, where)[0])


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
