"""How far copying is, told a few times a second."""

import time
from collections.abc import Callable

from .manifest import Progress

_EVERY = 0.2  # seconds


class Meter:
    """Counts bytes and tells the fraction of the total.

    Attributes
    ----------
    label
        What is being copied now.
    """

    def __init__(self, total: int, tell: Callable[[Progress], None]) -> None:
        self.label = ""
        self._total, self._tell = total, tell
        self._done = 0
        self._told = time.monotonic()

    def advance(self, n_bytes: int) -> None:
        """Count, and tell if nothing was told lately."""
        self._done += n_bytes
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            self._tell(Progress(self.label, min(1.0, self._done / self._total)))
