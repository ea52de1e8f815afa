"""Columns of a DataFrame as the store can hold them and the viewer can use them.

Nothing of the user's is changed: what needs converting is converted into something new. What
anndata can write stays as it is, apart from what anndata itself does on writing (repeated text
becomes categorical).
"""

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from ..errors import Unpublishable
from .arrays import storable

_UNSAFE = re.compile(r"[/\\\0]")
_RESERVED = {"", ".", "..", "_index", "zarr.json"}
_AS_TEXT = "shown as text (a column of numbers would get a histogram)"
_LONGEST = 150  # bytes: file systems allow 255, and a temporary suffix must fit


def clean_column(column: pd.Series) -> tuple[Any, str | None]:
    """The values of a column, and what was done to it if that is worth saying.

    Returns
    -------
    An ndarray, Categorical or nullable array, shape (n,), and the rest of a sentence that starts
    with the name of the column, or None.

    Raises
    ------
    Unpublishable
        With the rest of such a sentence: the column cannot be shown.
    """
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _clean_categorical(column.array)
    if isinstance(dtype, pd.SparseDtype):
        return clean_column(column.sparse.to_dense())
    if isinstance(dtype, pd.ArrowDtype):
        return clean_column(pd.Series(column.astype(object).where(column.notna(), None), dtype=object))
    if isinstance(dtype, pd.BooleanDtype) or (types.is_extension_array_dtype(dtype) and dtype.kind in "iu"):
        return column.array, None
    if types.is_extension_array_dtype(dtype) and dtype.kind == "f":
        return column.to_numpy(np.float64, na_value=np.nan), None
    if isinstance(dtype, np.dtype) and dtype.kind in "biufc":
        return _clean_numbers(column.to_numpy()), None
    if isinstance(dtype, pd.StringDtype) or types.is_object_dtype(dtype):
        return _clean_objects(column)
    return _as_text(column), f"holds {_kind(dtype)}, {_AS_TEXT}"


def text_of(value: object) -> str:
    """``str(value)``, with what no file format takes (lone surrogates) replaced."""
    return str(value).encode("utf-8", "replace").decode()


def clean_names(names: pd.Index) -> np.ndarray[Any, Any]:
    """Row names as text: object dtype, shape (n,)."""
    values = np.array(names.astype(object), dtype=object)
    if types.infer_dtype(values, skipna=False) == "string":
        with suppress(UnicodeEncodeError):
            "".join(values).encode()
            return values
    return np.array([text_of(value) for value in values], dtype=object)


def disk_name(name: str, taken: Collection[str]) -> str:
    """``name`` if it can be a file name in a store and is not ``taken``; else the nearest that can."""
    safe = text_of(_UNSAFE.sub("_", name))
    while len(safe.encode()) > _LONGEST:
        safe = safe[:-1]
    if safe in _RESERVED or safe.startswith("__"):
        safe = f"x{safe}"
    candidate, number = safe, 1
    while candidate in taken:
        candidate, number = f"{safe}_{number}", number + 1
    return candidate


def categories_of_text(codes: np.ndarray[Any, Any], uniques: Iterable[str]) -> Any:
    """Text as anndata writes it: categorical, categories in natural order, if a value repeats."""
    from natsort import natsorted

    categories = np.array(list(uniques), dtype=object)
    if len(categories) >= len(codes):
        return categories[codes]
    return pd.Categorical.from_codes(codes, categories).reorder_categories(natsorted(categories))


def _clean_numbers(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if values.dtype.kind == "c":
        raise Unpublishable(
            "holds complex numbers, which cannot be shown: keep .real or .imag in a column of its own"
        )
    return values if storable(values.dtype) else values.astype(np.float64)


def _clean_categorical(values: Any) -> tuple[Any, str | None]:
    categories = values.categories
    if types.infer_dtype(categories, skipna=False) in ("string", "empty"):
        names = clean_names(categories)
        return pd.Categorical.from_codes(values.codes, names, ordered=values.ordered), None
    if isinstance(categories.dtype, np.dtype) and storable(categories.dtype):
        return values, None
    codes, texts = _merged(_texts(categories))
    where = np.concatenate([codes, [-1]])  # code -1, missing, stays -1
    text = pd.Categorical.from_codes(where[values.codes], texts, ordered=values.ordered)
    return text, f"has {_kind(categories.dtype)} as categories, {_AS_TEXT}"


def _clean_objects(column: pd.Series) -> tuple[Any, str | None]:
    found = types.infer_dtype(column, skipna=True)
    if found in ("string", "empty"):
        codes, uniques = pd.factorize(column)
        codes, texts = _remerged(codes, [text_of(value) for value in uniques])
        return categories_of_text(codes, texts), None
    if found == "boolean":
        return pd.array(column.where(column.notna(), None).tolist(), dtype="boolean"), None
    if found in ("integer", "floating", "mixed-integer-float", "decimal"):
        missing = column.isna()
        numbers = column.where(~missing, np.nan).astype(np.float64)
        whole = found == "integer" and not missing.any() and numbers.abs().max() < 2**53
        return numbers.to_numpy(np.int64 if whole else np.float64), None
    if found == "complex":
        return _clean_numbers(np.zeros(0, np.complex128)), None
    return _as_text(column), f"holds {_kind(found)}, {_AS_TEXT}"


def _as_text(column: pd.Series) -> Any:
    """The column as text; categories in the order of the values where they have one."""
    try:
        codes, uniques = pd.factorize(column, sort=True)
    except TypeError:  # not hashable, or without an order
        missing = column.isna().to_numpy()
        codes, uniques = pd.factorize(np.array([str(value) for value in column], dtype=object))
        codes = np.where(missing, -1, codes)
    codes, texts = _remerged(codes, _texts(pd.Index(uniques)))
    if len(texts) >= len(codes):
        return np.array(texts, dtype=object)[codes]
    return pd.Categorical.from_codes(codes, texts)


def _texts(values: pd.Index) -> list[str]:
    # pandas leaves out the time of day where it is always midnight
    shown = values.astype(str) if isinstance(values, pd.DatetimeIndex) else values
    return [text_of(value) for value in shown]


def _merged(texts: list[str]) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Different values may look alike (1 and "1"): code of each, and the different texts."""
    codes, uniques = pd.factorize(np.array(texts, dtype=object))
    return codes, list(uniques)


def _remerged(codes: np.ndarray[Any, Any], texts: list[str]) -> tuple[np.ndarray[Any, Any], list[str]]:
    again, uniques = _merged(texts)
    return np.concatenate([again, [-1]])[codes], uniques


def _kind(dtype: Any) -> str:
    """What the values are, for a sentence."""
    name = str(dtype)
    for start, words in _KINDS.items():
        if name.startswith(start):
            return words
    return f"values of the type {name}"


_KINDS = {
    "datetime": "dates and times",
    "date": "dates",
    "timedelta": "time spans",
    "time": "times of day",
    "period": "periods",
    "interval": "intervals",
    "bytes": "bytes",
    "mixed": "values of several types",
    "object": "Python objects",
}
