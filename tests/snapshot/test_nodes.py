"""Metadata by hand: what zarr itself would write."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from zarr.codecs import TransposeCodec

from jupyter_cxg.snapshot.arrays import open_array, write_array, write_text
from jupyter_cxg.snapshot.nodes import write_group

ABOUT = {"encoding-type": "array", "encoding-version": "0.2.0"}


def no_progress(n_bytes: int) -> None:
    """Nobody listens."""


def metadata(path: Path) -> Any:
    return json.loads((path / "zarr.json").read_bytes())


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint16", "int32", "int64", "float16", "float32", "float64"]
)
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(3, 2), (0, 2)], ids=str)
def test_numbers(tmp_path: Path, dtype: str, order: Any, shape: tuple[int, ...]) -> None:
    array = np.ones(shape, dtype, order=order)
    write_array(tmp_path / "ours", array, ABOUT, no_progress)
    is_f = not array.flags.c_contiguous
    zarr.create_array(
        store=str(tmp_path / "zarr"),
        shape=shape,
        chunks=tuple(max(1, n) for n in shape),
        dtype=array.dtype,
        filters=[TransposeCodec(order=(1, 0))] if is_f else None,
        compressors=None,
        fill_value=array.dtype.type(0),
        attributes=ABOUT,
        zarr_format=3,
    )
    assert metadata(tmp_path / "ours") == metadata(tmp_path / "zarr")


@pytest.mark.parametrize("values", [["a", "bä", "", "𝛼\n"], []], ids=["some", "none"])
def test_text(tmp_path: Path, values: list[str]) -> None:
    texts = np.array(values, dtype=object)
    write_text(tmp_path / "ours", texts, ABOUT, no_progress)
    theirs = zarr.create_array(
        store=str(tmp_path / "zarr"),
        shape=texts.shape,
        chunks=(max(1, len(texts)),),
        dtype=str,
        compressors=None,
        attributes=ABOUT,
        zarr_format=3,
    )
    theirs[...] = texts
    assert metadata(tmp_path / "ours") == metadata(tmp_path / "zarr")
    assert list(zarr.open_array(str(tmp_path / "ours"), mode="r")[...]) == values
    assert list(open_array(tmp_path / "ours")) == values
    if values:
        assert (tmp_path / "ours/c/0").read_bytes() == (tmp_path / "zarr/c/0").read_bytes()


def test_group(tmp_path: Path) -> None:
    write_group(tmp_path / "ours", {"encoding-type": "dict", "cxg_names": {}})
    zarr.create_group(store=str(tmp_path / "zarr"), attributes={"encoding-type": "dict"}, zarr_format=3)
    assert metadata(tmp_path / "ours") == metadata(tmp_path / "zarr")
