"""What a figure is drawn of: the body of ``POST figures``."""

import sys
from collections.abc import Mapping
from typing import Any

from ..engine.figures import FigureQuery
from ..engine.grouped import Grouping
from ..engine.groups import CellCategory, CellFilter
from ..errors import BadQuery
from .params_diffexp import group_of
from .parsing import document_of

SHAPE = 'The body must be JSON: {"genes": ["CD3D", …], "by": ["cell_type"], …}; see docs/api.md.'
MAX_BY = 3
MAX_BINS = 200
MAX_SAMPLE = 20_000
MAX_BESIDE = 5

_SHOWN = ("genes", "columns", "by", "cells", "layer", "cutoff", "quantiles", "bins", "sample", "beside")
_KNOWN = (*_SHOWN, "capability")


def figure_body(body: bytes) -> FigureQuery:
    """``{"genes", "columns", "by", "cells", "layer", "cutoff", "quantiles", "bins", "sample", "beside"}``.

    Raises
    ------
    BadQuery
        It is something else.
    """
    asked = document_of(body, SHAPE)
    for name in asked:
        if name not in _KNOWN:
            raise BadQuery(f"The body may not have {name[:40]!r}: it knows {', '.join(_KNOWN)}.")
    genes, columns = _names(asked, "genes"), _names(asked, "columns")
    grouping, beside = _groupings(asked, "by", MAX_BY), _groupings(asked, "beside", MAX_BESIDE)
    if not (genes or columns or grouping):
        raise BadQuery("Say what the figure shows: genes, columns, or by, which alone counts cells.")
    cells, layer, quantiles = asked.get("cells"), asked.get("layer", "X"), asked.get("quantiles", False)
    if not isinstance(layer, str) or not isinstance(quantiles, bool):
        raise BadQuery("The layer must be a text, and quantiles true or false.")
    return FigureQuery(
        genes=genes,
        columns=columns,
        by=grouping,
        cells=None if cells is None else group_of(cells, "cells"),
        layer=layer,
        cutoff=_cutoff(asked.get("cutoff", 0)),
        quantiles=quantiles,
        bins=_count(asked, "bins", MAX_BINS),
        sample=_count(asked, "sample", MAX_SAMPLE),
        beside=beside,
    )


def columns_of(query: FigureQuery) -> set[str]:
    """The obs columns that are asked for, by whatever name."""
    groupings = (*query.by, *query.beside)
    found = {*query.columns, *(grouping.name for grouping in groupings if grouping.cells is None)}
    for group in (query.cells, *(grouping.cells for grouping in groupings)):
        if isinstance(group, CellCategory):
            found.add(group.column)
        elif isinstance(group, CellFilter):
            found |= {*group.equal, *group.ranges}
    return found


def _names(asked: Mapping[str, Any], name: str) -> tuple[str, ...]:
    names = asked.get(name, [])
    if not isinstance(names, list) or not {*map(type, names)} <= {str}:
        raise BadQuery(f"{name} must be a list of names.")
    return tuple(dict.fromkeys(names))


def _groupings(asked: Mapping[str, Any], name: str, most: int) -> tuple[Grouping, ...]:
    items = asked.get(name, [])
    if not isinstance(items, list) or len(items) > most:
        raise BadQuery(f"{name} must be a list of {most} columns at most.")
    return tuple(_grouping(item) for item in items)


def _grouping(item: object) -> Grouping:
    if isinstance(item, str):
        return Grouping(item)
    if isinstance(item, dict) and set(item) == {"name", "cells"} and isinstance(item["name"], str):
        return Grouping(item["name"], group_of(item["cells"], "the cells to group by"))
    raise BadQuery('What to group by is the name of a column, or {"name": "…", "cells": …}.')


def _cutoff(cutoff: object) -> float:
    # neither true, nor NaN, nor more than a float64 can be
    if isinstance(cutoff, int | float) and type(cutoff) is not bool and abs(cutoff) <= sys.float_info.max:
        return float(cutoff)
    raise BadQuery("The cutoff must be a number.")


def _count(asked: Mapping[str, Any], name: str, most: int) -> int:
    count = asked.get(name, 0)
    if type(count) is not int or not 0 <= count <= most:
        raise BadQuery(f"{name} must be a whole number from 0 to {most}.")
    return count
