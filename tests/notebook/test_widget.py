"""Traits both ways, without echo."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from jupyter_cxg.errors import BadQuery, NotFound
from jupyter_cxg.notebook.display import OUTPUT_TYPE
from jupyter_cxg.notebook.selection import pack
from jupyter_cxg.notebook.widget import CxgWidget
from jupyter_cxg.snapshot.catalog import user_catalog

Say = Callable[..., None]
ALL = [f"cell-{i}" for i in range(60)]


def bits(*positions: int) -> bytes:
    return pack(np.isin(np.arange(60), positions))


def seen(viewer: CxgWidget, name: str) -> list[Any]:
    """Collects what observers of a trait are told."""
    news: list[Any] = []
    viewer.observe(lambda change: news.append(change["new"]), name)
    return news


def asked(viewer: CxgWidget) -> list[dict[str, Any]]:
    return [item["action"] for item in viewer._actions]


# ── from the viewer ──


def test_everything_is_selected_until_something_is_filtered(viewer: CxgWidget) -> None:
    assert list(viewer.selection) == ALL
    assert viewer.selection_mask.all()


def test_a_lasso_in_the_viewer_is_the_selection_in_python(viewer: CxgWidget, says: Say) -> None:
    told = seen(viewer, "selection")
    says(_selection_bits=bits(0, 9, 59), _selection_count=3)
    assert list(viewer.selection) == ["cell-0", "cell-9", "cell-59"]
    assert np.flatnonzero(viewer.selection_mask).tolist() == [0, 9, 59]
    assert [list(names) for names in told] == [["cell-0", "cell-9", "cell-59"]]
    assert viewer.comm.updates() == [], "nothing is sent back"


def test_nothing_selected_is_not_everything_selected(viewer: CxgWidget, says: Say) -> None:
    says(_selection_bits=bits(), _selection_count=0)
    assert len(viewer.selection) == 0
    says(_selection_bits=b"", _selection_count=-1)
    assert len(viewer.selection) == 60


def test_the_names_are_those_that_were_published(viewer: CxgWidget, says: Say) -> None:
    viewer._adata.obs_names = [f"renamed-{i}" for i in range(60)]
    says(_selection_bits=bits(1))
    assert list(viewer.selection) == ["cell-1"]


def test_what_the_viewer_shows_is_readable_and_observable(viewer: CxgWidget, says: Say) -> None:
    colors, embeddings = seen(viewer, "color_by"), seen(viewer, "embedding")
    filters = [{"kind": "categories", "column": "batch", "mode": "exclude", "values": ["one"]}]
    says(state={"color": {"kind": "gene", "name": "GENE3"}, "embedding": "umap", "filters": filters})
    assert (viewer.color_by, viewer.embedding, viewer.filters) == ("GENE3", "umap", filters)
    assert (colors, embeddings) == (["GENE3"], ["umap"])
    assert asked(viewer) == []
    assert viewer.comm.updates() == []
    says(state={"color": None, "embedding": "umap", "filters": []})
    assert (viewer.color_by, viewer.filters) == (None, [])


def test_what_the_viewer_could_not_do_is_said_and_undone(
    viewer: CxgWidget, says: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    says(state={"color": {"kind": "obs", "name": "batch"}, "filters": []})
    viewer.color_by = "GENE3"
    says(_done=1, _error="There is no gene GENE3.")
    assert "no gene GENE3" in capsys.readouterr().err
    assert viewer.color_by == "batch"


# ── from Python ──


def test_color_by_sends_one_action(viewer: CxgWidget) -> None:
    viewer.comm.sent.clear()
    viewer.color_by = "GENE3"
    assert viewer.color_by == "GENE3"
    action = {"type": "colorBy", "color": {"kind": "gene", "name": "GENE3"}}
    assert viewer.comm.updates() == [{"_actions": [{"seq": 1, "action": action}]}]
    viewer.color_by = "louvain"
    viewer.color_by = None
    assert [item["color"] for item in asked(viewer)[1:]] == [{"kind": "obs", "name": "louvain"}, None]


def test_a_column_wins_over_a_gene(viewer: CxgWidget) -> None:
    viewer._known.obs_columns += ("GENE1",)
    viewer.color_by = "GENE1"
    assert asked(viewer)[-1]["color"]["kind"] == "obs"


def test_an_unknown_name_is_refused_with_what_comes_close(viewer: CxgWidget) -> None:
    with pytest.raises(NotFound, match="did you mean 'louvain'"):
        viewer.color_by = "Louvain"
    with pytest.raises(NotFound, match="pca, umap"):
        viewer.embedding = "tsne"
    assert viewer.color_by is None
    assert asked(viewer) == []


def test_embedding_takes_the_key_of_obsm_too(viewer: CxgWidget) -> None:
    viewer.embedding = "X_pca"
    assert viewer.embedding == "pca"
    assert asked(viewer) == [{"type": "setEmbedding", "embedding": "pca"}]


@pytest.mark.parametrize(
    "cells",
    [
        ["cell-2", "cell-1"],
        {"cell-1", "cell-2"},
        np.array([1, 2]),
        np.isin(np.arange(60), [1, 2]),
        [1, 2],
    ],
    ids=["names", "set", "positions", "mask", "list of positions"],
)
def test_a_selection_made_in_python(viewer: CxgWidget, cells: Any) -> None:
    told = seen(viewer, "selection")
    viewer.selection = cells
    assert list(viewer.selection) == ["cell-1", "cell-2"]
    assert len(told) == 1
    (action,) = asked(viewer)
    assert (action["type"], action["label"], action["count"]) == ("selectCells", "from Python", 2)
    assert viewer._cells == {action["key"]: bits(1, 2)}


def test_a_selection_made_of_the_object(viewer: CxgWidget) -> None:
    adata = viewer._adata
    viewer.selection = adata.obs["batch"] == "one"
    expected = list(adata.obs_names[adata.obs["batch"] == "one"])
    assert list(viewer.selection) == expected
    viewer.selection = None
    assert asked(viewer)[-1] == {"type": "clearFilters", "subset": True}
    viewer.selection = adata[adata.obs["batch"] == "one"]
    assert list(viewer.selection) == expected
    viewer.selection = (adata.obs["batch"] == "one").sort_values()  # a Series knows its names
    assert list(viewer.selection) == expected


@pytest.mark.parametrize(
    ("cells", "error", "words"),
    [
        (["cell-1", "cell-99"], NotFound, "1 of the 2 names.*'cell-99'.*closest"),
        ([True, False], BadQuery, "2 values, but there are 60"),
        ([0, 60], BadQuery, "0 … 59"),
        ([-1], BadQuery, "0 … 59"),
        ([1.5], BadQuery, "names, a boolean mask or integer positions"),
        (np.ones((2, 2)), BadQuery, "one dimension"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(
    viewer: CxgWidget, cells: Any, error: Any, words: str
) -> None:
    with pytest.raises(error, match=words):
        viewer.selection = cells
    assert len(viewer.selection) == 60
    assert asked(viewer) == []


def test_a_selection_keeps_its_key_so_that_undo_finds_it(viewer: CxgWidget) -> None:
    for cells in ([1], [2], [1], [3], [4], [5], [6]):
        viewer.selection = cells
    keys = [item["key"] for item in asked(viewer)]
    assert keys[0] == keys[2]
    assert len(set(keys)) == 6
    assert set(viewer._cells) == set(keys[-4:])


def test_filters_set_in_python(viewer: CxgWidget) -> None:
    viewer.filters = [
        {"kind": "categories", "column": "plate", "values": (1, None)},
        {"kind": "range", "source": {"kind": "gene", "name": "GENE3"}, "min": np.float32(1), "max": 5},
    ]
    assert asked(viewer) == [
        {
            "type": "setFilters",
            "filters": [
                {"kind": "categories", "column": "plate", "mode": "include", "values": ["1", None]},
                {"kind": "range", "source": {"kind": "gene", "name": "GENE3"}, "min": 1.0, "max": 5.0},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"kind": "categories", "column": "louvian", "values": []}, "did you mean 'louvain'"),
        ({"kind": "categories", "column": "batch", "values": "one"}, "list of values"),
        ({"kind": "range", "source": {"kind": "obs", "name": "score"}, "min": 1}, "'max' is missing"),
        ({"kind": "range", "source": {"kind": "gene", "name": "nope"}, "min": 1, "max": 2}, "no gene 'nope'"),
        ({"kind": "cells", "key": "x", "label": "", "count": 1}, "set viewer.selection"),
        ({"kind": "circle"}, "not 'circle'"),
        ("batch", "cannot be understood"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(viewer: CxgWidget, item: Any, words: str) -> None:
    with pytest.raises((BadQuery, NotFound), match=words):
        viewer.filters = [item]
    assert asked(viewer) == []


# ── both at once ──


def test_done_actions_are_forgotten(viewer: CxgWidget, says: Say) -> None:
    viewer.color_by = "GENE3"
    viewer.embedding = "pca"
    says(_done=1)
    assert [item["seq"] for item in viewer._actions] == [2]


def test_what_the_viewer_said_before_it_heard_does_not_turn_python_back(viewer: CxgWidget, says: Say) -> None:
    colors, selections = seen(viewer, "color_by"), seen(viewer, "selection")
    viewer.color_by = "GENE3"
    viewer.selection = [1, 2]
    says(state={"color": {"kind": "obs", "name": "batch"}, "filters": []}, _selection_bits=bits(7))
    assert viewer.color_by == "GENE3"
    assert list(viewer.selection) == ["cell-1", "cell-2"]
    says(
        state={"color": {"kind": "gene", "name": "GENE3"}, "filters": []}, _selection_bits=bits(1, 2), _done=2
    )
    assert colors == ["GENE3"]
    assert len(selections) == 1
    says(state={"color": {"kind": "obs", "name": "batch"}, "filters": []}, _selection_bits=bits(7))
    assert (viewer.color_by, list(viewer.selection)) == ("batch", ["cell-7"])


def test_done_before_the_new_selection_is_known_keeps_what_python_set(viewer: CxgWidget, says: Say) -> None:
    says(_selection_bits=bits(7))
    viewer.selection = [1]
    says(_done=1)
    assert list(viewer.selection) == ["cell-1"]
    says(_selection_bits=bits(1))
    assert list(viewer.selection) == ["cell-1"]


# ── life ──


def test_refresh_publishes_the_next_revision(viewer: CxgWidget) -> None:
    viewer._adata.obs["fresh"] = "yes"
    viewer.selection = [1]
    viewer.comm.sent.clear()
    viewer.refresh()
    assert {"_revision": 2} in viewer.comm.updates()
    viewer.color_by = "fresh"
    assert user_catalog().get(viewer._snapshot).revision == 2
    assert list(viewer.selection) == ["cell-1"], "the same cells stay selected"


def test_refresh_with_other_cells_forgets_the_selection(viewer: CxgWidget, says: Say) -> None:
    viewer.selection = [1]
    viewer._adata = viewer._adata[5:20].copy()
    viewer.refresh()
    assert list(viewer.selection) == [f"cell-{i}" for i in range(5, 20)]
    assert viewer._actions == []
    says(_selection_bits=pack(np.arange(15) == 3))
    assert list(viewer.selection) == ["cell-8"]


def test_close_removes_the_snapshot(viewer: CxgWidget) -> None:
    viewer.close()
    assert user_catalog().list() == []
    viewer.close()


def test_garbage_collection_does_not_remove_the_snapshot(viewer: CxgWidget) -> None:
    viewer.__del__()
    assert [manifest.id for manifest in user_catalog().list()] == [viewer._snapshot]


def test_the_output_can_be_kept_by_the_labextension(viewer: CxgWidget) -> None:
    data, _ = viewer._repr_mimebundle_()
    assert data[OUTPUT_TYPE] == {"snapshot": viewer._snapshot}
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == viewer.model_id
    assert data["text/plain"] == "<cxg viewer of AnnData: 60 cells × 20 genes>"


def test_bytes_travel_as_buffers(viewer: CxgWidget) -> None:
    from ipywidgets.widgets.widget import _remove_buffers

    viewer.selection = [1]
    _, paths, buffers = _remove_buffers(viewer.get_state())
    assert ["_cells", next(iter(viewer._cells))] in paths
    assert len(buffers) == 2
