"""Selecting cells, and looking at them alone: lasso, chips, groups, names, subset, clip, labels."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.jupyter import ready
from tests.browser.pages import opened_page
from tests.browser.test_notebook import settled, until

CAP = 10  # labels that are listed: louvain has 11
RESET = {
    "filters": [],
    "subset": [],
    "selections": [],
    "clip": [0, 100],
    "centroids": False,
    "hoverColumns": [],
    "genes": [],
    "embedding": "umap",
    "color": {"kind": "obs", "name": "bulk_labels"},
    "expanded": ["bulk_labels"],
    "camera": {"x": 0.5, "y": 0.5, "zoom": 1},
    "tool": "lasso",
}
Box = tuple[float, float, float, float]


def pbmc() -> Any:
    import scanpy

    adata = scanpy.datasets.pbmc68k_reduced()
    adata.obs["tissue"] = "blood"
    adata.obs["tissue"] = adata.obs["tissue"].astype("category")
    return adata


@pytest.fixture(scope="module")
def adata() -> Any:
    return pbmc()


@pytest.fixture(scope="module")
def opened(adata: Any, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("selecting")
    with opened_page(adata, browser, folder, f"--Cxg.max_category_items={CAP}") as page:
        yield page


@pytest.fixture
def page(opened: Page) -> Page:
    """The viewer with everything as at first."""
    opened.keyboard.press("Escape")
    opened.mouse.move(5, 5)
    do(opened, {"type": "setState", "state": RESET})
    expect(opened.get_by_test_id("tally")).to_have_text("700 of 700 cells")
    return opened


def do(page: Page, *actions: dict[str, Any]) -> None:
    for action in actions:
        page.evaluate("action => window.__cxg.viewer.do(action)", action)
    settled(page.main_frame)


def view(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("() => window.__cxg.viewer.committed()")
    return found


def selected(page: Page) -> np.ndarray:
    settled(page.main_frame)
    return np.array(page.evaluate("() => [...window.__cxg.viewer.counts.selected()]"), bool)


def points(page: Page) -> np.ndarray:
    """(n, 2) as the viewer draws them."""
    xy = page.evaluate("""() => {
        const { x, y } = window.__cxg.viewer.columns.get("layout/umap");
        return [[...x], [...y]];
    }""")
    return np.array(xy).T


def drag(page: Page, box: Box, *keys: str) -> None:
    """From one corner to the other, in parts of the plot's square."""
    plot = page.locator("[role=application]").first.bounding_box()
    assert plot is not None
    side = min(plot["width"], plot["height"])
    left, top = plot["x"] + (plot["width"] - side) / 2, plot["y"] + (plot["height"] - side) / 2
    for key in keys:
        page.keyboard.down(key)
    page.mouse.move(left + box[0] * side, top + box[1] * side)
    page.mouse.down()
    page.mouse.move(left + box[2] * side, top + box[3] * side, steps=5)
    page.mouse.up()
    for key in keys:
        page.keyboard.up(key)


def on_screen(page: Page, place: np.ndarray) -> tuple[float, float]:
    """Where a point of the embedding is, seen from the home camera."""
    plot = page.locator("[role=application]").first.bounding_box()
    assert plot is not None
    scale = 0.9 * min(plot["width"], plot["height"])
    x, y = (place - 0.5) * scale
    return plot["x"] + plot["width"] / 2 + x, plot["y"] + plot["height"] / 2 - y


def in_rectangle(xy: np.ndarray, corners: list[list[float]]) -> np.ndarray:
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    return ((xy >= low) & (xy <= high)).all(axis=1)


def only(column: str, value: str) -> dict[str, Any]:
    return {"type": "onlyCategory", "column": column, "value": value}


# ── on the plot ──


