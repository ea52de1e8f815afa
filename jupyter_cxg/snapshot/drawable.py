"""Which obsm entries can be drawn: one rule, for the writer (who says what is left out) and the reader."""

from typing import Any

import numpy as np

from ..model import Array


def missing_points(array: Array) -> Array:
    """Which rows cannot be drawn, NaN or infinity in the first two columns: bool, shape (n_obs,)."""
    points = np.asarray(array[:, :2])
    if points.dtype.kind != "f":
        return np.zeros(len(points), dtype=bool)
    missing: Array = ~np.isfinite(points).all(axis=1)
    return missing


def why_not_drawable(shape: tuple[int, ...], dtype: np.dtype[Any]) -> str | None:
    """Why an array of this shape and dtype is not an embedding, or None if it can be one."""
    if len(shape) != 2 or shape[1] < 2:
        return "has fewer than two columns" if len(shape) == 2 else f"has {len(shape)} dimensions, not two"
    if dtype.kind not in "fiu":
        return f"holds {dtype.name} values, not numbers"
    return None
