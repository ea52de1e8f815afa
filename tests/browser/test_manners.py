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
    adata.obs["gaps"] = adata.obs["phase"].cat.remove_categories("S")
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
    legend = page.get_by_role("application").first.locator("xpath=../../../..").get_by_role("alert")
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


def test_what_comes_before_the_names_of_the_genes_says_that_it_waits(
    page_of: PageOf, addresses: dict[str, str]
) -> None:
    page = page_of(1400, 900)
    held: list[Route] = []

    def hold(route: Route) -> None:
        names = b"annotations/var" in (route.request.post_data_buffer or b"")
        held.append(route) if names else route.continue_()

    page.route(of_data, hold)
    page.goto(addresses["pbmc"])
    ready(page.main_frame)
    do(page, type="colorBy", color={"kind": "gene", "name": "LYZ"})
    expect(page.get_by_role("progressbar", name="Loading LYZ")).to_be_visible()
    sets = {
        "name": "sets.csv",
        "mimeType": "text/csv",
        "buffer": b"gene_set_name,gene_set_description,gene_symbol,gene_description\nmine,,LYZ,\n",
    }
    page.get_by_label("File of gene sets").set_input_files(sets)
    expect(page.get_by_role("progressbar", name="Reading sets.csv")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Reading sets.csv…")).to_be_visible()
    assert held
    for route in held:
        route.continue_()
    expect(page.get_by_role("figure", name="Colors of LYZ")).to_be_visible()
    expect(page.get_by_role("region", name="Import sets.csv")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Reading sets.csv")).to_have_count(0)

    do(page, type="setDock", tab="annotations")
    held.clear()
    page.route(lambda url: "annotations.csv" in url, lambda route: held.append(route))
    labels = {"name": "labels.csv", "mimeType": "text/csv", "buffer": b"index,mine\nAAAGCCTGGCTAAC-1,T\n"}
    page.get_by_label("CSV file of annotations").set_input_files(labels)
    expect(page.get_by_role("progressbar", name="Taking over labels.csv")).to_be_visible()
    expect(page.get_by_text("Taking over labels.csv…")).to_be_visible()
    page.unroute_all()  # which lets them go
    expect(page.get_by_text("1 of 700 cells found in it.")).to_be_visible()


def test_neighbors_that_were_not_found_are_asked_for_again(page: Page) -> None:
    do(page, type="onlyCategory", column="bulk_labels", value="CD34+")
    expect(page.get_by_test_id("tally")).to_have_text("13 of 700 cells")
    broken = {"code": "error", "message": "It broke."}
    page.route(lambda url: url.endswith("/neighbors"), lambda route: route.fulfill(status=500, json=broken))
    page.get_by_role("button", name="Selection", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("Add their neighbors")).first.click()
    said = page.get_by_role("dialog", name="Their neighbors were not found")
    expect(said.get_by_role("alert")).to_contain_text("It broke.")
    page.unroute_all()
    said.get_by_role("button", name="Retry").click()
    expect(page.get_by_test_id("tally")).not_to_have_text("13 of 700 cells")
    expect(said).to_have_count(0)


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
    do(page, type="colorBy", color={"kind": "obs", "name": "bulk_labels"})
    legend = page.get_by_role("region", name="Colors of bulk_labels")
    names = legend.get_by_role("button", name="bulk_labels", exact=True)
    if width < 1100:  # else the sidebar has the colors
        expect(names).to_have_attribute("aria-expanded", str(width > 360).lower())
    for axis, gene in (("x", "CST3"), ("y", "NKG7")):
        act(page.main_frame, {"type": "setScatter", "axis": axis, "gene": gene})
    card = page.get_by_role("region", name="Gene scatter plot")
    expect(page.get_by_role("application", name="CST3 against NKG7")).to_be_visible()
    plot, beside = page.get_by_role("application").first.bounding_box(), card.bounding_box()
    assert plot and beside
    apart = plot["x"] + plot["width"] <= beside["x"] + 1 or plot["y"] + plot["height"] <= beside["y"] + 1
    assert apart and plot["width"] >= 200 and plot["height"] >= 150
    if width < 1100:
        expect(names).to_have_attribute("aria-expanded", "false")
    assert beside["x"] + beside["width"] <= width and beside["y"] + beside["height"] <= height
    if width == 360:
        assert violations(page) == []
    card.get_by_role("button", name="Fold the scatter plot").click()
    expect(page.get_by_role("application", name="CST3 against NKG7")).to_have_count(0)
    folded = card.bounding_box()
    assert folded and min(folded["width"], folded["height"]) <= 50
    card.get_by_role("button", name="Close the scatter plot").click()
    expect(card).to_have_count(0)
    if width == 700:  # the room is there again, and so is the list
        expect(names).to_have_attribute("aria-expanded", "true")


# What lies over a plot, or beside it

NEXT_FRAME = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
COVERED = """(boxes) => {
    const plot = document.querySelector("[role=application]").getBoundingClientRect();
    const { x, y } = __cxg.viewer.columns.get("layout/umap");
    const side = 0.9 * Math.min(plot.width, plot.height); // as one sees all of it
    let count = 0;
    for (let i = 0; i < x.length; i++) {
        const px = plot.left + plot.width / 2 + (x[i] - 0.5) * side;
        const py = plot.top + plot.height / 2 - (y[i] - 0.5) * side;
        count += boxes.some((b) => px > b.x && px < b.x + b.width && py > b.y && py < b.y + b.height);
    }
    return count;
}"""


def test_the_list_of_colors_stands_beside_the_points(page_of: PageOf, addresses: dict[str, str]) -> None:
    page = opened(page_of(850, 600), addresses["pbmc"])
    do(page, type="colorBy", color={"kind": "obs", "name": "bulk_labels"})
    legend = page.get_by_role("region", name="Colors of bulk_labels")
    names = legend.get_by_role("button", name="bulk_labels", exact=True)
    tools = page.get_by_role("toolbar", name="Plot tools")
    for width, height in ((850, 600), (800, 600), (900, 700), (1000, 700), (700, 450)):
        page.set_viewport_size({"width": width, "height": height})
        expect(names).to_have_attribute("aria-expanded", "true")
        page.evaluate(NEXT_FRAME)
        boxes = [legend.bounding_box(), tools.bounding_box()]
        assert page.evaluate(COVERED, boxes) == 0, (width, boxes)
    names.click()
    wide = page.get_by_role("application").first.bounding_box()
    assert wide and wide["width"] == 620  # folded, it leaves its room to the points


def rectangles(page: Page) -> Any:
    """The plots, and what one does with them."""
    return page.evaluate(
        """() => {
            const boxes = (wanted) => [...document.querySelectorAll(wanted)].map((each) => {
                const { left, top, right, bottom } = each.getBoundingClientRect();
                return { left, top, right, bottom, what: each.ariaLabel ?? each.className };
            });
            const beside = '[role=toolbar], figure, section[data-kind], ul[aria-label="Colors of phase"], '
                + 'button[aria-label*="anel "], [aria-label^="The filter"], [class*=numbers]';
            return [boxes("main [role=application]"), boxes(`main :is(${beside})`)];
        }"""
    )


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (1000, 700)])
def test_many_plots_have_what_belongs_to_them_beside_their_points(
    page_of: PageOf, addresses: dict[str, str], width: int, height: int
) -> None:
    page = opened(page_of(width, height), addresses["pbmc"])
    do(page, type="onlyCategory", column="bulk_labels", value="CD34+")
    genes = [{"embedding": None, "color": {"kind": "gene", "name": name}, "only": None} for name in GENES]
    phase = {"embedding": None, "color": {"kind": "obs", "name": "phase"}, "only": None}
    for panels in (genes[:1], [*genes, phase]):
        for color in ({"kind": "gene", "name": "NKG7"}, {"kind": "obs", "name": "bulk_labels"}):
            act(page.main_frame, {"type": "setState", "state": {"panels": panels, "color": color}})
            legend = page.get_by_role("figure", name="Colors of NKG7")
            expect(legend).to_have_count(int(color["kind"] == "gene"))
            expect(page.locator("main [class*=gradient]")).to_have_count(min(2, len(panels)))
            expect(page.get_by_role("list", name="Colors of phase")).to_have_count(int(len(panels) > 2))
            page.evaluate(NEXT_FRAME)
            plots, others = rectangles(page)
            assert len(plots) == len(panels) + 1 and len(others) > 2 + 2 * len(panels)
            for a in plots:
                for b in others:
                    apart = (
                        a["right"] <= b["left"] + 1
                        or b["right"] <= a["left"] + 1
                        or a["bottom"] <= b["top"] + 1
                        or b["bottom"] <= a["top"] + 1
                    )
                    assert apart, (a, b)
            sizes = {(round(a["right"] - a["left"]), round(a["bottom"] - a["top"])) for a in plots}
            assert max(w for w, _ in sizes) - min(w for w, _ in sizes) <= 1, sizes
            assert max(h for _, h in sizes) - min(h for _, h in sizes) <= 1, sizes


GENES = ["LYZ", "CD3D"]


def test_a_bar_has_the_ink_of_its_swatch_where_there_is_no_label(page: Page) -> None:
    do(page, type="colorBy", color={"kind": "obs", "name": "gaps"})
    do(page, type="setExpanded", column="gaps", open=True)
    box = page.get_by_role("checkbox", name="(missing)")
    row = page.get_by_role("list", name="gaps").get_by_role("listitem").filter(has=box)
    expect(row.locator("[class*=barSelected]")).to_be_visible()
    inks = row.locator("[class*=swatch], [class*=barSelected]").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).backgroundColor)"
    )
    assert len(inks) == 2 and inks[0] == inks[1] != "rgba(0, 0, 0, 0)"
