"""The bounded pool: everything that is not parsing and replying happens here."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TypeVar

T = TypeVar("T")


class Pool:
    """Threads for questions, and one more for what may take minutes.

    Parameters
    ----------
    threads
        How many questions are worked on at once; the rest wait in line. Half of them at most work for
        guests, so that whoever owns the server always gets a turn.
    """

    def __init__(self, threads: int) -> None:
        self._questions = ThreadPoolExecutor(threads, "cxg")
        self._guests = asyncio.Semaphore(max(1, threads // 2))
        self._background = ThreadPoolExecutor(1, "cxg-background")
        self._closed = False

    async def run(self, work: Callable[[], T], *, guest: bool = False) -> T:
        """The result of ``work()``, which runs in some thread."""
        async with self._guests if guest else nullcontext():
            return await asyncio.get_running_loop().run_in_executor(self._questions, work)

    def later(self, work: Callable[[], object]) -> None:
        """Run ``work()`` in the background, after what was asked before; not at all once closed."""
        if not self._closed:
            self._background.submit(work)

    def close(self) -> None:
        """Take no more work, drop what waits; what runs goes on to its end."""
        self._closed = True
        self._questions.shutdown(wait=False, cancel_futures=True)
        self._background.shutdown(wait=False, cancel_futures=True)
