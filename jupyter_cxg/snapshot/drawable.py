"""Which obsm entries can be drawn: one rule, for the writer (who says what is left out) and the reader."""

import numpy as np

from ..model import Array, Embedding


def embedding_name(key: str) -> str:
    """``"X_umap"`` → ``"umap"``; other keys are their own name."""
    return key.removeprefix("X_") or key


def missing_points(array: Array) -> Array:
    """Which rows cannot be drawn, NaN or infinity in the first two columns: bool, shape (n_obs,)."""
    points = np.asarray(array[:, :2])
    if points.dtype.kind != "f":
        return np.zeros(len(points), dtype=bool)
    return ~np.isfinite(points).all(axis=1)


def why_not_drawable(shape: tuple[int, ...], dtype: np.dtype, n_missing: int) -> str | None:  # type: ignore[type-arg]  # any dtype
    """The end of the sentence that says why such an array is not an embedding, or None if it is."""
    if len(shape) != 2 or shape[1] < 2:
        return "it has fewer than two columns"
    if dtype.kind not in "fiu":
        return f"its values are {dtype.name}, not numbers"
    if n_missing == shape[0]:
        return "every cell has NaN or infinity in its first two columns"
    return None


def embedding(key: str, n_missing: int) -> Embedding:
    """The embedding of an obsm key."""
    return Embedding(name=embedding_name(key), key=key, n_missing=n_missing)
