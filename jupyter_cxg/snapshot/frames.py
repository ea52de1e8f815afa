"""DataFrames, dicts and aligned arrays (obsm, varm, obsp, varp) into the store, item by item.

What cannot be stored is left out and said; everything else is stored nonetheless.
"""

import errno
import shutil
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import Unpublishable
from ..model import Array, LeftOut
from .arrays import Advance, storable, write_array, write_text
from .clean import clean_column, clean_names, disk_name, text_of
from .drawable import missing_points, why_not_drawable
from .elements import ARRAY, MISSING, NAMES, ORDER, TEXT
from .lazy import first_columns, frame_of, in_memory, is_dask, is_lazy, is_lazy_frame, is_sparse_dask
from .matrices import is_sparse, stored_dtype, write_matrix
from .nodes import write_group

WriteElement = Callable[[Path, Any, Advance], None]
"""anndata's own writing of one element at a path; `writer.py` brings it, as only it knows anndata."""

_DEEPEST = 20
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}


class Items:
    """Writes elements of one AnnData and collects what had to be left out.

    Parameters
    ----------
    write_element
        For what needs no care of ours.
    advance
        Told how many bytes of arrays were written.
    """

    def __init__(self, write_element: WriteElement, advance: Advance) -> None:
        self._write_element = write_element
        self._advance = advance
        self.left_out: list[LeftOut] = []

    def leave_out(self, where: str, reason: str) -> None:
        """Note that something is not shown, or not as it is."""
        self.left_out.append(LeftOut(where, reason))

    # ── DataFrames ──

    def write_frame(self, path: Path, frame: pd.DataFrame, where: str, *, shown: bool = True) -> None:
        """A DataFrame with its index.

        Parameters
        ----------
        where
            How the user calls it: ``"obs"``.
        shown
            Whether the viewer shows it, so that conversions matter.
        """
        names: dict[str, str] = {}
        for position, label in enumerate(frame.columns):
            name = text_of(label)
            if name in names.values():
                self.leave_out(
                    f"{where}[{name!r}]", "is a second column of this name; rename one of the two."
                )
                continue
            on_disk = disk_name(name, names)
            if self._write_column(path / on_disk, frame.iloc[:, position], f"{where}[{name!r}]", shown=shown):
                names[on_disk] = name
        index = _index_name(frame.index.name, names)
        write_text(path / index, clean_names(frame.index), TEXT, self._advance)
        write_group(
            path,
            {
                "encoding-type": "dataframe",
                "encoding-version": "0.2.0",
                "column-order": list(names),
                "_index": index,
                NAMES: _changed(names),
            },
        )

    def _write_column(self, path: Path, column: pd.Series, where: str, *, shown: bool) -> bool:
        def write() -> None:
            values, remark = clean_column(column)
            self._write_values(path, values)
            if remark and shown:
                self.leave_out(where, f"{remark}.")

        return self._attempt(write, path, where, column)

    def _write_values(self, path: Path, values: Any) -> None:
        # The frequent cases by hand: the first picture waits for every column.
        if isinstance(values, np.ndarray) and storable(values.dtype):
            write_array(path, values, ARRAY, self._advance)
        elif isinstance(values, np.ndarray) and _is_text(values):
            write_text(path, values, TEXT, self._advance)
        elif isinstance(values, pd.Categorical):
            write_array(path / "codes", values.codes, ARRAY, self._advance)
            self._write_values(path / "categories", np.asarray(values.categories))
            about = {"encoding-type": "categorical", "encoding-version": "0.2.0"}
            write_group(path, {**about, "ordered": bool(values.ordered)})
        else:
            self._write_element(path, values, self._advance)

    # ── dicts ──

    def write_mapping(self, path: Path, mapping: Mapping[Any, Any], where: str, depth: int = 0) -> None:
        """A dict, e.g. uns; keys become text."""
        names: dict[str, str] = {}
        for key, value in mapping.items():
            name, called = text_of(key), f"{where}[{key!r}]"
            if name in names.values():
                self.leave_out(called, reads_like_another(name))
                continue
            if depth > _DEEPEST:
                self.leave_out(called, f"is nested more than {_DEEPEST} deep.")
                continue
            on_disk = disk_name(name, names)
            write = partial(self._write_value, path / on_disk, value, called, depth)
            if self._attempt(write, path / on_disk, called, value):
                names[on_disk] = name
        write_group(path, {"encoding-type": "dict", "encoding-version": "0.1.0", NAMES: _changed(names)})

    def _write_value(self, path: Path, value: Any, where: str, depth: int) -> None:
        if isinstance(value, Mapping):
            self.write_mapping(path, value, where, depth + 1)
        elif isinstance(value, pd.DataFrame) or is_lazy_frame(value):
            self.write_frame(path, frame_of(value), where, shown=False)
        elif (is_dask(value) or is_lazy(value)) and value.ndim < 2:
            self._write_element(path, in_memory(value), self._advance)
        elif isinstance(value, np.ndarray) and value.dtype.names:
            self._write_element(path, _with_text_fields(value), self._advance)
        elif isinstance(value, tuple):
            self._write_element(path, list(value), self._advance)
        else:
            self._write_element(path, value, self._advance)

    # ── aligned arrays ──

    def write_aligned(
        self, path: Path, arrays: Mapping[str, Any], where: str, *, embeddings: bool = False
    ) -> None:
        """obsm and its like; with ``embeddings``, say which entries cannot be drawn and why."""
        names: dict[str, str] = {}
        for key in arrays:  # anndata takes keys of any type
            name, called = text_of(key), f"{where}[{key!r}]"
            if name in names.values():
                self.leave_out(called, reads_like_another(name))
                continue
            on_disk = disk_name(name, names)
            if self.write_array(path / on_disk, arrays[key], called, embeddings=embeddings):
                names[on_disk] = name
        about = {"encoding-type": "dict", "encoding-version": "0.1.0", NAMES: _changed(names)}
        write_group(path, {**about, ORDER: list(names.values())})

    def write_array(self, path: Path, value: Any, where: str, *, embeddings: bool = False) -> bool:
        """One aligned array, of any type that anndata takes."""

        def write() -> None:
            reason = why_no_embedding(value) if embeddings else None
            if isinstance(value, pd.DataFrame) or is_lazy_frame(value):
                self.write_frame(path, frame_of(value), where, shown=False)
            elif is_sparse(value) or is_sparse_dask(value):
                write_matrix(path, value, self._advance)
            elif is_lazy(value) and value.ndim == 2:
                drawn = embeddings and not reason
                about = {MISSING: int(missing_points(first_columns(value, 2)).sum())} if drawn else {}
                write_matrix(path, value, self._advance, {**ARRAY, **about})
            elif isinstance(value, np.ndarray) and value.ndim:
                array = np.asarray(value).astype(stored_dtype(value.dtype), copy=False)
                drawn = embeddings and not reason
                about = {MISSING: int(missing_points(array).sum())} if drawn else {}
                write_array(path, array, {**ARRAY, **about}, self._advance)
            else:
                self._write_element(path, value, self._advance)
            if reason:
                self.leave_out(where, f"is not drawn: it {reason}.")

        return self._attempt(write, path, where, value)

    def _attempt(self, write: Callable[[], None], path: Path, where: str, value: object) -> bool:
        """Run ``write``; when the item cannot be stored, clear what it left, note why, go on."""
        try:
            write()
            return True
        except Unpublishable as error:
            self.leave_out(where, f"{error}.")
        except Exception as error:  # whatever a library says to an odd object
            if isinstance(error, OSError) and error.errno in _DISK:
                raise  # nothing that leaving this out would cure
            self.leave_out(where, f"is of the type {type(value).__name__}, and cannot be stored as it is.")
        shutil.rmtree(path, ignore_errors=True)
        return False


