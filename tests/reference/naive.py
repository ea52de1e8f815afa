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
