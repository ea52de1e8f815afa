"""Our PNG files, read by Pillow."""

import io

import numpy as np
import pytest
from PIL import Image

from jupyter_cxg.wire.png import png


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 1), (40, 31)])
def test_pixels_come_back(shape: tuple[int, int], channels: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, channels), np.uint8)
    pixels.flags.writeable = False
    image = Image.open(io.BytesIO(png(pixels)))
    assert image.format == "PNG" and image.mode == {3: "RGB", 4: "RGBA"}[channels]
    np.testing.assert_array_equal(np.asarray(image), pixels)


def test_what_rows_share_costs_little() -> None:
    pixels = np.broadcast_to(np.arange(200, dtype=np.uint8)[:, None], (300, 200, 3))
    assert len(png(np.ascontiguousarray(pixels))) < 3000  # of 180000
