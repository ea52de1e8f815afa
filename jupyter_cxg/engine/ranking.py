"""Which genes differ most, by cellxgene's rule."""

import numpy as np

from ..model import Array
from .compare import Diffexp


def most_different(found: Diffexp, count: int, cutoff: float) -> tuple[Array, Array]:
    """Positions of the genes with the largest and with the smallest scores, the most extreme first.

    Genes whose means differ by ``cutoff`` or less are passed over, unless that leaves less than twice
    ``count`` of them. Of equal scores the first genes win.
    """
    candidates = np.flatnonzero(np.abs(found.change) > cutoff)
    count = min(count, len(found.score))
    if len(candidates) <= 2 * count:
        candidates = np.arange(len(found.score))
    scores = found.score[candidates]
    up = candidates[np.argsort(-scores, kind="stable")[:count]]
    down = candidates[np.argsort(scores, kind="stable")[:count]]
    return up, down
