"""Raw arrays: one file is one array."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from jupyter_cxg.errors import NotFound
from jupyter_cxg.snapshot import arrays
from jupyter_cxg.snapshot.arrays import ArrayFile, open_array, write_array

VALUES = np.arange(24, dtype=np.float32).reshape(6, 4)


def no_progress(n_bytes: int) -> None:
    """Nobody listens."""


@pytest.mark.parametrize(
    "array",
    [
        VALUES,
        np.asfortranarray(VALUES),
        VALUES[::2, 1:],
        VALUES.astype(">f4"),
        VALUES.astype(np.float16),
        VALUES > 5,
        VALUES.astype(np.int8)[:, 0],
        np.zeros((3, 0), np.int64),
        np.arange(24.0).reshape(2, 3, 4),
    ],
    ids=["C", "F", "strided", "big-endian", "half", "bool", "1-d", "empty", "3-d"],
)
def test_comes_back_as_it_was_for_us_and_for_zarr(tmp_path: Path, array: Any) -> None:
    write_array(tmp_path / "a", array, {}, no_progress)
    np.testing.assert_array_equal(open_array(tmp_path / "a"), array)
    np.testing.assert_array_equal(zarr.open_array(str(tmp_path / "a"), mode="r")[...], array)
    assert open_array(tmp_path / "a").dtype == array.dtype.newbyteorder("=")


@pytest.mark.parametrize("order", ["C", "F"])
def test_is_mapped_in_the_order_it_was_written(tmp_path: Path, order: Any) -> None:
    write_array(tmp_path / "a", np.array(VALUES, order=order), {}, no_progress)
    mapped = open_array(tmp_path / "a")
    assert isinstance(mapped, np.memmap)
    assert mapped.flags[f"{order}_CONTIGUOUS"]
    with pytest.raises(ValueError, match="read-only"):
        mapped[0, 0] = 1


def test_tells_every_byte_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "BLOCK", 40)
    told: list[int] = []
    write_array(tmp_path / "a", VALUES, {}, told.append)
    assert sum(told) == VALUES.nbytes
    assert max(told) <= 40
    np.testing.assert_array_equal(open_array(tmp_path / "a"), VALUES)


def test_a_source_of_the_wrong_size_is_no_array(tmp_path: Path) -> None:
    with (
        ArrayFile(tmp_path / "a", VALUES.dtype, no_progress, ndim=2) as file,
        pytest.raises(ValueError, match="gave 20 values"),
    ):
        file.append(VALUES[:5])
        file.finish({}, VALUES.shape)
    with pytest.raises(NotFound):
        open_array(tmp_path / "a")


@pytest.mark.parametrize(
    "how",
    [{"chunks": (2, 2)}, {"chunks": (6, 4), "compressors": "auto"}, {"chunks": (6, 4), "fill_value": 7}],
    ids=["chunked", "compressed", "filled"],
)
def test_reads_what_others_wrote(tmp_path: Path, how: Any) -> None:
    options = {"compressors": None, "filters": None, "fill_value": 0} | how
    array = zarr.create_array(str(tmp_path / "a"), shape=(6, 4), dtype="float32", **options)
    expected = np.full((6, 4), 7.0) if "fill_value" in how else VALUES
    if "fill_value" not in how:
        array[...] = VALUES
    np.testing.assert_array_equal(open_array(tmp_path / "a"), expected)
