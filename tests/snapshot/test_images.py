"""Tissue images in uns["spatial"], as scanpy and squidpy leave them."""

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyter_cxg.snapshot import images
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.images import read_image
from jupyter_cxg.snapshot.reader import Snapshot
from tests.reference.example import new_catalog, publish, tiny_adata


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return new_catalog(tmp_path)


def section(**changes: Any) -> dict[str, Any]:
    """One library, with a 40 × 30 picture of fractions."""
    hires = np.linspace(0, 1, 40 * 30 * 3, dtype=np.float32).reshape(40, 30, 3)
    library = {
        "images": {"lowres": hires[::4, ::4], "hires": hires},
        "scalefactors": {
            "tissue_hires_scalef": 0.5,
            "tissue_lowres_scalef": 0.125,
            "spot_diameter_fullres": 3.0,
        },
    }
    return {**library, **changes}


def opened(catalog: Catalog, spatial: Any, key: str = "spatial") -> Snapshot:
    adata = tiny_adata()
    adata.obsm[key] = np.random.default_rng(1).uniform(0, 60, (adata.n_obs, 2))
    adata.uns["spatial"] = spatial
    id = publish(adata, catalog)
    return Snapshot(catalog.directory(id), catalog.get(id))


@pytest.mark.parametrize("key", ["spatial", "X_spatial"])
def test_the_largest_of_each_library_is_found(catalog: Catalog, key: str) -> None:
    snapshot = opened(catalog, {"A/1": section(), "B": section()}, key)
    first, second = snapshot.images
    assert (first.name, second.name) == ("A/1/hires", "B/hires")
    assert (first.width, first.height, first.scale, first.spot) == (30, 40, 0.5, 3.0)
    assert snapshot.spatial == "spatial"


def test_without_places_there_is_nothing_beneath(catalog: Catalog) -> None:
    assert opened(catalog, {"A": section()}, "X_other").images == ()


@pytest.mark.parametrize(
    "spatial",
    [
        "text",
        {},
        {"A": "text"},
        {"A": {"images": {}, "scalefactors": {}}},
        {"A": section(scalefactors={})},
        {"A": section(scalefactors={"tissue_hires_scalef": 0.0, "tissue_lowres_scalef": -1.0})},
        {"A": section(scalefactors={"tissue_hires_scalef": np.nan, "tissue_lowres_scalef": "half"})},
        {"A": section(scalefactors={"tissue_hires_scalef": np.arange(3.0)})},
        {"A": section(images={"hires": np.zeros((4, 5))})},
        {"A": section(images={"hires": np.zeros((4, 5, 2))})},
        {"A": section(images={"hires": np.zeros((0, 5, 3))})},
        {"A": section(images={"hires": np.array([["a", "b"]], object)})},
        {"A": section(images={"hires": {"not": "a picture"}})},
    ],
    ids=str,
)
def test_what_is_no_picture_is_none(catalog: Catalog, spatial: Any) -> None:
    assert opened(catalog, spatial).images == ()


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.array([0.0, 0.5, 1.0]), [0, 128, 255]),
        (np.array([0.0, 0.5, 1.02]), [0, 128, 255]),  # resampled
        (np.array([0.0, 128.0, 300.0]), [0, 128, 255]),
        (np.array([np.nan, np.inf, 1.0]), [0, 0, 255]),
        (np.array([0, 128, 255], np.uint8), [0, 128, 255]),
        (np.array([0, 0x8000, 0xFFFF], np.uint16), [0, 128, 255]),
        (np.array([-5, 128, 999], np.int64), [0, 128, 255]),
    ],
    ids=str,
)
def test_pixels_become_bytes(catalog: Catalog, pixels: Any, expected: list[int]) -> None:
    picture = np.broadcast_to(pixels, (2, 3, 3)).copy()
    (image,) = opened(catalog, {"A": section(images={"hires": picture})}).images
    read = read_image(image)
    assert read.dtype == np.uint8 and read.shape == (2, 3, 3)
    np.testing.assert_array_equal(read[1, 2], expected)


def test_a_huge_picture_is_thinned(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    (image,) = opened(catalog, {"A": section()}).images
    monkeypatch.setattr(images, "MOST_PIXELS", 40 * 30 // 4)
    assert read_image(image).shape == (20, 15, 3)


@pytest.mark.parametrize("most", [1.0, 255.0])
def test_a_large_picture_is_read_in_little_more_memory_than_it_has_pixels(
    catalog: Catalog, most: float
) -> None:
    hires = np.random.default_rng(2).uniform(0, most, (1500, 1000, 3))  # 36 MB
    (image,) = opened(catalog, {"A": section(images={"hires": hires})}).images
    tracemalloc.start()
    try:
        pixels = read_image(image)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert np.array_equal(pixels, (hires * (255 / most) + 0.5).astype(np.uint8))
    assert peak < 4 * pixels.nbytes + 2**20
