"""What comparisons of cells ask of a dataset."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from ..compute.span import finite_span
from ..model import Array, Dense, Matrix, Values
from .cache import Cache
from .groups import Read
from .watch import Watch

T = TypeVar("T", bound=Values | tuple[Array, ...])

Distribution = Literal["auto", "normal", "count"]
COUNTS_SPAN = 24.0
"""With a larger span of values, cellxgene takes X for counts and compares log(1 + x)."""

FEW = 8
"""One of so many cells are few."""
BY_CELLS = 1.5
"""What a value costs that is read by cells, where the sums of all genes are needed at hand, in values that
are read by genes, where all cells are."""


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
    directory
        Where arrays that are derived from the dataset lie; None: nowhere, as it is still being written.
    index_cells
        Told that a form would help in which cells are read fast, where there is none.
    watch
        Who waits for the answer.
    """

    key: tuple[object, ...]
    cache: Cache
    n_obs: int
    read: Read
    rows: Callable[[str], Matrix]
    genes: Callable[[str], Matrix]
    threads: int
    directory: Path | None = None
    index_cells: Callable[[str], None] = lambda layer: None
    watch: Watch = field(default_factory=Watch)

    def kept(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """What long work gave before, or gives now, if somebody still waits for it.

        Raises
        ------
        Cancelled
            It is not kept, and nobody waits.
        """

        def wanted() -> T:
            self.watch.check()
            return make()

        return self.cache.get((self.key, *key), wanted)

    def part(self, first: float, last: float) -> "Source":
        """The same for a step of the work: see `Watch.part`."""
        return replace(self, watch=self.watch.part(first, last))


def form_for(source: Source, layer: str, cells: Array) -> Matrix:
    """The form of a matrix in which all genes of some cells are read fastest.

    Parameters
    ----------
    cells
        (n_obs,) bool.
    """
    if is_few(cells):
        source.index_cells(layer)
    rows, genes = source.rows(layer), source.genes(layer)
    if isinstance(rows, Dense) or isinstance(genes, Dense) or rows.layout == genes.layout:
        return rows
    by_cells, by_genes = (rows, genes) if rows.layout == "csr" else (genes, rows)
    asked = int(np.diff(by_cells.indptr)[cells].sum())
    return by_cells if BY_CELLS * asked < len(by_genes.data) else by_genes


def is_few(cells: Array) -> bool:
    """Whether reading these cells alone is much less work than reading a whole matrix."""
    return bool(FEW * np.count_nonzero(cells) < len(cells))


def n_genes(matrix: Matrix) -> int:
    """How many genes a matrix has."""
    n_vars: int = matrix.data.shape[1] if isinstance(matrix, Dense) else matrix.shape[1]
    return n_vars


def is_logged(source: Source, layer: str, distribution: Distribution = "auto") -> bool:
    """Whether cellxgene would compare log(1 + x): the values span so much that it takes them for counts.

    Parameters
    ----------
    distribution
        ``"count"`` or ``"normal"`` where somebody knows it.
    """
    if distribution != "auto":
        return distribution == "count"

    def make() -> Array:
        return np.array(
            finite_span(source.rows(layer), threads=source.threads, cancelled=source.watch.cancelled)
        )

    low, high = source.kept(("span", layer), make).tolist()
    return bool(high - low > COUNTS_SPAN)
