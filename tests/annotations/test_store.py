"""The store, on a SQLite file and on a PostgreSQL server."""

import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyter_cxg.annotations.packing import pack_values, unpack_values
from jupyter_cxg.annotations.store import Key, Store
from jupyter_cxg.errors import BadQuery, Conflict, NotFound, TooLarge, Unavailable
from jupyter_cxg.model import Array, Categorical, Gene, GeneSet, Values

ME = Key("me", "cells")
ROUNDS = int(os.environ.get("CXG_KILL_ROUNDS", "50"))
"""How often a writer is killed; each database gets as many."""


def objects(*texts: str) -> Array:
    found = np.empty(len(texts), object)
    found[:] = texts
    return found


def labels(*codes: int) -> Categorical:
    return Categorical(np.array(codes, np.int32), objects("a", "b", "é\ud800\0"))


def number(n: int) -> dict[str, Values]:
    return {"n": np.array([n, n], np.int32)}


def what(store: Store, key: Key = ME) -> dict[str, list[Any]]:
    found = store.annotations(key).read()
    return {n: (v.codes if isinstance(v, Categorical) else v).tolist() for n, v in found.items()}


def test_what_was_saved_comes_back_from_another_process(store: Store, place: str) -> None:
    sets = (GeneSet("B", "β", (Gene("CD79A", "x"), Gene("MS4A1"))), GeneSet("A", "", ()))
    assert store.save_annotations(ME, {"z": labels(0, -1, 2), "a": np.array([7, 8, 9])}) == 1
    assert store.save_gene_sets(ME, sets, tid=4) == 2
    again = Store(place, quota=1)
    found = again.annotations(ME)
    assert (found.collection, found.version, found.names) == ("default", 2, ("z", "a"))
    z = found.read()["z"]
    assert isinstance(z, Categorical) and z.categories.tolist() == ["a", "b", "é\ud800\0"]
    assert what(again) == {"z": [0, -1, 2], "a": [7, 8, 9]}
    genes = again.gene_sets(ME)
    assert (genes.sets, genes.tid) == (sets, 4)
    again.close()


def test_reading_leaves_no_trace(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "new" / "a.sqlite"), quota=1)
    assert store.annotations(ME).names == () and store.gene_sets(ME).sets == () and store.history(ME) == ()
    assert not (tmp_path / "new").exists()


