"""Embeddings on the unit square."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from ..model import Array


@dataclass(frozen=True, slots=True)
class Square:
    """The square that is scaled to the unit square.

    Attributes
    ----------
    middles
        Of both dimensions.
    scale
        Its side: the larger of both extents; 1 where there is none.
    """

    middles: tuple[float, float]
    scale: float

    @classmethod
    def around(cls, points: Array) -> Self:
        """The smallest square with all points, (n, 2), floating; not finite means missing."""
        spans, middles = [], []
        for values in points.T:
            present = values[np.isfinite(values)].astype(np.float64)
            low, high = (present.min(), present.max()) if len(present) else (0.0, 0.0)
            # halves, because the difference of two large numbers may be beyond float64
            spans.append(high / 2 - low / 2)
            middles.append(low / 2 + high / 2)
        return cls((float(middles[0]), float(middles[1])), float(max(spans) * 2 or 1.0))

    def place(self, value: float, dimension: int) -> float:
        """Where a coordinate lies in the unit square; beside it for what is not in this one."""
        return float((value - self.middles[dimension]) / self.scale + 0.5)


def unit_square(points: Array) -> tuple[Array, Array]:
    """Scale points isotropically into the unit square, centered, as cellxgene does.

    Parameters
    ----------
    points
        (n, 2), floating; not finite means missing.

    Returns
    -------
    x and y, each (n,) float32 in [0, 1]; NaN where that coordinate is missing. A dimension without
    extent lies at 0.5.
    """
    square = Square.around(points)
    x, y = (
        np.clip((present - middle) / square.scale + 0.5, 0, 1).astype(np.float32)
        for present, middle in zip(_present(points), square.middles, strict=True)
    )
    return x, y


def _present(points: Array) -> list[Array]:
    """Both coordinates as float64, NaN where they are missing."""
    return [np.where(np.isfinite(values), values, np.nan) for values in points.astype(np.float64).T]
