"""Moments of all categories of an obs column at once: kept, so that comparing categories needs no pass."""

import numpy as np

from ..compute.grouping import group_moments
from ..compute.moments import Moments
from ..model import Array
from .groups import categories_of
from .source import Source, n_genes

MOST = 8_000_000
"""Categories times genes; the sums of so many take a quarter of a gigabyte."""


def fits(source: Source, column: str, layer: str) -> bool:
    """Whether the moments of all categories may be in memory together."""
    categories, _ = categories_of(column, source.read)
    return (len(categories) + 1) * n_genes(source.rows(layer)) <= MOST


def category_moments(source: Source, column: str, layer: str, *, logged: bool = False) -> Moments:
    """Moments of all categories of a column, and last of the cells that have none; kept."""
    labels, n_groups = labels_of(source, column)

    def make() -> tuple[Array, ...]:
        found = group_moments(source.rows(layer), labels, n_groups, logged=logged, threads=source.threads)
        return found.n, found.mean, found.squares, found.nonzero

    return Moments(*source.cache.get((source.key, "moments", layer, column, logged), make))


def labels_of(source: Source, column: str) -> tuple[Array, int]:
    """The category of each cell, where a missing one is the last; and how many that are."""
    categories, codes = categories_of(column, source.read)
    n_groups = len(categories) + 1
    dtype = np.int8 if n_groups <= 127 else np.int32
    return np.where(codes < 0, len(categories), codes).astype(dtype), n_groups