def test_a_path_may_have_any_characters(tmp_path: Path) -> None:
    path = tmp_path / "a?b=c#d%20 é" / "x.sqlite"
    store = Store(str(path), quota=10**6)
    store.save_annotations(ME, number(1))
    assert path.exists() and what(store) == {"n": [1, 1]}
    store.close()


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = Store(str(tmp_path / "new" / "a.sqlite"), quota=10**6)
        store.save_annotations(ME, number(1))
        modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()}
        assert modes == {0o600} and (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(old)
    store.close()


def test_users_cells_and_collections_are_apart(store: Store) -> None:
    others = [Key("you", "cells"), Key("me", "other cells")]
    store.save_annotations(ME, number(1), collection="first")
    for key in others:
        assert store.annotations(key).names == () and store.history(key) == ()
        store.save_annotations(key, number(2))
    assert what(store) == {"n": [1, 1]}
    assert store.save_annotations(ME, number(3), collection="second") == 1
    assert what(store) == {"n": [3, 3]} and store.annotations(ME).collection == "second"
    assert store.save_annotations(ME, number(1), collection="first") == 1  # nothing new, but current
    assert store.annotations(ME).collection == "first"


def test_saving_replaces_all_but_what_is_to_be_kept(store: Store) -> None:
    store.save_annotations(ME, {"hidden": labels(1), "gone": labels(2)})
    store.save_annotations(ME, {"new": labels(0)}, keep=("hidden", "never there"))
    assert what(store) == {"hidden": [1], "new": [0]}
    store.save_annotations(ME, {})
    assert what(store) == {}


def test_saving_the_same_is_no_edit(store: Store) -> None:
    assert [store.save_annotations(ME, number(n)) for n in (1, 1, 2, 2, 1)] == [1, 1, 2, 2, 3]
    assert len(store.history(ME)) == 3


def test_a_stale_writer_is_told(store: Store) -> None:
    store.save_annotations(ME, number(1), version=0)
    for stale in (0, 2):
        with pytest.raises(Conflict):
            store.save_annotations(ME, number(2), version=stale)
        with pytest.raises(Conflict):
            store.save_gene_sets(ME, (), tid=9, version=stale)
        with pytest.raises(Conflict):
            store.restore(ME, 1, version=stale)
    assert what(store) == {"n": [1, 1]} and store.gene_sets(ME).tid == 0
    assert store.save_annotations(ME, number(2), version=1) == 2


def test_a_tid_counts_for_one_collection_and_only_upwards(store: Store) -> None:
    store.save_gene_sets(ME, (GeneSet("s", "", ()),), tid=3)
    for stale in (0, 3):
        with pytest.raises(NotFound, match="TID is stale"):
            store.save_gene_sets(ME, (), tid=stale)
    assert [item.name for item in store.gene_sets(ME).sets] == ["s"]
    store.save_gene_sets(ME, (), tid=1, collection="other")
    store.save_gene_sets(ME, (GeneSet("s", "", ()),), tid=7, collection="default")
    assert store.gene_sets(ME).tid == 7


def test_all_that_was_can_be_restored(store: Store) -> None:
    states: list[Any] = []
    for n in range(6):
        if n % 2:
            store.save_gene_sets(ME, (GeneSet(f"s{n}", "", (Gene("G"),)),), tid=n)
        else:
            store.save_annotations(ME, {f"c{n}": labels(n % 3), "n": np.array([n])})
        states.append((what(store), store.gene_sets(ME).sets))
    for version in (3, 1, 6, 2):
        store.restore(ME, version)
        assert (what(store), store.gene_sets(ME).sets) == states[version - 1]
    lines = store.history(ME)
    assert [line.version for line in lines] == list(range(10, 0, -1))
    assert {line.who for line in lines} == {"me"} and all(line.at.endswith("+00:00") for line in lines)
    assert lines[-1].what == "annotations: +c0, +n" and lines[-3].what == "annotations: +c2, ~n, -c0"
    with pytest.raises(NotFound):
        store.restore(ME, 99)


def test_history_makes_room_and_what_is_current_stays(place: str) -> None:
    rng = np.random.default_rng(0)
    store = Store(place, quota=60_000)
    store.save_annotations(Key("me", "other"), number(5))
    store.save_annotations(Key("you", "cells"), number(6))
    for _ in range(40):
        noise = rng.integers(0, 2**30, 1000).astype(np.int32)  # 4 kB that nothing compresses
        store.save_annotations(ME, {"noise": noise})
        assert what(store) == {"noise": noise.tolist()}
    kept = [line.version for line in store.history(ME)]
    assert kept == list(range(40, 40 - len(kept), -1)) and 5 < len(kept) < 20
    store.restore(ME, kept[-1])
    assert what(store, Key("me", "other")) == {"n": [5, 5]} and len(store.history(Key("me", "other"))) == 1
    assert what(store, Key("you", "cells")) == {"n": [6, 6]}
    before = what(store), len(store.history(ME))
    with pytest.raises(TooLarge, match=r"Cxg\.max_annotation_bytes"):
        store.save_annotations(ME, {"noise": rng.integers(0, 2**30, 30_000)})
    assert (what(store), len(store.history(ME))) == before
    store.close()


def test_writers_at_once_lose_nothing(store: Store, place: str) -> None:
    """Two stores, as two servers have them, and threads of each, in edits that read before they write."""
    other = Store(place, quota=10**7)
    n, tries = 12, 0

    def add(i: int) -> None:
        nonlocal tries
        mine = (store, other)[i % 2]
        while True:
            seen = mine.annotations(ME)
            try:
                mine.save_annotations(ME, {**seen.read(), f"c{i}": labels(i % 3)}, version=seen.version)
                return
            except Conflict:
                tries += 1

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(add, range(n)))
    assert set(what(store)) == {f"c{i}" for i in range(n)}
    assert [line.version for line in other.history(ME)] == list(range(n, 0, -1))
    assert tries, "the writers never met: this test has shown nothing"
    other.close()


