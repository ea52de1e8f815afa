"""What users write about a dataset: read with its own columns, checked, stored. All of it for the pool."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypedDict

import numpy as np

from ..annotations.store import Edit, GeneSets, Key, Store
from ..engine.groups import Read
from ..engine.shelf import Opened
from ..errors import BadQuery, NotFound
from ..model import Annotations, Array, Categorical, Columns, GeneSet, Values
from ..wire import gene_sets as wire_gene_sets
from ..wire.decode import decode, inflate
from .params import Saving, whole

MAX_NAME = 250
_LARGEST = 2**53  # beyond, a browser's numbers are not exact
_BASE, _PER_CELL = 16 << 20, 256  # bytes that a body may have once it is inflated


class SavedDocument(TypedDict):
    """All is on the disk."""

    status: Literal["OK"]


SAVED: SavedDocument = {"status": "OK"}


class EditDocument(TypedDict):
    """One edit of annotations or gene sets."""

    version: int
    at: str
    who: str
    what: str


class HistoryDocument(TypedDict):
    """The version there is, and the edits that led to it, newest first."""

    version: int
    history: list[EditDocument]


def key_of(opened: Opened, user: str) -> Key:
    """Whose annotations of which cells."""
    return Key(user, opened.manifest.fingerprint)


# ── read ──


def own_names(opened: Opened) -> tuple[str, ...]:
    """The obs columns of the dataset itself, the index first.

    Of those that are annotations, written into the object by a notebook, what is stored is newer.
    """
    schema = opened.dataset.schema
    mine = {*opened.manifest.annotations}.intersection(opened.mine.names if opened.mine else ())
    mine |= _removed(opened)
    return (schema.obs_index, *(column.name for column in schema.obs if column.name not in mine))


def _removed(opened: Opened) -> frozenset[str]:
    return opened.mine.removed if opened.mine else frozenset()


def of_user(store: Store, opened: Opened, user: str) -> Annotations:
    """What a user has stored, and which of the published annotations they have taken away since."""
    key, published = key_of(opened, user), {*opened.manifest.annotations}
    found = store.annotations(key)
    lacking = published.difference(found.names)
    if not lacking:  # as nearly always
        return found
    held = store.names_since(key, datetime.fromisoformat(opened.manifest.created))
    return replace(found, removed=held & lacking)


def public_names(opened: Opened) -> set[str]:
    """The obs columns that are the same for everybody, so no annotation can have their names."""
    return {*own_names(opened)}.difference(opened.manifest.annotations)


def annotation_names(opened: Opened) -> tuple[str, ...]:
    """The annotations that are shown: a column that the dataset has by now hides that of the same name."""
    own = {*own_names(opened)}
    return tuple(name for name in (opened.mine.names if opened.mine else ()) if name not in own)


def annotations(opened: Opened) -> Mapping[str, Values]:
    """Those with their values."""
    names = annotation_names(opened)
    mine: Annotations | None = opened.mine
    found = mine.read() if mine is not None and names else {}
    return {name: found[name] for name in names}


def reader(opened: Opened) -> Read:
    """Gives obs columns by name: those of the dataset, and annotations."""
    names, read = {*annotation_names(opened)}, cache(lambda: annotations(opened))
    return lambda name: read()[name] if name in names else _own(opened, name)


def obs(opened: Opened, names: Sequence[str]) -> Columns:
    """Columns of the dataset and annotations, in the order asked."""
    noted = annotations(opened) if {*names} & {*annotation_names(opened)} else {}
    values = [noted[name] if name in noted else _own(opened, name) for name in names]
    return Columns(opened.dataset.schema.n_obs, tuple(names), tuple(values), tuple(names))


def _own(opened: Opened, name: str) -> Values:
    if name in _removed(opened):
        raise NotFound(f"The annotation {name!r} was deleted: the history can bring it back.")
    return opened.dataset.obs((name,)).values[0]


# ── write ──


def save_annotations(store: Store, opened: Opened, user: str, body: bytes, asked: Saving) -> SavedDocument:
    """Replace the user's annotations by those in the body of ``PUT annotations/obs``.

    Raises
    ------
    BadQuery
        It is no deflated Matrix, or does not fit to the dataset.
    Conflict, TooLarge
        See `Store`.
    """
    own, n_obs = public_names(opened), opened.dataset.schema.n_obs
    sent = decode(inflate(body, most_bytes(opened)))
    names = [checked_name(str(name), own) for name in sent.names]
    if len(set(names)) < len(names):
        raise BadQuery("Two annotations have one name.")
    if names and sent.n_rows != n_obs:
        raise BadQuery(f"The matrix has {sent.n_rows} rows, and the dataset {n_obs} cells.")
    columns = {name: _annotation(name, values) for name, values in zip(names, sent.values, strict=True)}
    key = key_of(opened, user)
    store.save_annotations(key, columns, collection=asked.collection, keep=own, version=asked.version)
    return SAVED


def save_gene_sets(store: Store, opened: Opened, user: str, body: bytes, asked: Saving) -> SavedDocument:
    """Replace the user's gene sets by those in the body of ``PUT genesets``.

    Raises
    ------
    BadQuery
        It is no such JSON.
    NotFound
        Its ``tid`` was used before.
    Conflict, TooLarge
        See `Store`.
    """
    key = key_of(opened, user)
    # The same cells may have been published with other genes before: a save does not lose those.
    saved = {gene.symbol for item in store.gene_sets(key).sets for gene in item.genes}
    tid, sets = _gene_sets(body, saved.union(opened.dataset.var_names().tolist()))
    store.save_gene_sets(key, sets, tid=tid, collection=asked.collection, version=asked.version)
    return SAVED


def gene_sets(store: Store, opened: Opened, user: str | None) -> GeneSets:
    """The user's gene sets; nobody has none."""
    return GeneSets(None, 0, 0, ()) if user is None else store.gene_sets(key_of(opened, user))


