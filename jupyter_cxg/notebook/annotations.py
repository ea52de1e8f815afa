"""What the user has annotated in the viewer, as pandas has it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def frame_of(columns: Sequence[Mapping[str, Any]], names: pd.Index) -> pd.DataFrame:
    """One categorical column for each annotation, one row per cell.

    Parameters
    ----------
    columns
        As the viewer sends them: ``name``, ``categories``, and ``codes`` of ``width`` bytes each, -1 where a
        cell has no label.
    names
        Of the cells.
    """
    found = {column["name"]: categorical_of(column, len(names)) for column in columns}
    return pd.DataFrame({name: values for name, values in found.items() if values is not None}, index=names)


def categorical_of(column: Mapping[str, Any], n_obs: int) -> pd.Categorical | None:
    """The labels of the cells; None where they are of other cells, that were published before."""
    codes = np.frombuffer(column["codes"], np.dtype(f"<i{column['width']}"))
    return pd.Categorical.from_codes(codes, categories=column["categories"]) if len(codes) == n_obs else None
