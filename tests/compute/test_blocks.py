"""Items in a window: each once, none too far ahead, and an end of all when one fails."""

from threading import Barrier, Lock

import pytest

from jupyter_cxg.compute.blocks import Cancelled, in_window


def test_every_item_is_done_once_and_none_too_early() -> None:
    begun, ended, told, lock = [], set[int](), [], Lock()

    def work(worker: int, item: int) -> None:
        with lock:
            begun.append(item)
            assert set(range(3, item - 2)) <= ended and 0 <= worker < 3
        with lock:
            ended.add(item)

    in_window(work, 3, 60, ahead=3, threads=3, finished=told.append)
    assert sorted(begun) == list(range(3, 60))
    assert told == sorted(told) and told[-1] == 60


def test_several_are_at_work_at_once() -> None:
    together = Barrier(2, timeout=10)
    in_window(lambda _, item: together.wait() and None, 0, 4, ahead=4, threads=2, finished=lambda _: None)


def test_an_item_that_fails_ends_all_of_it() -> None:
    done: list[int] = []

    def work(worker: int, item: int) -> None:
        if item == 2:
            raise OSError("full")
        done.append(item)

    with pytest.raises(OSError, match="full"):
        in_window(work, 0, 1000, ahead=2, threads=2, finished=lambda _: None)
    assert max(done) < 5  # nobody waits for the one that failed, nor goes on without it


def test_it_stops_when_it_is_told_to() -> None:
    seen: list[int] = []
    with pytest.raises(Cancelled):
        in_window(
            lambda _, item: seen.append(item),
            0,
            9,
            ahead=9,
            threads=1,
            finished=lambda _: None,
            cancelled=lambda: len(seen) == 4,
        )
    assert seen == [0, 1, 2, 3]


def test_nothing_to_do() -> None:
    in_window(lambda *_: pytest.fail("nothing"), 5, 5, ahead=1, threads=2, finished=lambda _: None)