def why_no_embedding(value: Any) -> str | None:
    """Why an obsm entry cannot be drawn, as the rest of a sentence; None if it can."""
    if isinstance(value, pd.DataFrame) or is_lazy_frame(value):
        return "is a DataFrame; put its .to_numpy() into adata.obsm"
    if is_sparse(value) or is_sparse_dask(value):
        return "is sparse; put its .toarray() into adata.obsm"
    if not isinstance(value, np.ndarray) and not is_lazy(value):
        return f"is a {type(value).__name__}; put a NumPy array into adata.obsm"
    reason = why_not_drawable(value.shape, value.dtype)
    if reason is None and missing_points(first_columns(value, 2)).all():
        return "has NaN or infinity in the first two columns of every cell"
    return reason


def reads_like_another(name: str) -> str:
    """Why of two keys that are the same text, such as 5 and ``"5"``, the second is left out."""
    return f"has a key that reads like another one, {name!r}; rename one of the two."


def _is_text(values: Array) -> bool:
    return values.ndim == 1 and values.dtype == object and all(type(value) is str for value in values)


def _with_text_fields(records: Array) -> Array:
    """A structured array with text for objects, such as the genes of a ranking that has NaN among them."""
    parts = {
        name: records[name].astype(str) if records[name].dtype == object else records[name]
        for name in records.dtype.names or ()
    }
    found = np.empty(records.shape, [(name, part.dtype) for name, part in parts.items()])
    for name, part in parts.items():
        found[name] = part
    return found


def _changed(names: Mapping[str, str]) -> dict[str, str]:
    return {on_disk: name for on_disk, name in names.items() if on_disk != name}


def _index_name(name: object, taken: Iterable[str]) -> str:
    if isinstance(name, str) and name not in taken and disk_name(name, ()) == name:
        return name
    return "_index"
