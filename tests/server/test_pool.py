"""Questions that are answered at once do not stand behind slow ones."""

import asyncio
import threading

import pytest

from jupyter_cxg.server.pool import Pool


@pytest.mark.parametrize("slow", [1, 5])
async def test_a_question_is_answered_while_slow_ones_wait(slow: int) -> None:
    pool, go_on = Pool(1), threading.Event()
    waiting = [asyncio.ensure_future(pool.run(lambda: go_on.wait(10), slow=True)) for _ in range(slow)]
    try:
        assert await asyncio.wait_for(pool.run(lambda: "now"), 10) == "now"
        assert not any(task.done() for task in waiting)
    finally:
        go_on.set()
    assert await asyncio.gather(*waiting) == [True] * slow
    pool.close()
