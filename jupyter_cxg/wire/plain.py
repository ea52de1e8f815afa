"""Columns and documents as JSON: for people, and for text inside of cellxgene's matrices."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..model import Array, Categorical, Columns, Values

MEDIA_TYPE = "application/json"

PIECE = 1 << 15
"""Rows per piece of text: the interpreter is held for some milliseconds at a time, not for a second."""


def encode(columns: Columns) -> bytes:
    """``{"n_rows": …, "names": […], "columns": [[…], …]}``; what is missing, NaN or infinite is null.

    Where something is said about the whole, it is in ``metadata``: texts by their names.
    """
    names = json_document(list(columns.labels or columns.names))
    bodies = b",".join(json_array(values) for values in columns.values)
    about = b',"metadata":%b' % json_document({**columns.metadata}) if columns.metadata else b""
    return b'{"n_rows":%d,"names":%b,"columns":[%b]%b}' % (columns.n_rows, names, bodies, about)


def json_document(value: Any) -> bytes:
    """JSON as UTF-8, without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
        "utf-8", "replace"
    )


def json_array(values: Values) -> bytes:
    """A column as a JSON array."""
    return b"[" + b",".join(piece for piece in _pieces(values) if piece) + b"]"


def _pieces(values: Values) -> Iterator[bytes]:
    for start in range(0, len(values), PIECE):
        if isinstance(values, Categorical):
            texts = [json_document(value) for value in _plain(values.categories)] + [b"null"]
            # the code -1 finds the null at the end
            yield b",".join([texts[code] for code in values.codes[start : start + PIECE].tolist()])
        else:
            yield json_document(_plain(values[start : start + PIECE]))[1:-1]


def _plain(values: Array) -> list[Any]:
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        if not finite.all():
            return [value if ok else None for value, ok in zip(values.tolist(), finite.tolist(), strict=True)]
    return list(values.tolist())
