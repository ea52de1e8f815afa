"""Which genes a `VarQuery` means, and the two conditions that filters are made of."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import BadQuery
from ..model import Array, Categorical, Texts, Values, VarQuery

Read = Callable[[str], Values]
Find = Callable[[tuple[str, ...]], Array]


def select_positions(query: VarQuery, n_vars: int, index: str, find: Find, read: Read) -> Array:
    """Positions of the genes that meet every condition, ascending and each once.

    Parameters
    ----------
    index
        Name of the var index, which is looked up with ``find`` (names → positions, unknown ones
        left out) instead of being compared row by row.
    read
        Gives the other var columns.

    Returns
    -------
    (k,), int64.

    Raises
    ------
    BadQuery
        A position is outside of the axis, or a range was asked of text.
    """
    chosen: list[Array] = []
    if query.positions is not None:
        chosen.append(_checked(np.array(query.positions, np.int64), n_vars))
    for name, texts in query.equal.items():
        chosen.append(find(texts) if name == index else np.flatnonzero(equal(read(name), texts)))
    for name, (low, high) in query.ranges.items():
        chosen.append(np.flatnonzero(within(f"var column {name!r}", read(name), low, high)))
    if not chosen:
        return np.arange(n_vars)
    found = np.unique(chosen[0])
    for more in chosen[1:]:
        found = np.intersect1d(found, more)
    return found


def _checked(positions: Array, n_vars: int) -> Array:
    if len(positions) and not (positions.min() >= 0 and positions.max() < n_vars):
        raise BadQuery(f"A gene position is outside of 0..{n_vars - 1}.")
    return positions


def equal(values: Values, texts: tuple[str, ...]) -> Array:
    """Where a value, written as text, is one of ``texts``: bool, (n,)."""
    wanted_texts = frozenset(texts)  # there may be very many
    if isinstance(values, Categorical):
        wanted = np.array([str(category) in wanted_texts for category in values.categories], bool)
        return np.append(wanted, False)[values.codes]  # the code -1 of missing values finds the last
    if isinstance(values, Texts):
        found = [[text in wanted_texts for text in piece.tolist()] for piece in values.pieces()]
        return np.concatenate([np.array(piece, bool) for piece in [[], *found]])
    if values.dtype.kind in "biuf":
        return _numbers_equal(values, wanted_texts)
    return np.array([value in wanted_texts for value in values.tolist()], bool)  # None is no text


def _numbers_equal(values: Array, texts: frozenset[str]) -> Array:
    distinct, inverse = np.unique(values, return_inverse=True)
    wanted: set[Any] = {_number(text) for text in texts}
    if values.dtype.kind == "b":
        said = {text.lower() for text in texts}
        wanted = {value for value in (False, True) if str(value).lower() in said}
    return np.array([value in wanted for value in distinct.tolist()], bool)[inverse]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def within(what: str, values: Values, low: float | None, high: float | None) -> Array:
    """Where low ≤ value ≤ high; never where it is missing: bool, (n,)."""
    if isinstance(values, Categorical | Texts) or values.dtype.kind not in "biuf":
        raise BadQuery(f"The {what} holds text: ask for values, not for a range.")
    inside: Array = ~np.isnan(values.astype(np.float64))
    if low is not None:
        inside &= values >= low
    if high is not None:
        inside &= values <= high
    return inside
