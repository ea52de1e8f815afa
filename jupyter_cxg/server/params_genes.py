"""Which genes, and what of them: the body of ``POST genes``, and the query or body of ``summarize/var``."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args
from urllib.parse import parse_qsl

from ..engine.bulk import BulkQuery
from ..engine.groups import CellBits
from ..engine.scores import ScoreOptions
from ..errors import BadQuery
from ..model import VarQuery
from . import params
from .parsing import YES_OR_NO, document_of

Method = Literal["mean", "score_genes"]
METHODS = get_args(Method)

MAX_SEED = 2**32 - 1
MAX_COUNT = 1_000_000
BULK_SHAPE = 'The body must be JSON: {"genes": ["CD3D", 17, …], "layer": "X", "cells": base64}.'
SUMMARY_SHAPE = 'The body must be JSON: {"genes": ["CD3D", …], "method": "score_genes", "seed": 0, …}.'

_NUMBERS = {"ctrl_size": (1, MAX_COUNT), "n_bins": (2, MAX_COUNT), "seed": (0, MAX_SEED)}


@dataclass(frozen=True, slots=True)
class Summary:
    """A set of genes and what is wanted of it.

    Attributes
    ----------
    query
        The genes by filters, and their layer; without filters they are given by one of the next two.
    names
        The genes by their names.
    gene_set
        The genes by the name of a set that who asks has saved.
    """

    query: VarQuery
    names: tuple[str, ...] | None = None
    gene_set: str | None = None
    method: Method = "mean"
    options: ScoreOptions = field(default_factory=ScoreOptions)


def genes_body(body: bytes) -> BulkQuery:
    """``{"genes": […], "layer", "cells"}``; all but ``genes`` may be left out.

    Raises
    ------
    BadQuery
        It is something else.
    """
    asked = document_of(body, BULK_SHAPE)
    _only(asked, "genes", "layer", "cells", "capability")
    genes, layer, cells = asked.get("genes"), asked.get("layer", "X"), asked.get("cells")
    if not isinstance(genes, list) or not genes or not {*map(type, genes)} <= {str, int}:
        raise BadQuery("genes must be a list of names and positions, with at least one in it.")
    if not isinstance(layer, str):
        raise BadQuery("The layer must be a text.")
    return BulkQuery(tuple(genes), layer, None if cells is None else _bits(cells))


def summary_query(query: str) -> Summary:
    """``method=score_genes&seed=0&var:<column>=<text>``, or ``geneset=<name>`` in place of conditions.

    Raises
    ------
    BadQuery
        It is not in the grammar, names no genes, or names them twice.
    """
    given = dict(parse_qsl(query, keep_blank_values=True))
    method = _method(given.get("method", "mean"))
    options = {name: _number(name, given[name]) for name in _NUMBERS if name in given}
    if "ctrl_as_ref" in given:
        options["ctrl_as_ref"] = YES_OR_NO.get(given["ctrl_as_ref"])
    genes, sets = params.var_query(query), params.names(query, "geneset")
    if bool(genes.equal or genes.ranges) == bool(sets) or len(sets) > 1:
        raise BadQuery("Say which genes to summarize: either var:<column>=<value>, or geneset=<name>, once.")
    # the mean has no options: cellxgene passes over parameters that it does not know
    how = _options(options if method != "mean" else {})
    return Summary(genes, None, sets[0] if sets else None, method, how)


def summary_body(body: bytes) -> Summary:
    """The query as a body, as cellxgene has it; or JSON, ``{"genes": […], "method", "seed", …}``.

    Raises
    ------
    BadQuery
        It is neither.
    """
    if not body.lstrip().startswith(b"{"):
        return summary_query(body.decode("utf-8", "replace"))
    asked = document_of(body, SUMMARY_SHAPE)
    names = ("genes", "geneset", "layer", "method")
    _only(asked, *names, *ScoreOptions.__dataclass_fields__)
    genes, gene_set, layer = asked.get("genes"), asked.get("geneset"), asked.get("layer", "X")
    if (genes is None) == (gene_set is None):
        raise BadQuery("Say which genes to summarize: either genes, or geneset.")
    if genes is not None and not (isinstance(genes, list) and {*map(type, genes)} <= {str}):
        raise BadQuery("genes must be a list of names.")
    if not isinstance(layer, str) or not isinstance(gene_set, str | None):
        raise BadQuery("layer and geneset must be texts.")
    options = {name: value for name, value in asked.items() if name not in names}
    chosen = None if genes is None else tuple(genes)
    return Summary(
        VarQuery(layer=layer), chosen, gene_set, _method(asked.get("method", "mean")), _options(options)
    )


def _method(asked: object) -> Method:
    if asked not in METHODS:
        known = " or ".join(map(repr, METHODS))
        raise BadQuery(f"Genes cannot be summarized by {str(asked)[:40]!r}: the method is {known}.")
    return cast(Method, asked)


def _options(asked: Mapping[str, Any]) -> ScoreOptions:
    for name, (least, most) in _NUMBERS.items():
        value = asked.get(name, least)
        if type(value) is not int or not least <= value <= most:
            raise BadQuery(f"{name} must be a whole number from {least} to {most}.")
    if type(asked.get("ctrl_as_ref", True)) is not bool:
        raise BadQuery("ctrl_as_ref must be true or false.")
    return ScoreOptions(**asked)


def _number(name: str, text: str) -> int | None:
    # isdecimal: int() would take " 5", "+5" and "5_0" as well
    return int(text) if text.isdecimal() and len(text) <= len(str(MAX_SEED)) else None


def _bits(cells: object) -> CellBits:
    try:
        return CellBits(b64decode(cast(str, cells), validate=True))
    except (ValueError, TypeError) as error:
        raise BadQuery("cells must be a packed bitset in base64.") from error


def _only(asked: Mapping[str, Any], *known: str) -> None:
    for name in asked:
        if name not in known:
            raise BadQuery(f"The body may not have {name[:40]!r}: it knows {', '.join(known)}.")
