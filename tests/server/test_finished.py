"""Jobs that are over are kept for a while, in a bounded room."""

import numpy as np

from jupyter_cxg.model import Columns, columns_of
from jupyter_cxg.server import finished
from jupyter_cxg.server.finished import Finished


def result(n: int) -> Columns:
    return columns_of(("gene", "p"), (np.array(["x"] * n, object), np.zeros(n)))


def test_the_oldest_makes_room() -> None:
    kept: Finished[str] = Finished(max_bytes=1000)
    shared = result(50)  # 400 bytes
    kept.add("a", "A", "u", shared)
    kept.add("b", "B", "v", shared)  # the same: counted once
    kept.add("c", "C", "u", result(50))
    assert [*kept] == ["C", "B", "A"]
    kept.add("d", "D", "u", result(50))
    assert [*kept] == ["D", "C"] and kept.get("a") is None and kept.get("c") == "C"
    kept.add("e", "E", "u", result(10_000))
    assert [*kept] == ["E"]  # larger than all there is room for: at least who asked can fetch it
    kept.add("f", "F", "u", None)
    assert [*kept] == ["F"]


def test_who_has_many_loses_their_own() -> None:
    kept: Finished[str] = Finished()
    kept.add("first", "first", "b", None)
    for i in range(finished.MAX_EACH + 5):
        kept.add(f"a{i}", f"a{i}", "a", None)
    assert kept.get("first") and len([*kept]) == finished.MAX_EACH + 1
    assert kept.get("a4") is None and kept.get("a5")


def test_all_goes_with_time() -> None:
    now = 0.0
    kept: Finished[str] = Finished(clock=lambda: now)
    kept.add("a", "A", "u", result(3))
    now = finished.SECONDS - 1
    kept.add("b", "B", "u", None)
    assert [*kept] == ["B", "A"]
    now += 2
    assert [*kept] == ["B"] and kept.get("a") is None
    kept.add("c", "C", "u", None)
    assert not kept._bytes and len(kept._kept) == 2
