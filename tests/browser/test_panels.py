"""Plots side by side, two genes against each other, points and the tissue image beneath them."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserType, Locator, Page, Route, expect

from tests.browser.jupyter import browser_path, ready, reload
from tests.browser.pixels import plot
from tests.cli.test_serve import serving


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import scanpy

    folder = tmp_path_factory.mktemp("panels")
    adata = scanpy.datasets.pbmc68k_reduced()
    # cells of one category on the left, on a picture that is red above and green below
    left = (adata.obs["bulk_labels"] == "Dendritic").to_numpy()
    rng = np.random.default_rng(0)
    across = np.where(left, 100, 500) + rng.uniform(0, 300, adata.n_obs)
    adata.obsm["spatial"] = np.column_stack([across, rng.uniform(100, 800, adata.n_obs)])
    picture = np.zeros((90, 90, 3))
    picture[:45, :, 0] = picture[45:, :, 1] = 1
    adata.uns["spatial"] = {
        "section": {
            "images": {"hires": picture},
            "scalefactors": {"tissue_hires_scalef": 0.1, "spot_diameter_fullres": 4.0},
        }
    }
    adata.write_h5ad(folder / "pbmc.h5ad")
    environment = {**os.environ, "CXG_SNAPSHOT_DIR": str(folder / "snapshots"), "CXG_TOKEN": ""}
    with serving([folder / "pbmc.h5ad", "--auth=none"], environment) as server:
        yield server.listening().url


@pytest.fixture
def page(address: str, page_of: Callable[..., Page]) -> Page:
    return opened(page_of(1300, 850), address)


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    ready(page.main_frame)
    return page


def do(page: Page, **action: Any) -> None:
    page.evaluate("action => window.__cxg.viewer.do(action)", action)
    settled(page)


def settled(page: Page) -> None:
    page.evaluate("() => window.__cxg.settled()")


def view(page: Page) -> Any:
    return page.evaluate("() => window.__cxg.viewer.committed()")


def selected(page: Page) -> list[int]:
    settled(page)
    found: list[int] = page.evaluate(
        "() => [...window.__cxg.viewer.counts.selected()].flatMap((on, i) => (on ? [i] : []))"
    )
    return found


def drag(page: Page, box: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place to another, as parts of the box."""
    at = box.bounding_box()
    assert at is not None
    (x0, y0), (x1, y1) = ((at["x"] + at["width"] * x, at["y"] + at["height"] * y) for x, y in (start, end))
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2, steps=3)
    page.mouse.move(x1, y1)
    page.mouse.up()


def scatter(page: Page) -> Locator:
    return page.get_by_role("application", name="CD3D against LYZ")


# ── two genes against each other ──


def test_cells_are_selected_by_two_genes(page: Page) -> None:
    do(page, type="setScatter", axis="x", gene="cd3d")
    expect(page.get_by_text("Choose a gene for y")).to_be_visible()
    page.get_by_label("Gene on the y axis").fill("lyz")
    page.get_by_role("option", name="LYZ", exact=True).click()
    expect(scatter(page)).to_be_visible()
    do(page, type="setTool", tool="rectangle")
    drag(page, scatter(page), (0.4, 0.5), (0.99, 0.99))  # much CD3D, little LYZ
    chip = page.get_by_role("button", name="The filter Rectangle in CD3D × LYZ", exact=True)
    expect(chip).to_be_visible()
    chosen = selected(page)

    values = page.evaluate(
        "() => ['gene/CD3D', 'gene/LYZ'].map(key => [...window.__cxg.viewer.columns.get(key).values])"
    )
    (step,) = view(page)["filters"][0]["steps"]
    (x0, y0), (x1, y1) = step["points"]
    places = [(np.array(v) - min(v)) / (max(v) - min(v)) for v in values]
    inside = (places[0] >= min(x0, x1)) & (places[0] <= max(x0, x1))
    inside &= (places[1] >= min(y0, y1)) & (places[1] <= max(y0, y1))
    assert 0 < len(chosen) < 300 and chosen == np.flatnonzero(inside).tolist()

    # the filter outlives the plot, comes with a link, and undo takes it back
    page.get_by_role("button", name="Close the scatter plot").click()
    expect(scatter(page)).to_have_count(0)
    assert selected(page) == chosen
    reload(page)
    assert selected(page) == chosen
    expect(chip).to_be_visible()
    page.get_by_role("button", name="Remove the filter Rectangle in CD3D × LYZ").click()
    assert len(selected(page)) == 700
    page.get_by_role("button", name="Undo").click()
    assert selected(page) == chosen


