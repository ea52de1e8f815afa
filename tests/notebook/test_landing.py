"""What is annotated in the viewer lands in obs, and nothing that the viewer did not make is touched."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread

import anndata
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from jupyter_cxg.notebook.view import open_view
from jupyter_cxg.notebook.widget import CxgWidget
from jupyter_cxg.snapshot.catalog import user_catalog
from jupyter_cxg.snapshot.manifest import read_manifest
from tests.reference.example import N_OBS, tiny_adata

T, B, NONE = 0, 1, -1
Codes = Sequence[int]
Label = Callable[..., None]


def labels(first: int, count: int = N_OBS, rest: int = NONE) -> list[int]:
    return [first] * count + [rest] * (N_OBS - count)


def send(viewer: CxgWidget, revision: int = 1, names: Sequence[str] = ("T", "B"), **columns: Codes) -> None:
    """The viewer says what annotations there are."""
    state = [{"name": n, "categories": [*names], "width": 1, "revision": revision} for n in columns]
    content = {
        "method": "update",
        "state": {"_annotations": state},
        "buffer_paths": [["_annotations", i, "codes"] for i in range(len(columns))],
    }
    buffers = [memoryview(np.array(codes, "<i1").tobytes()) for codes in columns.values()]
    viewer._handle_msg({"content": {"data": content}, "buffers": buffers})


def provenance(adata: anndata.AnnData) -> pd.DataFrame:
    found: pd.DataFrame = adata.uns["jupyter_cxg"]["annotations"]
    return found


# ── what lands ──


def test_labels_are_a_categorical_in_the_order_of_the_viewer(
    adata: anndata.AnnData, viewer: CxgWidget
) -> None:
    send(viewer, mine=labels(B, 3), names=("T", "B", "unused"))
    assert adata.obs["mine"].cat.categories.tolist() == ["T", "B", "unused"]
    assert adata.obs["mine"].value_counts().to_dict() == {"B": 3, "T": 0, "unused": 0}
    assert adata.obs["mine"].isna().sum() == N_OBS - 3
    pd.testing.assert_series_equal(adata.obs["mine"], viewer.annotations["mine"], check_index_type=False)


def test_changes_renames_and_deletions_follow(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    before = [*adata.obs]
    send(viewer, mine=labels(T, 3), other=labels(B))
    send(viewer, mine=labels(T, 5), other=labels(B))
    assert adata.obs["mine"].notna().sum() == 5
    send(viewer, renamed=labels(T, 5), other=labels(B))
    assert [*adata.obs] == [*before, "other", "renamed"]
    send(viewer, other=labels(B))
    assert [*adata.obs] == [*before, "other"] and [*provenance(adata).index] == ["other"]
    send(viewer)
    assert [*adata.obs] == before and "jupyter_cxg" not in adata.uns


def test_a_label_that_is_renamed_or_a_category_without_cells_lands_too(
    adata: anndata.AnnData, viewer: CxgWidget
) -> None:
    send(viewer, mine=labels(T))
    send(viewer, mine=labels(T), names=("T cell", "B"))
    assert set(adata.obs["mine"]) == {"T cell"}
    send(viewer, mine=labels(T), names=("T cell", "B", "new"))
    assert adata.obs["mine"].cat.categories.tolist() == ["T cell", "B", "new"]


def test_provenance_says_from_where_when_and_how_many(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    send(viewer, mine=labels(T, 3))
    first = provenance(adata).loc["mine"]
    manifest = viewer._publication.manifest
    assert (first["viewer"], first["fingerprint"], first["revision"]) == (
        manifest.id,
        manifest.fingerprint,
        1,
    )
    assert (first["labeled"], first["cells"], first["dataset"]) == (3, N_OBS, viewer._title)
    assert pd.Timestamp(first["created"]).tzinfo is not None
    adata.uns["jupyter_cxg"]["annotations"].loc["mine", "created"] = "2020-01-01T00:00:00+00:00"
    send(viewer, mine=labels(T, 4))
    again = provenance(adata).loc["mine"]
    assert again["created"].startswith("2020") and again["changed"] >= first["changed"]
    assert again["labeled"] == 4


@pytest.mark.parametrize("ending", ["h5ad", "zarr"])
def test_files_can_be_written_and_read(
    adata: anndata.AnnData, viewer: CxgWidget, tmp_path: Path, ending: str
) -> None:
    send(viewer, mine=labels(T, 3), empty=labels(NONE))
    path = tmp_path / f"labeled.{ending}"
    adata.write_h5ad(path) if ending == "h5ad" else adata.write_zarr(path)
    again = anndata.read_h5ad(path) if ending == "h5ad" else anndata.read_zarr(path)
    assert again.obs["mine"].value_counts()["T"] == 3
    pd.testing.assert_frame_equal(provenance(again), provenance(adata), check_dtype=False, check_names=False)


def test_what_was_read_from_a_file_is_known_again(
    adata: anndata.AnnData, viewer: CxgWidget, tmp_path: Path
) -> None:
    send(viewer, mine=labels(T, 3))
    adata.write_h5ad(tmp_path / "labeled.h5ad")
    again = anndata.read_h5ad(tmp_path / "labeled.h5ad")
    other = open_view(again)
    assert read_manifest(other._publication.store.parent).annotations == ("mine",)
    send(other, mine=labels(T, 9))
    assert again.obs["mine"].notna().sum() == 9


def test_a_viewer_that_has_none_takes_nothing_away(
    adata: anndata.AnnData, viewer: CxgWidget, tmp_path: Path
) -> None:
    send(viewer, mine=labels(T, 3))
    again = adata.copy()
    other = open_view(again)  # of somebody else, say, who has nothing stored
    send(other)
    assert again.obs["mine"].notna().sum() == 3


def test_it_can_be_switched_off_and_on(adata: anndata.AnnData) -> None:
    viewer = open_view(adata, write_obs=False)
    send(viewer, mine=labels(T))
    assert "mine" not in adata.obs and [*viewer.annotations] == ["mine"]
    viewer.write_obs = True
    assert set(adata.obs["mine"]) == {"T"}


def test_colors_and_filters_of_python_know_them(viewer: CxgWidget) -> None:
    send(viewer, mine=labels(T))
    viewer.color_by = "mine"
    viewer.filters = [{"kind": "categories", "column": "mine", "values": ["T"]}]
    assert [item["action"]["type"] for item in viewer._actions] == ["colorBy", "setFilters"]


def test_a_backed_object_gets_them(tmp_path: Path) -> None:
    tiny_adata().write_h5ad(tmp_path / "a.h5ad")
    backed = anndata.read_h5ad(tmp_path / "a.h5ad", backed="r")
    viewer = open_view(backed)
    viewer.finish()
    send(viewer, mine=labels(T))
    assert backed.isbacked and set(backed.obs["mine"]) == {"T"}
    backed.file.close()


# ── what is left alone ──


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_a_column_of_the_users_own_stays(
    adata: anndata.AnnData, viewer: CxgWidget, capsys: pytest.CaptureFixture[str]
) -> None:
    adata.obs["mine"] = 7
    send(viewer, mine=labels(T))
    assert set(adata.obs["mine"]) == {7} and "jupyter_cxg" not in adata.uns
    said = told(capsys)
    assert "obs['mine'] of the AnnData is not the viewer's" in said and "Rename or drop" in said
    send(viewer, mine=labels(B))
    assert told(capsys) == "", "once"
    assert set(viewer.annotations["mine"]) == {"B"}
    send(viewer)
    assert set(adata.obs["mine"]) == {7}, "nor is it deleted"


def test_one_that_happens_to_say_the_same_stays_the_users(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    adata.obs["mine"] = pd.Categorical(["T"] * N_OBS)
    send(viewer, mine=labels(T))
    send(viewer, mine=labels(B))
    assert set(adata.obs["mine"]) == {"T"}


def test_one_that_is_in_the_way_no_more_lets_it_land(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    adata.obs["mine"] = 7
    send(viewer, mine=labels(T))
    del adata.obs["mine"]
    send(viewer, mine=labels(T), other=labels(B))
    assert set(adata.obs["mine"]) == {"T"}


def test_what_was_changed_in_python_since_is_the_users(
    adata: anndata.AnnData, viewer: CxgWidget, capsys: pytest.CaptureFixture[str]
) -> None:
    send(viewer, mine=labels(T), other=labels(T))
    adata.obs.loc[adata.obs_names[0], "mine"] = "B"
    adata.obs["other"] = "x"
    send(viewer, mine=labels(T, 3), other=labels(T))
    assert adata.obs["mine"].value_counts().to_dict() == {"T": N_OBS - 1, "B": 1}
    assert "was changed in Python since" in told(capsys)
    send(viewer, mine=labels(T, 3))
    assert set(adata.obs["other"]) == {"x"} and "stays" in told(capsys)
    assert "other" not in provenance(adata).index


def test_orders_of_categories_and_unused_ones_may_change(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    send(viewer, mine=labels(T, 3))
    adata.obs["mine"] = adata.obs["mine"].cat.remove_unused_categories()
    send(viewer, mine=labels(B, 3))
    assert set(adata.obs["mine"].dropna()) == {"B"}


def test_what_was_written_is_known_when_uns_was_emptied(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    send(viewer, mine=labels(T, 3))
    adata.uns.clear()
    send(viewer, mine=labels(B, 3))
    assert set(adata.obs["mine"].dropna()) == {"B"} and [*provenance(adata).index] == ["mine"]


def test_other_cells_are_not_touched(
    adata: anndata.AnnData, viewer: CxgWidget, capsys: pytest.CaptureFixture[str]
) -> None:
    send(viewer, mine=labels(T, 3))
    adata.obs_names = [*adata.obs_names[1:], adata.obs_names[0]]  # as many, in another order
    send(viewer, mine=labels(T, 5))
    assert adata.obs["mine"].notna().sum() == 3
    said = told(capsys)
    assert "has other cells than the viewer shows" in said and "viewer.refresh()" in said
    send(viewer)
    assert "mine" in adata.obs and told(capsys) == ""


def test_after_a_refresh_with_other_cells_nothing_of_the_old_ones_lands(
    adata: anndata.AnnData, viewer: CxgWidget
) -> None:
    send(viewer, mine=labels(T, 3))
    adata.obs_names = [f"other-{i}" for i in range(N_OBS)]
    viewer.refresh()
    assert [*viewer.annotations] == [], "those were of other cells"
    send(viewer, old=labels(T))  # still on its way
    assert "old" not in adata.obs and "mine" in adata.obs
    send(viewer, revision=2)
    assert "mine" in adata.obs
    send(viewer, revision=2, new=labels(B))
    assert set(adata.obs["new"]) == {"B"}


def test_a_refresh_with_the_same_cells_goes_on(adata: anndata.AnnData, viewer: CxgWidget) -> None:
    send(viewer, mine=labels(T, 3))
    viewer.refresh()
    assert viewer._publication.manifest.annotations == ("mine",)
    send(viewer, revision=2, mine=labels(T, 5))
    assert adata.obs["mine"].notna().sum() == 5


def test_views_are_not_written_to(adata: anndata.AnnData, capsys: pytest.CaptureFixture[str]) -> None:
    view = adata[:]
    viewer = open_view(view)
    send(viewer, mine=labels(T))
    assert view.is_view and "mine" not in view.obs and "mine" not in adata.obs
    assert "is a view" in told(capsys) and [*viewer.annotations] == ["mine"]
    send(viewer, mine=labels(B))
    assert told(capsys) == ""


def test_what_somebody_has_put_into_uns_stays(
    adata: anndata.AnnData, viewer: CxgWidget, capsys: pytest.CaptureFixture[str]
) -> None:
    adata.uns["jupyter_cxg"] = "something"
    send(viewer, mine=labels(T))
    assert adata.uns["jupyter_cxg"] == "something" and "mine" not in adata.obs
    assert "uns['jupyter_cxg']" in told(capsys)


@pytest.mark.parametrize("name", ["T/NK", "_index", "cell id"])
def test_names_that_no_file_could_have_do_not_land(
    adata: anndata.AnnData, viewer: CxgWidget, capsys: pytest.CaptureFixture[str], name: str, tmp_path: Path
) -> None:
    adata.obs.index.name = "cell id"
    send(viewer, **{name: labels(T)})
    assert name not in adata.obs and name in told(capsys)
    adata.write_h5ad(tmp_path / "a.h5ad")


def test_a_file_has_no_obs_to_land_in(tmp_path: Path) -> None:
    tiny_adata().write_h5ad(tmp_path / "a.h5ad")
    viewer = open_view(tmp_path / "a.h5ad")
    send(viewer, mine=labels(T))
    assert "mine" not in viewer._adata.obs and [*viewer.annotations] == ["mine"]


# ── cells of the notebook ──


@pytest.fixture
def opened(shell: InteractiveShell, adata: anndata.AnnData) -> CxgWidget:
    shell.user_ns.update(adata=adata, send=send)
    run(shell, "%cxg adata")
    viewer: CxgWidget = shell.user_ns["viewer"]
    return viewer


def run(shell: InteractiveShell, source: str) -> str:
    """What a cell writes to stderr."""
    with capture_output() as captured:
        shell.run_cell(source).raise_error()
    return captured.stderr


def test_between_two_cells_they_land_at_once(
    shell: InteractiveShell, opened: CxgWidget, adata: anndata.AnnData
) -> None:
    send(opened, mine=labels(T))
    assert set(adata.obs["mine"]) == {"T"}


def test_while_a_cell_runs_nothing_changes(
    shell: InteractiveShell, opened: CxgWidget, adata: anndata.AnnData
) -> None:
    shell.user_ns["say"] = lambda: send(opened, mine=labels(T))
    run(shell, "say(); during = 'mine' in adata.obs; heard = 'mine' in viewer.annotations")
    assert (shell.user_ns["during"], shell.user_ns["heard"]) == (False, True)
    assert "mine" in adata.obs


def test_what_another_thread_heard_is_there_when_the_next_cell_begins(
    shell: InteractiveShell, opened: CxgWidget, adata: anndata.AnnData
) -> None:
    shell.kernel = None
    thread = Thread(target=send, args=(opened,), kwargs={"mine": labels(T)})
    thread.start()
    thread.join()
    assert "mine" not in adata.obs
    assert run(shell, "assert set(adata.obs['mine']) == {'T'}") == ""


def test_it_is_said_in_the_next_cell_and_once(
    shell: InteractiveShell, opened: CxgWidget, adata: anndata.AnnData
) -> None:
    adata.obs["mine"] = 7
    with capture_output() as beside:
        send(opened, mine=labels(T))
    assert beside.stderr == ""
    assert "adata.obs['mine']" in run(shell, "1")
    assert run(shell, "1") == ""


def test_a_variable_that_is_another_object_by_now_is_said(
    shell: InteractiveShell, opened: CxgWidget, adata: anndata.AnnData
) -> None:
    send(opened, mine=labels(T, 3))
    assert run(shell, "adata = adata[:9].copy()") == ""
    send(opened, mine=labels(T))
    assert "adata is another AnnData" in run(shell, "1")
    assert set(adata.obs["mine"]) == {"T"} and "B" not in [*shell.user_ns["adata"].obs["mine"]]


def test_the_option_of_the_magic(shell: InteractiveShell, adata: anndata.AnnData) -> None:
    shell.user_ns["adata"] = adata
    assert run(shell, "%cxg adata --no-write-obs --height 300") == ""
    viewer = shell.user_ns["viewer"]
    send(viewer, mine=labels(T))
    assert (viewer.write_obs, viewer._height, "mine" in adata.obs) == (False, 300, False)
    assert "takes no value" in run(shell, "%cxg adata --no-write-obs=1")


def test_a_closed_viewer_listens_no_more(
    shell: InteractiveShell, opened: CxgWidget, adata: anndata.AnnData
) -> None:
    hooks = len(shell.events.callbacks["pre_run_cell"])
    opened.close()
    assert len(shell.events.callbacks["pre_run_cell"]) == hooks - 1
    assert user_catalog().list() == []