def test_rectangles_add_take_away_and_intersect(page: Page) -> None:
    do(page, {"type": "setTool", "tool": "rectangle"})
    xy = points(page)
    drag(page, (0.2, 0.2, 0.6, 0.7))
    drag(page, (0.5, 0.3, 0.9, 0.8), "Shift")
    drag(page, (0.3, 0.4, 0.5, 0.5), "Alt")
    steps = view(page)["filters"][0]["steps"]
    a, b, c = (in_rectangle(xy, step["points"]) for step in steps)
    assert [step["mode"] for step in steps] == ["replace", "add", "subtract"]
    np.testing.assert_array_equal(selected(page), (a | b) & ~c)
    drag(page, (0.4, 0.1, 0.8, 0.9), "Shift", "Alt")
    d = in_rectangle(xy, view(page)["filters"][0]["steps"][-1]["points"])
    np.testing.assert_array_equal(selected(page), (a | b) & ~c & d)
    assert 0 < selected(page).sum() < ((a | b) & ~c).sum()


def test_a_lasso_of_another_embedding_stays_as_a_chip(page: Page) -> None:
    drag(page, (0.2, 0.2, 0.2, 0.2))  # nothing
    plot = page.locator("[role=application]").first.bounding_box()
    assert plot is not None
    x, y = plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2
    page.mouse.move(x, y - 250)
    page.mouse.down()
    for dx, dy in [(250, 0), (0, 250), (-250, 0)]:
        page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    before = selected(page)
    assert 0 < before.sum() < 700
    do(page, {"type": "setEmbedding", "embedding": "pca"})
    np.testing.assert_array_equal(selected(page), before)
    page.get_by_role("button", name="Remove the filter Lasso in umap").click()
    assert selected(page).all()


def test_names_of_categories_stand_at_their_medians_and_isolate(page: Page, adata: Any) -> None:
    page.get_by_role("button", name="Names of the categories").click()
    labels = page.get_by_test_id("centroids").locator("span")
    expect(labels.filter(has_text="CD14+ Monocyte")).to_be_visible()
    mine = (adata.obs["bulk_labels"] == "CD14+ Monocyte").to_numpy()
    px, py = on_screen(page, np.median(points(page)[mine], axis=0))
    box = labels.filter(has_text="CD14+ Monocyte").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] / 2 == pytest.approx(px, abs=2)
    assert box["y"] + box["height"] / 2 == pytest.approx(py, abs=20)  # a line up or down, beside another
    label = labels.filter(has_text="CD14+ Monocyte")
    label.dblclick()
    until(page.main_frame, "state.view.filters.length === 1")
    assert view(page)["filters"][0]["values"] == ["CD14+ Monocyte"]
    expect(labels.filter(has_text="Dendritic").first).to_have_attribute("data-faded", "true")


def test_a_label_under_the_pointer_is_found_in_the_plot(page: Page) -> None:
    do(page, {"type": "setCentroids", "shown": True})
    page.get_by_text("Dendritic", exact=True).first.hover()
    marked = page.get_by_test_id("centroids").locator("[data-hovered=true]")
    expect(marked).to_have_text("Dendritic")
    page.mouse.move(700, 5)
    expect(marked).to_have_count(0)


def test_the_card_of_a_cell_has_the_chosen_columns(page: Page, adata: Any) -> None:
    page.get_by_role("button", name="Look of the points").click()
    for name in ("phase", "n_genes"):
        page.get_by_role("dialog").get_by_text(name, exact=True).click()
    page.keyboard.press("Escape")
    until(page.main_frame, "state.view.hoverColumns.length === 2")
    settled(page.main_frame)
    xy = points(page)
    middle = np.argsort(np.abs(xy - 0.5).sum(axis=1))[0]
    page.mouse.move(*on_screen(page, xy[middle]))
    card = page.locator("[class*=card]")
    expect(card).to_contain_text("phase")
    text = card.inner_text().split()
    name = text[0]
    assert name == adata.obs_names[middle]
    assert f"phase{adata.obs.loc[name, 'phase']}" in text
    assert f"n_genes{adata.obs.loc[name, 'n_genes']}" in text


