"""Colors that were chosen for labels: read and set from Python, and in uns where scanpy looks for them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from scanpy.plotting.palettes import default_20

from jupyter_cxg.errors import BadQuery, NotFound
from jupyter_cxg.notebook.view import open_view
from jupyter_cxg.notebook.widget import CxgWidget
from tests.notebook.test_landing import B, T, labels, send, told
from tests.reference.example import tiny_adata

PLAIN = [str(color) for color in default_20]
RED, TEAL = "#ff0000", "#008080"


def color(viewer: CxgWidget, names: Sequence[str] = ("T", "B"), **chosen: Mapping[str, str]) -> None:
    """The viewer says in which columns colors were chosen: label → color."""
    sent = [
        {
            "name": column,
            "labels": [*names],
            "colors": [colors.get(name, PLAIN[i]) for i, name in enumerate(names)],
            "plain": PLAIN[: len(names)],
        }
        for column, colors in chosen.items()
    ]
    viewer._handle_msg({"content": {"data": {"method": "update", "state": {"_label_colors": sent}}}})


# ── of what the viewer made ──


def test_they_land_with_the_labels_in_the_order_of_the_categories(
    adata: anndata.AnnData, viewer: CxgWidget
) -> None:
    send(viewer, mine=labels(T))
    assert "mine_colors" not in adata.uns, "none was chosen"
    color(viewer, mine={"B": RED})
    assert adata.uns["mine_colors"] == [PLAIN[0], RED]
    color(viewer, mine={"T": TEAL, "B": RED})
    assert adata.uns["mine_colors"] == [TEAL, RED]


def test_a_new_label_has_its_color_once_both_are_known(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    send(viewer, mine=labels(T))
    color(viewer, mine={"T": RED})
    send(viewer, mine=labels(T), names=("T", "B", "NK"))
    assert len(adata.uns["mine_colors"]) == 2, "that of NK is on its way"
    color(viewer, mine={"T": RED}, names=("T", "B", "NK"))
    assert adata.uns["mine_colors"] == [RED, *PLAIN[1:3]]
    send(viewer, mine=labels(T), names=("NK", "T"))
    assert adata.uns["mine_colors"] == [PLAIN[2], RED]


def test_undo_takes_them_back_and_a_new_name_takes_them_along(
    adata: anndata.AnnData, viewer: CxgWidget
) -> None:
    send(viewer, mine=labels(T))
    color(viewer, mine={"T": RED})
    color(viewer)
    assert "mine_colors" not in adata.uns
    color(viewer, mine={"T": RED})
    send(viewer, renamed=labels(T))
    color(viewer, renamed={"T": RED})
    assert [key for key in adata.uns if key.endswith("_colors")][2:] == ["renamed_colors"]
    send(viewer)
    assert "renamed_colors" not in adata.uns and "jupyter_cxg" not in adata.uns


def test_colors_of_the_user_stay(
    adata: anndata.AnnData, viewer: CxgWidget, capsys: pytest.CaptureFixture[str]
) -> None:
    adata.uns["mine_colors"] = ["gold", "navy"]
    send(viewer, mine=labels(T))
    color(viewer, mine={"T": RED})
    assert adata.uns["mine_colors"] == ["gold", "navy"]
    assert "are not the viewer's" in (said := told(capsys)) and "viewer.write_colors('mine')" in said
    color(viewer)
    assert adata.uns["mine_colors"] == ["gold", "navy"]


def test_what_was_changed_in_python_since_is_the_users(
    adata: anndata.AnnData, viewer: CxgWidget, capsys: pytest.CaptureFixture[str]
) -> None:
    send(viewer, mine=labels(T))
    color(viewer, mine={"T": RED})
    adata.uns["mine_colors"] = ["gold", "navy"]
    color(viewer, mine={"T": TEAL})
    assert adata.uns["mine_colors"] == ["gold", "navy"] and "changed in Python since" in told(capsys)
    color(viewer)
    assert adata.uns["mine_colors"] == ["gold", "navy"] and "stays" in told(capsys)


@pytest.mark.parametrize("there", [1, 2, 3])
def test_what_scanpy_wrote_when_it_plotted_is_nobodys_choice(
    adata: anndata.AnnData, viewer: CxgWidget, there: int
) -> None:
    send(viewer, mine=labels(T), names=("T", "B", "NK"))
    adata.uns["mine_colors"] = PLAIN[:there]
    color(viewer, mine={"T": RED}, names=("T", "B", "NK"))
    assert adata.uns["mine_colors"] == [RED, *PLAIN[1:3]]


@pytest.mark.parametrize("ending", ["h5ad", "zarr"])
def test_they_are_known_again_when_they_come_from_a_file(
    adata: anndata.AnnData, viewer: CxgWidget, tmp_path: Path, ending: str
) -> None:
    send(viewer, mine=labels(T), other=labels(B))
    color(viewer, mine={"T": RED})
    path = tmp_path / f"a.{ending}"
    adata.write_h5ad(path) if ending == "h5ad" else adata.write_zarr(path)
    again = anndata.read_h5ad(path) if ending == "h5ad" else anndata.read_zarr(path)
    other = open_view(again)
    send(other, mine=labels(T))
    color(other)
    assert [*again.uns["mine_colors"]] == [RED, PLAIN[1]], "a viewer that has none takes nothing away"
    color(other, mine={"T": TEAL})
    assert again.uns["mine_colors"] == [TEAL, PLAIN[1]]
    color(other)
    assert "mine_colors" not in again.uns


def test_a_shallow_copy_keeps_what_it_has(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    send(viewer, mine=labels(T))
    color(viewer, mine={"T": RED})
    kept = dict(adata.uns)
    ours = kept["jupyter_cxg"]
    color(viewer)
    assert kept["mine_colors"] == [RED, PLAIN[1]] and "colors" in ours


def test_a_view_and_one_who_does_not_want_it_get_none(
    adata: anndata.AnnData, capsys: pytest.CaptureFixture[str]
) -> None:
    view = adata[:]
    of_view = open_view(view)
    send(of_view, mine=labels(T))
    color(of_view, mine={"T": RED}, louvain={"T": RED})
    assert view.is_view and "mine_colors" not in view.uns
    silent = open_view(adata, write_obs=False)
    send(silent, mine=labels(T))
    color(silent, mine={"T": RED})
    assert "mine_colors" not in adata.uns


# ── of other columns, by a call ──


@pytest.fixture
def colored(adata: anndata.AnnData, viewer: CxgWidget) -> CxgWidget:
    adata.obs["batch"] = pd.Categorical(np.where(np.arange(adata.n_obs) % 2, "T", "B"))
    adata.uns["batch_colors"] = ["gold", "navy"]
    color(viewer, batch={"T": RED})
    return viewer


def test_they_are_written_over_whatever_there_is(adata: anndata.AnnData, colored: CxgWidget) -> None:
    assert adata.uns["batch_colors"] == ["gold", "navy"], "not by themselves"
    colored.write_colors("batch")
    assert adata.uns["batch_colors"] == [PLAIN[1], RED], "in the order of obs"
    adata.uns["batch_colors"] = ["gold", "navy"]
    colored.write_colors()
    assert adata.uns["batch_colors"] == [PLAIN[1], RED]


def test_what_cannot_be_written_is_said(adata: anndata.AnnData, colored: CxgWidget, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No color was chosen for a label of 'louvain'"):
        colored.write_colors("batch", "louvain")
    assert adata.uns["batch_colors"] == ["gold", "navy"], "all or nothing"
    adata.obs["batch"] = 7
    with pytest.raises(BadQuery, match=r"viewer.refresh\(\)"):
        colored.write_colors("batch")
    for other, reason in ((open_view(adata[:]), "open a copy"), (open_view(_written(tmp_path)), "a file")):
        with pytest.raises(BadQuery, match=reason):
            other.write_colors()


def _written(folder: Path) -> Path:
    tiny_adata().write_h5ad(folder / "a.h5ad")
    return folder / "a.h5ad"


# ── from Python ──


def test_colors_are_set_as_one_step(viewer: CxgWidget) -> None:
    viewer.label_colors = {"louvain": {"T": "Red", 3: (0, 0.5, 0.5)}}
    wanted = {"louvain": {"T": RED, "3": TEAL}}
    assert viewer.label_colors == wanted
    assert [item["action"] for item in viewer._actions] == [
        {"type": "setState", "state": {"labelColors": wanted}}
    ]


def test_what_the_viewer_shows_is_readable(viewer: CxgWidget) -> None:
    news: list[Any] = []
    viewer.observe(lambda change: news.append(change["new"]), "label_colors")
    chosen = {"mine": {"T": RED}}
    state = {"state": {"labelColors": chosen}}
    viewer._handle_msg({"content": {"data": {"method": "update", "state": state}}})
    assert viewer.label_colors == chosen and news == [chosen] and viewer._actions == []


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"nothing": {"T": RED}}, NotFound, "no obs column 'nothing'"),
        ({"louvain": {"T": "reddish"}}, BadQuery, "'reddish', for 'T' of 'louvain', is no color"),
        ({"louvain": RED}, BadQuery, "dict of dicts"),
        ({"louvain": {str(i): RED for i in range(1001)}}, BadQuery, "1,000"),
    ],
)
def test_what_is_no_color_is_said(viewer: CxgWidget, wrong: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        viewer.label_colors = wrong
    assert viewer.label_colors == {} and viewer._actions == []
