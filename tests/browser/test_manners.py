"""What the page says of its dataset, while it waits and when something fails; regions drawn by keys."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import violations
from tests.browser.jupyter import ready
from tests.browser.test_notebook import do as act
from tests.browser.test_notebook import settled
from tests.cli.test_serve import serving

PageOf = Callable[..., Page]
HTML = "<b>Blood</b> <img src=x onerror=\"document.title='bad'\">"


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A dataset that says much of itself, and one that says nothing."""
    import scanpy

    folder = tmp_path_factory.mktemp("manners")
    adata = scanpy.datasets.pbmc68k_reduced()
    adata.uns = {}
    adata.write_h5ad(folder / "silent.h5ad")
    adata.obs["tissue"] = np.array(["blood"] * adata.n_obs)
    adata.obs["donors"] = 1
    adata.layers["scaled"] = adata.X.copy()
    adata.uns = {"organism": "Homo sapiens", "title": HTML, "batch_condition": ["donor", "assay"]}
    adata.write_h5ad(folder / "pbmc.h5ad")
    environment = {
        **os.environ,
        "CXG_SNAPSHOT_DIR": str(folder / "snapshots"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "CXG_TOKEN": "",
    }
    with serving([folder / "pbmc.h5ad", folder / "silent.h5ad", "--auth=none"], environment) as server:
        front = server.listening().get()[1].decode()
        paths = re.findall(r'href="/(cxg/d/[0-9a-f]+/)"[^>]*>\s*(?:<[^>]+>\s*)*(\w+)\.h5ad', front)
        yield {name: server.url + path for path, name in paths}


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    ready(page.main_frame)
    settled(page.main_frame)
    page.evaluate("__cxg.viewer.genes.load()")
    return page


@pytest.fixture
def page(addresses: dict[str, str], page_of: PageOf) -> Page:
    return opened(page_of(1400, 900), addresses["pbmc"])


def do(page: Page, **action: Any) -> None:
    """As a button does, without waiting for what it asks the server."""
    page.evaluate("action => __cxg.viewer.do(action)", action)


def view(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("__cxg.viewer.committed()")
    return found


def about(page: Page) -> Locator:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="About this dataset").click()
    return page.get_by_role("region", name="About this dataset")


def of_data(url: str) -> bool:
    return "/cxg/d/" in url and "/static/" not in url


# About this dataset


def test_the_sheet_says_what_the_dataset_is(page: Page) -> None:
    sheet = about(page)
    expect(sheet).to_contain_text("700 cells × 765 genes")
    holds = sheet.get_by_role("region", name="What it holds")
    expect(holds.get_by_role("listitem").filter(has_text="scaled")).to_be_visible()
    expect(holds.get_by_role("listitem").filter(has_text="umap")).to_be_visible()
    expect(sheet.get_by_role("region", name="The same in every cell")).to_contain_text("blood")
    expect(sheet.get_by_role("region", name="The same in every cell")).to_contain_text("donors")
    told = sheet.get_by_role("region", name="What it says of itself")
    expect(told).to_contain_text(HTML)  # as text
    assert told.locator("dt").all_inner_texts() == ["title", "organism", "batch_condition"]
    assert told.locator("img, dd b").count() == 0 and page.title() != "bad"
    shown = sheet.get_by_role("region", name="As it is shown")
    expect(shown).to_contain_text(re.compile(r"revision 1"))
    expect(shown).to_contain_text(re.compile(r"jupyter_cxg \d"))
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_a_dataset_that_says_nothing_is_told_how(page_of: PageOf, addresses: dict[str, str]) -> None:
    page = opened(page_of(360, 740, has_touch=True), addresses["silent"])
    sheet = about(page)
    expect(sheet.get_by_role("region", name="What it says of itself")).to_contain_text("adata.uns")
    expect(sheet.get_by_role("region", name="The same in every cell")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


# Waiting, and failing


def test_what_takes_long_is_shown_and_nothing_flashes(page: Page) -> None:
    held: list[Route] = []
    holding = threading.Event()
    holding.set()
    page.route(of_data, lambda route: held.append(route) if holding.is_set() else route.continue_())
    do(page, type="colorBy", color={"kind": "gene", "name": "LYZ"})
    line = page.get_by_role("progressbar", name="Loading LYZ")
    expect(line).to_be_visible()
    # which it is from 300 ms on
    seen = line.evaluate(
        """(element) => {
            element.style.animation = "none";
            element.getAnimations();
            element.style.animation = ""; // begins anew
            const [late] = element.getAnimations().filter(({ effect }) => effect.getTiming().delay > 0);
            return [1, 299, 302].map((time) => {
                late.currentTime = time;
                return getComputedStyle(element).visibility;
            });
        }"""
    )
    assert seen == ["hidden", "hidden", "visible"]
    do(page, type="setEmbedding", embedding="pca")
    expect(page.get_by_role("progressbar", name="Loading pca")).to_be_visible()
    sheet = about(page)
    expect(sheet.locator("[class*=skeleton]").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    expect(page.get_by_role("progressbar", name="Asking for the saved views")).to_be_visible()
    page.keyboard.press("Escape")
    do(page, type="addComparison", comparison={"kind": "markers", "name": "m", "column": "phase"} | HOW)
    do(page, type="setDock", tab="compare")
    expect(page.get_by_role("status").filter(has_text="Comparing cells…")).to_be_visible()
    holding.clear()
    for route in held:
        route.continue_()
    expect(page.get_by_role("progressbar", name="Loading LYZ")).to_have_count(0)
    expect(page.get_by_role("figure", name="Colors of LYZ")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Loading pca")).to_have_count(0)
    expect(page.get_by_role("article", name="m").get_by_role("grid")).to_be_visible()


HOW = {"method": "t-test", "layer": "X"}


def test_what_fails_says_so_and_asks_again(page: Page) -> None:
    page.route(
        of_data, lambda route: route.fulfill(status=500, json={"code": "error", "message": "It broke."})
    )
    do(page, type="colorBy", color={"kind": "gene", "name": "LYZ"})
    legend = page.get_by_role("application").first.locator("xpath=../../..").get_by_role("alert")
    expect(legend).to_contain_text("It broke.")
    sheet = about(page)
    expect(sheet.get_by_role("alert")).to_contain_text("It broke.")
    page.get_by_role("button", name="Selection", exact=True).click()
    again = page.get_by_role("menuitem", name="It broke. Retry")
    expect(again).to_be_visible()
    page.unroute_all()
    again.click()
    expect(page.get_by_role("menuitem", name=re.compile("Add their neighbors"))).not_to_have_count(0)
    page.keyboard.press("Escape")
    sheet.get_by_role("button", name="Retry").click()
    expect(sheet).to_contain_text("Homo sapiens")
    page.keyboard.press("Escape")
    legend.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("figure", name="Colors of LYZ")).to_be_visible()


# A region by keys


def test_a_rectangle_is_drawn_by_keys(page: Page) -> None:
    plot = page.get_by_role("application").first
    page.keyboard.press("r")
    plot.focus()
    page.keyboard.press("Enter")
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    said = page.get_by_role("status").filter(has_text="from the left")
    expect(said).to_have_text(
        re.compile(r"^Selects \d+ cells: 33 % from the left, 4\d % from the top, 3\d % wide")
    )
    cells = int(re.findall(r"\d+", said.inner_text())[0])
    assert 0 < cells < 700
    assert view(page)["filters"] == []  # not yet
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("tally")).to_have_text(f"{cells} of 700 cells")
    (region,) = view(page)["filters"]
    assert [(step["shape"], step["mode"]) for step in region["steps"]] == [("rectangle", "replace")]

    page.keyboard.press("Alt+Enter")  # takes away, as the mouse with Alt does
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_test_id("tally")).not_to_have_text(f"{cells} of 700 cells")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("tally")).to_have_text(f"{cells} of 700 cells")
    expect(page.get_by_role("status").filter(has_text="given up")).to_have_count(1)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    settled(page.main_frame)
    (region,) = view(page)["filters"]
    assert [step["mode"] for step in region["steps"]] == ["replace", "add"]
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("tally")).to_have_text(f"{cells} of 700 cells")

    before = view(page)["camera"]
    page.keyboard.press("p")
    page.keyboard.press("Enter")  # the hand draws nothing
    page.keyboard.press("ArrowLeft")
    page.evaluate("__cxg.settled()")
    expect(page.locator("path[class*=live]")).to_have_count(0)
    assert len(view(page)["filters"]) == 1 and before is not None


