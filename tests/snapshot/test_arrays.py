"""Raw arrays: one file is one array."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from jupyter_cxg.errors import NotFound
from jupyter_cxg.snapshot import arrays
from jupyter_cxg.snapshot.arrays import ArrayFile, open_array, open_texts, write_array, write_text

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


@pytest.mark.parametrize(
    "texts",
    [
        ["AAAC-1", "CCGT-1", "TTAG-1"],
        ["a", "", "much longer than the others", "ü€😀", ""],
        ["", "", ""],
        ["only one"],
        [],
        # lengths that differ but add up as if they did not
        ["abc", "a", "abcde"],
    ],
    ids=["barcodes", "mixed", "empty", "one", "none", "same-sum"],
)
def test_text_comes_back_without_an_object_for_each(tmp_path: Path, texts: list[str]) -> None:
    write_text(tmp_path / "t", np.array(texts, object), {}, no_progress)
    found = open_texts(tmp_path / "t")
    assert found.tolist() == texts == open_array(tmp_path / "t").tolist()
    assert (len(found), found.data.dtype) == (len(texts), np.uint8)
    assert not found.data.flags.writeable
    for some in (slice(1, 3), slice(None, None, 2), slice(5, 2), slice(None, None, -1)):
        assert found[some].tolist() == texts[some]
    for i in range(-len(texts), len(texts)):
        assert found[i] == texts[i]
    with pytest.raises(IndexError):
        found[len(texts)]


def test_text_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    write_text(tmp_path / "t", np.array(["one", "three"], object), {}, no_progress)
    (chunk,) = (path for path in (tmp_path / "t").rglob("*") if path.is_file() and path.name == "0")
    chunk.write_bytes(chunk.read_bytes()[:-2])
    with pytest.raises(ValueError, match="another length"):
        open_texts(tmp_path / "t")
