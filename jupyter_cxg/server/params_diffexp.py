"""Who is compared with whom: cellxgene's body, ours, and the query string → what we ask."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, cast, get_args

import numpy as np

from ..engine.compare import Adjust, DiffexpQuery, Method
from ..engine.groups import CellBits, CellCategory, CellFilter, Group
from ..errors import BadQuery, NotOffered
from ..model import Array
from .params import whole
from .parsing import document_of, once_each

SHAPE = 'The body must be JSON: {"a": {"column": "…", "category": "…"}, "b": {…}}; see docs/api.md.'
GROUP = '{"column": "…", "category": "…"}, {"cells": base64} or {"filter": {"obs": …}}'


@dataclass(frozen=True, slots=True)
class TopGenes:
    """The body of cellxgene's ``diffexp/obs``."""

    query: DiffexpQuery
    count: int


def top_genes(body: bytes) -> TopGenes:
    """``{"mode": "topN", "count": 50, "set1": {"filter": {"obs": {…}}}, "set2": …}``.

    Raises
    ------
    NotOffered
        Genes are chosen by a filter, which cellxgene does not do either.
    BadQuery
        It is something else.
    """
    asked = document_of(body, SHAPE)
    if asked.get("mode") == "varFilter" or "varFilter" in asked:
        raise NotOffered("Genes cannot be chosen by a filter here: the mode is topN.")
    if asked.get("mode") != "topN":
        raise BadQuery("The mode must be topN.")
    count = whole(asked.get("count"))
    if type(count) is not int or count < 1:
        raise BadQuery("The count must be a whole number, 1 or more.")
    a, b = (_filtered(asked.get(name), name) for name in ("set1", "set2"))
    return TopGenes(DiffexpQuery(a, b, method="cellxgene", adjust="bonferroni"), count)


def diffexp_body(body: bytes) -> DiffexpQuery:
    """``{"a": …, "b": …, "method", "tie_correct", "adjust", "layer"}``; all but ``a`` may be left out.

    Raises
    ------
    BadQuery
        It is something else.
    """
    return diffexp_of(document_of(body, SHAPE))


def diffexp_of(asked: Mapping[str, Any]) -> DiffexpQuery:
    """As `diffexp_body`, of the document in it."""
    how = {name: value for name, value in asked.items() if name not in ("a", "b")}
    b = asked.get("b")
    return _query(group_of(asked.get("a"), "a"), None if b is None else group_of(b, "b"), how)


def diffexp_query(query: str) -> DiffexpQuery:
    """``column=louvain&a=T cells&b=B cells&method=wilcoxon``; without ``b`` all other cells are meant.

    Raises
    ------
    BadQuery
        It is something else.
    """
    asked = once_each(query)
    if "column" not in asked or "a" not in asked:
        raise BadQuery("Say which categories to compare: column=NAME&a=CATEGORY&b=CATEGORY.")
    column, a, b = asked.pop("column"), asked.pop("a"), asked.pop("b", None)
    return _query(CellCategory(column, a), None if b is None else CellCategory(column, b), asked)


def columns_of(query: DiffexpQuery) -> set[str]:
    """The obs columns that the groups are described by."""
    found: set[str] = set()
    for group in (query.a, query.b):
        if isinstance(group, CellCategory):
            found.add(group.column)
        elif isinstance(group, CellFilter):
            found |= {*group.equal, *group.ranges}
    return found


class How(TypedDict):
    """How cells are compared, whichever they are."""

    layer: str
    method: Method
    tie_correct: bool
    adjust: Adjust


def how_of(how: Mapping[str, Any]) -> How:
    """``layer``, ``method``, ``tie_correct`` and ``adjust``, or what is usual; nothing else.

    Raises
    ------
    BadQuery
        It is something else.
    """
    unknown = set(how) - {"layer", "method", "tie_correct", "adjust"}
    if unknown:
        raise BadQuery(f"A comparison has no {min(unknown)[:40]!r}.")
    layer, tie_correct = how.get("layer", "X"), how.get("tie_correct", True)
    if not isinstance(layer, str) or not isinstance(tie_correct, bool):
        raise BadQuery("The layer must be a text, and tie_correct true or false.")
    method = cast(Method, _one_of("method", how.get("method", "t-test"), get_args(Method)))
    usual = "bonferroni" if method == "cellxgene" else "benjamini-hochberg"
    adjust = cast(Adjust, _one_of("adjust", how.get("adjust", usual), get_args(Adjust)))
    return {"layer": layer, "method": method, "tie_correct": tie_correct, "adjust": adjust}


def _query(a: Group, b: Group | None, how: Mapping[str, Any]) -> DiffexpQuery:
    return DiffexpQuery(a, b, **how_of(how))


def _one_of(name: str, asked: object, known: tuple[str, ...]) -> str:
    if asked not in known:
        raise BadQuery(f"{name} must be one of {', '.join(known)}.")
    return str(asked)


def group_of(asked: object, name: str) -> Group:
    """``{"column", "category"}``, ``{"cells": base64}`` or ``{"filter": {"obs": …}}``.

    Raises
    ------
    BadQuery
        It is something else.
    """
    if isinstance(asked, dict) and set(asked) == {"column", "category"}:
        if all(isinstance(text, str) for text in asked.values()):
            return CellCategory(asked["column"], asked["category"])
    elif isinstance(asked, dict) and set(asked) == {"cells"} and isinstance(asked["cells"], str):
        try:
            return CellBits(b64decode(asked["cells"], validate=True))
        except ValueError as error:
            raise BadQuery(f"The cells of {name} must be a bitset in base64.") from error
    elif isinstance(asked, dict) and set(asked) == {"filter"}:
        return _filtered(asked, name)
    raise BadQuery(f"{name} must be {GROUP}.")


def _filtered(asked: object, name: str) -> CellFilter:
    chosen = asked.get("filter") if isinstance(asked, dict) else None
    if not isinstance(chosen, dict):
        raise BadQuery(f'{name} must be {{"filter": {{"obs": {{…}}}}}}.')
    if "var" in chosen:
        raise BadQuery("A filter of genes cannot choose cells.")
    try:
        return _cell_filter(chosen.get("obs") or {})
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
        raise BadQuery(f"{name} is no filter of cells ({type(error).__name__}): see docs/api.md.") from error


def _cell_filter(asked: Mapping[str, Any]) -> CellFilter:
    equal: dict[str, tuple[str, ...]] = {}
    ranges: dict[str, tuple[float | None, float | None]] = {}
    for condition in asked.get("annotation_value") or ():
        column = str(condition["name"])
        if column in equal or column in ranges:
            raise BadQuery(f"The filter names {column[:80]!r} twice.")
        if "min" in condition or "max" in condition:
            low, high = condition.get("min"), condition.get("max")
            ranges[column] = None if low is None else float(low), None if high is None else float(high)
        else:
            equal[column] = tuple(_text(value) for value in condition.get("values") or ())
    index = asked.get("index")
    if index is None:
        return CellFilter(equal=equal, ranges=ranges)
    if not isinstance(index, list):
        raise TypeError
    singles = _whole([item for item in index if type(item) is not list])
    spans = [item for item in index if type(item) is list]
    if any(len(item) != 2 for item in spans):
        raise ValueError
    pairs = _whole([bound for item in spans for bound in item]).reshape(-1, 2)
    return CellFilter(singles, pairs, equal, ranges)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _whole(numbers: list[Any]) -> Array:
    if not set(map(type, numbers)) <= {int}:  # True is no position
        raise TypeError
    return np.array(numbers, np.int64)