# ── chips: and, or, not ──


def test_filters_hold_together_or_either_of_them_and_can_be_inverted(page: Page, adata: Any) -> None:
    do(page, only("bulk_labels", "CD14+ Monocyte"))
    source = {"kind": "obs", "name": "n_genes"}
    do(page, {"type": "setRange", "source": source, "min": 800, "max": 1200})
    a = (adata.obs["bulk_labels"] == "CD14+ Monocyte").to_numpy()
    b = adata.obs["n_genes"].between(800, 1200).to_numpy()
    np.testing.assert_array_equal(selected(page), a & b)
    page.get_by_role("button", name="And; press for or").click()
    np.testing.assert_array_equal(selected(page), a | b)
    page.keyboard.press("i")
    np.testing.assert_array_equal(selected(page), ~(a | b))
    page.get_by_role("button", name="Not; press to keep").click()
    page.get_by_role("button", name="Or; press for and").click()
    np.testing.assert_array_equal(selected(page), a & b)
    page.get_by_role("button", name="The filter bulk_labels CD14+ Monocyte", exact=True).click()
    page.get_by_role("menuitem", name="Keep the other cells").click()
    np.testing.assert_array_equal(selected(page), ~a & b)
    page.keyboard.press("Control+z")
    np.testing.assert_array_equal(selected(page), a & b)
    page.get_by_role("button", name="The filter n_genes 800 – 1200", exact=True).focus()
    page.keyboard.press("Delete")
    np.testing.assert_array_equal(selected(page), a)


# ── subset and clip ──


def test_a_subset_is_counted_anew_and_given_back(page: Page, adata: Any) -> None:
    do(
        page,
        only("bulk_labels", "Dendritic"),
        {"type": "colorBy", "color": {"kind": "obs", "name": "n_genes"}},
    )
    inside = (adata.obs["bulk_labels"] == "Dendritic").to_numpy()
    page.get_by_role("button", name="Subset", exact=True).click()
    tally = page.get_by_test_id("tally")
    expect(tally).to_have_text(f"{inside.sum()} of {inside.sum()} cells, a subset of 700")
    expect(page.get_by_text("9 without cells in the subset.")).to_be_visible()
    source = {"kind": "obs", "name": "n_genes"}
    counts = page.evaluate(
        """source => {
            const { range, total } = window.__cxg.viewer.counts.histogram(source);
            return [range.min, range.max, total.reduce((a, b) => a + b)];
        }""",
        source,
    )
    own = adata.obs["n_genes"][inside]
    assert counts == [own.min(), own.max(), inside.sum()]
    hidden = page.evaluate("() => [...window.__cxg.viewer.counts.pointState()].map((bits) => bits === 4)")
    np.testing.assert_array_equal(hidden, ~inside)
    expect(page.get_by_role("group", name="Color bar")).to_contain_text(f"{own.max():,}".replace(",", ""))

    do(page, {"type": "setRange", "source": source, "min": float(own.median()), "max": float(own.max())})
    page.keyboard.press("s")
    second = inside & (adata.obs["n_genes"] >= own.median()).to_numpy()
    expect(tally).to_have_text(f"{second.sum()} of {second.sum()} cells, a subset of 700")
    page.get_by_role("button", name="Remove the filter Subset: n_genes").click()
    expect(tally).to_have_text(f"{inside.sum()} of {inside.sum()} cells, a subset of 700")
    page.get_by_role("button", name="Reset subset").click()
    expect(tally).to_have_text("700 of 700 cells")
    page.keyboard.press("Control+z")
    expect(tally).to_have_text(f"{inside.sum()} of {inside.sum()} cells, a subset of 700")


