"""Jobs that are over, kept for a while: bounded in time, in number and in bytes."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from ..model import Categorical, Columns

T = TypeVar("T")

SECONDS = 3600.0
MAX_EACH = 50
MAX_JOBS = 2000
MAX_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    job: T
    user: str
    result: Columns | None
    until: float


class Finished(Generic[T]):
    """A map from ids to jobs that forgets the oldest; of users who have many, theirs."""

    def __init__(self, *, max_bytes: int = MAX_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_bytes, self._clock = max_bytes, clock
        self._kept: dict[str, _Kept[T]] = {}  # oldest first
        self._of: Counter[str] = Counter()
        self._shares: Counter[int] = Counter()  # how many jobs have a result, by its identity
        self._bytes = 0

    def __iter__(self) -> Iterator[T]:
        """The newest first."""
        now = self._clock()
        return iter([kept.job for kept in reversed(list(self._kept.values())) if kept.until > now])

    def get(self, id: str) -> T | None:
        """A job; None if it is forgotten."""
        kept = self._kept.get(id)
        return kept.job if kept is not None and kept.until > self._clock() else None

    def add(self, id: str, job: T, user: str, result: Columns | None) -> None:
        """Keep a job, for as long as there is room."""
        self._kept[id] = _Kept(job, user, result, self._clock() + SECONDS)
        self._of[user] += 1
        if result is not None:
            self._bytes += 0 if self._shares[id_of(result)] else size_of(result)
            self._shares[id_of(result)] += 1
        if self._of[user] > MAX_EACH:
            self._drop(next(other for other, kept in self._kept.items() if kept.user == user))
        while len(self._kept) > 1 and self._is_full():
            self._drop(next(iter(self._kept)))

    def _is_full(self) -> bool:
        oldest = next(iter(self._kept.values()))
        too_much = self._bytes > self._max_bytes or len(self._kept) > MAX_JOBS
        return too_much or oldest.until <= self._clock()

    def _drop(self, id: str) -> None:
        kept = self._kept.pop(id)
        self._of[kept.user] -= 1
        self._of += Counter()  # drops those who have none
        if kept.result is None:
            return
        self._shares[id_of(kept.result)] -= 1
        if not self._shares[id_of(kept.result)]:
            del self._shares[id_of(kept.result)]
            self._bytes -= size_of(kept.result)


def id_of(result: Columns) -> int:
    """Tells results apart while they live."""
    return id(result)


def size_of(result: Columns) -> int:
    """Bytes of the numbers of a result; its texts belong to the dataset."""
    arrays = [value.codes if isinstance(value, Categorical) else value for value in result.values]
    return sum(array.nbytes for array in arrays if array.dtype != np.object_)
