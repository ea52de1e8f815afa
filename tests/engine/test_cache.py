"""Answers are kept within the budget."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from jupyter_cxg.engine.cache import Cache, size_of
from jupyter_cxg.model import Array, Categorical, Texts


class Maker:
    """Makes arrays of 100 bytes and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Array:
        self.made += 1
        return np.zeros(100, np.int8)


def _telling(call: Any, called: Event) -> Any:
    def told(*arguments: Any) -> Any:
        called.set()
        return call(*arguments)

    return told


def test_an_answer_is_made_once() -> None:
    cache, make = Cache(1000), Maker()
    assert cache.get("a", make) is cache.get("a", make)
    assert make.made == 1


def test_the_one_not_used_for_longest_goes_first() -> None:
    cache, make = Cache(250), Maker()
    for key in ("a", "b", "a", "c"):  # c takes the place of b
        cache.get(key, make)
    assert (make.made, cache.bytes) == (3, 200)
    cache.get("a", make)
    assert make.made == 3
    cache.get("b", make)
    assert make.made == 4


def test_what_is_larger_than_the_budget_is_not_kept() -> None:
    cache, make = Cache(99), Maker()
    cache.get("a", make)
    cache.get("a", make)
    assert (make.made, cache.bytes) == (2, 0)


def test_all_answers_of_one_owner_are_dropped() -> None:
    cache, make = Cache(1000), Maker()
    cache.get(("one", 1), make)
    cache.get(("two", 1), make)
    cache.drop("one")
    assert cache.bytes == 100
    cache.get(("two", 1), make)
    assert make.made == 2


def test_sizes() -> None:
    codes = np.zeros(10, np.int8)
    assert size_of(codes) == 10
    assert size_of(Categorical(codes, np.arange(2, dtype=np.int64))) == 26
    assert size_of((codes, codes)) == 20
    assert size_of(np.array(["text"] * 10, object)) >= 10 * len("text")
    texts = Texts(np.array([0, 1, 3], np.int32), np.frombuffer(b"abc", np.uint8))
    assert size_of(texts) == 15


def test_a_memory_map_costs_next_to_nothing(tmp_path: Path) -> None:
    mapped = np.memmap(tmp_path / "map", np.int8, "w+", shape=(1_000_000,))
    cache = Cache(10_000)
    assert cache.get("a", lambda: mapped) is cache.get("a", lambda: np.zeros(1, np.int8))


def test_what_another_thread_makes_is_waited_for() -> None:
    cache, make, started, go_on = Cache(0), Maker(), Event(), Event()

    def slowly() -> Array:
        started.set()
        assert go_on.wait(10)
        return make()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.get, "a", slowly)
        assert started.wait(10)
        waiting = Event()
        cache._making["a"].exception = _telling(cache._making["a"].exception, waiting)  # type: ignore[method-assign]
        second = pool.submit(cache.get, "a", make)
        assert waiting.wait(10)
        go_on.set()
        assert first.result(10) is second.result(10)
    assert make.made == 1


def test_who_waits_for_a_thread_that_gives_up_makes_it() -> None:
    cache, make, started, go_on = Cache(1000), Maker(), Event(), Event()

    def given_up() -> Array:
        started.set()
        assert go_on.wait(10)
        raise KeyError("nobody wants it")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.get, "a", given_up)
        assert started.wait(10)
        second = pool.submit(cache.get, "a", make)
        go_on.set()
        assert len(second.result(10)) == 100
        with pytest.raises(KeyError):
            first.result(10)
    cache.get("a", make)
    assert make.made in (1, 2)  # it asked before or after the other gave up
