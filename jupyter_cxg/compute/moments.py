"""Mean and variance of every gene in groups of cells, and how they are put together."""

from dataclasses import dataclass

import numpy as np

from ..model import Array


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What is known of the values of every gene in every group.

    Attributes
    ----------
    n
        Cells per group: (n_groups,) int64.
    mean, squares
        Mean, and sum of squared deviations from it: (n_groups, n_vars) float64. NaN in both where a
        value is NaN; no cells: 0.
    nonzero
        How many values are not zero: (n_groups, n_vars) int64. NaN counts.
    """

    n: Array
    mean: Array
    squares: Array
    nonzero: Array

    def one(self, group: int) -> "Moments":
        """Those of one group."""
        return self.some(np.array([group]))

    def some(self, groups: Array) -> "Moments":
        """Those of some groups."""
        return Moments(self.n[groups], self.mean[groups], self.squares[groups], self.nonzero[groups])

    def fraction(self) -> Array:
        """The share of cells whose value is not zero, (n_groups, n_vars); no cells: 0."""
        shares: Array = self.nonzero / np.maximum(1, self.n)[:, None]
        return shares

    def variance(self) -> Array:
        """Sample variance (ddof = 1), (n_groups, n_vars); NaN where there are fewer than two cells."""
        with np.errstate(divide="ignore", invalid="ignore"):
            variance: Array = np.where(self.n[:, None] > 1, self.squares / (self.n - 1)[:, None], np.nan)
        return variance


def merged(a: Moments, b: Moments) -> Moments:
    """Moments of the groups of ``a`` put together with those of ``b``, one by one, without cancellation.

    References
    ----------
    Chan, Golub & LeVeque (1983), The American Statistician 37, 242-247.
    """
    n = a.n + b.n
    of_a, of_b = a.n[:, None], b.n[:, None]
    with np.errstate(invalid="ignore", over="ignore"):
        share = of_b / np.maximum(1, n)[:, None]
        difference = b.mean - a.mean
        # an empty group has the mean 0, which must not weigh
        mean = np.where(of_a == 0, b.mean, a.mean + np.where(of_b == 0, 0, difference) * share)
        between = np.where((of_a == 0) | (of_b == 0), 0, difference**2 * of_a * share)
        squares = a.squares + b.squares + between
    return Moments(n, mean, squares, a.nonzero + b.nonzero)


def all_others(moments: Moments) -> Moments:
    """For each group, the moments of all the other groups together."""
    n_groups = len(moments.n)
    nothing = Moments(*(np.zeros_like(part[:1]) for part in _parts(moments)))
    after = [nothing]  # of the groups behind, last first
    for group in range(n_groups - 1, 0, -1):
        after.append(merged(moments.one(group), after[-1]))
    others, before = [], nothing
    for group in range(n_groups):
        others.append(merged(before, after.pop()))
        before = merged(before, moments.one(group))
    return Moments(*(np.concatenate(parts) for parts in zip(*map(_parts, others), strict=True)))


def _parts(moments: Moments) -> tuple[Array, Array, Array, Array]:
    return moments.n, moments.mean, moments.squares, moments.nonzero
