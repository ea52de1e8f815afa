"""Who waits for an answer: told how far it is, and asked whether it is still wanted."""

from collections.abc import Callable
from dataclasses import dataclass

from ..compute.blocks import Cancelled, never, nobody

__all__ = ["Cancelled", "Watch"]


@dataclass(frozen=True, slots=True)
class Watch:
    """What long work is done under.

    Attributes
    ----------
    advance
        Told the fraction that is done, now and then, from any thread.
    cancelled
        Whether nobody wants the answer any more; then `Cancelled` is raised between two blocks of work.
    """

    advance: Callable[[float], None] = nobody
    cancelled: Callable[[], bool] = never

    def check(self) -> None:
        """Go on only while somebody waits.

        Raises
        ------
        Cancelled
            Nobody does.
        """
        if self.cancelled():
            raise Cancelled

    def part(self, first: float, last: float) -> "Watch":
        """For a step that takes all from ``first`` to ``last`` of the whole work."""
        return Watch(lambda done: self.advance(first + done * (last - first)), self.cancelled)
