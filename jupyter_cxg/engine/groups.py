"""Groups of cells, as a client describes them, and which cells that are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..errors import BadQuery
from ..model import Array, Categorical, Texts, Values
from .select import equal, within

Read = Callable[[str], Values]


@dataclass(frozen=True, slots=True, eq=False)
class CellFilter:
    """Cells that meet every condition; all cells if there is none.

    Attributes
    ----------
    positions
        (k,) int64, or None for "not asked by position". Together with ``spans``: any of them.
    spans
        (k, 2) int64: start and end (excluded, and possibly beyond the last cell), or None.
    equal
        obs column (or the index) → accepted texts; any of them matches.
    ranges
        obs column → (min, max), inclusive, None = open.
    """

    positions: Array | None = None
    spans: Array | None = None
    equal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellBits:
    """Cells by a packed bitset, the first cell in the lowest bit, as selections have it."""

    bits: bytes


@dataclass(frozen=True, slots=True)
class CellCategory:
    """All cells of one category of an obs column; the category as text."""

    column: str
    category: str


Group = CellFilter | CellBits | CellCategory


def cells_of(group: Group, n_obs: int, read: Read) -> Array:
    """The cells of a group: bool, (n_obs,).

    Parameters
    ----------
    read
        Gives obs columns, and the names of the cells by the name of the index.

    Raises
    ------
    BadQuery
        A position is outside of the axis, a bitset has the wrong length, a category does not exist, or a
        range was asked of text.
    NotFound
        There is no such column.
    """
    if isinstance(group, CellBits):
        return _unpacked(group.bits, n_obs)
    if isinstance(group, CellCategory):
        categories, codes = categories_of(group.column, read)
        cells: Array = codes == category_position(group, categories)
        return cells
    cells = np.ones(n_obs, bool)
    if group.positions is not None or group.spans is not None:
        cells = _at(group.positions, group.spans, n_obs)
    for name, texts in group.equal.items():
        cells &= equal(read(name), texts)
    for name, (low, high) in group.ranges.items():
        cells &= within(f"obs column {name!r}", read(name), low, high)
    return cells


def rows_of(group: Group | None, n_obs: int, read: Read) -> Array:
    """The positions of the cells of a group, ascending; of all cells for None.

    Raises
    ------
    BadQuery, NotFound
        As `cells_of`.
    """
    return np.arange(n_obs) if group is None else np.flatnonzero(cells_of(group, n_obs, read))


def categories_of(column: str, read: Read) -> tuple[tuple[str, ...], Array]:
    """The categories of a column as text, and (n_obs,) the category of each cell, -1 for none.

    Raises
    ------
    BadQuery
        It is neither categorical nor boolean.
    """
    values = read(column)
    if isinstance(values, Categorical):
        return tuple(str(category) for category in values.categories.tolist()), values.codes
    if not isinstance(values, Texts) and values.dtype.kind == "b":
        return ("False", "True"), values.view(np.int8)
    raise BadQuery(f"The obs column {column!r} has no categories.")


def category_position(group: CellCategory, categories: tuple[str, ...]) -> int:
    """Which category is meant.

    Raises
    ------
    BadQuery
        None.
    """
    if group.category not in categories:
        raise BadQuery(f"The obs column {group.column!r} has no category {group.category[:80]!r}.")
    return categories.index(group.category)


def _unpacked(bits: bytes, n_obs: int) -> Array:
    if len(bits) != (n_obs + 7) // 8:
        raise BadQuery(f"A bitset of {n_obs} cells has {(n_obs + 7) // 8} bytes, not {len(bits)}.")
    packed = np.frombuffer(bits, np.uint8)
    if n_obs % 8 and packed[-1] >> (n_obs % 8):
        raise BadQuery("The bitset has bits beyond the last cell.")
    return np.unpackbits(packed, count=n_obs, bitorder="little").view(np.bool_)


def _at(positions: Array | None, spans: Array | None, n_obs: int) -> Array:
    cells = np.zeros(n_obs, bool)
    if positions is not None and len(positions):
        if positions.min() < 0 or positions.max() >= n_obs:
            raise BadQuery(f"A cell position is outside of 0..{n_obs - 1}.")
        cells[positions] = True
    if spans is not None and len(spans):
        full = spans[spans[:, 1] > spans[:, 0]]
        if len(full) and (full.min() < 0 or full[:, 0].max() >= n_obs):
            raise BadQuery(f"A range of cells begins outside of 0..{n_obs - 1}.")
        # +1 where one begins, -1 where it ends: any number of ranges in one pass
        steps = np.zeros(n_obs + 1, np.int64)
        np.add.at(steps, full[:, 0], 1)
        np.add.at(steps, np.minimum(full[:, 1], n_obs), -1)
        cells |= np.cumsum(steps[:-1]) > 0
    return cells
