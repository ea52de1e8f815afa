"""Columns as CSV: for spreadsheets, R and people. Numbers have the fewest digits that give them back."""

from collections.abc import Iterator

from ..model import Array, Categorical, Columns, Values
from .csv_text import quoted, row
from .plain import PIECE

MEDIA_TYPE = "text/csv"
EMPTY = '""'


def encode(columns: Columns) -> bytes:
    """A line of names, then a line per row; what is missing, or NaN, is empty."""
    if not columns.values:
        return b""
    lines = [row([str(label) for label in columns.labels or columns.names])]
    for start in range(0, columns.n_rows, PIECE):
        lines += map(",".join, zip(*(_texts(v, start) for v in columns.values), strict=True))
    # an empty line would be no row
    return "".join(f"{line or EMPTY}\n" for line in lines).encode("utf-8", "replace")


def _texts(values: Values, start: int) -> Iterator[str]:
    part = slice(start, start + PIECE)
    if isinstance(values, Categorical):
        texts = [*_written(values.categories), ""]  # the code -1 finds the last
        return (texts[code] for code in values.codes[part].tolist())
    return _written(values[part])


def _written(values: Array) -> Iterator[str]:
    if values.dtype.kind == "O":
        return ("" if value is None else quoted(str(value)) for value in values.tolist())
    # NumPy writes float32 by its own digits; Python knows only those of float64
    return ("" if text == "nan" else text for text in values.astype(str).tolist())
