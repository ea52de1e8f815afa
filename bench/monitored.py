"""Run a server with a watch on its event loop: ``python -m bench.monitored FILE LIMIT MODULE ARGUMENT…``.

On SIGUSR1 the server writes to FILE how long the longest step of the event loop took since the last time:
meanwhile it is blocked, by whatever, and nobody is answered; and how late a timer of 5 ms fired, which waits
behind all steps that are due (64 clients that ask at once make 64 of them). LIMIT is how many bytes of
anonymous memory the process may take (0: any number), counted as by `jupyter cxg prepare --memory`. What the
product does is not changed.
"""

import asyncio
import importlib
import json
import signal
import sys
import time
from pathlib import Path

from jupyter_cxg.snapshot.memory import bound_memory

EVERY = 0.005
LATE = 0.030


class Watch:
    """Counts how late the timer fires."""

    def __init__(self, loop: asyncio.AbstractEventLoop, file: Path) -> None:
        self._loop, self._file = loop, file
        self._late: list[float] = []
        self._longest = 0.0
        self._time_steps()
        loop.add_signal_handler(signal.SIGUSR1, self._tell)
        self._next()

    def _time_steps(self) -> None:
        run, clock = asyncio.Handle._run, time.perf_counter

        def timed(handle: asyncio.Handle) -> None:
            start = clock()
            run(handle)
            self._longest = max(self._longest, clock() - start)

        asyncio.Handle._run = timed  # type: ignore[method-assign]

    def _next(self) -> None:
        self._loop.call_at(self._loop.time() + EVERY, self._fired, self._loop.time() + EVERY)

    def _fired(self, due: float) -> None:
        self._late.append(self._loop.time() - due)
        self._next()

    def _tell(self) -> None:
        late, self._late = sorted(self._late), []
        longest, self._longest = self._longest, 0.0
        found = {
            "longest_step_ms": 1e3 * longest,
            "worst_ms": 1e3 * late[-1],
            "p99_ms": 1e3 * late[len(late) * 99 // 100],
            "blocked": sum(seconds > LATE for seconds in late),
            "fired": len(late),
        }
        aside = self._file.with_suffix(".part")
        aside.write_text(json.dumps(found))
        aside.rename(self._file)


def watch(file: Path, limit: int) -> None:
    """Watch the first loop that runs; from there on memory is limited."""
    original = asyncio.BaseEventLoop.run_forever

    def run_forever(loop: asyncio.BaseEventLoop) -> None:
        asyncio.BaseEventLoop.run_forever = original  # type: ignore[method-assign]
        Watch(loop, file)
        if limit:
            bound_memory(limit)
        original(loop)

    asyncio.BaseEventLoop.run_forever = run_forever  # type: ignore[method-assign]


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]))
    module = importlib.import_module(sys.argv[3])
    sys.argv = sys.argv[3:]
    sys.exit(module.main())
