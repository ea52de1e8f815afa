"""The tissue images that spatial methods leave in ``uns["spatial"]``, as scanpy and squidpy lay them out.

``uns["spatial"][library]["images"][size]`` is a picture, ``["scalefactors"]`` has how large its pixels are in
the units of ``obsm["spatial"]``.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..model import Array
from .arrays import open_array
from .elements import members
from .nodes import node

SPATIAL = ("spatial", "X_spatial")
"""Keys of obsm that the images belong to."""
MOST_PIXELS = 16_000_000
"""A larger picture is thinned: no screen shows more."""
_LARGEST_FIRST = ("hires", "lowres")
_BAND = 256  # rows


@dataclass(frozen=True, slots=True)
class TissueImage:
    """A picture, read when it is asked for.

    Attributes
    ----------
    name
        ``"{library}/{size}"``.
    width, height
        Of the picture, in its own pixels.
    scale
        Its pixels per unit of ``obsm["spatial"]``.
    spot
        Diameter of a spot in those units; None where it is not said.
    """

    name: str
    path: Path
    width: int
    height: int
    scale: float
    spot: float | None


def find_images(store: Path) -> tuple[TissueImage, ...]:
    """One for each library, in alphabetical order: the largest that makes sense."""
    libraries = members(members(store / "uns").get("spatial", store / "uns" / "spatial"))
    found = (_of_library(name, path) for name, path in sorted(libraries.items()))
    return tuple(image for image in found if image is not None)


def read_image(image: TissueImage) -> Array:
    """Its pixels: (height, width, 3 or 4) uint8; of a huge one, every second or third row and column.

    Fractions count from 0 to 1, other numbers from 0 to 255; what is not finite is 0.
    """
    step = math.ceil(math.sqrt(image.width * image.height / MOST_PIXELS))
    stored = open_array(image.path)[::step, ::step]
    pixels: Array = np.empty(stored.shape, np.uint8)
    # resampling may have left a little more than 1
    fractions = stored.dtype.kind == "f" and all(_finite(rows).max(initial=0) <= 2 for rows in _bands(stored))
    for rows, place in zip(_bands(stored), _bands(pixels), strict=True):
        if stored.dtype.kind == "f":
            place[:] = np.clip(_finite(rows) * (255 if fractions else 1) + 0.5, 0, 255)
        elif stored.dtype == np.uint16:  # the whole range of a microscope's camera
            place[:] = rows >> 8
        else:
            place[:] = np.clip(rows, 0, 255)
    return pixels


def _bands(pixels: Array) -> Iterator[Array]:
    """Some rows at a time: in another type, all of a large picture would be eight times its size."""
    for start in range(0, len(pixels), _BAND):
        yield pixels[start : start + _BAND]


def _finite(values: Array) -> Array:
    found: Array = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    return found


def _of_library(library: str, path: Path) -> TissueImage | None:
    parts = members(path)
    images = members(parts["images"]) if "images" in parts else {}
    scales = members(parts["scalefactors"]) if "scalefactors" in parts else {}
    sizes = (*_LARGEST_FIRST, *(name for name in images if name not in _LARGEST_FIRST))
    for size in sizes:
        scale = _positive(scales.get(f"tissue_{size}_scalef"))
        shape = _shape(images.get(size))
        if scale is not None and shape is not None:
            height, width = shape
            spot = _positive(scales.get("spot_diameter_fullres"))
            return TissueImage(f"{library}/{size}", images[size], width, height, scale, spot)
    return None


def _shape(path: Path | None) -> tuple[int, int] | None:
    """Height and width of an array that is a picture in color."""
    if path is None:
        return None
    about = node(path)
    if about.get("node_type") != "array" or about.get("data_type") not in _NUMBERS:
        return None
    shape = tuple(about["shape"])
    return shape[:2] if len(shape) == 3 and shape[2] in (3, 4) and 0 not in shape else None


def _positive(path: Path | None) -> float | None:
    """A number that can be divided by."""
    if path is None or node(path).get("node_type") != "array":
        return None
    value = np.asarray(open_array(path))
    if value.size != 1 or value.dtype.kind not in "iuf":
        return None
    number = float(value.reshape(())[()])
    return number if math.isfinite(number) and number > 0 else None


_NUMBERS = {
    np.dtype(kind).name for kind in ("u1", "u2", "u4", "i1", "i2", "i4", "i8", "u8", "f2", "f4", "f8")
}
