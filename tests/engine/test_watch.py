"""Who waits for a comparison is told how far it is, and may stop it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from jupyter_cxg.engine.compare import DiffexpQuery
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.groups import CellBits, CellCategory
from jupyter_cxg.engine.markers import MarkersQuery
from jupyter_cxg.engine.watch import Cancelled, Watch
from tests.reference.example import N_OBS, tiny_adata

HALF = CellBits(np.packbits(np.arange(N_OBS) < N_OBS // 2, bitorder="little").tobytes())
COMPARISONS: list[Callable[[Dataset, Watch], Any]] = [
    lambda dataset, watch: dataset.diffexp(DiffexpQuery(HALF), watch=watch),
    lambda dataset, watch: dataset.diffexp(DiffexpQuery(HALF, method="wilcoxon"), watch=watch),
    lambda dataset, watch: dataset.diffexp(DiffexpQuery(HALF, method="cellxgene"), watch=watch),
    lambda dataset, watch: dataset.diffexp(DiffexpQuery(CellCategory("louvain", "T cells")), watch=watch),
    lambda dataset, watch: dataset.markers(MarkersQuery("louvain"), watch=watch),
    lambda dataset, watch: dataset.markers(MarkersQuery("louvain", method="wilcoxon"), watch=watch),
]
each = pytest.mark.parametrize(
    "compare", COMPARISONS, ids=("t", "wilcoxon", "cellxgene", "category", "m", "mw")
)


@each
def test_progress_goes_up_to_the_end(open_adata: Any, compare: Any) -> None:
    told: list[float] = []
    compare(open_adata(tiny_adata()), Watch(told.append))
    assert told and told == sorted(told) and 0 < told[-1] <= 1 and told[-1] > 0.8


@each
def test_what_nobody_wants_is_not_begun(open_adata: Any, compare: Any) -> None:
    told: list[float] = []
    with pytest.raises(Cancelled):
        compare(open_adata(tiny_adata()), Watch(told.append, lambda: True))
    assert not told


@each
def test_it_stops_in_the_middle_and_can_be_asked_again(open_adata: Any, compare: Any) -> None:
    dataset = open_adata(tiny_adata())
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    with pytest.raises(Cancelled):
        compare(dataset, Watch(cancelled=cancelled))
    assert asked >= 2
    compare(dataset, Watch())


def test_what_is_known_needs_nobody_to_wait(open_adata: Any) -> None:
    dataset, query = open_adata(tiny_adata()), DiffexpQuery(HALF)
    found = dataset.diffexp(query)
    again = dataset.diffexp(query, watch=Watch(cancelled=lambda: True))
    assert again.p is found.p


def test_the_same_cells_have_one_name(open_adata: Any) -> None:
    dataset = open_adata(tiny_adata())
    louvain = tiny_adata().obs["louvain"]
    bits = CellBits(np.packbits((louvain == "T cells").to_numpy(), bitorder="little").tobytes())
    by_category = DiffexpQuery(CellCategory("louvain", "T cells"))
    assert dataset.content_of(by_category) == dataset.content_of(DiffexpQuery(bits))
    others = (
        DiffexpQuery(HALF),
        DiffexpQuery(bits, HALF),
        DiffexpQuery(bits, layer="counts"),
        DiffexpQuery(bits, method="wilcoxon"),
        DiffexpQuery(bits, adjust="bonferroni"),
        DiffexpQuery(bits, tie_correct=False),
        MarkersQuery("louvain"),
        MarkersQuery("batch"),
        MarkersQuery("louvain", method="wilcoxon"),
    )
    assert len({dataset.content_of(query) for query in (by_category, *others)}) == 10


def test_columns_of_others_are_kept_apart(open_adata: Any) -> None:
    dataset, columns = open_adata(tiny_adata()), tiny_adata().obs
    found = [
        dataset.markers(MarkersQuery("mine"), more=lambda _, name=name: dataset.obs((name,)).values[0]).table(
            category
        )
        for name, category in (("louvain", "T cells"), ("batch", "one"))
    ]
    for name, category, mine in zip(("louvain", "batch"), ("T cells", "one"), found, strict=True):
        assert mine.n_a == (columns[name] == category).sum()
        np.testing.assert_array_equal(mine.p, dataset.markers(MarkersQuery(name)).table(category).p)
