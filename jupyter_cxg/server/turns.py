"""A queue in which users take turns, so that who has much to do is not in everybody's way."""

from collections import Counter, deque
from collections.abc import Iterator
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")

REMEMBERED = 1000


class Turns(Generic[T]):
    """What waits, by user.

    The next turn is of the user who has the least running, among these of the one who was served longest
    ago; within what a user has, first come, first served.

    Parameters
    ----------
    at_once
        How many may run together. Where that is more than one, one place is never taken by a user who has
        all the others.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._each = max(1, at_once - 1)
        self._waiting: dict[str, deque[T]] = {}
        self._running: Counter[str] = Counter()
        self._served: dict[str, int] = {}  # oldest first
        self._clock = count(1)

    def add(self, user: str, item: T) -> None:
        """Let an item wait."""
        self._waiting.setdefault(user, deque()).append(item)

    def remove(self, user: str, item: T) -> None:
        """Let it wait no more, if it does."""
        waiting = self._waiting.get(user, deque())
        if item in waiting:
            waiting.remove(item)
        if not waiting:
            self._waiting.pop(user, None)

    def take(self) -> tuple[str, T] | None:
        """Whose turn it is and with what, which runs from now on; None: nobody's, or there is no room."""
        if self._running.total() >= self._at_once:
            return None
        ready = [user for user in self._waiting if self._running[user] < self._each]
        if not ready:
            return None
        user = min(ready, key=lambda user: (self._running[user], self._served.get(user, 0)))
        item = self._waiting[user][0]
        self.remove(user, item)
        self._running[user] += 1
        self._served.pop(user, None)
        self._served[user] = next(self._clock)
        while len(self._served) > REMEMBERED:
            del self._served[next(iter(self._served))]
        return user, item

    def end(self, user: str) -> None:
        """Something of this user's runs no more."""
        self._running[user] -= 1
        self._running += Counter()  # drops those who have nothing

    def order(self) -> Iterator[T]:
        """What waits, in the order in which it will be taken if nothing comes between."""
        users = sorted(self._waiting, key=lambda user: (self._running[user], self._served.get(user, 0)))
        for place in range(max(map(len, self._waiting.values()), default=0)):
            yield from (self._waiting[user][place] for user in users if place < len(self._waiting[user]))
