"""The shape of a snapshot, read from the metadata of its store."""

from collections.abc import Collection
from pathlib import Path

import numpy as np

from ..errors import NotFound
from ..model import Column, Embedding, Schema
from .arrays import open_array
from .drawable import missing_points, why_not_drawable
from .elements import MISSING, ORDER, describe, frame_columns, members
from .manifest import Manifest
from .nodes import attributes, node


def read_schema(store: Path, manifest: Manifest) -> Schema:
    """The schema of the store of one revision."""
    return Schema(
        n_obs=manifest.n_obs,
        n_vars=manifest.n_vars,
        x_dtype=manifest.x_dtype,
        obs_index=index_name(frame_columns(store / "obs")),
        var_index=index_name(frame_columns(store / "var")),
        obs=_columns(store / "obs"),
        var=_columns(store / "var"),
        embeddings=read_embeddings(store),
        layers=manifest.all_matrices,
        left_out=manifest.left_out,
    )


def index_name(taken: Collection[str]) -> str:
    """The name under which the index is shown: ``name_0``, or the next one that no column has."""
    number = 0
    while f"name_{number}" in taken:
        number += 1
    return f"name_{number}"


def _columns(frame: Path) -> tuple[Column, ...]:
    described = (describe(name, path) for name, path in frame_columns(frame).items())
    return tuple(column for column in described if column is not None)


def read_embeddings(store: Path) -> tuple[Embedding, ...]:
    """What can be drawn, in the order of obsm; named without ``X_`` unless that is another key."""
    found = members(store / "obsm")
    order = attributes(store / "obsm").get(ORDER, sorted(found))
    counted = ((key, _missing(found[key])) for key in order if key in found)
    return tuple(
        Embedding(key if key.removeprefix("X_") in {"", *found} else key.removeprefix("X_"), key, n_missing)
        for key, n_missing in counted
        if n_missing is not None
    )


def _missing(path: Path) -> int | None:
    """How many cells of an obsm entry cannot be drawn; None when it is no embedding."""
    meta = node(path)
    if meta["node_type"] != "array" or meta["attributes"].get("encoding-type") != "array":
        return None
    try:
        shape, dtype = tuple(meta["shape"]), np.dtype(meta["data_type"])
    except TypeError:  # text, and other dtypes of Zarr's own
        return None
    if why_not_drawable(shape, dtype):
        return None
    n_missing: int | None = meta["attributes"].get(MISSING)
    if n_missing is None:
        n_missing = int(missing_points(open_array(path)).sum())
    return None if n_missing == shape[0] else n_missing


def find_column(frame: Path, name: str) -> Path:
    """The directory of a column.

    Raises
    ------
    NotFound
        The dataframe has no such column.
    """
    try:
        return frame_columns(frame)[name]
    except KeyError:
        raise NotFound(f"{frame.name} has no column {name!r}.") from None