# Two genes against each other, where nothing is covered


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (700, 450), (360, 740)])
def test_the_scatter_plot_covers_no_points(
    page_of: PageOf, addresses: dict[str, str], width: int, height: int
) -> None:
    page = opened(page_of(width, height), addresses["pbmc"])
    for axis, gene in (("x", "CST3"), ("y", "NKG7")):
        act(page.main_frame, {"type": "setScatter", "axis": axis, "gene": gene})
    card = page.get_by_role("region", name="Gene scatter plot")
    expect(page.get_by_role("application", name="CST3 against NKG7")).to_be_visible()
    plot, beside = page.get_by_role("application").first.bounding_box(), card.bounding_box()
    assert plot and beside
    apart = plot["x"] + plot["width"] <= beside["x"] + 1 or plot["y"] + plot["height"] <= beside["y"] + 1
    assert apart and plot["width"] >= 200 and plot["height"] >= 150
    assert beside["x"] + beside["width"] <= width and beside["y"] + beside["height"] <= height
    if width == 360:
        assert violations(page) == []
    card.get_by_role("button", name="Fold the scatter plot").click()
    expect(page.get_by_role("application", name="CST3 against NKG7")).to_have_count(0)
    folded = card.bounding_box()
    assert folded and min(folded["width"], folded["height"]) <= 50
    card.get_by_role("button", name="Close the scatter plot").click()
    expect(card).to_have_count(0)
