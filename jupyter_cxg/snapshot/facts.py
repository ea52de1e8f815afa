"""What a dataset says of itself in uns: its title, its organism, where it was described."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .arrays import open_array
from .elements import members
from .nodes import node

MOST = 60
LONGEST = 2000
"""Characters of a value that are kept."""
WIDEST = 12
"""Entries of a list that is still a fact, not data."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of ``uns``, or a short list of them, as text.

    Attributes
    ----------
    name
        Its key.
    """

    name: str
    value: str


def find_facts(store: Path) -> tuple[Fact, ...]:
    """The single values and short lists in ``uns``, in alphabetical order: at most `MOST`."""
    found: list[Fact] = []
    for name, path in sorted(members(store / "uns").items()):
        if len(found) == MOST:
            break
        text = None if name.endswith("_colors") else _text(path)
        if text:
            found.append(Fact(name, text))
    return tuple(found)


def _text(path: Path) -> str | None:
    meta = node(path)
    if meta["node_type"] != "array":
        return None
    shape = meta["shape"]
    if len(shape) > 1 or (shape and not 0 < shape[0] <= WIDEST):
        return None
    if isinstance(meta["data_type"], dict) and meta["data_type"].get("name") in ("structured", "struct"):
        return None
    values: Any = open_array(path).tolist()
    text = ", ".join(map(str, values)) if isinstance(values, list) else str(values)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
