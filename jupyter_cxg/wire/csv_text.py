"""What all our CSV files share: how bytes become rows, and how a row is written.

Values are written as they are, also those that a spreadsheet would take for a formula: a file must give
back what was saved. See docs/annotations.md.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from ..errors import BadQuery

DELIMITERS = ",;\t"
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_NEEDS_QUOTES = re.compile('[,"#\r\n]|^\\s|\\s$')


def text_of(body: bytes) -> str:
    """The text of a file: UTF-8, or what its byte order mark says.

    Raises
    ------
    BadQuery
        It is no text.
    """
    encoding = next((name for mark, name in _MARKS.items() if body.startswith(mark)), "utf-8")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadQuery("This is no CSV file: it is not text in UTF-8.") from error


def without_comments(text: str) -> str:
    """The text from the first line on that does not begin with ``#``."""
    at = 0
    while text.startswith("#", at):
        end = text.find("\n", at)
        at = len(text) if end < 0 else end + 1
    return text[at:]


def rows_of(text: str, *, comments: bool = False) -> Iterator[list[str]]:
    """The rows behind the comments, empty ones left out; the first says what separates the values.

    Parameters
    ----------
    comments
        Whether lines that begin with ``#`` are comments everywhere, and not only before the first row.

    Raises
    ------
    BadQuery
        It is no CSV file.
    """
    text = without_comments(text.removeprefix("\ufeff"))
    delimiter = max(DELIMITERS, key=lambda char: len(next(_rows(text, char, comments), [])))
    return _rows(text, delimiter, comments)  # where it is a draw, the first has won


def row(values: Sequence[str]) -> str:
    """A row, without its end; what has a ``#`` is quoted, or cellxgene would read a comment there."""
    return ",".join(map(quoted, values))


def quoted(value: str) -> str:
    """A value as it stands in a row."""
    return '"' + value.replace('"', '""') + '"' if _NEEDS_QUOTES.search(value) else value


def _rows(text: str, delimiter: str, comments: bool) -> Iterator[list[str]]:
    fresh = True  # what begins within quotes is no comment

    def lines() -> Iterator[str]:
        nonlocal fresh
        for line in io.StringIO(text, newline=""):
            if not (comments and fresh and line.startswith("#")):
                fresh = False
                yield line

    try:
        for values in csv.reader(lines(), delimiter=delimiter):
            fresh = True
            if values:
                yield values
    except csv.Error as error:
        raise BadQuery(f"This is no CSV file: {error}.") from error
