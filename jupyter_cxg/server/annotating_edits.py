"""Some annotations changed and the others left alone: what the viewer reads and sends. For the pool."""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, TypeGuard

import numpy as np

from ..annotations.store import Store
from ..engine.shelf import Opened
from ..errors import BadQuery
from ..model import Array, Categorical, Columns
from ..wire.decode import MAX_COLUMNS, inflate
from . import annotating
from .parsing import document_of

MAX_LABEL = 10_000
"""Characters. What is typed in the viewer is shorter; files and other clients bring what they bring."""

MAX_WHAT = 500
SHAPE = 'The body must be JSON: {"columns": {"name": {"categories": […], "codes": "…"}}, "remove": […]}.'
EDITS = {"columns", "remove", "token", "what"}
_CUT = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


class EditedDocument(TypedDict):
    """All is on the disk."""

    version: int
    token: str


class AnnotatedDocument(TypedDict):
    """Whether annotations are still what a client has seen, at hardly any cost."""

    version: int
    token: str
    collection: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Edits:
    """The body of ``POST annotations``.

    Attributes
    ----------
    columns
        Name → categories, and the codes as they came.
    remove
        Names that go.
    token
        Of what the client has seen; None: it does not say.
    what
        A line for the history; None: the server writes it.
    """

    columns: Mapping[str, tuple[tuple[str, ...], bytes]]
    remove: frozenset[str] = frozenset()
    token: str | None = None
    what: str | None = None


def edits_body(body: bytes) -> Edits:
    """What a client wants to be changed.

    Raises
    ------
    BadQuery
        It is something else.
    """
    asked = document_of(body, SHAPE)
    if asked.keys() - EDITS:
        raise BadQuery(SHAPE)
    columns, remove = asked.get("columns", {}), asked.get("remove", [])
    token, what = asked.get("token"), asked.get("what")
    if not isinstance(columns, dict) or len(columns) > MAX_COLUMNS or not _are_texts(remove):
        raise BadQuery(SHAPE)
    if not isinstance(token, str | None) or not isinstance(what, str | None):
        raise BadQuery("token and what must be texts.")
    if what is not None and (not 0 < len(what) <= MAX_WHAT or _UNPRINTABLE.search(what)):
        raise BadQuery(f"What the history says is one line of 1 to {MAX_WHAT} characters.")
    found = {name: _column(name, column) for name, column in columns.items()}
    return Edits(found, frozenset(remove), token, what)


def everything(opened: Opened) -> Columns:
    """All annotations of who asks that are shown, with their version and token."""
    found = annotating.annotations(opened)
    names = tuple(found)
    return Columns(opened.dataset.schema.n_obs, names, tuple(found.values()), names, _about(opened))


def annotated(opened: Opened) -> AnnotatedDocument:
    """Version and token alone."""
    mine = opened.mine
    if mine is None:
        return {"version": 0, "token": "", "collection": None}
    return {"version": mine.version, "token": mine.token, "collection": mine.collection}


def save(store: Store, opened: Opened, user: str, edits: Edits) -> EditedDocument:
    """Make these changes.

    Raises
    ------
    BadQuery
        They do not fit to the dataset.
    Conflict, TooLarge
        See `Store`.
    """
    own = annotating.public_names(opened)
    columns = {
        annotating.checked_name(name, own): _categorical(name, categories, codes, opened)
        for name, (categories, codes) in edits.columns.items()
    }
    version, token = store.edit_annotations(
        annotating.key_of(opened, user),
        columns,
        remove=edits.remove - own,
        token=edits.token,
        what=edits.what,
    )
    return {"version": version, "token": token}


def _about(opened: Opened) -> Mapping[str, str]:
    told = annotated(opened)
    return {"version": str(told["version"]), "token": told["token"], "collection": told["collection"] or ""}


def _column(name: str, column: Any) -> tuple[tuple[str, ...], bytes]:
    categories, codes = (
        (column.get("categories"), column.get("codes")) if isinstance(column, dict) else (0, 0)
    )
    if not _are_texts(categories) or not isinstance(codes, str):
        raise BadQuery(SHAPE)
    if len({*categories}) < len(categories):
        raise BadQuery(f"A label of {name[:80]!r} comes twice.")
    for label in categories:
        if len(label) > MAX_LABEL:
            raise BadQuery(
                f"A label has at most {MAX_LABEL} characters; one of {name[:80]!r} has {len(label)}."
            )
        if _CUT.search(label):
            raise BadQuery(f"A label of {name[:80]!r} is no text: it has half a character.")
    try:
        return tuple(categories), b64decode(codes, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadQuery("The codes must be base64.") from error


def _categorical(name: str, categories: Sequence[str], packed: bytes, opened: Opened) -> Categorical:
    n_obs = opened.dataset.schema.n_obs
    plain = inflate(packed, 4 * n_obs)
    if len(plain) != 4 * n_obs:
        raise BadQuery(f"The codes of {name[:80]!r} are not those of {n_obs} cells.")
    codes: Array = np.frombuffer(plain, "<i4")
    if n_obs and (codes.min() < -1 or codes.max() >= len(categories)):
        raise BadQuery(f"A code of {name[:80]!r} stands for no label.")
    labels: Array = np.empty(len(categories), object)
    labels[:] = categories
    return Categorical(codes, labels)


def _are_texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
