"""What figures are drawn of: genes and obs columns, summed up over groups of cells."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..compute.bulk import gene_values
from ..compute.distribution import QUANTILES, Distribution, distribution
from ..errors import BadQuery
from ..model import Array, Categorical, Columns, GeneValues, Texts
from .bulk import Find, positions_of
from .grouped import Grouped, Grouping, categories_among, group_cells
from .groups import Group, rows_of
from .source import Source

QUANTILE_NAMES = ("min", "q1", "median", "q3", "max")
MAX_VALUES = 2_000_000
"""What one answer may hold."""
SEED = 0


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """Some features of some cells, by groups.

    Attributes
    ----------
    genes
        Names, in the order of the figure.
    columns
        Numeric obs columns, which follow the genes.
    by
        What makes the groups: all combinations of the categories that have cells; nothing: one group.
    cells
        None: all.
    cutoff
        A cell expresses a gene above that value.
    quantiles, bins
        Whether the quartiles are wanted, and how many bins of a histogram.
    sample
        Not 0: the values themselves instead, of so many cells at most, drawn at random.
    beside
        Of a sample: what else is said about each cell. Within a group cells are sorted by it.
    """

    genes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    by: tuple[Grouping, ...] = ()
    cells: Group | None = None
    layer: str = "X"
    cutoff: float = 0.0
    quantiles: bool = False
    bins: int = 0
    sample: int = 0
    beside: tuple[Grouping, ...] = ()


def figure(source: Source, query: FigureQuery, names: Array, find: Find) -> Columns:
    """One row per feature and group; of a sample one per cell; without features one per group.

    Parameters
    ----------
    names
        (n_vars,): of the genes of the matrix.
    find
        Name → positions.

    Raises
    ------
    BadQuery
        The cells or groups make no sense, a column is not numeric, or the answer would be too large.
    NotFound
        There is no such column or layer.
    NotReady
        The matrix is still being copied.
    Cancelled
        Nobody waits any more.
    """
    rows = rows_of(query.cells, source.n_obs, source.read)
    grouped = group_cells(query.by, rows, source)
    positions, unknown = positions_of(query.genes, len(names), find)
    features = (*(str(names[position]) for position in positions.tolist()), *query.columns)
    told = {
        "features": json.dumps(features),
        "unknown": json.dumps(unknown),
        "by": json.dumps([grouping.name for grouping in query.by]),
        "beside": json.dumps([grouping.name for grouping in query.beside]),
        "n_cells": str(len(rows)),
        "n_left_out": str(int(np.count_nonzero(grouped.labels < 0))),
    }
    if not features:
        _check_size(grouped.n * (len(query.by) + 1))
        return _columns({**grouped.columns(), "n": grouped.sizes}, told)
    if query.sample:
        return _sample(source, query, grouped, rows, positions, told)
    _check_size(len(features) * grouped.n * (8 + 7 * query.quantiles + query.bins))
    # some kept to the end: the answer is one table
    found = [
        distribution(
            gene,
            grouped.labels,
            grouped.n,
            cutoff=query.cutoff,
            quantiles=query.quantiles,
            bins=query.bins,
        )
        for gene in _values(source, query, positions, rows)
    ]
    return _columns(_table(features, grouped, found, query), told)


def _values(source: Source, query: FigureQuery, positions: Array, rows: Array) -> Iterator[GeneValues]:
    """Each feature, of the cells asked for."""
    if len(positions):
        matrix, watch = source.genes(query.layer), source.watch
        yield from gene_values(matrix, positions, rows, threads=source.threads, cancelled=watch.cancelled)
    for name in query.columns:
        source.watch.check()
        yield GeneValues(-1, None, _numbers(source, name)[rows])


def _numbers(source: Source, name: str) -> Array:
    values = source.read(name)
    if isinstance(values, Categorical | Texts) or values.dtype.kind not in "biuf":
        raise BadQuery(f"The obs column {name!r} holds no numbers: group by it instead.")
    return values


def _table(
    features: tuple[str, ...], grouped: Grouped, found: list[Distribution], query: FigureQuery
) -> dict[str, Array | Categorical]:
    codes = np.repeat(np.arange(len(features), dtype=np.int32), grouped.n)
    table: dict[str, Array | Categorical] = {"feature": Categorical(codes, _texts(features))}
    table.update(grouped.columns(times=len(features)))
    for name in ("n", "mean", "deviation", "fraction", "mean_expressing"):
        table[name] = np.concatenate([getattr(each, name) for each in found])
    if query.quantiles:
        all_quantiles = [each.quantiles for each in found if each.quantiles is not None]
        for i, name in enumerate(QUANTILE_NAMES[: len(QUANTILES)]):
            table[name] = np.concatenate([each[i] for each in all_quantiles])
    if query.bins:
        for i, name in enumerate(("low", "high")):
            table[name] = np.repeat([each.span[i] for each in found], grouped.n)
        for i in range(query.bins):
            table[f"bin_{i}"] = np.concatenate([each.counts[:, i] for each in found])
    return table


def _sample(
    source: Source, query: FigureQuery, grouped: Grouped, rows: Array, positions: Array, told: dict[str, str]
) -> Columns:
    """Cells drawn at random, each as likely as any other; group by group."""
    shown = np.flatnonzero(grouped.labels >= 0)
    if len(shown) > query.sample:
        drawn = np.random.default_rng(SEED).choice(shown, query.sample, replace=False, shuffle=False)
        shown = np.sort(drawn)
    beside = [categories_among(grouping, source, rows) for grouping in query.beside]
    # the last key is the first to sort by; who has no category comes last
    keys = [np.where(codes[shown] < 0, len(texts), codes[shown]) for texts, codes in reversed(beside)]
    shown = shown[np.lexsort((*keys, grouped.labels[shown]))]
    _check_size(len(shown) * (len(positions) + len(query.columns) + 2 + len(beside)))
    # of the cells drawn alone: rows must ascend
    order = np.argsort(rows[shown])
    values = np.empty((len(positions) + len(query.columns), len(shown)))
    for i, gene in enumerate(_values(source, query, positions, rows[shown[order]])):
        dense = gene.values
        if gene.rows is not None:
            dense = np.zeros(len(shown), gene.values.dtype)
            dense[gene.rows] = gene.values
        values[i, order] = dense
    table: dict[str, Array | Categorical] = {"cell": rows[shown]}
    table.update(grouped.columns(of=grouped.labels[shown]))
    for i, (texts, codes) in enumerate(beside):
        table[f"beside_{i}"] = Categorical(codes[shown].astype(np.int32), _texts(texts))
    table.update({f"value_{i}": each for i, each in enumerate(values)})
    return _columns(table, told)


def _check_size(values: int) -> None:
    if values > MAX_VALUES:
        raise BadQuery(
            f"The figure would be drawn of {values} numbers, more than {MAX_VALUES}: choose fewer genes, or "
            "a column of fewer categories."
        )


def _columns(table: Mapping[str, Array | Categorical], told: Mapping[str, str]) -> Columns:
    names = tuple(table)
    return Columns(len(next(iter(table.values()))), names, tuple(table.values()), names, told)


def _texts(texts: tuple[str, ...]) -> Array:
    found: Array = np.empty(len(texts), object)
    found[:] = texts
    return found
