"""Users take turns."""

from jupyter_cxg.server.turns import Turns


def taken(turns: Turns[str]) -> list[str]:
    """What runs, one after the other, as long as something waits."""
    found = []
    while (turn := turns.take()) is not None:
        found.append(turn[1])
        turns.end(turn[0])
    return found


def test_who_has_little_does_not_wait_for_who_has_much() -> None:
    turns: Turns[str] = Turns(1)
    for i in range(50):
        turns.add("a", f"a{i}")
    assert turns.take() == ("a", "a0")
    turns.add("b", "b0")
    turns.add("b", "b1")
    turns.add("c", "c0")
    assert [*turns.order()][:5] == ["b0", "c0", "a1", "b1", "a2"]
    turns.end("a")
    assert taken(turns)[:6] == ["b0", "c0", "a1", "b1", "a2", "a3"]


def test_who_comes_again_and_again_gets_no_more_than_their_share() -> None:
    turns: Turns[str] = Turns(1)
    found = []
    for i in range(6):
        turns.add("a", f"a{i}")
    for i in range(4):
        turns.add("b", f"b{i}")  # one at a time
        for _ in range(2):
            turn = turns.take()
            assert turn
            found.append(turn[1])
            turns.end(turn[0])
    assert sorted(found) == ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"]


def test_no_user_has_all_places() -> None:
    turns: Turns[str] = Turns(3)
    for i in range(9):
        turns.add("a", f"a{i}")
    assert [turns.take(), turns.take(), turns.take()] == [("a", "a0"), ("a", "a1"), None]
    turns.add("b", "b0")
    assert turns.take() == ("b", "b0") and turns.take() is None
    turns.end("a")
    assert turns.take() == ("a", "a2")


def test_what_is_removed_is_not_taken() -> None:
    turns: Turns[str] = Turns(2)
    for item in ("x", "y", "z"):
        turns.add("a", item)
    turns.remove("a", "x")
    turns.remove("a", "nothing")
    turns.remove("b", "x")
    assert [*turns.order()] == ["y", "z"] and taken(turns) == ["y", "z"] and [*turns.order()] == []
