"""What somebody wants a link to be, checked: it comes from a dialog, a program or a cell."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import BadQuery

ROLES = ("view",)
MAX_NOTE = 200
MIN_SECONDS = 60
_EXPIRES = re.compile(r"([0-9]{1,6}) ?([mhdw])")
_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


@dataclass(frozen=True, slots=True)
class Wish:
    """A link to be made.

    Attributes
    ----------
    expires
        ``"7d"``: a number of minutes, hours, days or weeks (m, h, d, w).
    state, cells
        As in `jupyter_cxg.snapshot.links.StoredLink`.
    """

    role: str = "view"
    expires: str = "7d"
    note: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)


def checked(wish: Wish, *, n_obs: int) -> Wish:
    """The wish, with what it need not carry taken away.

    Raises
    ------
    BadQuery
        It makes no sense for a dataset of ``n_obs`` cells.
    """
    if wish.role not in ROLES:
        raise BadQuery(f"A link is for looking, role 'view'; there is no role {str(wish.role)[:40]!r}.")
    state = _state(wish.state)
    return replace(wish, note=_note(wish.note), state=state, cells=_cells(wish.cells, state, n_obs))


def seconds_of(expires: str, *, max_days: float) -> int:
    """``"7d"`` → 604800.

    Raises
    ------
    BadQuery
        It is no such time, too short or too long.
    """
    found = _EXPIRES.fullmatch(expires.strip()) if isinstance(expires, str) else None
    if found is None:
        raise BadQuery(f"{str(expires)[:40]!r} is no time for a link to live: write 12h, 7d or 4w.")
    seconds = int(found[1]) * _UNITS[found[2]]
    if seconds < MIN_SECONDS:
        raise BadQuery(f"{expires!r} is no time for a link to live: give it a minute at least.")
    if seconds > 86400 * max_days:
        raise BadQuery(f"A link may live {max_days:g} days at most (Cxg.max_link_days).")
    return seconds


def _state(state: Any) -> Mapping[str, Any]:
    if not isinstance(state, Mapping):
        raise BadQuery("The view state of a link is a JSON object.")
    try:
        json.dumps(state, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadQuery(f"The view state of a link must be JSON ({error}).") from error
    return {key: value for key, value in state.items() if key != "revision"}


def _cells(cells: Any, state: Mapping[str, Any], n_obs: int) -> Mapping[str, str]:
    """The bitsets that the state names."""
    named = _keys_named(state)
    try:
        kept = {key: text for key, text in cells.items() if key in named}
        sizes = {len(b64decode(text, validate=True)) for text in kept.values()}
    except (AttributeError, TypeError, ValueError) as error:
        raise BadQuery("The sets of cells of a link are packed bits in base64, by their keys.") from error
    if sizes - {(n_obs + 7) // 8}:
        raise BadQuery(f"A set of cells of a link needs one bit for each of the {n_obs} cells.")
    return kept


def _keys_named(state: Mapping[str, Any]) -> set[str]:
    """By filters, those in groups, of the subset and of named selections too."""
    named, waiting = set(), [state.get(part) for part in ("filters", "subset", "selections")]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, Mapping):
            waiting.append(item.get("filters"))
            if item.get("kind") == "cells" and isinstance(item.get("key"), str):
                named.add(item["key"])
    return named


def _note(note: Any) -> str:
    text = " ".join(note.split()) if isinstance(note, str) else "\0"
    if len(text) > MAX_NOTE or not text.isprintable():
        raise BadQuery(f"The note of a link is one line of at most {MAX_NOTE} letters.")
    return text
