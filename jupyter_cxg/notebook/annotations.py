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
    found: dict[str, pd.Categorical] = {}
    for column in columns:
        codes = np.frombuffer(column["codes"], np.dtype(f"<i{column['width']}"))
        if len(codes) == len(names):  # else they are of cells that were published before
            found[column["name"]] = pd.Categorical.from_codes(codes, categories=column["categories"])
    return pd.DataFrame(found, index=names)
