"""The elements of an AnnData store, read without anndata or pandas.

Each array or group says in its ``encoding-type`` what it is:
https://anndata.readthedocs.io/en/stable/fileformat-prose.html
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..errors import NotFound
from ..model import Array, Categorical, Column, Dense, Matrix, Sparse, Texts, Values
from .arrays import open_array, open_texts
from .nodes import attributes, node

ARRAY = {"encoding-type": "array", "encoding-version": "0.2.0"}
"""Attributes of a numeric array."""
TEXT = {"encoding-type": "string-array", "encoding-version": "0.2.0"}
"""Attributes of an array of str."""
NAMES = "cxg_names"
"""Attribute of a group: name on disk → name in the AnnData, for names that cannot be file names."""
MISSING = "cxg_missing"
"""Attribute of an obsm array: how many cells cannot be drawn."""
ORDER = "cxg_order"
"""Attribute of the obsm group: its keys in the order of the AnnData."""
SORTED = "cxg_sorted"
"""Attribute of a sparse matrix: indices ascend within each row or column, without duplicates."""
_BOOLEANS = np.array([False, True])


def members(group: Path) -> Mapping[str, Path]:
    """Name in the AnnData → directory, for a dict-like group; empty when there is no group."""
    try:
        shown = attributes(group).get(NAMES, {})
    except NotFound:
        return {}
    return {
        shown.get(entry.name, entry.name): entry
        for entry in group.iterdir()
        if (entry / "zarr.json").is_file()
    }


def frame_columns(frame: Path) -> Mapping[str, Path]:
    """Name → directory of the columns of a dataframe, in order, without its index."""
    about = attributes(frame)
    shown = about.get(NAMES, {})
    return {shown.get(name, name): frame / name for name in about["column-order"]}


def frame_index(frame: Path) -> Array:
    """The row names of a dataframe: str as object dtype, shape (n,)."""
    return open_array(frame / attributes(frame)["_index"])


def frame_names(frame: Path) -> Texts:
    """The same, for a dataframe with many rows."""
    return open_texts(frame / attributes(frame)["_index"])


def read_values(path: Path) -> Values:
    """A column: an array of shape (n,), a `Categorical` or `Texts`."""
    match attributes(path).get("encoding-type"):
        case "array":
            return open_array(path)
        case "string-array":
            return open_texts(path)
        case "categorical":
            ordered = bool(attributes(path).get("ordered", False))
            return Categorical(open_array(path / "codes"), open_array(path / "categories"), ordered)
        case "nullable-integer":
            values, mask = open_array(path / "values"), open_array(path / "mask")
            return np.where(mask, np.nan, values.astype(np.float64)) if mask.any() else values
        case "nullable-boolean":
            values, mask = open_array(path / "values"), open_array(path / "mask")
            return (
                Categorical(np.where(mask, -1, values).astype(np.int8), _BOOLEANS) if mask.any() else values
            )
        case "nullable-string-array":
            values, mask = open_array(path / "values"), open_array(path / "mask")
            if mask.any():
                values = values.copy()
                values[mask] = None
            return values
        case other:
            raise NotFound(f"The column {path.name} has the encoding {other}, which the viewer cannot read.")


def describe(name: str, path: Path) -> Column | None:
    """What a column is, reading as little as possible; None when the viewer cannot read it."""
    match attributes(path).get("encoding-type"):
        case "array":
            dtype = np.dtype(node(path)["data_type"])
            if dtype.kind == "b":
                return Column(name, "boolean", "bool", ("False", "True"))
            return Column(name, "continuous", dtype.name)
        case "string-array" | "nullable-string-array":
            return Column(name, "string", "str")
        case "categorical":
            return Column(name, "categorical", "category", texts(open_array(path / "categories")))
        case "nullable-integer":
            return Column(name, "continuous", read_values(path).dtype.name)  # type: ignore[union-attr]  # an array
        case "nullable-boolean":
            missing = bool(open_array(path / "mask").any())
            kind, dtype_name = ("categorical", "category") if missing else ("boolean", "bool")
            return Column(name, kind, dtype_name, ("False", "True"))  # type: ignore[arg-type]  # of the two
        case _:
            return None


def read_matrix(path: Path) -> Matrix:
    """X, or a layer: a dense or sparse matrix of memory maps."""
    about = attributes(path)
    match about.get("encoding-type"):
        case "array":
            return Dense(open_array(path))
        case "csr_matrix" | "csc_matrix" as encoding:
            n_obs, n_vars = about["shape"]
            return Sparse(
                shape=(n_obs, n_vars),
                layout="csr" if encoding == "csr_matrix" else "csc",
                data=open_array(path / "data"),
                indices=open_array(path / "indices"),
                indptr=open_array(path / "indptr"),
                sorted=bool(about.get(SORTED, False)),
            )
        case other:
            raise NotFound(f"The matrix {path.name} has the encoding {other}, which the viewer cannot read.")


def texts(values: Array) -> tuple[str, ...]:
    """Categories as text."""
    return tuple(str(value) for value in values)
