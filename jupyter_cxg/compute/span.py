"""The span of the values of a matrix."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ..model import Dense, Matrix
from .blocks import in_parts, never

ENTRIES = 1 << 22


def finite_span(
    matrix: Matrix, *, threads: int = 1, cancelled: Callable[[], bool] = never
) -> tuple[float, float]:
    """The smallest and the largest finite value that is stored; zeros of a sparse matrix are not.

    Returns
    -------
    (inf, -inf) if there is none.
    """
    from . import kernels_groups as kernels

    data = np.asarray(matrix.data)
    if data.dtype == np.float16:
        data = data.astype(np.float32)
    if isinstance(matrix, Dense):
        data = data.reshape(-1, order="F" if data.flags.f_contiguous else "C")
    found = [(np.inf, -np.inf)] * threads

    def work(part: int, start: int, stop: int) -> None:
        low, high = kernels.finite_range(data[start:stop])
        found[part] = min(found[part][0], low), max(found[part][1], high)

    bounds = np.linspace(0, len(data), threads + 1).astype(int).tolist()
    in_parts(work, list(pairwise(bounds)), rows=ENTRIES, cancelled=cancelled)
    return min(low for low, _ in found), max(high for _, high in found)
