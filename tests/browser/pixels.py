"""What a screenshot shows: the colors of points in a part of the plot."""

import io
from collections import Counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Frame

Color = tuple[int, int, int]


def plot(frame: Frame) -> NDArray[np.uint8]:
    """The plot as (height, width, 3); y runs downwards."""
    # A frame of its own process hands its picture over after it has drawn; the second one finds that done.
    frame.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    png = frame.locator("[role=application]").screenshot()
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def corner(picture: NDArray[np.uint8], name: str) -> Color:
    """The most frequent color other than the background in "top left", "bottom right", …"""
    height, width, _ = picture.shape
    rows = slice(0, height // 2) if "top" in name else slice(height // 2, height)
    columns = slice(0, width // 2) if "left" in name else slice(width // 2, width)
    # the square of the unit embedding is centered; the outer parts hold tools and legends
    side = min(height, width)
    middle = picture[(height - side) // 2 : (height + side) // 2, (width - side) // 2 : (width + side) // 2]
    half = middle.shape[0] // 2
    part = middle[
        slice(0, half) if rows.start == 0 else slice(half, None),
        slice(0, half) if columns.start == 0 else slice(half, None),
    ]
    counts = Counter(map(tuple, part.reshape(-1, 3).tolist()))
    background = Counter(map(tuple, picture.reshape(-1, 3).tolist())).most_common(1)[0][0]
    # points are drawn in one saturated color; texts and hairlines are gray
    colored = {c: n for c, n in counts.items() if c != background and max(c) - min(c) > 30}
    return max(colored, key=lambda c: colored[c]) if colored else background  # type: ignore[return-value]


def frequent(picture: NDArray[np.uint8], n: int = 1) -> list[Color]:
    """The colors that most pixels have."""
    packed = picture.reshape(-1, 3).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    values, counts = np.unique(packed, return_counts=True)
    most = values[np.argsort(-counts, kind="stable")[:n]]
    return [(int(value) >> 16, int(value) >> 8 & 255, int(value) & 255) for value in most]


def close(a: Color, b: Color, tolerance: int = 24) -> bool:
    return all(abs(x - y) <= tolerance for x, y in zip(a, b, strict=True))


def rgb(text: str) -> Color:
    """``"#1f77b4"`` → (31, 119, 180)."""
    value = int(text.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255
