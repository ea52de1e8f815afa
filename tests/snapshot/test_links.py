"""Links on the disk: what is kept of them, who gets in, and when they end."""

import json
import stat
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_cxg.errors import BadQuery, Expired, NotFound, TooLarge
from jupyter_cxg.snapshot import links as module
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.links import Links
from jupyter_cxg.snapshot.lock import release
from jupyter_cxg.snapshot.wish import MAX_NOTE, Wish
from jupyter_cxg.snapshot.writer import Publication
from tests.reference.example import publish, tiny_adata

DAY = 86400.0
BITS = b64encode(bytes(8)).decode()  # 60 cells
CELLS = {"filters": [{"kind": "cells", "key": "python-1", "label": "from Python", "count": 0}]}


class Clock:
    """Seconds since 1970, as the test says."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(catalog: Catalog, clock: Clock) -> Links:
    return Links(catalog, clock=clock)


@pytest.fixture
def dataset(catalog: Catalog) -> str:
    return publish(tiny_adata(), catalog)


def end_kernel(catalog: Catalog, id: str) -> None:
    """What the system does for the lock when the kernel ends."""
    release(catalog._locks.pop(id))


def files(catalog: Catalog, dataset: str) -> list[Path]:
    return sorted((catalog.root / dataset / "links").iterdir())


# ── what is kept ──


def test_a_link_carries_the_view(links: Links, dataset: str) -> None:
    state = {"color": {"kind": "obs", "name": "batch"}, "revision": 3, **CELLS}
    link, secret = links.create(dataset, Wish("view", "12h", "for  Ann ", state, {"python-1": BITS}))
    found = links.check(dataset, link.id, secret)
    assert found == link
    assert found.state == {"color": {"kind": "obs", "name": "batch"}, **CELLS}, "not which revision it was"
    assert found.cells == {"python-1": BITS}
    assert (found.note, found.role) == ("for Ann", "view")
    assert found.created == "2027-01-15T08:00:00+00:00" and found.expires == "2027-01-15T20:00:00+00:00"


def test_only_the_owner_reads_it_and_the_secret_is_not_in_it(
    links: Links, dataset: str, catalog: Catalog
) -> None:
    link, secret = links.create(dataset, Wish())
    (file,) = files(catalog, dataset)
    assert file.name == f"{link.id}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert len(secret) == 40 and secret not in file.read_text() and secret not in repr(link)


def test_a_link_outlives_a_refresh(links: Links, dataset: str, catalog: Catalog) -> None:
    link, secret = links.create(dataset, Wish(state=CELLS, cells={"python-1": BITS}))
    adata = tiny_adata()
    adata.obs_names = [f"other-{i}" for i in range(adata.n_obs)]
    publication = Publication.begin(adata, catalog, title="tiny", id=dataset)
    publication.finish()
    found = links.check(dataset, link.id, secret)
    assert found.cells_of(found.fingerprint) == {"python-1": BITS}
    assert found.cells_of(publication.manifest.fingerprint) == {}, "they were of other cells"


def test_sets_of_cells_that_nothing_names_are_not_carried(links: Links, dataset: str) -> None:
    link, _ = links.create(dataset, Wish(cells={"python-1": BITS}))
    assert link.cells == {}


# ── who gets in ──


@pytest.mark.parametrize(
    "forge",
    [
        lambda id, secret: (id, ""),
        lambda id, secret: (id, secret[:-1]),
        lambda id, secret: (id, secret + "0"),
        lambda id, secret: (id, secret.upper() if not secret.isdigit() else "x"),
        lambda id, secret: (id, "é\ud800"),
        lambda id, secret: ("0" * 16, secret),
        lambda id, secret: (id[:-1], secret),
        lambda id, secret: (f"../links/{id}", secret),
        lambda id, secret: (f"{id}.json", secret),
        lambda id, secret: ("../manifest", secret),
        lambda id, secret: (f"{id}\0", secret),
        lambda id, secret: ("", secret),
    ],
)
def test_a_forged_link_opens_nothing(
    links: Links, dataset: str, forge: Callable[[str, str], tuple[str, str]]
) -> None:
    link, secret = links.create(dataset, Wish())
    links.check(dataset, link.id, secret)
    with pytest.raises(Expired, match="revoked or its data is gone"):
        links.check(dataset, *forge(link.id, secret))


def test_a_link_opens_its_own_dataset_alone(links: Links, dataset: str, catalog: Catalog) -> None:
    other = publish(tiny_adata(), catalog)
    one, secret = links.create(dataset, Wish())
    two, _ = links.create(dataset, Wish())
    three, _ = links.create(other, Wish())
    for where, id in (
        (dataset, two.id),
        (other, one.id),
        (other, three.id),
        ("0" * 16, one.id),
        ("..", one.id),
    ):
        with pytest.raises(Expired, match="revoked or its data is gone"):
            links.check(where, id, secret)


def test_a_revoked_link_opens_nothing(links: Links, dataset: str) -> None:
    link, secret = links.create(dataset, Wish())
    links.revoke(dataset, link.id)
    with pytest.raises(Expired, match="revoked"):
        links.check(dataset, link.id, secret)
    assert links.list(dataset) == []
    with pytest.raises(NotFound, match="no such link"):
        links.revoke(dataset, link.id)
    for bad in ("../manifest", "..", "", "x" * 16):
        with pytest.raises(NotFound, match="no such link"):
            links.revoke(dataset, bad)


def test_an_expired_link_says_so_to_whoever_has_its_secret(links: Links, dataset: str, clock: Clock) -> None:
    link, secret = links.create(dataset, Wish(expires="7d"))
    clock.now += 7 * DAY - 1
    links.check(dataset, link.id, secret)
    clock.now += 1
    with pytest.raises(Expired, match="expired on 2027-01-22"):
        links.check(dataset, link.id, secret)
    with pytest.raises(Expired, match="revoked or"):
        links.check(dataset, link.id, "0" * 40)


def test_a_clock_set_back_ends_no_link(links: Links, dataset: str, clock: Clock) -> None:
    link, secret = links.create(dataset, Wish(expires="1h"))
    clock.now -= 30 * DAY
    links.check(dataset, link.id, secret)
    assert [found.id for found in links.list(dataset)] == [link.id]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:20],
        lambda text: "null",
        lambda text: "[]",
        lambda text: json.dumps({**json.loads(text), "format_version": 2}),
        lambda text: json.dumps({**json.loads(text), "expires": "soon"}),
        lambda text: json.dumps({**json.loads(text), "expires": "2099-01-01T00:00:00"}),
        lambda text: json.dumps({**json.loads(text), "more": 1}),
    ],
)
def test_a_damaged_file_is_no_link(
    links: Links, dataset: str, catalog: Catalog, damage: Callable[[str], str]
) -> None:
    link, secret = links.create(dataset, Wish())
    (file,) = files(catalog, dataset)
    file.write_text(damage(file.read_text()))
    with pytest.raises(Expired):
        links.check(dataset, link.id, secret)
    assert links.list(dataset) == []
    catalog.prune()  # does not stumble over it


# ── what may be wished for ──


@pytest.mark.parametrize(
    "expires", ["0d", "-1d", "abc", "", "7", "d", "1.5d", "3650d", "91d", "30s", "7d7d", "٧d", 7]
)
def test_a_link_lives_for_a_sensible_time(links: Links, dataset: str, expires: Any) -> None:
    with pytest.raises(BadQuery, match=r"12h, 7d or 4w|a minute at least|90 days at most"):
        links.create(dataset, Wish(expires=expires))


@pytest.mark.parametrize(
    ("expires", "seconds"), [("5m", 300), ("12h", 43200), (" 90d ", 90 * DAY), ("4 w", 28 * DAY)]
)
def test_times_are_understood(links: Links, dataset: str, clock: Clock, expires: str, seconds: float) -> None:
    link, secret = links.create(dataset, Wish(expires=expires))
    clock.now += seconds - 1
    links.check(dataset, link.id, secret)
    clock.now += 1
    with pytest.raises(Expired):
        links.check(dataset, link.id, secret)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(role="owner"), "no role 'owner'"),
        (Wish(role="own"), "no role 'own'"),
        (Wish(role=1), "no role"),  # type: ignore[arg-type]
        (Wish(note="x" * (MAX_NOTE + 1)), "one line of at most"),
        (Wish(note="bell\a"), "one line of at most"),
        (Wish(note=3), "one line of at most"),  # type: ignore[arg-type]
        (Wish(state=[]), "a JSON object"),  # type: ignore[arg-type]
        (Wish(state={"camera": float("nan")}), "must be JSON"),
        (Wish(state={"color": object()}), "must be JSON"),
        (Wish(state=CELLS, cells={"python-1": "no base64!"}), "in base64"),
        (Wish(state=CELLS, cells={"python-1": b64encode(bytes(7)).decode()}), "60 cells"),
        (Wish(state=CELLS, cells=["python-1"]), "in base64"),  # type: ignore[arg-type]
    ],
)
def test_nonsense_is_no_link(links: Links, dataset: str, catalog: Catalog, wish: Wish, words: str) -> None:
    with pytest.raises(BadQuery, match=words):
        links.create(dataset, wish)
    assert links.list(dataset) == []


def test_markup_in_a_note_stays_text(links: Links, dataset: str) -> None:
    link, _ = links.create(dataset, Wish(note="<img src=x onerror=alert(1)>"))
    assert links.list(dataset)[0].note == link.note == "<img src=x onerror=alert(1)>"


def test_there_is_a_limit_to_what_a_link_carries(links: Links, dataset: str) -> None:
    with pytest.raises(TooLarge, match="are the most"):
        links.create(dataset, Wish(state={"genes": ["x" * module.MAX_BYTES]}))


def test_a_thousand_links_are_enough(links: Links, dataset: str, clock: Clock) -> None:
    secrets = {}
    for _ in range(module.MAX_LINKS):
        link, secret = links.create(dataset, Wish(expires="1d"))
        secrets[link.id] = secret
    with pytest.raises(TooLarge, match="revoke some"):
        links.create(dataset, Wish())
    assert {link.id for link in links.list(dataset)} == set(secrets)
    clock.now += DAY
    links.create(dataset, Wish())  # the others have ended and are cleared away
    assert len(links.list(dataset)) == 1


def test_without_a_snapshot_there_is_no_link(links: Links) -> None:
    for id in ("0" * 16, "..", "nonsense"):
        with pytest.raises(NotFound):
            links.create(id, Wish())
        with pytest.raises(NotFound):
            links.list(id)


# ── and its snapshot ──


def test_a_valid_link_keeps_its_snapshot(catalog: Catalog, dataset: str) -> None:
    lazy = Catalog(catalog.root, keep_seconds=-1)
    links = Links(lazy)
    link, secret = links.create(dataset, Wish(expires="1h"))
    end_kernel(catalog, dataset)
    assert lazy.prune() == []
    links.check(dataset, link.id, secret)
    links.revoke(dataset, link.id)
    assert lazy.prune() == [dataset]


def test_an_expired_link_keeps_nothing(catalog: Catalog, dataset: str, clock: Clock) -> None:
    Links(catalog, clock=lambda: 1_000_000_000.0).create(dataset, Wish())
    end_kernel(catalog, dataset)
    assert Catalog(catalog.root, keep_seconds=-1).prune() == [dataset]


def test_with_the_snapshot_its_links_go(links: Links, dataset: str, catalog: Catalog) -> None:
    link, secret = links.create(dataset, Wish())
    catalog.remove(dataset)
    with pytest.raises(Expired, match="its data is gone"):
        links.check(dataset, link.id, secret)
