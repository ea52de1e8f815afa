"""Whether two AnnData objects are the same, field by field."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData
from scipy import sparse


def assert_same(read: AnnData, expected: AnnData) -> None:
    """Fail, naming the field, unless values, dtypes and names agree; sparse layouts must agree, too."""
    pd.testing.assert_frame_equal(read.obs, expected.obs, check_names=False)
    pd.testing.assert_frame_equal(read.var, expected.var, check_names=False)
    _assert_equal(read.X, expected.X, "X")
    for name in ("layers", "obsm", "varm", "obsp", "varp", "uns"):
        _assert_equal(dict(getattr(read, name)), dict(getattr(expected, name)), name)
    assert (read.raw is None) == (expected.raw is None), "raw"
    if expected.raw is not None:
        _assert_equal(read.raw.X, expected.raw.X, "raw.X")
        pd.testing.assert_frame_equal(read.raw.var, expected.raw.var, check_names=False)


def _assert_equal(read: Any, expected: Any, where: str) -> None:
    if isinstance(expected, Mapping):
        assert set(read) == set(expected), where
        for key in expected:
            _assert_equal(read[key], expected[key], f"{where}[{key!r}]")
    elif sparse.issparse(expected):
        assert read.format == expected.format, where
        assert read.dtype == expected.dtype, where
        np.testing.assert_array_equal(read.toarray(), expected.toarray(), where)
    elif isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(read, expected, check_names=False)
    elif isinstance(expected, np.ndarray):
        is_text = expected.dtype.kind in "UO"  # anndata reads text as it likes
        assert is_text or read.dtype == expected.dtype, where
        np.testing.assert_array_equal(read, expected, where)
    else:
        assert read == expected, where
