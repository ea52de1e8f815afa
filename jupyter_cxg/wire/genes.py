"""Many genes, piece by piece: an Arrow IPC stream with one row per gene, or JSON for people."""

from collections.abc import Callable, Generator, Mapping
from importlib import import_module
from typing import Any, TypedDict

import numpy as np

from ..model import GeneStream, GeneValues
from .negotiate import ARROW, JSON
from .plain import json_array, json_document

Pieces = Generator[bytes, None, None]


class GeneDocument(TypedDict):
    """One gene of all cells that were asked for."""

    gene: str
    position: int
    values: list[float | None]


class GenesDocument(TypedDict):
    """Many genes as JSON: what is NaN or infinite is null."""

    n_rows: int
    unknown: list[str]
    genes: list[GeneDocument]


CONTENT: Mapping[str, Any] = {ARROW.media_type: bytes, JSON.media_type: GenesDocument}
MEDIA_TYPES = tuple(CONTENT)


def encoder(media_type: str) -> Callable[[GeneStream], Pieces]:
    """Gives the pieces of the body; the first one, before any work is done, says what will come."""
    return _ENCODERS[media_type]


def to_arrow(genes: GeneStream) -> Pieces:
    """``gene``, ``position``, ``rows`` and ``values``; the schema's metadata have the rest."""
    module = import_module(".arrow_genes", __package__)  # pyarrow takes a while to import
    stream = module.Writer(genes)
    yield stream.begin()
    for batch in genes.batches:
        yield stream.write(batch)
    yield module.END


def to_json(genes: GeneStream) -> Pieces:
    """``{"n_rows": …, "unknown": […], "genes": [{"gene": …, "position": …, "values": […]}, …]}``."""
    yield b'{"n_rows":%d,"unknown":%b,"genes":[' % (genes.n_rows, json_document(list(genes.unknown)))
    comma = b""
    for batch in genes.batches:
        for gene in batch:
            name = json_document(genes.names[gene.position])
            values = json_array(_dense(gene, genes.n_rows))
            yield b'%b{"gene":%b,"position":%d,"values":%b}' % (comma, name, gene.position, values)
            comma = b","
    yield b"]}"


def metadata(genes: GeneStream) -> Mapping[str, str]:
    """What the Arrow schema says beside its fields."""
    return {
        "n_rows": str(genes.n_rows),
        "n_genes": str(len(genes.names)),
        "unknown": json_document(list(genes.unknown)).decode(),
    }


def _dense(gene: GeneValues, n_rows: int) -> Any:
    if gene.rows is None:
        return gene.values
    values = np.zeros(n_rows, gene.values.dtype)
    values[gene.rows] = gene.values
    return values


_ENCODERS: Mapping[str, Callable[[GeneStream], Pieces]] = {
    ARROW.media_type: to_arrow,
    JSON.media_type: to_json,
}
