"""Which obs columns the viewer has made: ``uns["jupyter_cxg"]["annotations"]``, a row for each.

It goes with the AnnData wherever that goes, so what was labeled yesterday and read from a file today is still
known to be an annotation, and a column that somebody else made never is taken for one.
"""

import hashlib
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .clean import clean_names

KEY, TABLE = "jupyter_cxg", "annotations"
_NEEDED = ("fingerprint", "digest")


def fingerprint_of(obs_names: Any) -> str:
    """blake2b of the names of the cells, in order."""
    return hashlib.blake2b("\0".join(clean_names(obs_names)).encode(), digest_size=16).hexdigest()


def digest_of(values: Any) -> str | None:
    """What the cells are labeled, as a hash; None where no viewer can have made it.

    Unused categories and the order of categories do not count: other tools change both.
    """
    if not isinstance(values, pd.Series) or not isinstance(values.dtype, pd.CategoricalDtype):
        return None
    codes, categories = values.cat.codes.to_numpy(), values.cat.categories.tolist()
    used = np.unique(codes[codes >= 0])
    labels = [categories[code] for code in used]
    if not all(isinstance(label, str) for label in labels):
        return None
    place: NDArray[np.int32] = np.full(len(categories) + 1, -1, np.int32)  # the last: of -1
    place[used] = np.argsort(np.argsort(np.asarray(labels, dtype=object)))
    hashed = hashlib.blake2b(place[codes].astype("<i4").tobytes(), digest_size=16)
    hashed.update("\0".join(sorted(labels)).encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


def table_of(adata: Any) -> pd.DataFrame | None:
    """The rows there are; None where something else stands in their place."""
    ours = adata.uns.get(KEY, {})
    table = ours.get(TABLE, pd.DataFrame()) if isinstance(ours, dict) else None
    if not isinstance(table, pd.DataFrame) or (len(table) and not {*_NEEDED} <= {*table.columns}):
        return None
    return table


def is_annotation(adata: Any, column: Hashable, fingerprint: str) -> bool:
    """Whether the viewer has made this column, of these cells, and nobody has changed it since."""
    table = table_of(adata)
    if table is None or column not in table.index or [*adata.obs.columns].count(column) != 1:
        return False
    row = table.loc[[column]].iloc[-1]
    return bool(row["fingerprint"] == fingerprint and row["digest"] == digest_of(adata.obs[column]))


def annotation_columns(adata: Any, fingerprint: str) -> tuple[str, ...]:
    """The obs columns that are the viewer's."""
    table = table_of(adata)
    if table is None or not isinstance(adata.obs, pd.DataFrame):
        return ()
    found = (name for name in table.index if is_annotation(adata, name, fingerprint))
    return tuple(dict.fromkeys(map(str, found)))
