"""Groups compared in a browser: chosen, computed as scanpy does, looked at, taken along."""

import io
import json
import os
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scanpy as sc
from anndata import AnnData
from playwright.sync_api import Locator, Page, expect

from tests.browser.jupyter import ready, reload
from tests.cli.test_serve import serving

NK = "CD56+ NK"
WAIT = 30_000  # ms: the first comparison of a server loads its kernels


@pytest.fixture(scope="module")
def dataset() -> Any:
    adata = sc.datasets.pbmc68k_reduced()
    sc.tl.rank_genes_groups(adata, "louvain", method="t-test", key_added="by cluster", pts=True)
    return adata


@pytest.fixture(scope="module")
def adata(dataset: Any) -> Any:
    """The same with values that scanpy sums in double precision, as we do: small p differ else."""
    adata = dataset.copy()
    raw = dataset.raw
    adata.raw = AnnData(raw.X.astype(np.float64), obs=adata.obs, var=raw.var)
    return adata


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, dataset: Any) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("compare")
    dataset.write_h5ad(folder / "pbmc.h5ad")
    places = {"CXG_SNAPSHOT_DIR": str(folder / "snapshots"), "JUPYTER_DATA_DIR": str(folder / "data")}
    with serving([folder / "pbmc.h5ad", "--auth=none"], {**os.environ, **places}) as server:
        server.listening()
        yield server.url


@pytest.fixture
def page(url: str, page_of: Callable[..., Page]) -> Page:
    page = page_of(1400, 900)
    opened(page, url)
    return page


def opened(page: Page, url: str) -> None:
    page.goto(url)
    ready(page.main_frame)
    expect(page.get_by_role("heading", name="Compare")).to_be_visible(timeout=WAIT)


def do(page: Page, action: dict[str, Any]) -> None:
    page.evaluate("(action) => __cxg.viewer.do(action)", action)


def choose(page: Page, side: str, text: str, name: str) -> None:
    """Put a category into a group by what is typed."""
    page.get_by_role("button", name=re.compile(f"^Group {side}")).click()
    page.get_by_label("Find a category").fill(text)
    page.get_by_role("option", name=name).click()


def use_raw(page: Page) -> None:
    page.get_by_role("button", name="Matrix: X").click()
    page.get_by_role("menuitemradio", name="raw").click()


def compare(page: Page) -> Locator:
    page.get_by_role("button", name="Compare", exact=True).click()
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible(timeout=WAIT)
    return grid


def result(page: Page, index: int = 0) -> pd.DataFrame:
    """All numbers of a comparison, as the page has them."""
    found = page.evaluate(
        """(index) => {
            const { viewer } = __cxg;
            const { genes, groups, numbers } = viewer.comparisons.result(
                viewer.store.getState().view.comparisons[index]
            );
            const text = (x) => Number.isFinite(x) ? x : String(x);
            const columns = Object.entries(numbers).map(([name, values]) => [name, Array.from(values, text)]);
            const category = groups && Array.from(groups.codes, (code) => groups.names[code]);
            return { gene: genes, ...(category && { category }), ...Object.fromEntries(columns) };
        }""",
        index,
    )
    table = pd.DataFrame(found).set_index("gene")
    numbers = [name for name in table if name != "category"]
    table[numbers] = table[numbers].replace({"Infinity": np.inf, "-Infinity": -np.inf, "NaN": np.nan})
    return table


