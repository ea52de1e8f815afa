"""Columns and gene sets as the bytes that are stored, and back.

A column is a line of JSON (what it is, its categories) and behind it the codes, or the integers
themselves, little-endian; all of it compressed. Equal columns have equal bytes.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..model import Array, Categorical, Gene, Values

LEVEL = 3  # of zlib: codes shrink well, and more would take longer than the disk


def pack_values(values: Values) -> bytes:
    """A categorical column, or one of integers."""
    if isinstance(values, Categorical):
        codes = _smallest(values.codes)
        head = {
            "kind": "categorical",
            "dtype": codes.dtype.str,
            "of": values.categories.dtype.str if values.categories.dtype != object else "text",
            "categories": values.categories.tolist(),
            "ordered": values.ordered,
        }
    else:
        codes = np.asarray(values).astype(values.dtype.newbyteorder("<"))
        head = {"kind": "integers", "dtype": codes.dtype.str}
    line = json.dumps(head, sort_keys=True).encode()  # ASCII: what is no text in UTF-8 survives, too
    return zlib.compress(line + b"\n" + codes.tobytes(), LEVEL)


def unpack_values(packed: bytes) -> Values:
    """What `pack_values` was given; read-only."""
    line, _, rest = zlib.decompress(packed).partition(b"\n")
    head = json.loads(line)
    codes: Array = np.frombuffer(rest, np.dtype(head["dtype"]))
    if head["kind"] == "integers":
        return codes
    return Categorical(codes, _categories(head["categories"], head["of"]), head["ordered"])


def pack_genes(genes: Sequence[Gene]) -> bytes:
    """The genes of a set with their descriptions."""
    return zlib.compress(json.dumps([[gene.symbol, gene.description] for gene in genes]).encode(), LEVEL)


def unpack_genes(packed: bytes) -> tuple[Gene, ...]:
    """What `pack_genes` was given."""
    return tuple(Gene(symbol, description) for symbol, description in json.loads(zlib.decompress(packed)))


def name_of(packed: bytes) -> str:
    """The hash by which bytes are stored."""
    return hashlib.blake2b(packed, digest_size=20).hexdigest()


def _smallest(codes: Array) -> Array:
    """In as few bytes as the largest code needs; -1 is missing."""
    most = int(codes.max(initial=0))
    kind = next(kind for kind in ("<i1", "<i2", "<i4", "<i8") if most <= np.iinfo(kind).max)
    return codes.astype(kind)


def _categories(values: list[Any], kind: str) -> Array:
    if kind != "text":
        return np.array(values, np.dtype(kind))
    found: Array = np.empty(len(values), object)
    found[:] = values
    return found
