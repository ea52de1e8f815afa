"""cellxgene's query grammar: query strings and JSON filters → what we ask.

The names and values of a filter are encoded twice (so that ``:`` and ``,`` survive) and decoded here
for the second time.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qsl, unquote

from ..errors import BadQuery
from ..model import VarQuery
from ..snapshot.wish import Wish

MAX_QUESTIONS = 64
MAX_STATE = 16_000
MAX_VERSION = 2**53
MAX_MODALITY = 200

Bounds = tuple[float | None, float | None]


@dataclass(slots=True)
class _Filter:
    equal: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, Bounds] = field(default_factory=dict)


def names(query: str, parameter: str) -> tuple[str, ...]:
    """All values of a repeated parameter, in order."""
    return tuple(value for name, value in _pairs(query) if name == parameter)


def var_query(query: str) -> VarQuery:
    """``var:<column>=<text>``, repeated for "any of"; ``var:<column>=<min>,<max>``; ``layer=<name>``.

    Raises
    ------
    BadQuery
        It is not in the grammar, or filters cells.
    """
    found = _Filter()
    layer = "X"
    for name, value in _pairs(query):
        axis, colon, column = name.partition(":")
        if colon:
            _add(found, axis, column, value)
        elif name == "layer":
            layer = value
    return VarQuery(found.equal, found.ranges, None, layer)


@dataclass(frozen=True, slots=True)
class Asked:
    """The body of ``POST …/ask``."""

    capability: str
    questions: tuple[str, ...]


def ask_body(body: bytes) -> Asked:
    """``{"capability": …, "questions": […]}``.

    Raises
    ------
    BadQuery
        It is something else, or asks too much at once.
    """
    try:
        document = json.loads(body)
        capability, questions = document["capability"], document["questions"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadQuery('The body must be JSON: {"capability": "…", "questions": ["schema", …]}.') from error
    if not isinstance(capability, str) or not isinstance(questions, list):
        raise BadQuery("The capability must be a text, and the questions a list.")
    if len(questions) > MAX_QUESTIONS or not all(isinstance(question, str) for question in questions):
        raise BadQuery(f"Ask at most {MAX_QUESTIONS} questions at once, each as a text.")
    return Asked(capability, tuple(questions))


@dataclass(frozen=True, slots=True)
class FileAsked:
    """The query of ``cxg/open``: a file, and the view state to begin with."""

    path: str
    state: Mapping[str, Any]
    modality: str = ""


def open_query(query: str) -> FileAsked:
    """``path=data/x.h5ad&state={…}``; a state that is no JSON object counts as none.

    Raises
    ------
    BadQuery
        There is no path, or more than one; or more than one modality.
    """
    paths = names(query, "path")
    if len(paths) != 1:
        raise BadQuery("Say which file to open, once: cxg/open?path=folder/name.h5ad.")
    modalities = names(query, "modality")
    if len(modalities) > 1 or any(len(name) > MAX_MODALITY for name in modalities):
        raise BadQuery("Say which modality to open, once: cxg/open?path=x.h5mu&modality=rna.")
    return FileAsked(paths[0], _state(names(query, "state")), "".join(modalities))


def _state(texts: tuple[str, ...]) -> Mapping[str, Any]:
    if len(texts) != 1 or len(texts[0]) > MAX_STATE:
        return {}
    try:
        found = json.loads(texts[0])
        json.dumps(found, allow_nan=False)  # 1e999 reads as a number that JSON does not have
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def link_body(body: bytes) -> Wish:
    """``{"role", "expires", "note", "state", "cells"}``, all of which may be left out.

    Raises
    ------
    BadQuery
        It is something else; whether the wish makes sense is asked later.
    """
    try:
        return Wish(**json.loads(body or b"{}"))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadQuery('The body must be JSON: {"expires": "7d", "note": "…", "state": {…}}.') from error


@dataclass(frozen=True, slots=True)
class Restore:
    """The body of ``POST …/history``.

    Attributes
    ----------
    restore
        The version to go back to.
    version
        What the client has seen; None: it does not say.
    only
        What goes back; None: gene sets too.
    """

    restore: int
    version: int | None = None
    only: str | None = None


def restore_body(body: bytes) -> Restore:
    """``{"restore": 3, "version": 7}``; the latter may be left out.

    Raises
    ------
    BadQuery
        It is something else.
    """
    try:
        found = Restore(**{name: whole(value) for name, value in json.loads(body).items()})
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadQuery('The body must be JSON: {"restore": 3, "version": 7}.') from error
    if type(found.restore) is not int or type(found.version) not in (int, type(None)):
        raise BadQuery("Versions are whole numbers.")
    if not 0 <= found.restore <= MAX_VERSION:
        raise BadQuery("There is no such version.")
    if found.only not in (None, "annotations"):
        raise BadQuery("only may be annotations, or left out.")
    return found


@dataclass(frozen=True, slots=True)
class Saving:
    """How something is saved.

    Attributes
    ----------
    collection
        Where to; None: where the last save went.
    version
        What the client has seen; None: it does not say.
    add
        Whether what was there stays, as far as it has other names.
    who
        What the history says; None: the user.
    """

    collection: str | None = None
    version: int | None = None
    add: bool = False
    who: str | None = None


def saving(query: str) -> Saving:
    """The query of a request that saves something.

    Raises
    ------
    BadQuery
        It makes no sense.
    """
    add = (*names(query, "add"), "false")[0]
    if add not in ("true", "false"):
        raise BadQuery("add must be true or false.")
    return Saving(collection(query), version(query), add == "true")


def collection(query: str) -> str | None:
    """``annotation-collection-name``: where to save; None: where the last save went.

    Raises
    ------
    BadQuery
        It is no name as cellxgene has them.
    """
    given = names(query, "annotation-collection-name")
    if not given:
        return None
    if not re.fullmatch(r"[\w-]{1,200}", given[-1]):
        raise BadQuery("Bad annotation collection name")
    return given[-1]


def version(query: str) -> int | None:
    """``version``: what the client has seen; None: it does not say.

    Raises
    ------
    BadQuery
        It is no number.
    """
    given = names(query, "version")
    if not given:
        return None
    if not re.fullmatch(r"[0-9]{1,16}", given[-1]) or int(given[-1]) > MAX_VERSION:
        raise BadQuery("A version is a whole number.")
    return int(given[-1])


def whole(value: Any) -> Any:
    """3 for 3.0, which JSON does not tell apart; anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def var_filter(body: bytes, n_vars: int, *, layer: str) -> VarQuery:
    """``{"filter": {"var": {"index": […], "annotation_value": […]}}}``, as ``PUT data/var`` has it.

    Raises
    ------
    BadQuery
        It is no such JSON, or filters cells.
    """
    try:
        document = json.loads(body)
        asked = document.get("filter") or {}
        if "obs" in asked:
            raise BadQuery("A filter of cells cannot choose genes.")
        return _from_json(asked.get("var") or {}, n_vars, layer)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError) as error:
        raise BadQuery(f"The body is no JSON filter ({type(error).__name__}): see docs/api.md.") from error


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _add(found: _Filter, axis: str, column: str, value: str) -> None:
    if axis != "var" or ":" in column or not column:
        raise BadQuery(f"A filter here is var:<column>=<value>, not {axis[:20]}:{column[:40]}=….")
    column = unquote(column)
    if "," not in value:
        if column in found.ranges:
            raise BadQuery(f"The filter of {column!r} mixes values with a range.")
        found.equal[column] = (*found.equal.get(column, ()), unquote(value))
    elif column in found.equal or column in found.ranges:
        raise BadQuery(f"The filter of {column!r} has a range and something else.")
    else:
        found.ranges[column] = _bounds(value)


