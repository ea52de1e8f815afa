"""Where tissue images lie beneath the cells."""

from dataclasses import dataclass

from ..compute.points import Square
from ..model import Array
from ..snapshot.images import TissueImage


@dataclass(frozen=True, slots=True)
class Placed:
    """A tissue image in the unit square of its embedding, whose second axis points down, as in images.

    Attributes
    ----------
    name
        As `TissueImage` has it.
    width, height
        In pixels of the picture.
    left, top, right, bottom
        Of its edges.
    spot
        Diameter of a spot; None where it is not said.
    """

    name: str
    width: int
    height: int
    left: float
    top: float
    right: float
    bottom: float
    spot: float | None


def placed(image: TissueImage, points: Array) -> Placed | None:
    """The picture beneath these points, shape (n, 2); None when it would lie nowhere."""
    square = Square.around(points)
    if not square.scale > 0:
        return None
    left, top = square.place(0, 0), square.place(0, 1)
    return Placed(
        image.name,
        image.width,
        image.height,
        left,
        top,
        square.place(image.width / image.scale, 0),
        square.place(image.height / image.scale, 1),
        None if image.spot is None else image.spot / square.scale,
    )
