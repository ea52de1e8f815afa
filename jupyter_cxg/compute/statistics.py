"""Tests of two groups per gene, from moments or rank sums: a few vector operations each."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..model import Array
from .moments import Moments


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """What a test found, per gene: its statistic and the two-sided p value, both (n_vars,) float64."""

    score: Array
    p: Array


def welch_t(a: Moments, b: Moments) -> Tested:
    """Welch's t-test per gene, from the moments of one group each.

    Parameters
    ----------
    a, b
        Of at least two cells each.

    Returns
    -------
    t and p. Where all values of both groups are equal, and where one is NaN or infinite, t = 0 and p = 1,
    as in scanpy; where the values of each group are equal, but not those of both, t is infinite and p = 0.

    References
    ----------
    Welch (1947), Biometrika 34, 28-35. Equal to scipy.stats.ttest_ind(equal_var=False) and scanpy's
    "t-test".
    """
    n_a, n_b = a.n[0], b.n[0]
    return _t_test(a.mean[0], a.variance()[0], n_a, b.mean[0], b.variance()[0], n_b, n_a, n_b)


def cellxgene_t(a: Moments, b: Moments) -> Tested:
    """cellxgene's t-test per gene: both variances are divided by the size of the smaller group.

    Means and variances that are not finite are taken for 0, also the variance of a single cell.

    References
    ----------
    cellxgene 1.3.0, ``server/compute/diffexp_generic.py``.
    """
    n_a, n_b = a.n[0], b.n[0]
    smaller = min(n_a, n_b)
    return _t_test(*finite(a), n_a, *finite(b), n_b, smaller, smaller)


def finite(moments: Moments) -> tuple[Array, Array]:
    """Mean and variance of the first group, 0 where they are not finite: (n_vars,) each."""
    mean, variance = moments.mean[0], moments.variance()[0]
    return np.where(np.isfinite(mean), mean, 0), np.where(np.isfinite(variance), variance, 0)


def _t_test(
    mean_a: Array, var_a: Array, n_a: int, mean_b: Array, var_b: Array, n_b: int, by_a: int, by_b: int
) -> Tested:
    """The t-test with the variances of the means ``var / by``."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        error_a, error_b = var_a / by_a, var_b / by_b
        t = (mean_a - mean_b) / np.sqrt(error_a + error_b)
        freedom = (error_a + error_b) ** 2 / (
            error_a**2 / np.float64(n_a - 1) + error_b**2 / np.float64(n_b - 1)
        )
    t = np.where(np.isnan(t), 0, t)
    freedom = np.where(np.isnan(freedom), 1, freedom)
    p = np.where(t == 0, 1, 2 * special.stdtr(freedom, -np.abs(t)))
    return Tested(t, p)


def wilcoxon(rank_sum: Array, n_a: int, n_b: int, ties: Array | None) -> Tested:
    """Wilcoxon's rank-sum test per gene by its normal approximation, without continuity correction.

    Parameters
    ----------
    rank_sum
        (n_vars,): of group A among both groups; NaN where the gene is not tested.
    ties
        (n_vars,): the sum of t³ - t over all blocks of ties; None: do not correct for ties.

    Returns
    -------
    z and p; z = 0 and p = 1 where all values are equal (corrected for ties), and where one is NaN.

    References
    ----------
    Equal to scanpy's "wilcoxon" with the same ``tie_correct``; with the correction, also to
    scipy.stats.mannwhitneyu(method="asymptotic", use_continuity=False).
    """
    n = float(n_a + n_b)
    corrected = 1.0 if ties is None or n < 2 else 1 - ties / (n**3 - n)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (rank_sum - n_a * (n + 1) / 2) / np.sqrt(corrected * float(n_a) * n_b * (n + 1) / 12)
    z = np.where(np.isfinite(z), z, 0)
    return Tested(z, 2 * special.ndtr(-np.abs(z)))


def auroc(rank_sum: Array, n_a: int, n_b: int) -> Array:
    """Chance that a cell of A has a higher value than one of B, ties counted half: (n_vars,).

    Parameters
    ----------
    rank_sum
        (n_vars,): of group A among both groups.
    """
    share: Array = (rank_sum - n_a * (n_a + 1) / 2) / (float(n_a) * n_b)
    return share


def cohens_d(a: Moments, b: Moments) -> Array:
    """Difference of the means in pooled standard deviations, per gene: (n_vars,).

    Parameters
    ----------
    a, b
        Of one group each.

    Returns
    -------
    (mean_a - mean_b) / s, s² = (squares_a + squares_b) / (n_a + n_b - 2). 0 where all values are equal,
    infinite where only those of each group are; NaN where a value is NaN, and for two groups of one cell.

    References
    ----------
    Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., 2.5.
    """
    freedom = int(a.n[0] + b.n[0]) - 2
    difference, squares = a.mean[0] - b.mean[0], a.squares[0] + b.squares[0]
    if freedom < 1:
        return np.full(len(difference), np.nan)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        d: Array = difference / np.sqrt(squares / freedom)
    return np.where((difference == 0) & (squares == 0), 0, d)


def log2_fold_change(mean_a: Array, mean_b: Array) -> Array:
    """log2 of the quotient of the means, taken back from log(1 + x), as scanpy does it.

    Parameters
    ----------
    mean_a, mean_b
        Means of log(1 + x), natural logarithm.

    Returns
    -------
    log2((expm1(mean_a) + 1e-9) / (expm1(mean_b) + 1e-9)); NaN for means that no log(1 + x) has.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        change: Array = np.log2((np.expm1(mean_a) + 1e-9) / (np.expm1(mean_b) + 1e-9))
    return change


def benjamini_hochberg(p: Array) -> Array:
    """p values adjusted so that they bound the false discovery rate.

    References
    ----------
    Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57, 289-300. Equal to
    scipy.stats.false_discovery_control, and to statsmodels' fdr_bh, which scanpy uses.
    """
    order = np.argsort(p)[::-1]
    n = len(p)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(1, np.minimum.accumulate(p[order] * (n / np.arange(n, 0, -1))))
    return adjusted


def bonferroni(p: Array) -> Array:
    """p values times their number, 1 at most."""
    adjusted: Array = np.minimum(1, p * len(p))
    return adjusted