def test_a_click_on_nothing_clears_the_region_of_the_scatter_alone(page: Page) -> None:
    do(page, type="setScatter", axis="x", gene="CD3D")
    do(page, type="setScatter", axis="y", gene="LYZ")
    do(page, type="setTool", tool="rectangle")
    drag(page, page.get_by_role("application", name="Embedding"), (0.3, 0.2), (0.6, 0.7))
    before = selected(page)
    drag(page, scatter(page), (0.02, 0.02), (0.5, 0.99))
    assert len(selected(page)) < len(before)
    at = scatter(page).bounding_box()
    assert at is not None
    page.mouse.click(at["x"] + at["width"] * 0.9, at["y"] + at["height"] * 0.1)
    assert selected(page) == before


def test_an_unknown_gene_is_said_and_changes_nothing(page: Page) -> None:
    page.evaluate("v => window.__cxg.viewer.do({type: 'setScatter', axis: 'x', gene: 'NOPE1'})")
    expect(page.get_by_text("NOPE1")).to_be_visible()
    assert view(page)["scatter"] == {"x": None, "y": None}


# ── panels ──


def test_a_panel_has_a_color_and_an_embedding_of_its_own(page: Page) -> None:
    page.get_by_role("button", name="Panels", exact=True).click()
    page.get_by_role("menuitem", name="Add a panel").click()
    second = page.get_by_role("application", name="Panel 2: umap")
    expect(second).to_be_visible()
    page.get_by_role("button", name="Embedding of panel 2").click()
    page.get_by_role("menuitemradio", name="pca").click()
    page.get_by_role("button", name="Color of panel 2").click()
    page.get_by_role("menuitemradio", name="louvain", exact=True).click()
    expect(page.get_by_role("list", name="Colors of louvain")).to_be_visible()
    panel = view(page)["panels"][0]
    assert panel == {"embedding": "pca", "color": {"kind": "obs", "name": "louvain"}, "only": None}
    do(page, type="setTool", tool="rectangle")
    third = page.get_by_role("application", name="Panel 2: pca")
    drag(page, third, (0.2, 0.2), (0.6, 0.9))
    assert view(page)["filters"][0]["embedding"] == "pca"
    expect(page.get_by_role("button", name="The filter Rectangle in pca", exact=True)).to_be_visible()
    page.get_by_role("button", name="Close panel 2").click()
    expect(third).to_have_count(0)


def test_panels_of_one_embedding_move_together_unless_unlinked(page: Page) -> None:
    same = {"embedding": None, "color": None, "only": None}
    do(page, type="setPanels", panels=[same, {**same, "embedding": "pca"}])
    do(page, type="setTool", tool="pan")
    expect(page.get_by_role("application")).to_have_count(3)  # the first one has the size that it keeps
    first = page.get_by_role("application", name="Embedding")
    drag(page, first, (0.5, 0.5), (0.6, 0.7))
    page.wait_for_function("() => window.__cxg.viewer.committed().camera.x !== 0.5")
    state = view(page)
    assert state["panelCameras"][0] == state["camera"] and state["panelCameras"][1]["x"] == 0.5
    do(page, type="linkCameras", linked=False)
    drag(page, page.get_by_role("application", name="Panel 2"), (0.5, 0.5), (0.3, 0.5))
    page.wait_for_function(
        "before => window.__cxg.viewer.committed().panelCameras[0].x !== before", arg=state["camera"]["x"]
    )
    assert view(page)["camera"] == state["camera"]


def test_a_category_is_split_over_panels(page: Page) -> None:
    page.get_by_role("button", name="Panels", exact=True).click()
    page.get_by_role("menuitemradio", name="bulk_labels").click()
    expect(page.get_by_role("application")).to_have_count(11)
    title = page.get_by_role("application", name="CD14+ Monocyte").locator("xpath=..")
    expect(title).to_contain_text("129")
    assert len(selected(page)) == 700  # looking at one is no filter
    do(page, type="onlyCategory", column="louvain", value="1")
    expect(title).to_contain_text("/129")
    page.get_by_role("button", name="Panels", exact=True).click()
    page.get_by_role("menuitem", name="Only the first panel").click()
    expect(page.get_by_role("application")).to_have_count(1)


def test_the_cell_under_the_pointer_is_ringed_in_all_plots(page: Page) -> None:
    do(page, type="setPanels", panels=[{"embedding": "pca", "color": None, "only": None}])
    expect(page.get_by_role("application")).to_have_count(2)
    first = page.get_by_role("application", name="Embedding")
    at = first.bounding_box()
    place = page.evaluate(
        "() => { const { x, y } = window.__cxg.viewer.columns.get('layout/umap'); return [x[5], y[5]] }"
    )
    assert at is not None
    side = min(at["width"], at["height"]) * 0.9
    page.mouse.move(
        at["x"] + at["width"] / 2 + (place[0] - 0.5) * side,
        at["y"] + at["height"] / 2 - (place[1] - 0.5) * side,
    )
    expect(page.locator("[role=application] svg circle")).to_have_count(2)
    expect(page.locator("[role=application] > div[role=status]")).to_have_count(1)  # the card, once
    page.mouse.move(5, 5)
    expect(page.locator("[role=application] svg circle")).to_have_count(0)


