"""For everyone: axe finds nothing in any state, keys do what their sheet says, nothing moves unasked."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import violations
from tests.browser.jupyter import ready
from tests.browser.test_notebook import do, settled, until
from tests.cli.test_serve import serving

PageOf = Callable[..., Page]
GENE = {"kind": "gene", "name": "CST3"}
LABELS = {"kind": "obs", "name": "bulk_labels"}
PICTURES = Path(os.environ.get("CXG_SCREENSHOTS", "build/everyone"))

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"width": 1400, "height": 900},
    "dark": {"width": 1400, "height": 900, "color_scheme": "dark"},
    "more-contrast": {"width": 1400, "height": 900, "contrast": "more"},
    "forced-colors": {"width": 1400, "height": 900, "forced_colors": "active"},
    "compact": {"width": 700, "height": 450},
    "compact-dark": {"width": 700, "height": 450, "color_scheme": "dark"},
    "narrow": {"width": 360, "height": 740, "has_touch": True},
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with pbmc68k_reduced, where everybody is a visitor."""
    import scanpy as sc

    home = tmp_path_factory.mktemp("everyone")
    adata = sc.datasets.pbmc68k_reduced()
    adata.write_h5ad(home / "pbmc68k.h5ad")
    environment = {
        **os.environ,
        "CXG_SNAPSHOT_DIR": str(home / "snapshots"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "CXG_TOKEN": "",
    }
    with serving([home / "pbmc68k.h5ad", "--auth=none"], environment) as server:
        server.listening()
        yield server.url


@pytest.fixture
def opened(address: str, page_of: PageOf) -> Callable[..., Page]:
    """``opened("dark")``: the viewer in one of `LOOKS`."""

    def open_page(look: str = "light", **options: Any) -> Page:
        page = page_of(**{**LOOKS[look], **options})
        page.goto(address)
        ready(page.main_frame)
        settled(page.main_frame)
        return page

    return open_page


def press(*keys: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return act


def button(name: str) -> Callable[[Page], None]:
    """Press a button, or choose it from the menu where there is no room for it."""

    def act(page: Page) -> None:
        found = page.get_by_role("button", name=name, exact=True)
        if found.count():
            found.first.click()
        else:
            page.get_by_role("button", name="More", exact=True).click()
            page.get_by_role("menuitem", name=name).click()

    return act


def doing(*actions: dict[str, Any]) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for action in actions:
            do(page.main_frame, action)

    return act


def find_something(page: Page) -> None:
    press("/")(page)
    if page.get_by_role("combobox").count() == 0:
        page.get_by_role("button", name="Find a gene, column or category").click()
    page.get_by_role("combobox").first.fill("CD")
    expect(page.get_by_role("option").first).to_be_visible()


def offline(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("__cxg.viewer.do({ type: 'colorBy', color: { kind: 'gene', name: 'FCER1G' } })")
    expect(page.get_by_text("Server not reachable, retrying").first).to_be_visible()


def fails(page: Page) -> None:
    """A column that the server cannot give."""

    def refuse(route: Route) -> None:
        route.fulfill(status=500, json={"code": "error", "message": "It broke."})

    page.route("**/ask", refuse)
    doing(
        {"type": "setExpanded", "column": "percent_mito", "open": True},
        {"type": "addGenes", "genes": ["LST1"]},
        {"type": "colorBy", "color": {"kind": "gene", "name": "LST1"}},
    )(page)
    expect(page.get_by_role("alert").first).to_be_visible()


FILTERS = [
    {"kind": "categories", "column": "bulk_labels", "mode": "include", "values": ["Dendritic", "CD34+"]},
    {"kind": "range", "source": {"kind": "obs", "name": "n_genes"}, "min": 500, "max": 900},
]

STATES: dict[str, Callable[[Page], None]] = {
    "first": lambda page: None,
    "filtered": doing({"type": "setFilters", "filters": FILTERS}, {"type": "setTool", "tool": "rectangle"}),
    "gene": doing({"type": "addGenes", "genes": ["CST3", "NKG7"]}, {"type": "colorBy", "color": GENE}),
    "every-list": doing(
        *({"type": "setExpanded", "column": name, "open": True} for name in ("bulk_labels", "louvain")),
        {"type": "colorBy", "color": LABELS},
    ),
    "keys": press("?"),
    "views": button("Views"),
    "menu": lambda page: page.get_by_role("button", name="More", exact=True).click(),
    "embeddings": lambda page: page.get_by_role("button", name=re.compile("Embedding")).first.click(),
    "find": find_something,
    "compare": doing({"type": "setDock", "tab": "compare"}),
    "figures": doing({"type": "setDock", "tab": "figures"}),
    "annotations": doing({"type": "setDock", "tab": "annotations"}),
    "scatter": doing(
        {"type": "setScatter", "axis": "x", "gene": "CST3"},
        {"type": "setScatter", "axis": "y", "gene": "NKG7"},
    ),
    "panels": doing(
        {"type": "setPanels", "panels": [{"embedding": "pca", "color": GENE, "only": None}]},
    ),
    "cells": press("["),
    "genes": press("]"),
    "offline": offline,
    "fails": fails,
}


SOME = ("first", "filtered", "gene", "views", "compare", "fails")
"""States that have all kinds of colors."""

# while suggestions are open, react-aria hides the rest of the page; the focus cannot leave the field
WITHIN = {"find": ("[role=combobox]", "[role=listbox]")}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(opened: Callable[..., Page], look: str) -> None:
    page = opened(look)
    first = page.evaluate("__cxg.viewer.committed()")
    found = {}
    for name in STATES if look in ("light", "compact") else SOME:
        STATES[name](page)
        settled_where_it_can(page, name)
        problems = violations(page, *WITHIN.get(name, ()))
        if problems:
            found[name] = problems
        shot(page, f"{look}-{name}")
        back_to(page, first)
    assert not found, report(found)


def back_to(page: Page, first: dict[str, Any]) -> None:
    """The page as it was opened."""
    page.context.set_offline(False)
    page.unroute_all()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("header[inert], header[aria-hidden]")).to_have_count(0)  # menus are closed
    page.evaluate("document.activeElement?.blur()")
    page.evaluate("(state) => __cxg.viewer.do({ type: 'setState', state })", first)


def settled_where_it_can(page: Page, name: str) -> None:
    if name not in ("offline", "fails"):
        settled(page.main_frame)
    page.evaluate(MOVED)


MOVED = """() => Promise.all(document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished.catch(() => {})))"""


def report(found: dict[str, list[dict[str, Any]]]) -> str:
    lines = [
        f"{state}: {problem['id']} ({problem['help']})\n    " + "\n    ".join(problem["nodes"])
        for state, problems in found.items()
        for problem in problems
    ]
    return "\n" + "\n".join(lines)


def shot(page: Page, name: str) -> None:
    """Keep a picture for those who want to look."""
    if "CXG_LOOK" in os.environ:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")


def test_every_key_of_the_sheet_does_what_it_says(opened: Callable[..., Page]) -> None:
    page = opened()
    page.keyboard.press("?")
    sheet = page.get_by_role("region", name="Keyboard shortcuts")
    told = set(sheet.locator("kbd").all_inner_texts())
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    assert {"/", "L", "R", "P", "+", "−", "0", "[", "]", "V", "D", "Esc", "?"} <= told

    for key, tool in (("r", "rectangle"), ("p", "pan"), ("l", "lasso")):
        page.keyboard.press(key)
        assert view(page)["tool"] == tool
    page.keyboard.press("+")
    until(page.main_frame, "state.view.camera.zoom > 1")
    page.keyboard.press("-")
    until(page.main_frame, "state.view.camera.zoom <= 1")
    page.keyboard.press("+")
    until(page.main_frame, "state.view.camera.zoom > 1")
    page.keyboard.press("0")
    until(page.main_frame, "state.view.camera.zoom === 1 && state.view.camera.x === 0.5")
    for key, side in (("[", "cells"), ("]", "genesPanel")):
        was = view(page)[side]["open"]
        page.keyboard.press(key)
        assert view(page)[side]["open"] is not was
        page.keyboard.press(key)
    page.keyboard.press("d")
    assert view(page)["dock"]["tab"] is not None
    page.keyboard.press("d")
    page.keyboard.press("v")
    expect(page.get_by_role("region", name="Views")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("/")
    page.keyboard.type("cst3")
    expect(page.get_by_role("option").first).to_contain_text("CST3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("figure", name="Colors of CST3")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("figure", name="Colors of CST3")).to_have_count(0)
    page.keyboard.press("Control+Shift+Z")
    expect(page.get_by_role("figure", name="Colors of CST3")).to_be_visible()


def view(page: Page) -> dict[str, Any]:
    settled(page.main_frame)
    found: dict[str, Any] = page.evaluate("__cxg.viewer.committed()")
    return found


def test_the_selection_is_read_out(opened: Callable[..., Page]) -> None:
    page = opened()
    doing({"type": "colorBy", "color": LABELS}, {"type": "setFilters", "filters": FILTERS[:1]})(page)
    said = page.get_by_role("status").filter(has_text="cells selected")
    expect(said).to_have_text(
        re.compile(r"^\d+ of 700 cells selected\. By bulk_labels: Dendritic \d+ %, CD34\+ \d+ %\.$")
    )


def test_nothing_moves_for_who_wants_no_motion(opened: Callable[..., Page]) -> None:
    page = opened(reduced_motion="reduce")
    page.keyboard.press("v")
    expect(page.get_by_role("region", name="Views")).to_be_visible()
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((element) => {
            const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
            const lasts = (text) => text.split(",").some((part) => parseFloat(part) > 0.02);
            return lasts(transitionDuration) || (animationName !== "none" && lasts(animationDuration));
        }).map((element) => element.outerHTML.slice(0, 200))"""
    )
    assert moving == []


@pytest.mark.parametrize(("width", "height"), [(360, 640), (600, 400), (700, 450), (1100, 700), (3840, 2160)])
def test_nothing_is_cut_at_any_size(opened: Callable[..., Page], width: int, height: int) -> None:
    page = opened(width=width, height=height)
    doing({"type": "addGenes", "genes": ["CST3"]}, {"type": "colorBy", "color": GENE})(page)
    outside = page.evaluate(
        """() => [...document.querySelectorAll("button, input, header, footer, main")]
            .filter((element) => element.checkVisibility({ visibilityProperty: true }))
            .filter((element) => !element.closest("[inert]"))
            .filter((element) => {
                const box = element.getBoundingClientRect();
                return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
            }).map((element) => element.outerHTML.slice(0, 160))"""
    )
    assert outside == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    plot = page.get_by_role("application").first.bounding_box()
    assert plot and plot["width"] >= width / 2
    shot(page, f"size-{width}")


def test_no_point_is_as_dark_as_the_dark_theme(opened: Callable[..., Page]) -> None:
    page = opened("dark")
    doing({"type": "colorBy", "color": GENE})(page)
    stops = page.locator("figure stop").evaluate_all(
        "(found) => found.map((stop) => stop.getAttribute('stop-color'))"
    )
    lowest = [int(part) for part in re.findall(r"\d+", stops[0])]
    background = (0x14, 0x17, 0x1C)
    assert ratio(lowest, background) > 1.7
    doing({"type": "setTheme", "theme": "light"})(page)
    stops = page.locator("figure stop").evaluate_all(
        "(found) => found.map((stop) => stop.getAttribute('stop-color'))"
    )
    assert stops[0] == "rgb(68 1 84)"  # viridis as scanpy has it


def ratio(a: Sequence[int], b: Sequence[int]) -> float:
    """Contrast as WCAG has it."""

    def luminance(color: Sequence[int]) -> float:
        parts = [c / 255 for c in color]
        linear: list[float] = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", ["compact", "narrow"])
def test_the_color_bar_covers_no_points_in_a_small_view(opened: Callable[..., Page], look: str) -> None:
    page = opened(look)
    doing({"type": "colorBy", "color": GENE})(page)
    bar = page.get_by_role("figure", name="Colors of CST3").bounding_box()
    plot = page.get_by_role("application").first.bounding_box()
    assert bar and plot and plot["y"] + plot["height"] <= bar["y"] + 1


def test_a_server_that_is_away_is_said_and_comes_back(opened: Callable[..., Page]) -> None:
    page = opened()
    offline(page)
    doing_offline = "__cxg.viewer.do({ type: 'setFilters', filters: [%s] })"
    page.evaluate(doing_offline % str(FILTERS[0]).replace("'", '"'))
    expect(page.get_by_test_id("tally")).not_to_have_text("700 of 700 cells")
    page.keyboard.press("d")  # a part of the page that was not loaded yet
    page.context.set_offline(False)
    expect(page.get_by_text("Server not reachable, retrying")).to_have_count(0, timeout=20_000)
    expect(page.get_by_role("figure", name="Colors of FCER1G")).to_be_visible()
    expect(page.get_by_role("tabpanel").first).to_be_visible(timeout=20_000)


def test_an_error_leaves_the_rest_of_the_page(opened: Callable[..., Page]) -> None:
    page = opened()
    # a bug: a list of genes that cannot be drawn
    page.evaluate(
        "() => { const { store } = __cxg.viewer; const { view } = store.getState();"
        "store.setState({ view: { ...view, genes: null } }); }"
    )
    expect(page.get_by_text("The genes panel could not be drawn")).to_be_visible()
    expect(page.get_by_role("application").first).to_be_visible()
    expect(page.get_by_test_id("tally")).to_have_text("700 of 700 cells")
    page.evaluate("() => __cxg.viewer.do({ type: 'addGenes', genes: [] })")
