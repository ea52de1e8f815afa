"""The bounded pool: everything that is not parsing and replying happens here."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from typing import TypeVar

T = TypeVar("T")

JOB_NICE = 10


class Pool:
    """Threads for questions, one for slow ones, some for jobs, and one more for what may take minutes.

    Parameters
    ----------
    threads
        How many questions are worked on at once; the rest wait in line. Half of them at most work for
        guests, so that whoever owns the server always gets a turn.
    jobs
        How many jobs are worked on at once, by threads of their own: questions never wait behind them.
    """

    def __init__(self, threads: int, *, jobs: int = 1) -> None:
        self._questions = ThreadPoolExecutor(threads, "cxg")
        # one after the other, each with all cores: two at once would both be late, and take twice the memory
        self._slow = ThreadPoolExecutor(1, "cxg-slow", initializer=_step_back)
        self._guests = asyncio.Semaphore(max(1, threads // 2))
        self._jobs = ThreadPoolExecutor(jobs, "cxg-job", initializer=_step_back)
        self._background = ThreadPoolExecutor(1, "cxg-background")
        self._closed = False

    async def run(self, work: Callable[[], T], *, guest: bool = False, slow: bool = False) -> T:
        """The result of ``work()``, which runs in some thread.

        Parameters
        ----------
        slow
            It may take so long that questions which are answered at once must not stand behind it.
        """
        if slow:
            return await asyncio.get_running_loop().run_in_executor(self._slow, work)
        async with self._guests if guest else nullcontext():
            return await asyncio.get_running_loop().run_in_executor(self._questions, work)

    def start(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """``work()`` of a job, in a thread for jobs."""
        return asyncio.get_running_loop().run_in_executor(self._jobs, work)

    def later(self, work: Callable[[], object]) -> None:
        """Run ``work()`` in the background, after what was asked before; not at all once closed."""
        if not self._closed:
            self._background.submit(work)

    def close(self) -> None:
        """Take no more work, drop what waits; what runs goes on to its end."""
        self._closed = True
        self._questions.shutdown(wait=False, cancel_futures=True)
        self._slow.shutdown(wait=False, cancel_futures=True)
        self._jobs.shutdown(wait=False, cancel_futures=True)
        self._background.shutdown(wait=False, cancel_futures=True)


def _step_back() -> None:
    """Let all other threads go first where cores are short; those that this one starts inherit that.

    On Linux a thread has a priority of its own (setpriority(2), "C library/kernel differences").
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), JOB_NICE)
