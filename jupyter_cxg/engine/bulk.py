"""Many genes of some cells, in batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..compute.bulk import gene_values
from ..compute.columns import column_dtype
from ..errors import BadQuery
from ..model import Array, GeneStream, GeneValues
from .groups import CellBits, rows_of
from .source import Source

BATCH_BYTES = 4 << 20
Find = Callable[[str], Array]


@dataclass(frozen=True, slots=True)
class BulkQuery:
    """Which genes of which cells.

    Attributes
    ----------
    genes
        Names, and positions in the matrix. A name that two genes have means both.
    cells
        None: all.
    """

    genes: tuple[str | int, ...]
    layer: str = "X"
    cells: CellBits | None = None


def bulk(source: Source, query: BulkQuery, names: Array, find: Find) -> GeneStream:
    """What is known before any work is done, and the batches.

    Parameters
    ----------
    names
        (n_vars,): of the genes of the matrix.
    find
        Name → positions.

    Raises
    ------
    BadQuery
        A position is outside of the axis, or the bitset has the wrong length.
    NotReady
        The matrix is still being copied.
    """
    matrix = source.genes(query.layer)
    positions, unknown = positions_of(query.genes, len(names), find)
    rows = rows_of(query.cells, source.n_obs, source.read)
    watch = source.watch
    found = gene_values(matrix, positions, rows, threads=source.threads, cancelled=watch.cancelled)
    return GeneStream(
        n_rows=len(rows),
        dtype=column_dtype(matrix.data.dtype),
        names={position: str(names[position]) for position in positions.tolist()},
        unknown=unknown,
        batches=_batches(found),
    )


def positions_of(genes: Sequence[str | int], n_vars: int, find: Find) -> tuple[Array, tuple[str, ...]]:
    """Each gene once, in the order asked; and the names that no gene has."""
    found: dict[int, None] = {}
    unknown: dict[str, None] = {}
    for gene in genes:
        if isinstance(gene, int):
            if not 0 <= gene < n_vars:
                raise BadQuery(f"A gene position is outside of 0..{n_vars - 1}.")
            found[gene] = None
            continue
        positions = find(gene).tolist()
        found.update(dict.fromkeys(positions))
        if not positions:
            unknown[gene] = None
    return np.array(list(found), np.int64), tuple(unknown)


def _batches(genes: Iterator[GeneValues]) -> Iterator[tuple[GeneValues, ...]]:
    batch: list[GeneValues] = []
    size = 0
    for gene in genes:
        batch.append(gene)
        size += gene.values.nbytes + (0 if gene.rows is None else gene.rows.nbytes)
        if size >= BATCH_BYTES:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)
