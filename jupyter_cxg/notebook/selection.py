"""Sets of cells: as the user writes them, as a mask, and as the bits that travel."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import BadQuery, NotFound

Mask = NDArray[np.bool_]


def pack(mask: Mask) -> bytes:
    """One bit per cell, the first cell in the lowest bit of the first byte."""
    return np.packbits(mask, bitorder="little").tobytes()


def unpack(bits: bytes, n_obs: int) -> Mask:
    """The mask, shape (n_obs,); no bits at all mean that nothing is filtered, so every cell."""
    if not bits:
        return np.ones(n_obs, dtype=bool)
    return np.unpackbits(np.frombuffer(bits, np.uint8), count=n_obs, bitorder="little").view(np.bool_)


def mask_of(cells: Any, names: pd.Index) -> Mask:
    """Which cells the user means.

    Parameters
    ----------
    cells
        Names, one name, a boolean mask, positions, or an AnnData whose obs_names are meant.
    names
        All names, in order.

    Raises
    ------
    NotFound
        A name that no cell has.
    BadQuery
        A mask of another length, a position out of range, or something else altogether.
    """
    if isinstance(cells, str):
        cells = [cells]
    elif hasattr(cells, "obs_names"):
        cells = cells.obs_names
    if isinstance(cells, pd.Series) and pd.api.types.is_bool_dtype(cells.dtype) and cells.index.is_unique:
        cells = _aligned(cells, names)
    values = np.asarray(list(cells) if _is_loose(cells) else cells)
    if values.ndim != 1:
        raise BadQuery(f"A selection has one dimension, not {values.ndim}: give names, positions or a mask.")
    if values.dtype == bool:
        return _from_mask(values, len(names))
    if len(values) and values.dtype.kind in "iu":
        return _from_positions(values, len(names))
    if len(values) and not all(isinstance(value, str) for value in values):
        raise BadQuery("A selection is made of cell names, a boolean mask or integer positions.")
    return _from_names(values, names)


def _is_loose(cells: Any) -> bool:
    """A set, generator or dict view, which NumPy would take for one object."""
    return (
        isinstance(cells, Iterable)
        and not hasattr(cells, "__array__")
        and not isinstance(cells, list | tuple)
    )


def _aligned(mask: pd.Series, names: pd.Index) -> NDArray[Any]:
    """A boolean Series in the order of the cells; it knows its names, so its own order does not matter."""
    if mask.index.equals(names) or not mask.index.isin(names).all():
        return np.asarray(mask.to_numpy(dtype=bool, na_value=False))
    wanted: NDArray[Any] = names.isin(mask.index[mask.to_numpy(dtype=bool, na_value=False)])
    return wanted


def _from_mask(mask: NDArray[Any], n_obs: int) -> Mask:
    if len(mask) != n_obs:
        raise BadQuery(f"The mask has {len(mask)} values, but there are {n_obs} cells.")
    return mask


def _from_positions(positions: NDArray[Any], n_obs: int) -> Mask:
    if positions.min() < 0 or positions.max() >= n_obs:
        raise BadQuery(f"A position is outside of 0 … {n_obs - 1}: there are {n_obs} cells.")
    mask = np.zeros(n_obs, dtype=bool)
    mask[positions] = True
    return mask


def _from_names(wanted: NDArray[Any], names: pd.Index) -> Mask:
    mask: Mask = names.isin(wanted)
    unknown = pd.Index(wanted, dtype=object).difference(names, sort=False)
    if len(unknown):
        close = get_close_matches(unknown[0], names[:10_000], n=1)
        hint = f"; the closest name is {close[0]!r}" if close else ""
        raise NotFound(f"{len(unknown)} of the {len(wanted)} names are no cells, e.g. {unknown[0]!r}{hint}.")
    return mask
