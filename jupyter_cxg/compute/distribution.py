"""How the values of one gene are distributed over groups of cells: what figures are drawn of."""

from dataclasses import dataclass

import numpy as np

from ..model import Array, GeneValues

QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """One gene in every group; float64 unless said otherwise, NaN where a group has no value.

    Attributes
    ----------
    n
        (n_groups,) int64: cells that have a value.
    mean, deviation
        (n_groups,): the latter with ddof = 1.
    fraction
        (n_groups,): of the cells whose value is above the cutoff.
    mean_expressing
        (n_groups,): of those cells alone.
    quantiles
        (len(QUANTILES), n_groups), linear between values as numpy's; None if not wanted.
    span
        The ends of the bins: the smallest and the largest finite value of all groups.
    counts
        (n_groups, bins) int64: as ``numpy.histogram`` over ``span``.
    """

    n: Array
    mean: Array
    deviation: Array
    fraction: Array
    mean_expressing: Array
    quantiles: Array | None
    span: tuple[float, float]
    counts: Array


def distribution(
    gene: GeneValues,
    labels: Array,
    n_groups: int,
    *,
    cutoff: float = 0.0,
    quantiles: bool = False,
    bins: int = 0,
) -> Distribution:
    """One gene in every group, of a gene that may be sparse: what it does not list is zero.

    Parameters
    ----------
    gene
        Its rows count in ``labels``.
    labels
        (n,), a signed integer: the group of each cell, -1 for none.

    Returns
    -------
    Equal to pandas' ``groupby`` on the dense values; NaN and infinite values are left out.
    """
    groups = labels if gene.rows is None else labels[gene.rows]
    sizes = np.bincount(labels[labels >= 0], minlength=n_groups)
    values = np.asarray(gene.values, np.float64)
    listed = groups >= 0
    missing = listed & ~np.isfinite(values)
    there = listed & ~missing
    n = sizes - np.bincount(groups[missing], minlength=n_groups)
    groups, values = groups[there], values[there]
    n_listed = np.bincount(groups, minlength=n_groups)
    above = values > cutoff
    n_above = np.bincount(groups[above], minlength=n_groups)
    sum_above = _sums(groups[above], values[above], n_groups)
    if cutoff < 0:  # zeros are above it
        n_above = n_above + n - n_listed
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = _sums(groups, values, n_groups) / n
        squares = _sums(groups, (values - mean[groups]) ** 2, n_groups)
        squares += (n - n_listed) * np.nan_to_num(mean) ** 2
        deviation = np.sqrt(np.where(n > 1, squares / (n - 1), np.nan))
        fraction, mean_expressing = n_above / n, sum_above / n_above
    ordered, starts = _ordered(values, groups, n_listed) if quantiles or bins else (values, n_listed)
    zeros = n - n_listed
    span = _span(values, bool(zeros.any()))
    return Distribution(
        n,
        mean,
        deviation,
        fraction,
        mean_expressing,
        _quantiles(ordered, starts, n, zeros) if quantiles else None,
        span,
        _counts(ordered, starts, zeros, span, bins),
    )


def _sums(groups: Array, values: Array, n_groups: int) -> Array:
    # of no values at all numpy makes integers
    return np.bincount(groups, values, minlength=n_groups).astype(np.float64)


def _span(values: Array, zeros: bool) -> tuple[float, float]:
    ends = [0.0] if zeros else []
    if len(values):
        ends += [float(values.min()), float(values.max())]
    return (min(ends), max(ends)) if ends else (0.0, 0.0)


def _ordered(values: Array, groups: Array, n_listed: Array) -> tuple[Array, Array]:
    """The values group by group, ascending within each; and where each group begins, and the last ends."""
    # few groups: int16 is sorted by radix, in one pass
    small = groups.astype(np.int16) if len(n_listed) < 2**15 else groups
    ordered = values[np.argsort(small, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(n_listed)])
    for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        ordered[start:stop].sort()
    return ordered, starts


def _quantiles(ordered: Array, starts: Array, n: Array, zeros: Array) -> Array:
    found = np.full((len(QUANTILES), len(n)), np.nan)
    for group in np.flatnonzero(n).tolist():
        listed = ordered[starts[group] : starts[group + 1]]
        negative, none = int(np.searchsorted(listed, 0.0)), int(zeros[group])
        where = np.array(QUANTILES) * (n[group] - 1)
        low = np.floor(where).astype(np.int64)
        pair = []
        for at in (low, np.minimum(low + 1, n[group] - 1)):
            # zeros lie between what is negative and what is not
            listed_at = np.where(at < negative, at, at - none)
            is_zero = (at >= negative) & (at < negative + none)
            kept = np.clip(listed_at, 0, max(0, len(listed) - 1))
            pair.append(np.where(is_zero, 0.0, listed[kept] if len(listed) else 0.0))
        found[:, group] = pair[0] + (pair[1] - pair[0]) * (where - low)
    return found


def _counts(ordered: Array, starts: Array, zeros: Array, span: tuple[float, float], bins: int) -> Array:
    counts = np.zeros((len(zeros), bins), np.int64)
    if bins == 0:
        return counts
    at_zero = np.histogram([0.0], bins, span)[0] if zeros.any() else 0
    for group in range(len(zeros)):
        counts[group] = np.histogram(ordered[starts[group] : starts[group + 1]], bins, span)[0]
        counts[group] += at_zero * zeros[group]
    return counts
