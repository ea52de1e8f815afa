"""Saved views, on both databases."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from jupyter_cxg.annotations import views as module
from jupyter_cxg.annotations.database import Database
from jupyter_cxg.annotations.rooms import VISITOR, Rooms
from jupyter_cxg.annotations.store import Key, Store
from jupyter_cxg.annotations.views import Place, Sketch
from jupyter_cxg.errors import Conflict, CxgError, NotFound, TooLarge
from jupyter_cxg.model import GeneSet
from tests.annotations.test_rooms import noise

HERE = Place("d", "cells", 1)
T = Sketch("T cells", "umap · louvain", '{"color": null}', "{}")


def names(store: Store, place: Place = HERE, user: str = "me") -> list[str]:
    return [saved.name for saved in store.views.all(user, place)]


def test_a_view_comes_back_as_it_was_saved(store: Store) -> None:
    assert names(store) == []
    with pytest.raises(NotFound):
        store.views.get("me", 1)
    made = store.views.add("me", HERE, replace(T, name="β 😀 <b>, #"))
    saved, sketch = store.views.get("me", made.id)
    assert saved == made and saved.place == HERE
    assert sketch == replace(T, name="β 😀 <b>, #")
    store.views.add("me", HERE, replace(T, name="later"))
    assert names(store) == ["later", "β 😀 <b>, #"]


def test_views_are_found_by_the_dataset_or_by_the_cells(store: Store) -> None:
    store.views.add("me", HERE, T)
    assert names(store, Place("d", "other cells", 2)) == ["T cells"]
    assert names(store, Place("copy", "cells", 1)) == ["T cells"]
    assert names(store, Place("copy", "other cells", 1)) == []


def test_nobody_reaches_views_of_others(store: Store) -> None:
    made = store.views.add("me", HERE, T)
    assert names(store, user="you") == []
    with pytest.raises(NotFound):
        store.views.get("you", made.id)
    with pytest.raises(NotFound):
        store.views.replace("you", HERE, made.id, T)
    with pytest.raises(NotFound):
        store.views.rename("you", made.id, "mine")
    with pytest.raises(NotFound):
        store.views.remove("you", made.id)
    assert names(store) == ["T cells"]


def test_a_name_stands_for_one_view(store: Store) -> None:
    first = store.views.add("me", HERE, T)
    second = store.views.add("me", HERE, replace(T, name="B"))
    with pytest.raises(Conflict, match="T cells"):
        store.views.add("me", HERE, T)
    with pytest.raises(Conflict, match="T cells"):
        store.views.rename("me", second.id, "T cells")
    assert store.views.rename("me", first.id, "T cells").name == "T cells"
    assert store.views.rename("me", first.id, "CD4").name == "CD4"
    assert names(store) == ["B", "CD4"]


def test_a_view_can_show_something_else_on_another_revision(store: Store) -> None:
    made = store.views.add("me", HERE, T)
    later = replace(HERE, revision=3)
    store.views.replace("me", later, made.id, replace(T, name="not taken", state='{"a": 1}'))
    saved, sketch = store.views.get("me", made.id)
    assert (saved.name, saved.place, sketch.state) == ("T cells", later, '{"a": 1}')
    store.views.remove("me", made.id)
    assert names(store) == []
    with pytest.raises(NotFound, match="deleted"):
        store.views.remove("me", made.id)


def test_two_servers_that_save_the_same_name_make_one_view(place: str) -> None:
    stores = [Store(place, quota=10**6) for _ in range(2)]
    together, results = Barrier(2), []

    def save(store: Store) -> None:
        together.wait()
        try:
            results.append(store.views.add("me", HERE, T).name)
        except CxgError as error:
            results.append(type(error).__name__)

    threads = [Thread(target=save, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["Conflict", "T cells"]
    for store in stores:
        store.close()


def test_there_is_room_for_so_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_VIEWS", 2)
    for name in "ab":
        store.views.add("me", HERE, replace(T, name=name))
    with pytest.raises(TooLarge, match="2 views"):
        store.views.add("me", HERE, T)
    store.views.add("you", HERE, T)


def test_views_count_for_the_quota_and_old_history_makes_room(place: str) -> None:
    store, key = Store(place, quota=100_000), Key("me", "cells")
    for seed in range(3):
        store.save_annotations(key, noise(3000, seed))
    assert len(store.history(key)) == 3
    large = replace(T, cells="x" * 50_000)
    store.views.add("me", HERE, large)
    assert len(store.history(key)) < 3 and len(store.annotations(key).read()["n"]) == 3000
    with pytest.raises(TooLarge, match="max_annotation_bytes"):
        store.views.add("me", HERE, replace(large, name="more"))
    assert names(store) == ["T cells"]
    store.save_gene_sets(key, (GeneSet("a", "", ()),), tid=1)  # what fits still fits
    store.close()


def test_visitors_have_their_own_limit(place: str) -> None:
    store = Store(place, quota=Rooms(10**6, visitors=1))
    store.views.add(f"{VISITOR}1", HERE, T)
    with pytest.raises(TooLarge, match="max_visitors"):
        store.views.add(f"{VISITOR}2", HERE, T)
    store.close()


def test_what_was_there_before_the_step_is_still_there(place: str) -> None:
    store, key = Store(place, quota=10**6), Key("me", "cells")
    store.save_annotations(key, noise(5))
    store.close()
    database = Database(place)
    with database.writing() as connection:  # as the version before left it
        connection.execute(text("DROP TABLE cxg_view"))
        connection.execute(text("UPDATE cxg_alembic_version SET version_num = '0002'"))
    database.close()
    store = Store(place, quota=10**6)
    assert store.annotations(key).names == ("n",)
    store.views.add("me", HERE, T)
    assert names(store) == ["T cells"]
    store.close()
