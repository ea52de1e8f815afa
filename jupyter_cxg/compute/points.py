"""Embeddings on the unit square."""

import numpy as np

from ..model import Array


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
    spans, middles = [], []
    coordinates = [np.where(np.isfinite(values), values, np.nan) for values in points.astype(np.float64).T]
    for values in coordinates:
        present = values[~np.isnan(values)]
        low, high = (present.min(), present.max()) if len(present) else (0.0, 0.0)
        # halves, because the difference of two large numbers may be beyond float64
        spans.append(high / 2 - low / 2)
        middles.append(low / 2 + high / 2)
    scale = max(spans) * 2 or 1.0
    x, y = (
        np.clip((values - middle) / scale + 0.5, 0, 1).astype(np.float32)
        for values, middle in zip(coordinates, middles, strict=True)
    )
    return x, y
