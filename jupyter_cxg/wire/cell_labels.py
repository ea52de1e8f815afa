"""cellxgene's CSV files of annotations: one line per cell, one column per annotation.

Unlike cellxgene, which takes ``#`` for a comment anywhere and so loses what follows it in a label, these are
read with comments before the header only.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import dropwhile

import numpy as np

from ..errors import BadQuery
from ..model import Array, Categorical, Values


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
    out = io.StringIO()
    for comment in comments:
        out.write(f"# {' '.join(comment.split())}\n")
    plain = csv.writer(out, lineterminator="\n")
    quoted = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    texts = [_texts(values) for values in columns.values()]
    for row in [("index", *columns), *zip(names, *texts, strict=True)]:
        # the writer leaves a lone \r bare, which the reader takes for the end of the line
        (quoted if any("\r" in text for text in row) else plain).writerow(row)
    return out.getvalue()


def from_csv(text: str, names: Sequence[str]) -> dict[str, Categorical]:
    """The annotations in a file, for these cells; those that it does not have get none.

    Raises
    ------
    BadQuery
        It is no such file, or names a cell or column twice.
    """
    lines = dropwhile(lambda line: line.startswith("#"), io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        rows = [row for row in csv.reader(lines) if row]
    except csv.Error as error:
        raise BadQuery(f"This is no CSV file: {error}.") from error
    if not rows:
        return {}
    (_, *header), *body = rows
    place = {name: position for position, name in enumerate(names)}
    if len(set(header)) < len(header) or len({row[0] for row in body}) < len(body):
        raise BadQuery("A column or a cell is in the file twice.")
    if any(len(row) != len(header) + 1 for row in body):
        raise BadQuery("The lines of the file have not all the same number of values.")
    there = [row for row in body if row[0] in place]
    positions = np.array([place[row[0]] for row in there], np.int64)
    return {
        name: _categorical([row[i] for row in there], positions, len(names))
        for i, name in enumerate(header, start=1)
    }


def _texts(values: Values) -> list[str]:
    if isinstance(values, Categorical):
        categories = [*map(str, values.categories.tolist()), ""]  # the code -1 finds the last
        return [categories[code] for code in values.codes.tolist()]
    return [str(value) for value in values.tolist()]


def _categorical(texts: list[str], positions: Array, n: int) -> Categorical:
    categories = sorted(set(texts))
    code = {category: i for i, category in enumerate(categories)}
    codes = np.full(n, -1, np.int32)
    codes[positions] = [code[text] for text in texts]
    found = np.empty(len(categories), object)
    found[:] = categories
    return Categorical(codes, found)
