"""Gene sets as cellxgene writes them: JSON of its API, and its CSV files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypedDict

from ..errors import BadQuery
from ..model import Gene, GeneSet
from . import csv_text

HEADER = ("gene_set_name", "gene_set_description", "gene_symbol", "gene_description")
MAX_SETS = 10_000


class GeneDocument(TypedDict):
    """A gene in a set."""

    gene_symbol: str
    gene_description: str


class GeneSetDocument(TypedDict):
    """A gene set."""

    geneset_name: str
    geneset_description: str
    genes: list[GeneDocument]


class GeneSetsDocument(TypedDict):
    """Gene sets, and the number of their last save."""

    genesets: list[GeneSetDocument]
    tid: int


def to_document(sets: Iterable[GeneSet], tid: int) -> GeneSetsDocument:
    """The answer to ``GET genesets``."""
    documents: list[GeneSetDocument] = [
        {
            "geneset_name": item.name,
            "geneset_description": item.description,
            "genes": [{"gene_symbol": g.symbol, "gene_description": g.description} for g in item.genes],
        }
        for item in sets
    ]
    return {"genesets": documents, "tid": tid}


def from_document(document: Any, known: Callable[[str], bool]) -> tuple[GeneSet, ...]:
    """The ``genesets`` of a PUT.

    Parameters
    ----------
    known
        Whether the dataset has such a gene; others are left out, as cellxgene does, and so are repetitions.

    Raises
    ------
    BadQuery
        It is no list of gene sets, or two have one name.
    """
    if not isinstance(document, list) or len(document) > MAX_SETS:
        raise BadQuery(f"genesets must be a list, of at most {MAX_SETS} gene sets.")
    return _distinct([_set(item, known) for item in document])


def to_csv(sets: Iterable[GeneSet], comments: Sequence[str] = ()) -> str:
    """A file of gene sets.

    Parameters
    ----------
    comments
        Lines to begin with, without their ``#``.
    """
    head = [f"# {' '.join(comment.split())}\n" for comment in comments]
    rows: list[Sequence[str]] = [HEADER]
    for item in sets:
        genes = [(gene.symbol, gene.description) for gene in item.genes] or [("", "")]
        rows += [(item.name, item.description, *gene) for gene in genes]
    return "".join([*head, *(f"{csv_text.row(row)}\r\n" for row in rows)])  # as Python's dialect "excel"


def from_csv(text: str, known: Callable[[str], bool]) -> tuple[GeneSet, ...]:
    """A file of gene sets: rows of one set need not be adjacent; one without a gene is an empty set.

    Raises
    ------
    BadQuery
        It is no such file.
    """
    rows = _rows(text)
    if tuple(next(rows, ()))[:4] != HEADER:
        raise BadQuery(f"A file of gene sets begins with the line {','.join(HEADER)}.")
    said: dict[str, str] = {}
    genes: dict[str, list[Any]] = {}
    for row in rows:
        name, description, symbol, about = (*row, "", "", "", "")[:4]
        said[name] = said.get(name) or description
        genes.setdefault(name, [])
        if symbol:
            genes[name].append({"gene_symbol": symbol, "gene_description": about})
    documents = [
        {"geneset_name": name, "geneset_description": said[name], "genes": found}
        for name, found in genes.items()
    ]
    return from_document(documents, known)


def _rows(text: str) -> Iterator[list[str]]:
    return (row for row in csv_text.rows_of(text, comments=True) if any(row))


def _set(item: Any, known: Callable[[str], bool]) -> GeneSet:
    if not isinstance(item, dict) or not isinstance(item.get("genes"), list):
        raise BadQuery("A gene set has a geneset_name and a list of genes.")
    name, description = item.get("geneset_name"), item.get("geneset_description") or ""
    if not isinstance(name, str) or not _is_name(name):
        raise BadQuery("The name of a gene set is one line of text without spaces around it or two in a row.")
    found: dict[str, Gene] = {}
    for gene in item["genes"]:
        symbol = gene.get("gene_symbol") if isinstance(gene, dict) else None
        if not isinstance(symbol, str) or not symbol:
            raise BadQuery(f"A gene of the set {name!r} has no gene_symbol.")
        about = gene.get("gene_description") or ""
        if known(symbol):
            found.setdefault(symbol, Gene(symbol, _text(about)))
    return GeneSet(name, _text(description), tuple(found.values()))


def _distinct(sets: Sequence[GeneSet]) -> tuple[GeneSet, ...]:
    if len({item.name for item in sets}) < len(sets):
        raise BadQuery("Two gene sets have one name.")
    return tuple(sets)


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 1000 and name == name.strip() and "  " not in name and name.isprintable()


def _text(value: Any) -> str:
    """A description; databases know neither NUL nor half of a surrogate pair."""
    if not isinstance(value, str):
        raise BadQuery("A description must be a text.")
    return value.replace("\0", "").encode("utf-8", "replace").decode()
