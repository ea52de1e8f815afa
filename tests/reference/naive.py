"""The kernels once more, as one would write them if time did not matter."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from jupyter_cxg.model import Array, Sparse


def to_sparse(dense: Array, layout: str, *, shuffled: int | None = None) -> Sparse:
    """A matrix as the reader gives it: read-only arrays; ``shuffled`` seeds the order within rows."""
    matrix = sparse.csr_matrix(dense) if layout == "csr" else sparse.csc_matrix(dense)
    if shuffled is not None:
        _shuffle(matrix, np.random.default_rng(shuffled))
    arrays = matrix.data, matrix.indices, matrix.indptr
    for array in arrays:
        array.flags.writeable = False
    return Sparse(matrix.shape, layout, *arrays, sorted=shuffled is None)  # type: ignore[arg-type]


def _shuffle(matrix: sparse.csr_matrix, rng: np.random.Generator) -> None:
    for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        order = start + rng.permutation(stop - start)
        matrix.data[start:stop] = matrix.data[order]
        matrix.indices[start:stop] = matrix.indices[order]


def entries(matrix: Sparse) -> list[tuple[int, int, float]]:
    """(row, column, value) of every stored entry."""
    found = []
    for major in range(len(matrix.indptr) - 1):
        for k in range(matrix.indptr[major], matrix.indptr[major + 1]):
            minor, value = int(matrix.indices[k]), float(matrix.data[k])
            found.append((major, minor, value) if matrix.layout == "csr" else (minor, major, value))
    return found


def column(matrix: Sparse, position: int) -> NDArray[np.float64]:
    """One column, duplicates summed."""
    out = np.zeros(matrix.shape[0])
    for row, col, value in entries(matrix):
        if col == position:
            out[row] += value
    return out


def mean_of_columns(matrix: Sparse, positions: list[int]) -> NDArray[np.float64]:
    """Mean over some columns."""
    out = np.zeros(matrix.shape[0])
    for position in positions:
        out += column(matrix, position)
    return out / max(1, len(positions))


def unit_square(points: Array) -> Array:
    """cellxgene's normalization, from its description."""
    points = np.where(np.isfinite(points), points, np.nan).astype(float)
    low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    scale = (high - low).max()
    if scale == 0:
        return np.where(np.isnan(points), np.nan, 0.5)
    return (points - low) / scale + 0.5 - (high - low) / scale / 2


def to_dense(matrix: Sparse) -> NDArray[np.float64]:
    """All of it, duplicates summed."""
    out = np.zeros(matrix.shape)
    for row, col, value in entries(matrix):
        out[row, col] += value
    return out


def moments(x: Array, labels: Array, n_groups: int) -> tuple[Array, Array, Array, Array]:
    """n, mean, sum of squared deviations and number of non-zeros, per group and gene."""
    found = []
    for group in range(n_groups):
        some = x[labels == group].astype(np.float64)
        mean = some.mean(axis=0) if len(some) else np.zeros(x.shape[1])
        found.append((len(some), mean, ((some - mean) ** 2).sum(axis=0), (some != 0).sum(axis=0)))
    n, mean, squares, nonzero = map(np.array, zip(*found, strict=True))
    return n, mean, squares, nonzero


def midranks(values: list[float]) -> list[float]:
    """Rank of each value from 1 on; equal ones share the mean of theirs."""
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
        for value in values
    ]


def rank_sum(values: list[float], members: list[bool]) -> float:
    """Sum of the ranks of some of the values."""
    return sum(rank for rank, member in zip(midranks(values), members, strict=True) if member)


def ties(values: list[float]) -> int:
    """The sum of t³ - t over all blocks of t equal values."""
    return sum(values.count(value) ** 3 - values.count(value) for value in set(values))


def benjamini_hochberg(p: list[float]) -> list[float]:
    """For each p, the smallest rate at which it is among those that the procedure takes."""
    ordered = sorted(p)
    n = len(p)
    return [
        min(
            1.0, *(other * n / (ordered.index(other) + ordered.count(other)) for other in p if other >= value)
        )
        for value in p
    ]


def finite_span(x: Array) -> tuple[float, float]:
    """Smallest and largest of what is neither NaN nor infinite."""
    some = [value for value in np.ravel(x).tolist() if np.isfinite(value)]
    return min(some, default=np.inf), max(some, default=-np.inf)


def gathered(x: Array, labels: Array, first: int, last: int) -> list[list[tuple[float, int]]]:
    """Per gene, the value and label of what is not zero in cells of some group."""
    return [
        [(float(x[i, j]), int(labels[i])) for i in range(len(x)) if labels[i] >= 0 and x[i, j] != 0]
        for j in range(first, last)
    ]
