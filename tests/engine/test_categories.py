"""Moments of categories that are stored beside a snapshot."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jupyter_cxg.compute.grouping import group_moments
from jupyter_cxg.engine import categories, stored
from jupyter_cxg.engine.cache import Cache
from jupyter_cxg.engine.categories import category_moments, known_moments, store_moments
from jupyter_cxg.engine.compare import DiffexpQuery, diffexp
from jupyter_cxg.engine.groups import CellCategory
from jupyter_cxg.engine.index import Indexer
from jupyter_cxg.engine.source import Source, form_for
from jupyter_cxg.engine.watch import Cancelled, Watch
from jupyter_cxg.model import Array, Categorical, Values
from tests.engine.conftest import Open
from tests.reference import naive
from tests.reference.example import tiny_adata

N_OBS, N_VARS = 300, 7


@pytest.fixture
def x() -> Array:
    rng = np.random.default_rng(3)
    values: Array = np.where(rng.random((N_OBS, N_VARS)) < 0.4, rng.gamma(2, size=(N_OBS, N_VARS)), 0)
    values[:, 6] = 0
    return values


@pytest.fixture
def source(x: Array, tmp_path: Path) -> Source:
    codes = np.random.default_rng(4).integers(-1, 4, N_OBS).astype(np.int8)
    column: Values = Categorical(codes, np.array(["a", "b", "c", "d"], object))
    rows, genes = naive.to_sparse(x, "csr"), naive.to_sparse(x, "csc")
    return Source(
        key=("one",),
        cache=Cache(0),
        n_obs=N_OBS,
        read=lambda name: column,
        rows=lambda layer: rows,
        genes=lambda layer: genes,
        threads=1,
        directory=tmp_path / "derived",
    )


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our matrix is tiny beside its sums."""
    monkeypatch.setattr(categories, "SHARE", 100.0)


@pytest.mark.usefixtures("roomy")
def test_what_is_stored_is_what_a_pass_gives(source: Source) -> None:
    assert known_moments(source, "kind", "X") is None
    fresh = category_moments(source, "kind", "X")
    store_moments(source, ["kind"], "X")
    known = known_moments(source, "kind", "X")
    assert known is not None
    for name in ("n", "mean", "squares", "nonzero"):
        np.testing.assert_array_equal(getattr(known, name), getattr(fresh, name))
    assert known.nonzero.dtype == np.int64
    assert {path.stat().st_mode & 0o777 for path in (source.directory or Path()).iterdir()} == {0o600}


@pytest.mark.usefixtures("roomy")
def test_categories_are_compared_without_a_pass(source: Source, x: Array) -> None:
    store_moments(source, ["kind"], "X")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a pass over the matrix")

    query = DiffexpQuery(CellCategory("kind", "a"), CellCategory("kind", "c"))
    slow = diffexp(replace(source, directory=None), query)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jupyter_cxg.engine.compare.group_moments", refuse)
        patch.setattr("jupyter_cxg.engine.categories.group_moments", refuse)
        fast = diffexp(source, query)
        rest = diffexp(source, DiffexpQuery(CellCategory("kind", "a")))
    np.testing.assert_allclose(fast.score, slow.score, rtol=1e-9)
    np.testing.assert_allclose(fast.p, slow.p, rtol=1e-9)
    assert rest.n_a + rest.n_b == N_OBS


def test_what_takes_too_much_room_is_not_stored(source: Source) -> None:
    store_moments(source, ["kind"], "X")
    assert source.directory is not None and not source.directory.exists()


@pytest.mark.usefixtures("roomy")
def test_a_torn_file_is_no_answer(source: Source) -> None:
    store_moments(source, ["kind"], "X")
    assert source.directory is not None
    (path,) = source.directory.iterdir()
    path.write_bytes(path.read_bytes()[:200])
    assert known_moments(source, "kind", "X") is None


@pytest.mark.usefixtures("roomy")
def test_who_leaves_leaves_nothing_behind(source: Source) -> None:
    gone = replace(source, watch=Watch(cancelled=lambda: True))
    with pytest.raises(Cancelled):
        store_moments(gone, ["kind"], "X")
    assert source.directory is not None and not source.directory.exists()


def test_a_full_disk_leaves_nothing_behind(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stored, "reserve", full)
    monkeypatch.setattr(categories, "SHARE", 100.0)
    with pytest.raises(OSError, match="No space"):
        store_moments(source, ["kind"], "X")
    assert source.directory is not None and not list(source.directory.iterdir())


def test_few_cells_are_read_by_cells_and_many_by_genes(source: Source) -> None:
    few, many = np.arange(N_OBS) < 10, np.ones(N_OBS, bool)
    for rows, genes in ((source.rows, source.genes), (source.genes, source.rows)):
        turned = replace(source, rows=rows, genes=genes)
        assert getattr(form_for(turned, "X", few), "layout", None) == "csr"
        assert getattr(form_for(turned, "X", many), "layout", None) == "csc"
    only = replace(source, genes=source.rows)
    assert getattr(form_for(only, "X", many), "layout", None) == "csr"


@pytest.mark.parametrize("layout", ["csr", "csc"])
@pytest.mark.parametrize("groups", [(0, 1), (2, 4), (3,), ()])
def test_two_groups_of_many_are_the_naive_ones(x: Array, layout: str, groups: tuple[int, ...]) -> None:
    x[5, 2] = np.nan
    labels = np.random.default_rng(5).choice([-1, *groups], N_OBS).astype(np.int8)
    found = group_moments(naive.to_sparse(x, layout), labels, 5, threads=2)
    n, mean, squares, nonzero = naive.moments(x, labels, 5)
    np.testing.assert_array_equal(found.n, n)
    np.testing.assert_allclose(found.mean, mean, rtol=1e-9)
    np.testing.assert_allclose(found.squares, squares, rtol=1e-9)
    np.testing.assert_array_equal(found.nonzero, nonzero)


@pytest.mark.usefixtures("roomy")
def test_a_viewer_that_opens_has_them_stored(
    open_adata: Open, waiting: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_adata(tiny_adata())
    dataset.warm()
    while waiting:  # the index, then what follows it
        waiting.pop(0)()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a pass over the matrix")

    monkeypatch.setattr("jupyter_cxg.engine.compare.group_moments", refuse)
    found = dataset.diffexp(
        DiffexpQuery(CellCategory("louvain", "T cells"), CellCategory("louvain", "B cells"))
    )
    assert found.n_a > 1


def test_a_server_that_stops_stores_nothing(
    open_adata: Open, indexer: Indexer, waiting: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_cxg.engine.dataset.store_moments", lambda *_: pytest.fail("it went on"))
    dataset = open_adata(tiny_adata())
    dataset.warm()
    indexer.close()
    while waiting:
        waiting.pop(0)()
