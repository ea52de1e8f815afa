"""cellxgene's CSV files of annotations: one line per cell, one column per annotation.

Unlike cellxgene, which takes ``#`` for a comment anywhere and so loses what follows it in a label, these are
read with comments before the header only.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import BadQuery, TooLarge
from ..model import Array, Categorical, Values
from . import csv_text

MAX_COLUMNS = 1000
SHOWN = 5
"""How many names of unknown cells are told."""


@dataclass(frozen=True, slots=True, eq=False)
class CellLabels:
    """What a file says about the cells of a dataset.

    Attributes
    ----------
    columns
        Annotation → its values; cells that the file does not have get none.
    matched
        How many lines are about a cell of the dataset.
    unknown
        How many are not.
    unknown_names
        The first of those.
    """

    columns: Mapping[str, Categorical]
    matched: int
    unknown: int
    unknown_names: tuple[str, ...]


def to_csv(names: Sequence[str], columns: Mapping[str, Values], comments: Sequence[str] = ()) -> str:
    """A file of annotations.

    Parameters
    ----------
    names
        Of the cells.
    columns
        Annotation → values; what is missing is written as an empty text, as pandas does.
    comments
        Lines to begin with, without their ``#``.
    """
    head = [f"# {' '.join(comment.split())}" for comment in comments]
    texts = [_texts(values) for values in columns.values()]
    body = map(",".join, zip(map(csv_text.quoted, names), *texts, strict=True))
    return "\n".join([*head, csv_text.row(["index", *columns]), *body, ""])


def from_csv(text: str, names: Sequence[str]) -> dict[str, Categorical]:
    """The annotations in a file, for these cells; those that it does not have get none.

    Raises
    ------
    BadQuery
        It is no such file, or names a cell or column twice.
    """
    return dict(read(text, names).columns)


def read(text: str, names: Sequence[str], *, most: int | None = None) -> CellLabels:
    """As `from_csv`, with what did not fit.

    Parameters
    ----------
    most
        Bytes that the annotations may take in memory.

    Raises
    ------
    BadQuery
        It is no such file, or names a cell or column twice.
    TooLarge
        It has more annotations than that.
    """
    rows = csv_text.rows_of(text)
    _, *header = next(rows, [""])
    if len(set(header)) < len(header):
        raise BadQuery("A column is in the file twice.")
    if len(header) > MAX_COLUMNS or (most is not None and 4 * len(header) * len(names) > most):
        raise TooLarge(f"The file has {len(header)} annotations, which is too much for {len(names)} cells.")
    place = {name: position for position, name in enumerate(names)}
    seen = bytearray(len(names))
    unknown, unknown_names = 0, list[str]()
    positions, columns = array("q"), [_Column() for _ in header]
    for found in _checked(rows, len(header)):
        position = place.get(found[0])
        if position is None:  # of these, a file may have millions: they are counted
            unknown += 1
            unknown_names += found[:1] if unknown <= SHOWN else []
            continue
        if seen[position]:
            raise BadQuery(f"The cell {found[0][:80]!r} is in the file twice.")
        seen[position] = True
        positions.append(position)
        for column, label in zip(columns, found[1:], strict=True):
            column.add(label)
    where = np.frombuffer(positions, np.int64) if positions else np.empty(0, np.int64)
    return CellLabels(
        {name: c.spread(where, len(names)) for name, c in zip(header, columns, strict=True)},
        len(positions),
        unknown,
        tuple(unknown_names),
    )


class _Column:
    """Labels as they come, kept as numbers: a file may have millions."""

    def __init__(self) -> None:
        self._codes = array("i")
        self._code: dict[str, int] = {}

    def add(self, label: str) -> None:
        self._codes.append(self._code.setdefault(label, len(self._code)))

    def spread(self, where: Array, n: int) -> Categorical:
        categories = sorted(self._code)
        new = {self._code[label]: i for i, label in enumerate(categories)}
        order = np.array([new[old] for old in range(len(new))], np.int32)
        codes = np.full(n, -1, np.int32)
        if len(where):
            codes[where] = order[np.frombuffer(self._codes, np.int32)]
        found: Array = np.empty(len(categories), object)
        found[:] = categories
        return Categorical(codes, found)


def _checked(rows: Iterator[list[str]], n: int) -> Iterator[list[str]]:
    for found in rows:
        if len(found) != n + 1:
            raise BadQuery("The lines of the file have not all the same number of values.")
        yield found


def _texts(values: Values) -> list[str]:
    if isinstance(values, Categorical):
        categories = [*map(csv_text.quoted, map(str, values.categories.tolist())), ""]  # -1 finds the last
        return [categories[code] for code in values.codes.tolist()]
    return [str(value) for value in values.tolist()]