def history_document(
    store: Store, opened: Opened, user: str, collection: str | None = None
) -> HistoryDocument:
    """The answer to ``history``."""
    edits: tuple[Edit, ...] = store.history(key_of(opened, user), collection)
    lines: list[EditDocument] = [
        {"version": e.version, "at": e.at, "who": e.who, "what": e.what} for e in edits
    ]
    return {"version": edits[0].version if edits else 0, "history": lines}


def most_bytes(opened: Opened) -> int:
    """What the annotations of a dataset may take, as they are sent."""
    return _BASE + _PER_CELL * opened.dataset.schema.n_obs


def checked_name(name: str, own: Collection[str]) -> str:
    """The name of an annotation, if it can be one.

    Parameters
    ----------
    own
        The columns of the dataset.

    Raises
    ------
    BadQuery
        It cannot.
    """
    if not 0 < len(name) <= MAX_NAME or re.search("[\x00-\x1f\x7f\ud800-\udfff]", name):
        raise BadQuery(f"The name of an annotation is one line of 1 to {MAX_NAME} characters.")
    if name in own:
        raise BadQuery(f"The dataset has a column {name!r} of its own: choose another name.")
    return name


def _annotation(name: str, values: Values) -> Values:
    """As cellxgene reads a column: whole numbers as integers, anything in JSON as categories."""
    assert isinstance(values, np.ndarray)  # noqa: S101 - decode gives arrays
    if values.dtype == np.object_:
        return _categorical(values.tolist())
    whole = np.abs(values) <= _LARGEST  # not where it is NaN
    if values.dtype.kind == "f" and not (whole.all() and (np.floor(values) == values).all()):
        raise BadQuery(f"The annotation {name!r} has numbers that are not whole.")
    integers = values.astype(np.int64)
    limits = np.iinfo(np.int32)
    fits = not len(integers) or (integers.min() >= limits.min and integers.max() <= limits.max)
    return integers.astype(np.int32) if fits else integers


def _categorical(values: list[Any]) -> Categorical:
    there = {value for value in values if value is not None}
    kinds = {type(value) for value in there}
    if bool in kinds or (len(kinds - {int, float}) and kinds != {str}):
        values = [value if value is None else str(value) for value in values]  # a mixture is text
    if kinds <= {int, float} and any(abs(value) > _LARGEST for value in there):
        raise BadQuery("A number in an annotation is too large.")
    categories: list[Any] = sorted({value for value in values if value is not None})
    code = {category: i for i, category in enumerate(categories)}
    codes = np.array([-1 if value is None else code[value] for value in values], np.int32)
    return Categorical(codes, _array(categories))


def _array(categories: list[Any]) -> Array:
    if categories and not isinstance(categories[0], str):
        return np.array(categories)
    found: Array = np.empty(len(categories), object)
    found[:] = categories
    return found


def _gene_sets(body: bytes, genes: set[str]) -> tuple[int, tuple[GeneSet, ...]]:
    try:
        document = json.loads(body)
        tid, sets = whole(document["tid"]), document["genesets"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadQuery('The body must be JSON: {"tid": 1, "genesets": […]}.') from error
    if type(tid) is not int or not 0 <= tid <= _LARGEST:
        raise BadQuery("The tid must be a whole number that is not negative.")
    return tid, wire_gene_sets.from_document(sets, genes.__contains__)
