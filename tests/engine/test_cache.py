"""Answers are kept within the budget."""

import numpy as np

from jupyter_cxg.engine.cache import Cache, size_of
from jupyter_cxg.model import Array, Categorical


class Maker:
    """Makes arrays of 100 bytes and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Array:
        self.made += 1
        return np.zeros(100, np.int8)


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