def test_clip_takes_the_ends_of_all_numbers(page: Page, adata: Any) -> None:
    page.get_by_role("button", name="Look of the points").click()
    page.get_by_label("Lowest percentile shown").fill("60")
    page.get_by_label("Highest percentile shown").fill("5")
    expect(page.get_by_text("Two percentiles from 0 to 100, the lower one first.")).to_be_visible()
    page.get_by_label("Lowest percentile shown").fill("5")
    page.get_by_label("Highest percentile shown").fill("90")
    page.get_by_role("button", name="Clip", exact=True).click()
    page.keyboard.press("Escape")
    settled(page.main_frame)
    low, high = np.percentile(adata.obs["n_genes"], [5, 90])
    kept = adata.obs["n_genes"].between(low, high)
    shown = page.evaluate("""() => {
        const { min, max, missing } = window.__cxg.viewer.counts.shown("obs/n_genes");
        return [min, max, missing];
    }""")
    own = adata.obs["n_genes"][kept]
    assert shown == [own.min(), own.max(), (~kept).sum()]
    do(page, {"type": "setRange", "source": {"kind": "obs", "name": "n_genes"}, "min": 0, "max": 1e6})
    np.testing.assert_array_equal(selected(page), kept.to_numpy())
    page.get_by_role("button", name="Remove the filter Clip 5 – 90 %").click()
    assert selected(page).all()


# ── lists of labels ──


def test_labels_have_counts_bars_and_histograms(page: Page, adata: Any) -> None:
    row = page.get_by_role("region", name="bulk_labels", exact=True)
    do(page, {"type": "colorBy", "color": {"kind": "obs", "name": "phase"}})
    bars = row.locator("[data-ink]")
    assert "linear-gradient" in (bars.first.get_attribute("style") or "")
    do(page, {"type": "colorBy", "color": {"kind": "obs", "name": "n_genes"}})
    expect(row.locator("[data-ink] svg").first).to_be_visible()
    do(page, only("phase", "G1"))
    both = (adata.obs["bulk_labels"] == "Dendritic") & (adata.obs["phase"] == "G1")
    of = (adata.obs["bulk_labels"] == "Dendritic").sum()
    expect(row.get_by_role("img", name=f"{both.sum()} of {of} selected").first).to_be_visible()


def test_only_this_label_on_double_click_is_one_step(page: Page) -> None:
    page.get_by_text("Dendritic", exact=True).first.dblclick()
    until(page.main_frame, "state.view.filters.length === 1")
    assert view(page)["filters"][0]["values"] == ["Dendritic"]
    page.keyboard.press("Control+z")
    assert selected(page).all()


def test_labels_beyond_the_cap_stand_together_and_are_found(page: Page, adata: Any) -> None:
    do(page, {"type": "setExpanded", "column": "louvain", "open": True})
    sizes = adata.obs["louvain"].value_counts(sort=False)  # in the order of the categories
    last = sizes.index[np.lexsort((np.arange(len(sizes)), -sizes.to_numpy()))[-1]]
    louvain = page.get_by_role("region", name="louvain", exact=True)
    others = louvain.get_by_text("louvain: all other labels")
    expect(others).to_be_visible()
    others.click()
    np.testing.assert_array_equal(selected(page), (adata.obs["louvain"] != last).to_numpy())
    louvain.get_by_role("button", name="List 1 other labels").click()
    expect(others).to_be_hidden()
    expect(louvain.get_by_role("checkbox", name=str(last), exact=True)).to_be_attached()


def test_a_column_with_one_value_is_a_line(page: Page) -> None:
    expect(page.locator("p", has_text="tissue")).to_have_text("tissueblood")


# ── names, neighbors, code ──


def menu(page: Page, entry: str) -> None:
    page.get_by_role("button", name="Selection", exact=True).click()
    page.get_by_role("menuitem", name=entry).click()