def _bounds(value: str) -> Bounds:
    low, _, high = value.partition(",")
    bounds = _bound(low), _bound(high)
    if bounds == (None, None):
        raise BadQuery(f"The range {value[:40]!r} is open on both sides.")
    return bounds


def _bound(text: str) -> float | None:
    if text == "*":
        return None
    try:
        number = float(unquote(text))
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise BadQuery(
            f"{text[:40]!r} is no bound of a range: give a number or *, and encode commas in names twice."
        )
    return number


def _from_json(asked: Mapping[str, Any], n_vars: int, layer: str) -> VarQuery:
    equal: dict[str, tuple[str, ...]] = {}
    ranges: dict[str, Bounds] = {}
    for condition in asked.get("annotation_value") or ():
        name = str(condition["name"])
        if name in equal or name in ranges:
            raise BadQuery(f"The filter names {name!r} twice.")
        if "min" in condition or "max" in condition:
            low, high = condition.get("min"), condition.get("max")
            ranges[name] = (None if low is None else float(low), None if high is None else float(high))
        else:
            equal[name] = tuple(str(value) for value in condition.get("values") or ())
    positions = None if asked.get("index") is None else _positions(asked["index"], n_vars)
    return VarQuery(equal, ranges, positions, layer)


def _positions(index: list[Any], n_vars: int) -> tuple[int, ...]:
    """Positions and ``[start, end)`` pairs, whose end may lie beyond the axis; ascending and each once."""
    steps = [0] * (n_vars + 1)  # +1 where one begins, -1 where it ends: a body may name all genes very often
    for item in index:
        start, stop = item if isinstance(item, list) else (item, item + 1)
        if type(start) is not int or type(stop) is not int:
            raise TypeError
        if start >= stop:
            continue
        if not 0 <= start < n_vars:
            raise BadQuery(f"A gene position is outside of 0..{n_vars - 1}.")
        steps[start] += 1
        steps[min(stop, n_vars)] -= 1
    return tuple(position for position, depth in enumerate(accumulate(steps)) if depth > 0)
