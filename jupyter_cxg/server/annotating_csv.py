"""Annotations and gene sets as CSV files: what is downloaded, uploaded, and read from disk. For the pool."""

import logging
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any, TypedDict

import numpy as np

from ..annotations.copies import Kind
from ..annotations.store import Store
from ..engine.shelf import Opened
from ..errors import BadQuery
from ..model import Annotations, Categorical, GeneSet, Values
from ..wire import cell_labels, csv_text, gene_sets
from . import annotating
from .params import Saving

log = logging.getLogger(__name__)

SHOWN = 5


class LabelsSavedDocument(TypedDict):
    """What became of an uploaded file of annotations."""

    version: int
    cells: int
    matched: int
    unknown: int
    unknown_names: list[str]


class GeneSetsSavedDocument(TypedDict):
    """What became of an uploaded file of gene sets."""

    version: int
    gene_sets: int
    genes: int
    unknown: int
    unknown_names: list[str]


class _Everything(Container[str]):
    def __contains__(self, name: object) -> bool:
        return True


# ── written ──


def current_annotations(store: Store, opened: Opened, user: str) -> str:
    """Those of the current collection; without any, the names of the cells."""
    mine = store.annotations(annotating.key_of(opened, user))
    return annotations_text(replace(opened, mine=mine))


def current_gene_sets(store: Store, opened: Opened, user: str) -> str:
    """Those of the current collection; without any, the header."""
    return gene_sets.to_csv(annotating.gene_sets(store, opened, user).sets)


def annotations_text(opened: Opened) -> str:
    """All that is shown of the annotations of who asks; without any, the names of the cells."""
    return cell_labels.to_csv(_cells(opened), annotating.annotations(opened))


def gene_sets_text(sets: tuple[GeneSet, ...]) -> str:
    """The gene sets; nothing if there are none."""
    return gene_sets.to_csv(sets) if sets else ""


# ── read ──


def save_annotations(
    store: Store, opened: Opened, user: str, body: bytes, asked: Saving
) -> LabelsSavedDocument:
    """Replace the user's annotations by those in a file; or add them.

    Raises
    ------
    BadQuery
        It is no such file, or no cell in it is one of the dataset.
    Conflict, TooLarge
        See `Store`.
    """
    found, version = _save_labels(store, opened, user, _text(body), asked)
    return {
        "version": version,
        "cells": opened.dataset.schema.n_obs,
        "matched": found.matched,
        "unknown": found.unknown,
        "unknown_names": list(found.unknown_names),
    }


def save_gene_sets(
    store: Store, opened: Opened, user: str, body: bytes, asked: Saving
) -> GeneSetsSavedDocument:
    """Replace the user's gene sets by those in a file; or add them.

    Raises
    ------
    BadQuery
        It is no such file.
    Conflict, TooLarge
        See `Store`.
    """
    sets, unknown, version = _save_sets(store, opened, user, _text(body), asked)
    return {
        "version": version,
        "gene_sets": len(sets),
        "genes": sum(len(item.genes) for item in sets),
        "unknown": len(unknown),
        "unknown_names": list(unknown)[:SHOWN],
    }


def take(kind: Kind, store: Store, opened: Opened, user: str, text: str, name: str) -> int:
    """Save what is in a file on the disk, and tell the log what of it did not fit; gives the new version."""
    asked = Saving(who=name)
    if kind == "gene_sets":
        _, unknown, version = _save_sets(store, opened, user, text, asked)
        if unknown:
            log.warning("%s: %s", name, _left_out(len(unknown), list(unknown), "genes"))
        return version
    found, version = _save_labels(store, opened, user, text, asked)
    n_obs = opened.dataset.schema.n_obs
    if found.columns and (found.unknown or found.matched < n_obs):
        rest = _left_out(found.unknown, found.unknown_names, "cells") if found.unknown else ""
        log.warning("%s: has %d of the %d cells. %s", name, found.matched, n_obs, rest)
    return version