def test_selections_are_kept_under_names_and_combined(page: Page, adata: Any) -> None:
    do(page, only("bulk_labels", "Dendritic"))
    menu(page, "Selections with names")
    page.get_by_label("Name of the selection").fill("DC <b>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Select DC <b>")).to_be_visible()
    page.keyboard.press("Escape")
    do(page, {"type": "clearFilters"}, only("phase", "G1"))
    menu(page, "Selections with names")
    page.get_by_role("button", name="Take from what is selected the cells of DC <b>").click()
    dendritic, g1 = adata.obs["bulk_labels"] == "Dendritic", adata.obs["phase"] == "G1"
    np.testing.assert_array_equal(selected(page), (g1 & ~dendritic).to_numpy())
    expect(page.get_by_role("button", name="The filter not DC <b>", exact=True)).to_be_visible()
    menu(page, "Selections with names")
    page.get_by_role("button", name="Select DC <b>").click()
    np.testing.assert_array_equal(selected(page), dendritic.to_numpy())
    menu(page, "Selections with names")
    page.get_by_role("button", name="Delete DC <b>").click()
    page.keyboard.press("Escape")
    assert view(page)["selections"] == []
    page.keyboard.press("Control+z")
    assert [kept["name"] for kept in view(page)["selections"]] == ["DC <b>"]


def test_neighbors_of_the_selection_join_it(page: Page, adata: Any) -> None:
    do(page, only("bulk_labels", "Dendritic"))
    mask = selected(page)
    page.get_by_role("button", name="Selection", exact=True).click()
    page.get_by_role("menuitem", name="Add their neighbors (connectivities)").click()
    until(page.main_frame, "state.view.filters[0]?.kind === 'cells'")
    expected = mask | (adata.obsp["connectivities"][mask] != 0).toarray().any(axis=0)
    np.testing.assert_array_equal(selected(page), expected)
    assert mask.sum() < expected.sum() < 700


def test_code_of_the_selection_finds_the_same_cells(page: Page, adata: Any) -> None:
    do(
        page,
        {"type": "setTool", "tool": "rectangle"},
        {"type": "setFilters", "filters": []},
        {"type": "addGenes", "genes": ["LYZ"]},
    )
    drag(page, (0.1, 0.1, 0.6, 0.9))
    drag(page, (0.2, 0.2, 0.4, 0.4), "Alt")
    do(page, {"type": "subset"}, only("phase", "G1"))
    do(page, {"type": "setRange", "source": {"kind": "gene", "name": "LYZ"}, "min": 0.25, "max": 2.5})
    do(page, {"type": "joinFilters", "index": 0}, {"type": "setClip", "low": 0, "high": 80})
    do(page, {"type": "setRange", "source": {"kind": "obs", "name": "percent_mito"}, "min": 0.01, "max": 9})
    mask = selected(page)
    assert 0 < mask.sum() < 700
    menu(page, "Copy as code")
    code = page.get_by_role("textbox", name="Code of the selection").input_value()
    page.keyboard.press("Escape")
    assert code.splitlines()[-1] == "adata[keep]"
    names: dict[str, Any] = {"adata": adata}
    exec(code, names)  # noqa: S102
    np.testing.assert_array_equal(np.asarray(names["keep"], bool), mask)


def test_the_address_brings_all_of_it_back(page: Page) -> None:
    do(page, only("bulk_labels", "Dendritic"), {"type": "subset"}, only("phase", "G1"))
    do(page, {"type": "invertFilters"}, {"type": "setClip", "low": 1, "high": 99})
    do(page, {"type": "saveSelection", "name": "mine"}, {"type": "setCentroids", "shown": True})
    before, mask = view(page), selected(page)
    address = page.evaluate("() => window.__cxg.viewer.address()")
    page.goto("about:blank")
    page.goto(address)
    ready(page.main_frame)
    np.testing.assert_array_equal(selected(page), mask)
    after = view(page)
    for part in ("filters", "subset", "clip", "selections", "centroids"):
        assert json.dumps(after[part], sort_keys=True) == json.dumps(before[part], sort_keys=True)
    Path("build").mkdir(exist_ok=True)
    page.screenshot(path="build/selecting.png")
