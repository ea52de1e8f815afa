"""What comparisons of cells ask of a dataset."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..compute.span import finite_span
from ..model import Array, Dense, Matrix
from .cache import Cache
from .groups import Read

COUNTS_SPAN = 24.0
"""With a larger span of values, cellxgene takes X for counts and compares log(1 + x)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset as comparisons see it.

    Attributes
    ----------
    key
        Names the revision of the dataset in the cache.
    read
        Gives obs columns.
    rows, genes
        A matrix, in the form that is faster to read by cells, and by genes.
    """

    key: tuple[object, ...]
    cache: Cache
    n_obs: int
    read: Read
    rows: Callable[[str], Matrix]
    genes: Callable[[str], Matrix]
    threads: int


def n_genes(matrix: Matrix) -> int:
    """How many genes a matrix has."""
    n_vars: int = matrix.data.shape[1] if isinstance(matrix, Dense) else matrix.shape[1]
    return n_vars


def is_logged(source: Source, layer: str) -> bool:
    """Whether cellxgene would compare log(1 + x): the values span so much that it takes them for counts."""

    def make() -> Array:
        return np.array(finite_span(source.rows(layer), threads=source.threads))

    low, high = source.cache.get((source.key, "span", layer), make).tolist()
    return bool(high - low > COUNTS_SPAN)
