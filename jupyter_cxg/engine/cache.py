"""Answers kept within a byte budget, least recently used first to go."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import TypeVar, cast

import numpy as np

from ..model import Array, Categorical, Texts, Values

PAGE = 4096
"""What a memory map counts: its values are the system's to keep, but there must not be any number of maps."""

T = TypeVar("T", bound=Values | tuple[Array, ...])


class Cache:
    """A thread-safe map from questions to arrays.

    Parameters
    ----------
    max_bytes
        What the kept arrays may take together; 0 keeps nothing.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._making: dict[Hashable, Future[object]] = {}
        self._lock = Lock()

    @property
    def bytes(self) -> int:
        """What is kept now."""
        return self._bytes

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of ``key``: kept, or made now.

        Who asks while another thread makes it gets that thread's; if that one fails, or gives up, each
        tries on its own.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key][0])
            others = self._making.get(key)
            mine: Future[object] = Future()
            if others is None:
                self._making[key] = mine
        if others is not None:
            return cast(T, others.result()) if others.exception() is None else make()
        try:
            value = make()
            self._keep(key, value, size_of(value))
            mine.set_result(value)
            return value
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._making[key]

    def peek(self, key: Hashable) -> object:
        """The value of ``key`` if it is kept, else None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        return None

    def drop(self, owner: Hashable) -> None:
        """Forget everything whose key is a tuple that begins with ``owner``."""
        with self._lock:
            for key in [key for key in self._kept if isinstance(key, tuple) and key[0] == owner]:
                self._bytes -= self._kept.pop(key)[1]

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        with self._lock:
            if size > self._max_bytes or key in self._kept:
                return
            self._kept[key] = value, size
            self._bytes += size
            while self._bytes > self._max_bytes:
                _, (_, gone) = self._kept.popitem(last=False)
                self._bytes -= gone


def size_of(value: Values | tuple[Array, ...]) -> int:
    """Bytes of memory behind a value; text is counted at a guess, a memory map as one page."""
    if isinstance(value, tuple):
        return sum(size_of(part) for part in value)
    if isinstance(value, Categorical):
        return size_of(value.codes) + size_of(value.categories)
    if isinstance(value, Texts):
        return value.nbytes
    if isinstance(value, np.memmap):
        return PAGE
    return len(value) * 64 if value.dtype == np.object_ else value.nbytes
