"""Colors: of labels, chosen by hand; of numbers, with their map and range; lists of hundreds of labels."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import pixels
from tests.browser.axe import violations
from tests.browser.jupyter import reload
from tests.browser.pages import opened_page
from tests.browser.test_selecting import do, selected, view

CAP = 200  # labels that are listed of the 300
TOMATO = "#ff6347"
RESET = {
    "color": {"kind": "obs", "name": "bulk_labels"},
    "expanded": ["bulk_labels"],
    "filters": [],
    "labelColors": {},
    "colorRanges": [],
    "palette": "viridis",
    "reversed": False,
    "panels": [],
    "dock": {"tab": None, "height": 300},
    "theme": "light",
}


def many_labels(n: int) -> np.ndarray:
    """300 labels; label 007 has the most cells, 299 among the fewest."""
    labels = np.arange(n) % 300
    labels[np.flatnonzero(labels == 299)[1:]] = 7
    return np.array([f"cluster {label:03d}" for label in labels])


@pytest.fixture(scope="module")
def adata() -> Any:
    import scanpy

    adata = scanpy.datasets.pbmc68k_reduced()
    adata.obs["many"] = many_labels(adata.n_obs)
    adata.obs["many"] = adata.obs["many"].astype("category")
    return adata


@pytest.fixture(scope="module")
def opened(adata: Any, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("colors")
    with opened_page(adata, browser, folder, f"--Cxg.max_category_items={CAP}") as page:
        yield page


@pytest.fixture
def page(opened: Page) -> Page:
    opened.keyboard.press("Escape")
    opened.mouse.move(5, 5)
    do(opened, {"type": "setState", "state": RESET})
    expect(opened.get_by_test_id("tally")).to_have_text("700 of 700 cells")
    return opened


def painted(page: Page, color: str) -> int:
    """How many pixels of the plot have about this color."""
    picture = pixels.plot(page.main_frame).astype(int)
    return int((np.abs(picture - pixels.rgb(color)).max(axis=-1) < 12).sum())


def paints(page: Page, test: Callable[[], bool]) -> None:
    """Until the plot shows it: a renderer of a worker tells nobody when it has drawn."""
    for _ in range(50):
        if test():
            return
    raise AssertionError("The plot never showed it.")


def rgb_text(color: str) -> str:
    return "rgb({} {} {})".format(*pixels.rgb(color))


def picker(page: Page, label: str) -> Locator:
    page.get_by_role("button", name=f"Color of {label}", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Color of {label}")
    expect(dialog.get_by_label("Hex or name")).to_be_visible()
    return dialog


# ── labels ──


def test_a_color_that_is_typed_is_everywhere_and_goes_back(page: Page) -> None:
    assert painted(page, TOMATO) == 0
    field = picker(page, "CD19+ B").get_by_label("Hex or name")
    assert violations(page, "[role=dialog]") == []
    expect(field).to_have_value("#e377c2")  # the AnnData's own
    field.fill("tomatoe")
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="“tomatoe” is no color")).to_be_visible()
    expect(field).to_have_value("tomatoe")
    field.fill("tomato")
    field.press("Enter")
    expect(field).to_have_value(TOMATO)
    page.keyboard.press("Escape")
    assert view(page)["labelColors"] == {"bulk_labels": {"CD19+ B": TOMATO}}
    paints(page, lambda: painted(page, TOMATO) > 300)

    # the bars of another column, the legend over the plot, the plots of single labels, a figure
    do(page, {"type": "setExpanded", "column": "louvain", "open": True})
    bars = page.get_by_role("region", name="louvain", exact=True).locator("[data-ink]")
    styles = [bar.get_attribute("style") or "" for bar in bars.all()]
    assert any(rgb_text(TOMATO).replace(" ", ", ") in style for style in styles), styles
    do(page, {"type": "setExpanded", "column": "bulk_labels", "open": False})
    legend = page.get_by_role("region", name="Colors of bulk_labels")
    legend.get_by_role("button", name="bulk_labels").click()
    swatch = legend.get_by_role("button", name="CD19+ B", exact=True).locator("[data-ink]")
    expect(swatch).to_have_css("background-color", rgb_text(TOMATO).replace(" ", ", "))
    do(
        page,
        {"type": "setFigure", "changes": {"kind": "composition", "by": "louvain", "split": "bulk_labels"}},
        {"type": "setDock", "tab": "figures"},
    )
    expect(page.locator(f'svg rect[fill="{rgb_text(TOMATO)}"]').first).to_be_attached()
    do(page, {"type": "setDock", "tab": None}, {"type": "setExpanded", "column": "bulk_labels", "open": True})

    reload(page)  # by the address
    assert view(page)["labelColors"] == {"bulk_labels": {"CD19+ B": TOMATO}}
    paints(page, lambda: painted(page, TOMATO) > 300)
    dialog = picker(page, "CD19+ B")
    dialog.get_by_role("button", name="Reset", exact=True).click()
    expect(dialog.get_by_label("Hex or name")).to_have_value("#e377c2")
    page.keyboard.press("Escape")
    paints(page, lambda: painted(page, TOMATO) == 0)
    page.get_by_role("button", name="Undo").click()
    paints(page, lambda: painted(page, TOMATO) > 300)
    expect(page.get_by_text("1 color changed")).to_be_visible()
    page.get_by_role("button", name="Reset all").click()
    assert view(page)["labelColors"] == {}


def test_a_drag_is_one_step_and_keys_do_the_same(page: Page) -> None:
    dialog = picker(page, "Dendritic")
    thumb = dialog.get_by_role("slider", name="Hue").locator("xpath=ancestor::*[@role='group'][1]")
    box = thumb.bounding_box()
    assert box is not None
    across = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.1 * box["width"], across)
    page.mouse.down()
    for part in (0.2, 0.3, 0.4, 0.5):
        page.mouse.move(box["x"] + part * box["width"], across)
    # shown while it is dragged, and not yet a step
    shown: str = page.evaluate("window.__cxg.viewer.store.getState().view.labelColors.bulk_labels.Dendritic")
    assert re.fullmatch("#[0-9a-f]{6}", shown)
    assert view(page)["labelColors"] == {}
    page.mouse.up()
    assert list(view(page)["labelColors"]["bulk_labels"]) == ["Dendritic"]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    assert view(page)["labelColors"] == {}

    # by keys alone: the swatch, one of scanpy's colors, and back to the list
    swatch = page.get_by_role("button", name="Color of CD34+")
    swatch.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Color of CD34+")
    options = dialog.get_by_role("listbox", name="Colors of scanpy").get_by_role("option")
    expect(options).to_have_count(20)
    options.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Hex or name")).to_have_value("#ff7f0e")
    page.keyboard.press("Escape")
    expect(swatch).to_be_focused()
    assert view(page)["labelColors"] == {"bulk_labels": {"CD34+": "#ff7f0e"}}


# ── numbers ──


def ends(page: Page) -> list[str]:
    """The first and the last number of the color bar."""
    texts = (
        page.get_by_role("figure", name=re.compile("^Colors of"))
        .locator("svg g.tick text")
        .all_text_contents()
    )
    return [texts[0], texts[-1]]


def test_the_map_and_its_range_are_chosen_typed_and_dragged(page: Page, adata: Any) -> None:
    do(page, {"type": "colorBy", "color": {"kind": "obs", "name": "n_genes"}})
    genes = adata.obs["n_genes"].to_numpy()
    assert ends(page) == [str(genes.min()), str(genes.max())]
    page.get_by_role("button", name="Colors of numbers").click()
    form = page.get_by_role("dialog", name="Colors of numbers")
    expect(form.get_by_label("Colors to", exact=True)).to_be_visible()
    assert violations(page, "[role=dialog]") == []
    form.get_by_role("radio", name="Viridis").focus()
    page.keyboard.press("ArrowDown")
    expect(form.get_by_role("radio", name="Magma")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert (view(page)["palette"], view(page)["reversed"]) == ("magma", True)

    high = form.get_by_label("Colors to", exact=True)
    for typed, said in (("many", "“many” is no number"), ("1", "All values are above 1")):
        high.fill(typed)
        high.press("Enter")
        expect(form.get_by_role("alert")).to_contain_text(said)
        expect(high).to_have_value(typed)
        assert view(page)["colorRanges"] == []
    high.fill("1200")
    high.press("Enter")
    expect(form.get_by_role("alert")).to_have_count(0)
    source = {"kind": "obs", "name": "n_genes"}
    assert view(page)["colorRanges"] == [{"source": source, "min": None, "max": 1200}]
    assert ends(page) == [str(genes.min()), "≥ 1200"]
    darkest = "#000004"  # the high end of magma, reversed
    paints(page, lambda: painted(page, darkest) > 1000)

    handle = form.get_by_role("slider", name="Lowest value of the colors")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    range_ = view(page)["colorRanges"][0]
    assert genes.min() < range_["min"] < 1200 == range_["max"]
    assert ends(page)[0].startswith("≤ ")
    expect(form.get_by_label("Colors from", exact=True)).not_to_have_value("")
    page.keyboard.press("Escape")

    # the end of the bar stands for all beyond it
    bar = page.get_by_role("group", name="Color bar").bounding_box()
    assert bar is not None
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + 6)
    page.mouse.down()
    page.mouse.move(bar["x"] + bar["width"], bar["y"] + 6, steps=4)
    page.mouse.up()
    found = view(page)["filters"][0]
    assert found["max"] == genes.max()
    np.testing.assert_array_equal(selected(page), genes >= found["min"])

    # another column has its own; the first comes back with its
    do(page, {"type": "colorBy", "color": {"kind": "obs", "name": "percent_mito"}})
    assert not any(re.match("[≤≥]", end) for end in ends(page))
    do(page, {"type": "colorBy", "color": source})
    assert ends(page)[1] == "≥ 1200"
    reload(page)
    assert ends(page)[1] == "≥ 1200"
    page.get_by_role("button", name="Colors of numbers").click()
    form.get_by_role("button", name="Whole range").click()
    page.keyboard.press("Escape")
    assert ends(page) == [str(genes.min()), str(genes.max())]
    page.get_by_role("button", name="Undo").click()
    assert ends(page)[1] == "≥ 1200"


# ── long lists ──


def test_three_hundred_labels_are_searched_sorted_and_folded(page: Page, adata: Any) -> None:
    do(
        page,
        {"type": "setExpanded", "column": "bulk_labels", "open": False},
        {"type": "setExpanded", "column": "many", "open": True},
    )
    many = page.get_by_role("region", name="many", exact=True)
    expect(many.get_by_text("many: all other labels")).to_be_visible()
    expect(many.get_by_role("button", name="List 100 other labels")).to_be_visible()
    assert many.get_by_role("checkbox").count() < 40  # only what is in sight is there
    many.get_by_role("button", name="Sort").click()
    page.get_by_role("menuitemradio", name="By number of cells").click()
    rows = many.get_by_role("list", name="many").get_by_role("listitem")
    expect(rows.first).to_contain_text("cluster 007")

    search = many.get_by_role("searchbox", name="Search the categories of many")
    search.fill("no such label")
    expect(many.get_by_text("No category matches “no such label”.")).to_be_visible()
    search.fill("29 CLUST")  # words in any order and case; beyond the cap too
    expect(many.get_by_text("many: all other labels")).to_be_hidden()
    names = [f"cluster {n}" for n in ("029", *range(129, 300, 100), *range(290, 300))]
    expect(rows).to_have_count(len(set(names)))
    many.get_by_text("cluster 299", exact=True).dblclick()
    np.testing.assert_array_equal(selected(page), (adata.obs["many"] == "cluster 299").to_numpy())
    search.press("Escape")
    expect(search).to_have_value("")
    expect(many.get_by_text("many: all other labels")).to_be_visible()