def check(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Equal to what scanpy says of the same genes; it keeps scores and changes as float32."""
    theirs = theirs.set_index("names").loc[ours.index]
    for name, column in {
        "score": "scores",
        "log2_fold_change": "logfoldchanges",
        "p": "pvals",
        "p_adjusted": "pvals_adj",
        "fraction_a": "pct_nz_group",
        "fraction_b": "pct_nz_reference",
    }.items():
        if column in theirs:
            exact = column.startswith("p")
            np.testing.assert_allclose(
                ours[name].astype(float), theirs[column], rtol=1e-6 if exact else 1e-4, atol=1e-300
            )


def ranked(adata: Any, **options: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sc.tl.rank_genes_groups(adata, "bulk_labels", groups=[NK], key_added="test", pts=True, **options)
    return sc.get.rank_genes_groups_df(adata, NK, key="test")


def cells_of(grid: Locator, row: int) -> list[str]:
    return grid.get_by_role("row").nth(row).get_by_role("gridcell").all_inner_texts()


def test_one_against_rest_has_scanpys_numbers(page: Page, adata: Any) -> None:
    expect(page.get_by_text("Two groups of cells, gene by gene")).to_be_visible()
    choose(page, "A", "nk", NK)
    expect(page.get_by_role("button", name="Group B: All other cells, 669 cells")).to_be_visible()
    use_raw(page)
    grid = compare(page)
    expected = ranked(adata, method="t-test", use_raw=True)
    check(result(page), expected)
    # what stands in the table is what scanpy would print
    top = expected.iloc[0]
    shown = cells_of(grid, 1)
    assert shown[0] == top["names"]
    assert shown[1] == f"{top['logfoldchanges']:.2f}" and shown[3] == f"{top['scores']:.2f}"
    assert shown[2] == f"{top['pvals_adj']:.1e}".replace("-", "\u2212")
    assert shown[4] == f"{100 * top['pct_nz_group']:.0f} %"
    exact = float(grid.get_by_role("row").nth(1).get_by_role("gridcell").nth(2).get_attribute("title") or "")
    assert exact == pytest.approx(top["pvals_adj"], rel=1e-6)
    expect(page.get_by_text("31 cells against 669")).to_be_visible()


def test_wilcoxon_has_effect_sizes(page: Page, adata: Any) -> None:
    choose(page, "A", "nk", NK)
    choose(page, "B", "cd19", "CD19+ B")
    use_raw(page)
    page.get_by_role("button", name="Test: Welch’s t-test").click()
    page.get_by_role("menuitemradio", name="Wilcoxon").click()
    grid = compare(page)
    found = result(page)
    expected = ranked(adata, method="wilcoxon", tie_correct=True, use_raw=True, reference="CD19+ B")
    check(found, expected.drop(columns="pct_nz_reference", errors="ignore"))
    for head in ("Effect size", "Chance that a cell of A"):
        expect(grid.get_by_role("columnheader", name=re.compile(head))).to_have_count(1)
    labels = adata.obs["bulk_labels"]
    a, b = (adata.raw[labels == name].X.toarray().astype(float) for name in (NK, "CD19+ B"))
    pooled = (a.var(axis=0, ddof=1) * (len(a) - 1) + b.var(axis=0, ddof=1) * (len(b) - 1)) / (
        len(a) + len(b) - 2
    )
    with np.errstate(invalid="ignore"):
        d = (a.mean(axis=0) - b.mean(axis=0)) / np.sqrt(pooled)
    ours = found.loc[adata.raw.var_names, "cohens_d"].astype(float)
    np.testing.assert_allclose(ours, np.nan_to_num(d), rtol=1e-6, atol=1e-12)
    assert found["auroc"].astype(float).between(0, 1).all()


def test_a_selection_against_the_rest_of_a_category_and_its_code(page: Page, adata: Any) -> None:
    lasso = {"mode": "replace", "shape": "lasso", "points": [[0, 0], [1, 0], [1, 0.5], [0, 0.55]]}
    do(page, {"type": "region", "embedding": "umap", "step": lasso})
    many = {"kind": "range", "source": {"kind": "obs", "name": "n_genes"}, "min": 600, "max": 1200}
    page.evaluate(
        "(f) => __cxg.viewer.do({type: 'setRange', source: f.source, min: f.min, max: f.max})", many
    )
    page.get_by_role("button", name=re.compile("^Use the selection")).click()
    page.get_by_role("button", name=re.compile("^Group B")).click()
    page.get_by_label("Find a category").fill("dendritic")
    page.get_by_role("option", name="Dendritic").click()
    expect(
        page.get_by_role("button", name=re.compile(r"^Group B: Dendritic, without A, \d+ cells"))
    ).to_be_visible()
    use_raw(page)
    compare(page)
    ours = result(page)
    page.get_by_role("button", name="More about this comparison").click()
    with page.expect_event("console", predicate=lambda message: message.text.startswith("copied:")) as copied:
        page.evaluate(
            """() => { navigator.clipboard.writeText = async (text) => console.log("copied:" + text) }"""
        )
        page.get_by_role("menuitem", name="Copy as code").click()
    names: dict[str, Any] = {"adata": adata.copy()}
    code = copied.value.text.removeprefix("copied:")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(code, names)  # noqa: S102 - what a user would run
    check(ours, sc.get.rank_genes_groups_df(names["adata"], "A", key="compare"))


def test_the_table_is_sorted_filtered_and_walked(page: Page, adata: Any) -> None:
    choose(page, "A", "nk", NK)
    use_raw(page)
    grid = compare(page)
    expect(grid).to_have_attribute("aria-rowcount", "766")
    assert grid.get_by_role("row").count() < 60  # of 765
    score = grid.get_by_role("columnheader", name=re.compile("Score of the test"))
    expect(score).to_have_attribute("aria-sort", "descending")
    score.get_by_role("button").click()
    expect(score).to_have_attribute("aria-sort", "ascending")
    expected = ranked(adata, method="t-test", use_raw=True)
    assert cells_of(grid, 1)[0] == expected.iloc[-1]["names"]

    page.get_by_label("Largest adjusted p").fill("0.01")
    page.get_by_label("Smallest change").fill("1,5")  # as many people write it
    page.get_by_role("button", name="Direction: Up and down").click()
    page.get_by_role("menuitemradio", name="Higher in A").click()
    kept = expected[(expected["pvals_adj"] <= 0.01) & (expected["logfoldchanges"] >= 1.5)]
    expect(page.get_by_text(f"{len(kept)} of 765 genes")).to_be_visible()
    page.get_by_label("Largest adjusted p").fill("small")
    expect(page.get_by_label("Largest adjusted p")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text(f"{len(kept)} of 765 genes")).to_be_visible()

    score.get_by_role("button").click()
    grid.focus()
    for key in ("End", "Home", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    second = kept.iloc[1]["names"]
    page.wait_for_function("(name) => __cxg.viewer.store.getState().view.color?.name === name", arg=second)
    expect(grid.locator('[aria-selected="true"]')).to_contain_text(second)
    page.get_by_label("Find genes in the table").fill("zzzz")
    expect(page.get_by_text("No gene is left: widen the filters.")).to_be_visible()


def test_a_brushed_volcano_becomes_a_gene_set_and_a_file(page: Page, adata: Any) -> None:
    choose(page, "A", "nk", NK)
    use_raw(page)
    compare(page)
    plot = page.get_by_role("img", name=re.compile("^Volcano plot"))
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.65, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] * 0.8, steps=4)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"^\d+ of 765 genes, brushed"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert download.value.suggested_filename == f"{NK} vs rest.csv"
    table = pd.read_csv(io.BytesIO(Path(download.value.path()).read_bytes())).set_index("gene")
    assert 0 < len(table) < 200 and (table["log2_fold_change"] > 0).all()
    check(table, ranked(adata, method="t-test", use_raw=True))
    page.get_by_role("button", name="Make gene set").click()
    page.wait_for_function("__cxg.viewer.store.getState().sets.list.length > 0")
    made = page.evaluate("__cxg.viewer.store.getState().sets.list[0]")
    assert made["name"] == f"{NK} vs rest" and set(made["genes"]) == set(table.index) & set(adata.var_names)
    page.get_by_role("button", name="Clear the brush").click()
    expect(page.get_by_text("765 genes", exact=True)).to_be_visible()


def test_markers_of_all_categories_and_what_scanpy_has_ranked(page: Page, adata: Any) -> None:
    use_raw(page)
    page.get_by_role("button", name="Markers of all categories").click()
    page.get_by_role("menuitem", name="bulk_labels", exact=True).click()
    grid = page.get_by_role("grid", name="Genes of Markers of bulk_labels")
    expect(grid).to_be_visible(timeout=WAIT)
    found = result(page)
    here = found[found["category"] == NK]
    check(here, ranked(adata, method="t-test", use_raw=True))
    page.get_by_role("button", name="Category: All categories").click()
    page.get_by_role("menuitemradio", name=NK).click()
    expect(grid).to_have_attribute("aria-rowcount", str(len(here) + 1))

    page.get_by_role("button", name="Markers of all categories").click()
    page.get_by_role("menuitem", name="by cluster: louvain, t-test").click()
    expect(page.get_by_role("grid", name="Genes of by cluster")).to_be_visible()
    mine = result(page)
    group = adata.obs["louvain"].cat.categories[2]
    check(mine[mine["category"] == group], sc.get.rank_genes_groups_df(adata, group, key="by cluster"))


def test_results_stay_by_name_side_by_side_and_after_a_reload(page: Page) -> None:
    choose(page, "A", "nk", NK)
    compare(page)
    choose(page, "A", "cd34", "CD34+")
    page.get_by_role("button", name="Compare", exact=True).click()
    comparisons = page.get_by_role("list", name="Comparisons")
    expect(comparisons.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("heading", name="CD34+ vs rest").dblclick()
    page.get_by_label("Name of the comparison").fill("stem cells")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show another comparison beside it").click()
    page.get_by_role("menuitem", name=f"{NK} vs rest").click()
    expect(page.get_by_role("grid")).to_have_count(2)
    page.get_by_role("grid").first.get_by_role("row").nth(3).hover()
    gene = cells_of(page.get_by_role("grid").first, 3)[0]
    expect(page.locator('[data-pointed="true"]').first).to_contain_text(gene)

    reload(page)
    expect(page.get_by_role("grid")).to_have_count(2)
    expect(page.get_by_role("heading", name="stem cells")).to_be_visible()
    comparisons.get_by_role("button", name="Remove stem cells").click()
    expect(page.get_by_role("grid")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(comparisons.get_by_role("button", name="stem cells").first).to_be_visible()


def test_a_comparison_is_cancelled_fails_and_is_asked_again(page: Page) -> None:
    held: list[Any] = []
    page.route("**/jobs", lambda route: held.append(route))
    choose(page, "A", "nk", NK)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text("Comparing cells…").first).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible()
    for route in held:
        route.abort()
    page.unroute("**/jobs")
    body = json.dumps({"code": "too_many", "message": "You have 20 jobs waiting: wait for one to end."})
    page.route("**/jobs", lambda route: route.fulfill(status=429, content_type="application/json", body=body))
    page.get_by_role("button", name="Compare again").click()
    # a made-up answer has no CORS header, so the page knows only that none came
    expect(page.get_by_role("alert").first).to_be_visible()
    page.unroute("**/jobs")
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("grid")).to_be_visible(timeout=WAIT)


def test_cells_are_dragged_into_a_group(page: Page) -> None:
    box = page.get_by_role("checkbox", name="CD19+ B", exact=True)
    page.locator("label").filter(has=box).drag_to(page.get_by_role("button", name="Group A: choose cells"))
    expect(page.get_by_role("button", name="Group A: CD19+ B, 95 cells")).to_be_visible()
    expect(box).to_be_checked()
    page.locator("label").filter(has=box).click()  # a click still is one
    expect(box).not_to_be_checked()


def test_a_small_group_is_refused_where_it_was_chosen(page: Page) -> None:
    single = {"kind": "range", "source": {"kind": "obs", "name": "n_counts"}, "min": 0, "max": 2000}
    lowest = page.evaluate(
        """async () => { const { viewer } = __cxg; viewer.columns.want("obs/n_counts");
            for (;;) { const c = viewer.columns.get("obs/n_counts"); if (c) return c.min;
            await new Promise((done) => viewer.store.subscribe(done)); } }"""
    )
    single["max"] = lowest
    page.evaluate("(f) => __cxg.viewer.do({type: 'setFilters', filters: [f]})", single)
    page.get_by_role("button", name=re.compile("^Use the selection")).click()
    expect(page.get_by_text("A single cell: the t-test needs two at least.")).to_be_visible()
    expect(page.get_by_role("button", name="Compare", exact=True)).to_be_disabled()


@pytest.mark.parametrize(
    ("name", "width", "height", "scheme"),
    [("light", 1400, 900, "light"), ("dark", 1400, 900, "dark"), ("compact", 700, 450, "light")],
)
def test_pictures(
    url: str, page_of: Callable[..., Page], name: str, width: int, height: int, scheme: Any
) -> None:
    """For those who want to look; and nothing scrolls sideways but the table."""
    page = page_of(width, height, color_scheme=scheme)
    page.goto(url)
    ready(page.main_frame)
    a = {"kind": "category", "column": "bulk_labels", "value": NK}
    do(page, {"type": "setGroup", "side": "a", "group": a})
    b = {"kind": "rest", "within": []}
    comparison = {
        "kind": "groups",
        "name": f"{NK} vs rest",
        "a": a,
        "b": b,
        "method": "wilcoxon",
        "layer": "raw",
    }
    do(page, {"type": "addComparison", "comparison": comparison})
    do(page, {"type": "setDock", "tab": "compare", "height": 360})
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible()
    page.get_by_label("Largest adjusted p").fill("0.01")
    page.get_by_label("Smallest change").fill("1")
    grid.get_by_role("row").nth(2).click()
    if width == 1400:  # what matters is in sight beside the volcano, whole
        cells = grid.evaluate(
            """(grid) => {
                const edge = grid.getBoundingClientRect().left + grid.clientWidth;
                const inSight = (cell) => cell.getBoundingClientRect().right <= edge;
                const heads = [...grid.querySelectorAll("[role=columnheader]")].filter(inSight);
                const cut = [...grid.querySelectorAll("[data-by]")].filter(
                    (cell) => inSight(cell) && cell.scrollWidth > cell.clientWidth);
                return [heads.map((cell) => cell.dataset.by), cut.map((cell) => cell.textContent)];
            }"""
        )
        matter = ["gene", "log2_fold_change", "p_adjusted", "score", "fraction_a", "fraction_b", "auroc"]
        assert cells == [matter, []]
        grid.evaluate("(grid) => grid.scrollTo(300, 0)")
        name = grid.get_by_role("row").nth(2).get_by_role("gridcell").first.bounding_box()
        frame = grid.bounding_box()
        assert name and frame and abs(name["x"] - frame["x"]) < 1  # the gene stays beside its numbers
        grid.evaluate("(grid) => grid.scrollTo(0, 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    folder = Path("build/compare")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")
