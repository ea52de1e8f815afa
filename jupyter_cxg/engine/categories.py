"""Moments of all categories of an obs column at once.

They are kept, and of the dataset's own columns stored beside the snapshot, so that comparing categories
needs no pass over the matrix.
"""

import hashlib
from collections.abc import Hashable, Iterable

import numpy as np

from ..compute.grouping import group_moments
from ..compute.moments import Moments
from ..model import Array
from . import stored
from .groups import categories_of
from .source import Source, form_for, n_genes

MOST = 8_000_000
"""Categories times genes; the sums of so many take a quarter of a gigabyte."""
SHARE = 0.1
"""Of the bytes of a matrix; the stored moments of its categories take no more."""


def fits(source: Source, column: str, layer: str) -> bool:
    """Whether the moments of all categories may be in memory together."""
    categories, _ = categories_of(column, source.read)
    return (len(categories) + 1) * n_genes(source.rows(layer)) <= MOST


def category_moments(source: Source, column: str, layer: str, *, logged: bool = False) -> Moments:
    """Moments of all categories of a column, and last of the cells that have none; kept."""
    known = known_moments(source, column, layer, logged=logged)
    if known is not None:
        return known
    labels, n_groups = labels_of(source, column)

    def make() -> tuple[Array, ...]:
        found = group_moments(
            form_for(source, layer, np.ones(len(labels), bool)),
            labels,
            n_groups,
            logged=logged,
            threads=source.threads,
            advance=source.watch.advance,
            cancelled=source.watch.cancelled,
        )
        return found.n, found.mean, found.squares, found.nonzero

    return Moments(*source.kept(_key(layer, labels, n_groups, logged), make))


def known_moments(source: Source, column: str, layer: str, *, logged: bool = False) -> Moments | None:
    """What `category_moments` gives, if that takes no pass over the matrix."""
    labels, n_groups = labels_of(source, column)
    kept = source.cache.peek((source.key, *_key(layer, labels, n_groups, logged)))
    if isinstance(kept, tuple):
        return Moments(*kept)
    if logged or source.directory is None:
        return None
    n = np.bincount(labels, minlength=n_groups)
    return stored.load(source.directory, layer, digest_of(labels).hex(), n, n_genes(source.rows(layer)))


def store_moments(source: Source, columns: Iterable[str], layer: str) -> None:
    """Write the moments of the categories of some columns beside the snapshot, as far as they fit there.

    Raises
    ------
    Cancelled
        Nobody waits.
    OSError
        There is no room.
    """
    matrix, directory = source.rows(layer), source.directory
    if directory is None:
        return
    room = matrix.data.nbytes * SHARE
    for column in columns:
        labels, n_groups = labels_of(source, column)
        name, size = digest_of(labels).hex(), 24 * n_groups * n_genes(matrix)
        if size > room or not fits(source, column, layer):
            continue
        room -= size
        if not stored.is_stored(directory, layer, name):
            stored.store(directory, layer, name, category_moments(source, column, layer))


def _key(layer: str, labels: Array, n_groups: int, logged: bool) -> tuple[Hashable, ...]:
    return "moments", layer, logged, n_groups, digest_of(labels)


def labels_of(source: Source, column: str) -> tuple[Array, int]:
    """The category of each cell, where a missing one is the last; and how many that are."""
    categories, codes = categories_of(column, source.read)
    n_groups = len(categories) + 1
    dtype = np.int8 if n_groups <= 127 else np.int32
    return np.where(codes < 0, len(categories), codes).astype(dtype), n_groups


def digest_of(labels: Array) -> bytes:
    """Names what is kept by which cells are in which group, whatever the column is called: users' own may
    be called like each other's."""
    return hashlib.blake2b(labels.tobytes(), digest_size=16).digest()
