"""What visitors may store, on both databases."""

import numpy as np
import pytest
from sqlalchemy import text

from jupyter_cxg.annotations import rows
from jupyter_cxg.annotations.database import Database
from jupyter_cxg.annotations.rooms import VISITOR, Rooms
from jupyter_cxg.annotations.store import Key, Store
from jupyter_cxg.errors import TooLarge
from jupyter_cxg.model import GeneSet, Values

ONE, TWO, ME = Key(f"{VISITOR}1", "cells"), Key(f"{VISITOR}2", "cells"), Key("me", "cells")


def noise(n: int, seed: int = 0) -> dict[str, Values]:
    """About ``8 n`` bytes."""
    return {"n": np.random.default_rng(seed).integers(0, 2**62, n)}


def test_only_so_many_visitors_have_a_room(place: str) -> None:
    store = Store(place, quota=Rooms(10**6, visitors=1))
    store.save_annotations(ONE, noise(1))
    with pytest.raises(TooLarge, match="max_visitors"):
        store.save_annotations(TWO, noise(1))
    with pytest.raises(TooLarge):
        store.save_gene_sets(TWO, (GeneSet("a", "", ()),), tid=1)
    store.save_annotations(ONE, noise(2))
    store.save_annotations(ME, noise(1))  # who is known is no visitor
    store.close()


def test_each_visitor_and_all_together_have_a_limit(place: str) -> None:
    store = Store(place, quota=Rooms(10**9, each_visitor=50_000, all_visitors=60_000))
    with pytest.raises(TooLarge, match="max_visitor_bytes"):
        store.save_annotations(ONE, noise(8000))
    store.save_annotations(ONE, noise(5000))
    with pytest.raises(TooLarge, match="max_visitors_bytes"):
        store.save_annotations(TWO, noise(5000, 1))
    store.save_annotations(TWO, noise(500, 1))
    store.save_annotations(ME, noise(20_000, 2))
    store.save_annotations(ONE, {})
    assert store.annotations(TWO).names == ("n",)
    store.close()


def test_history_makes_room_before_a_visitor_is_refused(place: str) -> None:
    store = Store(place, quota=Rooms(10**9, each_visitor=50_000, all_visitors=10**9))
    for seed in range(5):
        store.save_annotations(ONE, noise(3000, seed))
    assert len(store.history(ONE)) < 5
    store.close()


def test_nobody_makes_collections_without_end(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_COLLECTIONS", 3)
    store = Store(place, quota=10**6)
    for name in "abc":
        store.save_annotations(ME, noise(1), collection=name)
    with pytest.raises(TooLarge, match="3 collections"):
        store.save_annotations(ME, noise(1), collection="d")
    store.save_annotations(ME, noise(2), collection="a")
    assert store.collections(ME) == ("a", "c", "b")
    store.close()


def test_what_was_stored_before_is_counted(place: str) -> None:
    store = Store(place, quota=10**6)
    store.save_annotations(ONE, noise(1000))
    store.close()
    database = Database(place)
    with database.writing() as connection:
        counted = connection.execute(text("SELECT stored FROM cxg_person")).scalar_one()
        connection.execute(text("DROP TABLE cxg_view"))
        connection.execute(text("DROP TABLE cxg_copy"))
        connection.execute(text("ALTER TABLE cxg_person DROP COLUMN stored"))
        connection.execute(text("UPDATE cxg_alembic_version SET version_num = '0001'"))
    database.close()
    again = Database(place)
    with again.reading() as connection:
        assert connection.execute(text("SELECT stored FROM cxg_person")).scalar_one() == counted > 8000
    again.close()
