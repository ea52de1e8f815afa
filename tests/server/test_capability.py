"""Capabilities: one dataset, for as long as they are used."""

import pytest

from jupyter_cxg.errors import Expired, Forbidden
from jupyter_cxg.server import capability as module
from jupyter_cxg.server.capability import Capabilities


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def capabilities(clock: Clock) -> Capabilities:
    return Capabilities(10, clock=clock)


def test_it_opens_its_dataset(capabilities: Capabilities) -> None:
    secret = capabilities.issue("a", user="alice")
    found = capabilities.check(secret, "a")
    assert (found.dataset_id, found.role, found.user) == ("a", "view", "alice")
    with pytest.raises(Forbidden, match="another dataset"):
        capabilities.check(secret, "b")


def test_who_may_look_does_not_own(capabilities: Capabilities) -> None:
    view = capabilities.issue("a", user="alice", role="view")
    own = capabilities.issue("a", user="alice", role="own")
    assert capabilities.check(own, "a", "own").role == "own"
    assert capabilities.check(own, "a").role == "own"
    with pytest.raises(Forbidden, match="Only the owner"):
        capabilities.check(view, "a", "own")
    with pytest.raises(Forbidden, match="another dataset"):
        capabilities.check(own, "b", "own")


def test_secrets_are_long_different_and_not_kept(capabilities: Capabilities) -> None:
    secrets = {capabilities.issue("a", user="alice") for _ in range(100)}
    assert len(secrets) == 100 and min(map(len, secrets)) >= 43
    kept = repr(vars(capabilities))
    assert not [secret for secret in secrets if secret in kept]


def test_use_keeps_it_alive_and_idling_ends_it(capabilities: Capabilities, clock: Clock) -> None:
    secret = capabilities.issue("a", user="alice")
    for _ in range(3):
        clock.now += 599
        capabilities.check(secret, "a")
    clock.now += 600
    with pytest.raises(Expired, match="load it again"):
        capabilities.check(secret, "a")
    assert capabilities.list() == []


def test_who_may_annotate_does_not_own(capabilities: Capabilities) -> None:
    annotate = capabilities.issue("a", user="alice", role="annotate")
    assert capabilities.check(annotate, "a").role == capabilities.check(annotate, "a", "annotate").role
    with pytest.raises(Forbidden):
        capabilities.check(annotate, "a", "own")
    with pytest.raises(Forbidden):
        capabilities.check(capabilities.issue("a", user="alice"), "a", "annotate")
    given = (capabilities.issue("a", user="alice", role=role) for role in ("view", "annotate", "own"))
    assert [capabilities.author(secret) for secret in given] == [None, "alice", "alice"]


@pytest.mark.parametrize("secret", ["", "x", "é", "\udcff", "a" * 100_000])
def test_what_was_never_given_is_as_good_as_expired(capabilities: Capabilities, secret: str) -> None:
    capabilities.issue("a", user="alice")
    with pytest.raises(Expired):
        capabilities.check(secret, "a")


def test_revoking(capabilities: Capabilities) -> None:
    first, second = (capabilities.issue("a", user="alice") for _ in range(2))
    other = capabilities.issue("b", user="alice")
    assert capabilities.revoke(capabilities.check(first, "a").key)
    assert not capabilities.revoke("nonsense")
    with pytest.raises(Expired):
        capabilities.check(first, "a")
    capabilities.revoke_dataset("a")
    with pytest.raises(Expired):
        capabilities.check(second, "a")
    assert capabilities.check(other, "b")


def test_a_page_that_is_reloaded_in_a_loop_fills_no_memory(
    capabilities: Capabilities, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_KEPT", 5)
    secrets = []
    for _ in range(9):
        clock.now += 1
        secrets.append(capabilities.issue("a", user="alice"))
    assert len(capabilities.list()) == 5
    assert capabilities.check(secrets[-1], "a")