def test_two_servers_may_make_the_tables_at_once(place: str) -> None:
    stores = [Store(place, quota=10**6) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        saved = threads.map(
            lambda pair: pair[1].save_annotations(Key(f"u{pair[0]}", "c"), number(1)), enumerate(stores)
        )
        assert list(saved) == [1, 1, 1, 1]
    for store in stores:
        store.close()


def write_for_ever(place: str, first: int, pipe: Any) -> None:
    """Save one number after the other, and say each when it is saved."""
    store = Store(place, quota=10**7)
    n = first
    while True:
        store.save_annotations(ME, number(n))
        pipe.send(n)
        n += 1


def test_nothing_acknowledged_is_lost_by_kill_9(place: str) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.annotations.test_store"])
    rng, n, written = np.random.default_rng(0), 0, 0
    store = Store(place, quota=10**7)
    for _ in range(ROUNDS):
        ours, theirs = context.Pipe(duplex=False)
        writer = context.Process(target=write_for_ever, args=(place, n, theirs))
        writer.start()
        theirs.close()
        acknowledged = ours.recv()  # it runs; anywhere from here on it dies
        time.sleep(rng.random() * 0.03)
        writer.kill()
        writer.join()
        try:
            while True:
                acknowledged = ours.recv()
        except EOFError:
            pass
        # PostgreSQL may still be at the killed writer's commit: wait for that, as every writer does
        store.save_annotations(Key("me", "other cells"), {})
        found = what(store)["n"]
        # what was on its way may have come through, too; half of an edit never
        assert found in ([acknowledged] * 2, [acknowledged + 1] * 2), (found, acknowledged)
        assert store.history(ME)[0].version == store.annotations(ME).version
        written += acknowledged + 1 - n
        n = found[0] + 1
    assert written > ROUNDS, "no writer got to its second edit"
    store.close()


@pytest.mark.parametrize("values", [labels(0, 1, 2, -1), np.array([-5, 2**40]), np.arange(3, dtype=np.int32)])
def test_columns_are_packed_without_loss(values: Values) -> None:
    found = unpack_values(pack_values(values))
    if isinstance(values, Categorical):
        assert isinstance(found, Categorical) and found.codes.dtype == np.int8
        assert (found.codes.tolist(), found.categories.tolist()) == (
            values.codes.tolist(),
            values.categories.tolist(),
        )
    else:
        assert not isinstance(found, Categorical)
        assert (found.dtype, found.tolist()) == (values.dtype, values.tolist())


@pytest.mark.parametrize("place", ["mysql://x/y", "sqlite://", "://", "http://x"])
def test_other_databases_are_refused(place: str) -> None:
    with pytest.raises(BadQuery):
        Store(place, quota=1)


def test_a_database_that_is_away_is_said_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    store = Store("postgresql://me:hidden@127.0.0.1:1/cxg", quota=1)
    with pytest.raises(Unavailable) as caught:
        store.annotations(ME)
    assert "127" not in str(caught.value) and "hidden" not in caplog.text


def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(Unavailable):
        Store(str(path), quota=1).save_annotations(ME, number(1))
    assert path.read_bytes() == b"not a database" * 100


def test_which_annotations_there_were_since_some_moment(store: Store) -> None:
    assert store.names_since(ME, datetime.now(UTC)) == set()
    store.save_annotations(ME, {"first": labels(0)})
    store.save_annotations(ME, {"second": labels(0)})
    moment = _after_now()
    assert store.names_since(ME, moment) == {"second"}, "what stood then counts, however old"
    store.save_annotations(ME, {"third": labels(0)})
    store.save_annotations(ME, {"elsewhere": labels(0)}, collection="other")
    store.save_annotations(ME, {}, collection="other")
    assert store.names_since(ME, moment) == {"second", "third", "elsewhere"}
    assert store.names_since(Key("you", "cells"), moment) == set()
    assert store.names_since(Key("me", "other cells"), moment) == set()


def _after_now() -> datetime:
    """A moment later than all edits there are, whose times are whole milliseconds."""
    moment = datetime.now(UTC)
    while datetime.now(UTC) - moment < timedelta(milliseconds=2):
        pass
    return moment + timedelta(milliseconds=1)
