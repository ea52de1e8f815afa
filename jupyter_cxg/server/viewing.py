"""Saved views: bodies checked, answers written. All of it for the pool."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from ..annotations.store import Store
from ..annotations.views import Place, Saved, Sketch
from ..engine.shelf import Opened
from ..errors import BadQuery, NotFound

MAX_NAME = 200
MAX_ABOUT = 500
_LARGEST_ID = 2**53
_WHAT = 'The body must be JSON: {"name": "…", "state": {…}, "about": "…", "cells": {…}}.'


class SavedViewDocument(TypedDict):
    """A view in the list."""

    id: str
    name: str
    about: str
    at: str
    revision: int
    same_data: bool
    same_cells: bool


class ViewsDocument(TypedDict):
    """The views of a dataset, newest first, and its revision now."""

    views: list[SavedViewDocument]
    revision: int


class ViewDocument(SavedViewDocument):
    """A view with what it shows."""

    state: Mapping[str, Any]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a view shall be; None: as it is."""

    name: str | None
    sketch: Sketch | None


def asked(body: bytes, *, whole: bool) -> Asked:
    """A body with a name, with what the view shows, or, if ``whole``, with both.

    Raises
    ------
    BadQuery
        It is something else.
    """
    try:
        found = json.loads(body)
        state = found.get("state")
        extra = found.keys() - {"name", "about", "state", "cells"}
    except (ValueError, AttributeError, RecursionError) as error:
        raise BadQuery(_WHAT) from error
    if extra or not isinstance(state, dict | None):
        raise BadQuery(_WHAT)
    name = None if found.get("name") is None else _line(found["name"], "name", 1, MAX_NAME)
    if (whole and (name is None or state is None)) or (name is None and state is None):
        raise BadQuery(_WHAT)
    if state is None:
        return Asked(name, None)
    about = "" if found.get("about") is None else _line(found["about"], "description", 0, MAX_ABOUT)
    cells = {} if found.get("cells") is None else found["cells"]
    return Asked(name, Sketch(name or "", about, _json(state), _cells(cells)))


def documents(store: Store, opened: Opened, user: str) -> ViewsDocument:
    """The list."""
    here = place(opened)
    found = [_document(saved, here) for saved in store.views.all(user, here)]
    return {"views": found, "revision": here.revision}


def document(store: Store, opened: Opened, user: str, id: str) -> ViewDocument:
    """One. Sets of cells are left out where they were of other cells."""
    here = place(opened)
    saved, sketch = store.views.get(user, number(id))
    said = _document(saved, here)
    cells = json.loads(sketch.cells) if said["same_cells"] else {}
    return {**said, "state": json.loads(sketch.state), "cells": cells}


def add(store: Store, opened: Opened, user: str, wish: Asked) -> SavedViewDocument:
    """Save a new one."""
    assert wish.sketch is not None  # noqa: S101 - `asked` looked
    _check_cells(wish.sketch, opened)
    here = place(opened)
    return _document(store.views.add(user, here, wish.sketch), here)


def change(store: Store, opened: Opened, user: str, id: str, wish: Asked) -> SavedViewDocument:
    """Give one another name, or make it show something else, or both."""
    here, found = place(opened), None
    if wish.name is not None:
        found = store.views.rename(user, number(id), wish.name)
    if wish.sketch is not None:
        _check_cells(wish.sketch, opened)
        found = store.views.replace(user, here, number(id), wish.sketch)
    assert found is not None  # noqa: S101 - `asked` looked
    return _document(found, here)


def place(opened: Opened) -> Place:
    """What is shown now."""
    manifest = opened.manifest
    return Place(manifest.id, manifest.fingerprint, manifest.revision)


def number(id: str) -> int:
    """The id of a view in a path.

    Raises
    ------
    NotFound
        It cannot be one.
    """
    if not (id.isascii() and id.isdigit()) or int(id[:20]) > _LARGEST_ID:
        raise NotFound("There is no such view: ids are whole numbers.")
    return int(id)


def _document(saved: Saved, here: Place) -> SavedViewDocument:
    there = saved.place
    return {
        "id": str(saved.id),
        "name": saved.name,
        "about": saved.about,
        "at": saved.at,
        "revision": there.revision,
        "same_data": (there.dataset, there.revision) == (here.dataset, here.revision),
        "same_cells": there.fingerprint == here.fingerprint,
    }


def _line(text: Any, what: str, least: int, most: int) -> str:
    found = " ".join(text.split()) if isinstance(text, str) else "\0"
    if not least <= len(found) <= most or any(ord(letter) < 32 or letter == "\x7f" for letter in found):
        raise BadQuery(f"The {what} of a view is one line of {least} to {most} letters.")
    return found.encode("utf-8", "replace").decode()


def _json(state: Any) -> str:
    try:
        return json.dumps(state, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise BadQuery("The state of a view must be JSON, without NaN.") from error


def _cells(cells: Any) -> str:
    if not isinstance(cells, dict) or not all(isinstance(text, str) for text in cells.values()):
        raise BadQuery("The sets of cells of a view are packed bits in base64, by their keys.")
    return json.dumps(cells)


def _check_cells(sketch: Sketch, opened: Opened) -> None:
    n_obs = opened.manifest.n_obs
    try:
        sizes = {len(b64decode(text, validate=True)) for text in json.loads(sketch.cells).values()}
    except ValueError as error:
        raise BadQuery("The sets of cells of a view are packed bits in base64, by their keys.") from error
    if sizes - {(n_obs + 7) // 8}:
        raise BadQuery(f"A set of cells of a view needs one bit for each of the {n_obs} cells.")
