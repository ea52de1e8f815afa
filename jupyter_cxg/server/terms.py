"""The terms that names of labels are completed from, such as those of the Cell Ontology."""

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TypedDict

from ..errors import BadQuery, NotFound

MAX_BYTES = 64_000_000
MAX_TERMS = 100_000
_SYNONYM = re.compile(r'synonym:\s*"((?:[^"\\]|\\.)*)"')


class TermDocument(TypedDict):
    """A term; ``id`` is empty where the file has none."""

    id: str
    name: str
    synonyms: list[str]


class TermsDocument(TypedDict):
    """All terms, in the order of the file."""

    terms: list[TermDocument]


@dataclass(frozen=True, slots=True)
class Terms:
    """The file, which is read at the first question, and again when it has changed.

    Attributes
    ----------
    path
        ``""``: there are none.
    """

    path: str = ""
    _kept: dict[tuple[int, int], TermsDocument] = field(default_factory=dict, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def document(self) -> TermsDocument:
        """All of them.

        Raises
        ------
        NotFound
            The file is not there, or cannot be read.
        BadQuery
            It is no list of terms.
        """
        if not self.path:
            return {"terms": []}
        place = Path(self.path).expanduser()
        with self._lock:
            try:
                found = place.stat()
                stamp = (found.st_mtime_ns, found.st_size)
                if stamp not in self._kept:
                    self._kept.clear()
                    self._kept[stamp] = {"terms": read_terms(_text(place))}
            except OSError as error:
                why = os.strerror(error.errno) if error.errno else "it cannot be read"
                raise NotFound(f"The file of terms {place.name!r} (Cxg.terms_file): {why}.") from error
            return self._kept[stamp]


NO_TERMS = Terms()


def read_terms(text: str) -> list[TermDocument]:
    """Terms of an OBO file, of a table with a column ``name`` or ``label``, or one name per line.

    A table is divided by commas or tabs; columns ``id`` and ``synonyms`` (divided by ``|``) are read too.
    Obsolete terms of an OBO file are passed over, and so is a name that came before.
    """
    read = _of_obo if re.search(r"^\[Term\]\s*$", text, flags=re.M) else _of_lines
    found: dict[str, TermDocument] = {}
    for term in read(text):
        if term["name"]:
            found.setdefault(term["name"], term)
        if len(found) > MAX_TERMS:
            raise BadQuery(f"The file of terms has more than {MAX_TERMS} (Cxg.terms_file).")
    return [*found.values()]


def _text(place: Path) -> str:
    content = place.read_bytes() if place.stat().st_size <= MAX_BYTES else None
    if content is None:
        raise BadQuery(f"The file of terms has more than {MAX_BYTES} bytes (Cxg.terms_file).")
    return content.decode("utf-8-sig", "replace")


def _of_obo(text: str) -> Iterator[TermDocument]:
    for stanza in re.split(r"^\[", text, flags=re.M)[1:]:
        kind, _, rest = stanza.partition("]")
        lines = [line.strip() for line in rest.splitlines()]
        if kind != "Term" or "is_obsolete: true" in lines:
            continue
        said = dict(line.partition(": ")[::2] for line in reversed(lines))  # the first one of each counts
        synonyms = [found[1].replace('\\"', '"') for line in lines if (found := _SYNONYM.match(line))]
        yield {"id": said.get("id", ""), "name": said.get("name", "").strip(), "synonyms": synonyms}


def _of_lines(text: str) -> Iterator[TermDocument]:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return
    rows = csv.reader(lines, delimiter="\t" if "\t" in lines[0] else ",")
    head = [name.strip().lower() for name in next(rows)]
    at = next((head.index(name) for name in ("name", "label", "term") if name in head), None)
    if at is None:
        for line in lines:
            yield {"id": "", "name": line.strip(), "synonyms": []}
        return
    for row in rows:
        said = dict(zip(head, row, strict=False))
        names = [text.strip() for text in said.get("synonyms", "").split("|") if text.strip()]
        yield {"id": said.get("id", "").strip(), "name": said.get(head[at], "").strip(), "synonyms": names}
