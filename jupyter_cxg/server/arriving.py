"""How many bytes of large bodies there may be in memory at once."""

from ..errors import TooMany


class Room:
    """Counts them; for the event loop."""

    def __init__(self, most: int) -> None:
        self._free = most

    def take(self, size: int) -> None:
        """Count a body that comes.

        Raises
        ------
        TooMany
            There is no room for it now.
        """
        if size > self._free:
            raise TooMany("Too many large requests are being read now: send it again in a moment.")
        self._free -= size

    def give(self, size: int) -> None:
        """Count a body that is done with."""
        self._free += size