def check(kind: Kind, body: bytes) -> None:
    """Look at a file as far as that goes without the dataset.

    Raises
    ------
    BadQuery
        It is none of its kind.
    """
    text = csv_text.text_of(body)
    if kind == "annotations":
        cell_labels.read(text, ())
    elif csv_text.without_comments(text).strip():
        gene_sets.from_csv(text, lambda gene: True)


def _text(body: bytes) -> str:
    """Of an upload: nothing at all is a mistake, and not the wish to have nothing."""
    text = csv_text.text_of(body)
    if not csv_text.without_comments(text).strip():
        raise BadQuery("The file is empty.")
    return text


def _save_labels(
    store: Store, opened: Opened, user: str, text: str, asked: Saving
) -> tuple[cell_labels.CellLabels, int]:
    found = cell_labels.read(text, _cells(opened), most=annotating.most_bytes(opened))
    if found.unknown and not found.matched:
        raise BadQuery(
            f"None of the {found.unknown} names in the file is that of a cell of this dataset: the first is "
            f"{found.unknown_names[0][:80]!r}."
        )
    key, own = annotating.key_of(opened, user), annotating.public_names(opened)
    before: Annotations = store.annotations(key, asked.collection)
    old: Mapping[str, Values] = before.read() if {*before.names} & found.columns.keys() else {}
    columns = {
        annotating.checked_name(name, own): _as_before(values, old.get(name))
        for name, values in found.columns.items()
    }
    keep = _Everything() if asked.add else own
    version = store.save_annotations(
        key, columns, collection=asked.collection, keep=keep, version=asked.version, who=asked.who
    )
    return found, version


def _save_sets(
    store: Store, opened: Opened, user: str, text: str, asked: Saving
) -> tuple[tuple[GeneSet, ...], dict[str, None], int]:
    genes, unknown = {*opened.dataset.var_names().tolist()}, dict[str, None]()

    def known(symbol: str) -> bool:
        if symbol not in genes:
            unknown[symbol] = None
        return symbol in genes

    sets = gene_sets.from_csv(text, known) if text.strip() else ()
    key, seen = annotating.key_of(opened, user), asked.version
    if asked.add:
        new = {item.name for item in sets}
        there = store.gene_sets(key, asked.collection)
        sets = (*(item for item in there.sets if item.name not in new), *sets)
        seen = there.version if seen is None else seen
    version = store.save_gene_sets(
        key, sets, tid=None, collection=asked.collection, version=seen, who=asked.who
    )
    return sets, unknown, version


def _as_before(new: Categorical, old: Values | None) -> Values:
    """A column that says what was stored stays as it was: in a file, all is text and nothing missing.

    Else what is empty is missing, unless there was an empty label before.
    """
    categories = [] if old is None else _categories(old)
    if old is not None and _texts(old) == _texts(new):
        return old
    if "" not in new.categories or "" in categories:
        return new
    assert new.categories[0] == ""  # noqa: S101 - they are sorted
    codes = np.where(new.codes > 0, new.codes - 1, -1).astype(np.int32)
    return Categorical(codes, new.categories[1:])


def _categories(values: Values) -> list[Any]:
    return values.categories.tolist() if isinstance(values, Categorical) else []


def _texts(values: Values) -> list[str]:
    """As a file has them."""
    if not isinstance(values, Categorical):
        return [str(value) for value in values.tolist()]
    categories = [*map(str, values.categories.tolist()), ""]
    return [categories[code] for code in values.codes.tolist()]


def _cells(opened: Opened) -> list[str]:
    names = opened.dataset.obs((opened.dataset.schema.obs_index,)).values[0]
    assert not isinstance(names, Categorical)  # noqa: S101 - an index is text
    return [str(name) for name in names.tolist()]


def _left_out(n: int, names: list[str] | tuple[str, ...], what: str) -> str:
    shown = ", ".join(name[:80] for name in names[:SHOWN]) + (", …" if n > SHOWN else "")
    return f"{n} names in it are no {what} of this dataset: {shown}."
