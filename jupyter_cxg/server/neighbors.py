"""Questions about graphs of neighboring cells: for the pool."""

from base64 import b64encode
from functools import cache, partial
from typing import Any, TypedDict

import numpy as np

from ..engine.groups import CellCategory, CellFilter, Group
from ..engine.shelf import Opened
from ..errors import BadQuery
from . import annotating
from .params_diffexp import group_of
from .parsing import document_of
from .questions import Question

SHAPE = 'The body must be JSON: {"graph": "connectivities", "of": {"cells": "…"}}; see docs/api.md.'


class GraphsDocument(TypedDict):
    """Names of the graphs in obsp."""

    graphs: list[str]


class NeighborsDocument(TypedDict):
    """A packed bitset in base64, the first cell in the lowest bit, and how many cells are in it."""

    cells: str
    count: int


def posted(body: bytes) -> Question:
    """``POST neighbors``: cells, and those that a graph connects them with."""
    read = cache(partial(_asked, body))  # later, on the pool: it may hold a large bitset

    def find(opened: Opened) -> dict[str, Any]:
        graph, group = read()
        found = opened.dataset.neighbors(graph, group, annotating.reader(opened))
        bits = np.packbits(found, bitorder="little").tobytes()
        return {"cells": b64encode(bits).decode(), "count": int(np.count_nonzero(found))}

    def personal(opened: Opened) -> bool:
        return not _columns(read()[1]) <= annotating.public_names(opened)

    return Question("", find, documents=True, personal=personal, slow=True)


def _asked(body: bytes) -> tuple[str, Group]:
    asked = document_of(body, SHAPE)
    if not set(asked) - {"capability"} == {"graph", "of"} or not isinstance(asked["graph"], str):
        raise BadQuery(SHAPE)
    return asked["graph"], group_of(asked["of"], "of")


def _columns(group: Group) -> set[str]:
    if isinstance(group, CellCategory):
        return {group.column}
    return {*group.equal, *group.ranges} if isinstance(group, CellFilter) else set()
