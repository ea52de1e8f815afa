"""The ways of working on a hundred thousand cells, each with the numbers that numpy and scanpy have."""

import base64
import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scanpy as sc
from matplotlib.path import Path as Polygon
from playwright.sync_api import Browser, Page, expect

from tests.browser.jupyter import ready
from tests.browser.pixels import close, frequent, plot, rgb
from tests.browser.test_annotate_page import TOKEN, root, running, stored
from tests.browser.test_compare import cells_of, check, result
from tests.cli.test_serve import Serving
from tests.reference.large import N_CELLS, N_GENES, large_adata

WAIT = 30_000  # ms: the first comparison of a server loads its kernels
GENES = ["GENE3", "GENE5", "GENE8", "GENE13"]
Mask = Any


@pytest.fixture(scope="module")
def adata() -> Any:
    return large_adata()


@pytest.fixture(scope="module")
def served(adata: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("large")
    adata.write_h5ad(folder / "cells.h5ad")
    with running(folder / "cells.h5ad", folder) as server:
        yield server


@pytest.fixture(scope="module")
def opened(served: Serving, browser: Browser) -> Iterator[tuple[Page, dict[str, Any]]]:
    """The page, and what it shows at first."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(f"{root(served)}?token={TOKEN}")
    ready(page.main_frame)
    settled(page)
    yield page, view(page)
    context.close()


@pytest.fixture
def page(opened: tuple[Page, dict[str, Any]]) -> Page:
    """The viewer with everything as at first."""
    page, first = opened
    page.keyboard.press("Escape")
    page.mouse.move(700, 2)
    do(page, {"type": "setState", "state": {**first, "color": None, "expanded": ["kind"]}})
    expect(tally(page)).to_have_text("100 000 of 100 000 cells")
    return page


def do(page: Page, *actions: dict[str, Any]) -> None:
    page.evaluate("actions => { for (const a of actions) window.__cxg.viewer.do(a) }", [*actions])
    settled(page)


def settled(page: Page) -> None:
    page.evaluate("() => window.__cxg.settled()")


def view(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("() => window.__cxg.viewer.committed()")
    return found


def numbers(page: Page, what: str, dtype: Any) -> Any:
    """A typed array of the page, by its bytes: a hundred thousand numbers take long as text."""
    text = page.evaluate(
        f"""() => {{
            const {{ viewer }} = window.__cxg;
            const values = {what};
            const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
            let text = "";
            for (let at = 0; at < bytes.length; at += 0x8000)
                text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
            return btoa(text);
        }}"""
    )
    return np.frombuffer(base64.b64decode(text), dtype)


def selected(page: Page) -> Mask:
    settled(page)
    return numbers(page, "viewer.counts.selected()", np.uint8).astype(bool)


def holds(page: Page, expected: Mask) -> None:
    """These cells are selected, and the status line says how many."""
    expected = np.asarray(expected)
    np.testing.assert_array_equal(selected(page), expected)
    expect(tally(page)).to_have_text(f"{words(expected.sum())} of 100 000 cells")


def words(count: int) -> str:
    """As the page writes it: thousands apart from five digits on."""
    return f"{count:,}".replace(",", " ") if count >= 10_000 else str(count)


def tally(page: Page) -> Any:
    return page.get_by_test_id("tally")


def embedding(page: Page) -> Any:
    return page.get_by_role("application").first


def points(page: Page, name: str = "umap") -> Any:
    """(n, 2) as the viewer draws them."""
    both = [numbers(page, f"viewer.columns.get('layout/{name}').{axis}", np.float32) for axis in "xy"]
    return np.stack(both, axis=1)


def counted(page: Page, column: str, part: str) -> list[int]:
    settled(page)
    found: list[int] = page.evaluate(
        "([column, part]) => [...window.__cxg.viewer.counts.categories(column)[part]]", [column, part]
    )
    return found


def drag(page: Page, box: Any, *places: tuple[float, float]) -> None:
    """Along places that are parts of the box."""
    at = box.bounding_box()
    assert at is not None
    steps = [(at["x"] + at["width"] * x, at["y"] + at["height"] * y) for x, y in places]
    page.mouse.move(*steps[0])
    page.mouse.down()
    for step in steps[1:]:
        page.mouse.move(*step, steps=4)
    page.mouse.up()


def only(column: str, value: str) -> dict[str, Any]:
    return {"type": "onlyCategory", "column": column, "value": value}


def of_range(name: str, low: float, high: float) -> dict[str, Any]:
    return {"type": "setRange", "source": {"kind": "obs", "name": name}, "min": low, "max": high}


# ── looking ──


def test_the_first_picture_has_all_cells_at_their_places(page: Page, adata: Any) -> None:
    theirs = adata.obsm["X_umap"]
    low, high = theirs.min(axis=0), theirs.max(axis=0)
    placed = (theirs - (low + high) / 2) / (high - low).max() + 0.5
    np.testing.assert_allclose(points(page), placed, atol=2e-5)
    do(page, {"type": "colorBy", "color": {"kind": "obs", "name": "kind"}}, only("kind", "kind 03"))
    do(page, {"type": "subset"})
    color = rgb(sc.pl.palettes.default_102[3])
    assert any(close(color, seen, 8) for seen in frequent(plot(page.main_frame), 3))
    assert (
        counted(page, "barcode", "total")
        == np.bincount(adata.obs["barcode"].cat.codes[adata.obs["kind"] == "kind 03"], minlength=300).tolist()
    )


def test_colors_are_the_values_of_a_gene_and_the_mean_of_a_set(page: Page, adata: Any) -> None:
    page.get_by_role("combobox", name="Find a gene, column or category").fill("gene13")
    page.keyboard.press("Enter")
    page.wait_for_function("() => __cxg.viewer.store.getState().view.color?.name === 'GENE13'")
    settled(page)
    expected = adata[:, "GENE13"].X.toarray().ravel()
    found = numbers(page, "Float32Array.from(viewer.columns.get('gene/GENE13').values)", np.float32)
    np.testing.assert_array_equal(found, expected)
    bar = page.get_by_role("figure", name="Colors of GENE13")
    expect(bar).to_be_visible()

    page.evaluate("genes => window.__cxg.viewer.sets.create('four', genes)", GENES)
    page.get_by_role("button", name="Color by four").click()
    expect(page.get_by_role("figure", name="Colors of four")).to_contain_text("four, mean")
    settled(page)
    key = f"set/{json.dumps(['mean', *GENES], separators=(',', ':'))}"
    means = numbers(page, f"Float64Array.from(viewer.columns.get('{key}').values)", np.float64)
    theirs = np.asarray(adata[:, GENES].X.mean(axis=1)).ravel()
    np.testing.assert_allclose(means, theirs, rtol=1e-5, atol=1e-6)


def test_panels_of_a_category_say_how_many_cells_they_have(page: Page, adata: Any) -> None:
    page.get_by_role("button", name="Panels", exact=True).click()
    page.get_by_role("menuitemradio", name="batch").click()
    expect(page.get_by_role("application")).to_have_count(4)
    do(page, only("kind", "kind 01"))
    both = pd.crosstab(adata.obs["kind"], adata.obs["batch"])
    for batch in ("one", "two", "three"):
        panel = page.get_by_role("application", name=f"batch {batch}").locator("xpath=..")
        expect(panel).to_contain_text(f"{both.loc['kind 01', batch]}/{words(both[batch].sum())}")


# ── selecting ──


def test_a_category_is_ticked_off_and_everything_is_counted(page: Page, adata: Any) -> None:
    page.get_by_role("region", name="kind").get_by_role("checkbox", name="kind 00", exact=True).press("Space")
    others = (adata.obs["kind"] != "kind 00").to_numpy()
    holds(page, others)
    for column in ("batch", "barcode"):
        codes = adata.obs[column].cat.codes.to_numpy()
        assert counted(page, column, "selected") == np.bincount(codes[others]).tolist()
    # a column does not count its own filter: one sees what one would get
    kinds = np.bincount(adata.obs["kind"].cat.codes).tolist()
    assert counted(page, "kind", "total") == kinds


def test_numbers_are_brushed_and_missing_ones_never_pass(page: Page, adata: Any) -> None:
    score = page.get_by_role("region", name="score", exact=True)
    expect(score).to_contain_text("missing")
    brush = score.get_by_role("group", name="score")
    drag(page, brush, (0.4, 0.3), (0.7, 0.3))
    (found,) = view(page)["filters"]
    values = adata.obs["score"].to_numpy()
    with np.errstate(invalid="ignore"):
        inside = (values >= found["min"]) & (values <= found["max"])
    assert 20_000 < inside.sum() < 80_000
    holds(page, inside)
    do(page, {"type": "clearFilters"}, of_range("depth", 0, 80))
    holds(page, adata.obs["depth"].between(0, 80))
    # a range that is wider than the data ends where the histogram does
    brush = page.get_by_role("region", name="depth", exact=True).locator("rect.selection")
    expect(brush).to_have_attribute("x", "6")


def test_lasso_and_rectangle_select_the_cells_inside(page: Page) -> None:
    xy = points(page)
    drag(page, embedding(page), (0.3, 0.2), (0.8, 0.3), (0.7, 0.8), (0.45, 0.5), (0.35, 0.75), (0.3, 0.25))
    (region,) = view(page)["filters"]
    (step,) = region["steps"]
    lasso = Polygon(step["points"]).contains_points(xy)
    assert step["shape"] == "lasso" and 1000 < lasso.sum() < 99_000
    assert (selected(page) != lasso).sum() <= 1  # a cell on the very line
    do(page, {"type": "setTool", "tool": "rectangle"})
    page.keyboard.down("Shift")
    drag(page, embedding(page), (0.4, 0.1), (0.6, 0.9))
    page.keyboard.up("Shift")
    corners = np.array(view(page)["filters"][0]["steps"][1]["points"])
    box = ((xy >= corners.min(axis=0)) & (xy <= corners.max(axis=0))).all(axis=1)
    assert (selected(page) != (lasso | box)).sum() <= 1


def test_filters_are_joined_and_inverted(page: Page, adata: Any) -> None:
    do(page, only("kind", "kind 02"), of_range("score", 0.5, 9))
    a = (adata.obs["kind"] == "kind 02").to_numpy()
    b = (adata.obs["score"] >= 0.5).to_numpy()
    holds(page, a & b)
    page.get_by_role("button", name="And; press for or").click()
    holds(page, a | b)
    page.keyboard.press("i")
    holds(page, ~(a | b))


def test_a_subset_of_a_subset_is_counted_and_given_back(page: Page, adata: Any) -> None:
    do(page, only("kind", "kind 00"))
    page.get_by_role("button", name="Subset", exact=True).click()
    inside = (adata.obs["kind"] == "kind 00").to_numpy()
    n = words(inside.sum())
    expect(tally(page)).to_have_text(f"{n} of {n} cells, a subset of 100 000")
    do(page, only("barcode", "barcode 007"), {"type": "subset"})
    both = inside & (adata.obs["barcode"] == "barcode 007").to_numpy()
    expect(tally(page)).to_have_text(f"{both.sum()} of {both.sum()} cells, a subset of 100 000")
    source = {"kind": "obs", "name": "depth"}
    found = page.evaluate(
        """(source) => {
            const { range, total } = window.__cxg.viewer.counts.histogram(source);
            return [range.min, range.max, total.reduce((a, b) => a + b)];
        }""",
        source,
    )
    depth = adata.obs["depth"][both]
    assert found == [depth.min(), depth.max(), both.sum()]
    page.get_by_role("button", name="Reset subset").click()
    page.keyboard.press("Control+z")
    expect(tally(page)).to_have_text(f"{both.sum()} of {both.sum()} cells, a subset of 100 000")
    page.get_by_role("button", name="Reset subset").click()
    holds(page, np.ones(N_CELLS, bool))


def test_neighbors_in_the_graph_join_the_selection(page: Page, adata: Any) -> None:
    do(page, only("kind", "kind 12"), of_range("score", 1, 9))
    mask = selected(page)
    page.get_by_role("button", name="Selection", exact=True).click()
    page.get_by_role("menuitem", name="Add their neighbors").click()
    page.wait_for_function("() => __cxg.viewer.committed().filters[0]?.kind === 'cells'")
    joined = mask | (adata.obsp["connectivities"][mask] != 0).toarray().any(axis=0)
    assert 20 < mask.sum() < joined.sum()
    holds(page, joined)


def test_cells_are_selected_by_two_genes(page: Page, adata: Any) -> None:
    for axis, gene in zip("xy", GENES[:2], strict=True):
        do(page, {"type": "setScatter", "axis": axis, "gene": gene})
    do(page, {"type": "setTool", "tool": "rectangle"})
    scatter = page.get_by_role("application", name="GENE3 against GENE5")
    expect(scatter).to_be_visible()
    drag(page, scatter, (0.3, 0.1), (0.98, 0.7))
    (step,) = view(page)["filters"][0]["steps"]
    low, high = np.sort(np.array(step["points"]), axis=0)
    values = adata[:, GENES[:2]].X.toarray().astype(np.float64)
    places = (values - values.min(axis=0)) / np.ptp(values, axis=0)
    inside = ((places >= low) & (places <= high)).all(axis=1)
    assert inside.any() and (selected(page) != inside).sum() <= 1


def test_undo_goes_back_through_everything_and_redo_forth(page: Page) -> None:
    first = view(page)
    steps = [
        {"type": "colorBy", "color": {"kind": "gene", "name": "GENE5"}},
        only("kind", "kind 04"),
        of_range("score", -1, 1),
        {"type": "subset"},
        {"type": "setEmbedding", "embedding": "pca"},
        {"type": "setClip", "low": 1, "high": 99},
        {"type": "setScatter", "axis": "x", "gene": "GENE3"},
    ]
    for step in steps:
        do(page, step)
    last, cells = view(page), selected(page)
    for _ in steps:
        page.keyboard.press("Control+z")
    holds(page, np.ones(N_CELLS, bool))
    assert view(page) == first
    for _ in steps:
        page.keyboard.press("Control+Shift+z")
    np.testing.assert_array_equal(selected(page), cells)
    assert view(page) == last


# ── comparing ──


def double(adata: Any) -> Any:
    """Values that scanpy sums in double precision, as we do: small p differ else."""
    copy = adata.copy()
    copy.X = copy.X.astype(np.float64)
    return copy


def ranked(adata: Any, group: str, reference: str, key: str = "kind") -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sc.tl.rank_genes_groups(adata, key, groups=[group], reference=reference, method="t-test", pts=True)
    return sc.get.rank_genes_groups_df(adata, group)


def test_two_categories_are_compared_and_the_markers_of_all(page: Page, adata: Any) -> None:
    theirs = double(adata)
    for side, kind in (("a", "kind 00"), ("b", "kind 01")):
        group = {"kind": "category", "column": "kind", "value": kind}
        do(page, {"type": "setGroup", "side": side, "group": group})
    with page.expect_request("**/jobs") as job:
        page.get_by_role("button", name="Compare", exact=True).click()
    assert job.value.method == "POST"
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible(timeout=WAIT)
    expect(grid).to_have_attribute("aria-rowcount", str(N_GENES + 1))
    assert grid.get_by_role("row").count() < 60
    expected = ranked(theirs, "kind 00", "kind 01")
    check(result(page), expected)
    assert [cells_of(grid, row)[0] for row in range(1, 6)] == [*expected["names"][:5]]
    sizes = adata.obs["kind"].value_counts()
    said = rf"{sizes['kind 00']:,} cells against {sizes['kind 01']:,}".replace(",", r"\s")
    expect(page.get_by_text(re.compile(said))).to_be_visible()

    page.get_by_role("button", name="Markers of all categories").click()
    page.get_by_role("menuitem", name="kind", exact=True).click()
    grid = page.get_by_role("grid", name="Genes of Markers of kind")
    expect(grid).to_be_visible(timeout=WAIT)
    expect(grid).to_have_attribute("aria-rowcount", "20001")  # the best 500 of each
    assert grid.get_by_role("row").count() < 60
    markers = result(page)
    check(markers[markers["category"] == "kind 39"], ranked(theirs, "kind 39", "rest"))


# ── annotating ──


def test_half_of_the_cells_get_a_label_that_is_stored(page: Page, served: Serving, adata: Any) -> None:
    do(page, only("kind", "kind 00"))
    n = int((adata.obs["kind"] == "kind 00").sum())
    assert n > 50_000
    page.get_by_role("button", name="Label…").click()
    form = page.get_by_role("dialog", name="Label the selected cells")
    form.get_by_role("combobox", name="Name of the new annotation").fill("mine")
    form.get_by_role("combobox", name="Label", exact=True).fill("most")
    page.keyboard.press("Enter")
    state = page.get_by_test_id("annotations-state")
    expect(state).to_have_text("saved", timeout=15_000)
    assert stored(served) == {"mine": {"most": n, "": N_CELLS - n}}
    expect(page.get_by_role("region", name="mine")).to_contain_text("most")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("region", name="mine")).to_have_count(0)
    expect(state).to_have_text("saved", timeout=15_000)
    assert stored(served) == {}


# ── figures ──


def test_a_dot_plot_has_the_fractions_and_means_of_scanpy(page: Page, adata: Any) -> None:
    do(page, {"type": "addGenes", "genes": GENES})
    do(page, {"type": "setDock", "tab": "figures", "height": 500})
    do(page, {"type": "setFigure", "changes": {"kind": "dot", "by": "kind"}})
    expect(page.get_by_role("img", name=re.compile("^Dot plot of 4 features in 40 groups"))).to_be_visible()
    button = page.get_by_role("button", name="Data (CSV)", exact=True)
    with page.expect_download() as download:
        button.click()
    table = pd.read_csv(Path(download.value.path()))
    theirs = sc.pl.DotPlot(adata, GENES, "kind")
    for column, frame, tolerance in (
        ("fraction", theirs.dot_size_df, 1e-12),
        ("mean", theirs.dot_color_df, 1e-5),  # of single precision
    ):
        ours = table.pivot(index="group", columns="feature", values=column)
        np.testing.assert_allclose(ours.loc[frame.index, GENES], frame[GENES], rtol=tolerance)
    assert table.drop_duplicates("group")["n"].sum() == N_CELLS