# ── points, zoom, touch ──


def test_points_change_their_size_and_opacity_by_keys(page: Page) -> None:
    ink = int((plot(page.main_frame) != 255).any(axis=2).sum())
    page.get_by_role("button", name="Look of the points").click()
    size = page.get_by_role("slider", name="Point size")
    size.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert view(page)["pointSize"] == 2
    page.get_by_role("slider", name="Opacity", exact=True).focus()
    page.keyboard.press("Home")
    assert view(page)["opacity"] == pytest.approx(0.05)
    page.get_by_role("button", name="As at first").click()
    assert (view(page)["pointSize"], view(page)["opacity"]) == (1, 1)
    page.keyboard.press("Escape")
    do(page, type="setPoints", size=3)
    assert int((plot(page.main_frame) != 255).any(axis=2).sum()) > 1.5 * ink


def test_zoom_goes_on_and_points_stay_where_they_are(page: Page) -> None:
    place = page.evaluate(
        "() => { const { x, y } = window.__cxg.viewer.columns.get('layout/umap'); return [x[5], y[5]] }"
    )
    do(page, type="setCamera", camera={"x": place[0], "y": place[1], "zoom": 500_000})
    picture = plot(page.main_frame)
    middle = picture[picture.shape[0] // 2, picture.shape[1] // 2]
    assert int(middle.max()) - int(middle.min()) > 30  # that cell, in its color


def test_a_finger_draws_a_lasso(address: str, page_of: Callable[..., Page]) -> None:
    page = opened(page_of(390, 720, has_touch=True, is_mobile=True), address)
    box = page.get_by_role("application").bounding_box()
    assert box is not None
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, x: float, y: float) -> None:
        where = [{"x": box["x"] + box["width"] * x, "y": box["y"] + box["height"] * y}]
        points = [] if kind == "touchEnd" else where
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", 0.1, 0.3)
    for x, y in [(0.9, 0.3), (0.9, 0.5), (0.5, 0.6), (0.1, 0.5)]:
        finger("touchMove", x, y)
    finger("touchEnd", 0.1, 0.5)
    (region,) = view(page)["filters"]
    assert region["kind"] == "region" and region["steps"][0]["shape"] == "lasso"
    assert 0 < len(selected(page)) < 700


# ── what lies beneath, and what draws ──


def test_the_tissue_image_lies_beneath_the_right_way_up(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        image = b"image?name" in (route.request.post_data_buffer or b"")
        held.append(route) if image else route.continue_()

    page.route(lambda url: "/cxg/d/" in url, hold)
    do(page, type="setEmbedding", embedding="spatial")
    expect(page.get_by_role("progressbar", name="Loading the tissue image")).to_be_visible()
    for route in held:
        route.continue_()
    page.wait_for_function("() => window.__cxg.viewer.store.getState().images['section/hires'] === 'ready'")
    settled(page)
    picture = plot(page.main_frame)
    height, width, _ = picture.shape
    upper, lower = picture[height // 4, :width].astype(int), picture[3 * height // 4, :width].astype(int)
    assert (np.abs(upper - [255, 0, 0]).max(axis=1) < 3).mean() > 0.3
    assert (np.abs(lower - [0, 255, 0]).max(axis=1) < 3).mean() > 0.3
    # places count downwards, as in the image: the cell with the smallest is on top
    y = page.evaluate("() => [...window.__cxg.viewer.columns.get('layout/spatial').y]")
    rng = np.random.default_rng(0)
    rng.uniform(0, 300, 700)
    assert int(np.argmax(y)) == int(np.argmin(rng.uniform(100, 800, 700)))
    page.get_by_role("button", name="Look of the points").click()
    page.get_by_role("checkbox", name="Tissue image").click(force=True)
    settled(page)
    assert (np.abs(plot(page.main_frame).astype(int) - [255, 0, 0]).max(axis=2) < 3).mean() < 0.02


def test_a_browser_without_webgl2_says_so_and_draws(address: str, browser_type: BrowserType) -> None:
    arguments = ["--disable-gpu", "--disable-software-rasterizer"]
    browser = browser_type.launch(executable_path=browser_path(), args=arguments)
    try:
        page = opened(browser.new_page(), address)
        expect(page.get_by_text("This browser has no WebGL2")).to_be_visible()
        assert (plot(page.main_frame) != 255).any()
    finally:
        browser.close()
