"""Figures in the browser: every kind is drawn of the right numbers, and its files can be opened elsewhere."""

import io
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import scanpy as sc
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.jupyter import ready
from tests.cli.test_serve import serving

GENES = ["CST3", "NKG7", "CD79A", "CD3D"]
SVG = "{http://www.w3.org/2000/svg}"
KINDS = {
    "dot": "Dot plot",
    "matrix": "Matrix plot",
    "stacked": "Stacked violin plot",
    "violin": "Violin plots",
    "heat": "Heat map",
    "composition": "Bars of the composition",
    "sankey": "Sankey diagram",
    "grid": "The embedding umap, colored by each of",
    "embedding": "The embedding umap",
}


@pytest.fixture(scope="module")
def adata() -> Any:
    return sc.datasets.pbmc68k_reduced()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, adata: Any) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("figures")
    adata.write_h5ad(folder / "pbmc.h5ad")
    places = {"CXG_SNAPSHOT_DIR": str(folder / "snapshots"), "JUPYTER_DATA_DIR": str(folder / "data")}
    with serving([folder / "pbmc.h5ad", "--auth=none"], {**os.environ, **places}) as server:
        server.listening()
        yield server.url


@pytest.fixture
def said() -> list[str]:
    """What the page complained about."""
    return []


@pytest.fixture
def page(url: str, page_of: Callable[..., Page], said: list[str]) -> Page:
    page = page_of(1400, 900)
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    ready(page.main_frame)
    do(page, {"type": "colorBy", "color": {"kind": "obs", "name": "bulk_labels"}})
    do(page, {"type": "addGenes", "genes": GENES})
    do(page, {"type": "setDock", "tab": "figures", "height": 500})
    expect(figure(page)).to_be_visible()
    return page


def do(page: Page, action: dict[str, Any]) -> None:
    page.evaluate("(action) => __cxg.viewer.do(action)", action)


def setting(page: Page, **changes: Any) -> None:
    do(page, {"type": "setFigure", "changes": changes})


def figure(page: Page, name: str = "Dot plot") -> Any:
    return page.get_by_role("img", name=re.compile(f"^{re.escape(name)}"))


def saved(page: Page, button: str) -> bytes:
    """What a click on a button lets the user keep."""
    choice = page.get_by_role("button", name=button, exact=True)
    expect(choice).to_be_enabled(timeout=20_000)
    with page.expect_download() as waiting:
        choice.click()
    return Path(waiting.value.path()).read_bytes()


def opened(svg: bytes) -> tuple[ElementTree.Element, dict[str, Any]]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own file
    about = root.find(f"{SVG}metadata")
    assert about is not None and about.text is not None
    return root, json.loads(about.text)


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def test_every_kind_is_drawn_and_saved_under_the_policy_of_the_page(page: Page, said: list[str]) -> None:
    for kind, name in KINDS.items():
        setting(page, kind=kind)
        expect(figure(page, name)).to_be_visible(timeout=20_000)
        root, about = opened(saved(page, "SVG"))
        assert about["figure"]["kind"] == kind and about["dataset"]["revision"] == 1
        assert about["cells"] == {"shown": 700, "of": 700, "which": "all", "leftOut": 0}
        assert not list(root.iter(f"{SVG}style")) and not list(root.iter(f"{SVG}script"))
        assert any("revision 1" in text for text in texts(root))  # the caption
        if kind in ("grid", "embedding", "heat"):
            pictures = [image.get("href", "") for image in root.iter(f"{SVG}image")]
            assert len(pictures) == (len(GENES) if kind == "grid" else 1)
            assert all(picture.startswith("data:image/png;base64,") for picture in pictures)
    assert said == []


def test_the_dots_have_the_areas_of_scanpys_fractions(page: Page, adata: Any) -> None:
    setting(page, kind="dot", layer="raw")
    expect(page.get_by_text("layer raw")).to_be_visible()
    dots = page.evaluate(
        """() => [...document.querySelectorAll("[data-part='dot'] circle")].map((dot) => ({
            feature: dot.dataset.feature,
            group: Number(dot.dataset.group),
            r: Number(dot.getAttribute("r")),
        }))"""
    )
    theirs = sc.pl.DotPlot(adata, GENES, "bulk_labels").dot_size_df
    groups = list(adata.obs["bulk_labels"].cat.categories)
    assert len(dots) == int((theirs > 0).to_numpy().sum())
    areas = np.array([dot["r"] ** 2 for dot in dots])
    shares = np.array([theirs.loc[groups[dot["group"]], dot["feature"]] for dot in dots])
    np.testing.assert_allclose(areas / areas.max(), shares / shares.max(), atol=0.01)


def test_the_table_behind_a_figure(page: Page, adata: Any) -> None:
    setting(page, kind="composition", split="phase")
    expect(figure(page, "Bars")).to_be_visible()
    table = pd.read_csv(io.BytesIO(saved(page, "Data (CSV)")))
    theirs = pd.crosstab(adata.obs["bulk_labels"], adata.obs["phase"])
    assert table["n"].sum() == 700
    for row in table.itertuples():
        assert row.n == theirs.loc[row.group, row.group_2]


def test_the_bars_of_a_heat_map_say_what_the_cells_are(page: Page, adata: Any) -> None:
    setting(page, kind="heat", by="bulk_labels")
    page.get_by_label("Bar beneath").select_option("phase")
    last = page.get_by_label("Bar 3")
    last.focus()
    last.select_option("louvain")
    expect(page.get_by_label("Bar 4")).to_be_visible()
    expect(last).to_be_focused()
    expect(page.locator("[data-bar=louvain]").first).to_be_attached(timeout=20_000)
    root, about = opened(saved(page, "SVG"))
    assert about["figure"]["bars"] == ["phase", "louvain"]
    for column in ("phase", "louvain"):
        sizes: dict[str, int] = dict.fromkeys(adata.obs[column].cat.categories, 0)
        for piece in root.iterfind(f".//{SVG}rect[@data-bar='{column}']"):
            said = re.fullmatch(rf"{column}: (.+), (\d+) cells", piece.findtext(f"{SVG}title") or "")
            assert said is not None
            sizes[said[1]] += int(said[2])
        assert sizes == adata.obs[column].value_counts().to_dict()
    pieces = len(root.findall(f".//{SVG}rect[@data-bar='phase']"))
    assert pieces == len(adata.obs[["bulk_labels", "phase"]].drop_duplicates()), "sorted within a group"


def test_the_grid_shows_the_layer_that_is_chosen(page: Page, adata: Any) -> None:
    setting(page, kind="grid")
    page.get_by_label("Layer", exact=True).select_option("raw")
    expect(page.get_by_text("layer raw")).to_be_visible(timeout=20_000)
    raw = np.asarray(adata.raw[:, GENES].X.todense())
    for i, gene in enumerate(GENES):
        key = json.dumps(f'layer/["raw","{gene}"]')
        shown = page.evaluate(f"[...__cxg.viewer.columns.get({key}).values]")
        np.testing.assert_array_equal(np.array(shown, np.float32), raw[:, i])
    root, about = opened(saved(page, "SVG"))
    assert about["figure"]["layer"] == "raw"
    for top in raw.max(axis=0):
        assert any(text.startswith(f"{top:.3g}") for text in texts(root)), "the end of its scale"
    setting(page, genes={"from": "list", "genes": ["NO_GENE"]})
    expect(page.get_by_text("None of these genes is in this layer.")).to_be_visible()


def test_print_size_and_resolution(page: Page) -> None:
    setting(page, kind="embedding", width=120, height=80, dpi=300)
    expect(figure(page, "The embedding")).to_be_visible()
    picture = Image.open(io.BytesIO(saved(page, "PNG")))
    assert picture.size == (round(120 / 25.4 * 300), round(80 / 25.4 * 300))
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    about = json.loads(picture.text["Comment"])  # type: ignore[attr-defined]
    assert (
        about["color"] == {"kind": "obs", "name": "bulk_labels"}
        and "revision 1" in picture.text["Description"]
    )  # type: ignore[attr-defined]
    pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3)
    dendritic = (np.abs(pixels.astype(int) - (23, 190, 207)) < 12).all(axis=1).sum()
    assert dendritic > 2000  # points, and the square of the legend
    root, _ = opened(saved(page, "SVG"))
    assert (root.get("width"), root.get("height")) == ("120.00mm", "80.00mm")
    assert "Dendritic" in texts(root)  # the legend is text


def test_a_figure_without_a_background(page: Page) -> None:
    setting(page, kind="embedding", clear=True, dpi=150)
    expect(figure(page, "The embedding")).to_be_visible()
    picture = Image.open(io.BytesIO(saved(page, "PNG")))
    assert picture.mode == "RGBA"
    pixels = np.asarray(picture).reshape(-1, 4)
    assert (pixels[:, 3] == 0).mean() > 0.5
    there = pixels[pixels[:, 3] > 250, :3].astype(int)
    assert (np.abs(there - (23, 190, 207)) < 12).all(axis=1).sum() > 1000


def test_sizes_may_be_inches_and_nonsense_is_kept_and_said(page: Page) -> None:
    page.get_by_text("Size and print").click()
    page.get_by_label("Unit").select_option("in")
    width = page.get_by_label("Width (in)")
    width.fill("3,5")
    root, about = opened(saved(page, "SVG"))
    assert root.get("width") == "88.90mm" and about["figure"]["width"] == 88.9
    width.fill("wide")
    expect(page.get_by_text("A number from 0.8 to 39.")).to_be_visible()
    expect(width).to_have_value("wide")
    root, _ = opened(saved(page, "SVG"))
    assert root.get("width") == "88.90mm"


def test_a_figure_of_the_selection_and_against_the_rest(page: Page, adata: Any) -> None:
    do(page, {"type": "onlyCategory", "column": "bulk_labels", "value": "CD19+ B"})
    n = int((adata.obs["bulk_labels"] == "CD19+ B").sum())
    setting(page, kind="matrix", cells="selected")
    expect(figure(page, "Matrix plot of 4 features in 1 groups")).to_be_visible()
    _, about = opened(saved(page, "SVG"))
    assert about["cells"]["shown"] == n and about["filters"][0]["values"] == ["CD19+ B"]
    setting(page, cells="all")
    page.get_by_label("Group by").select_option("Selection and the rest")
    expect(figure(page, "Matrix plot of 4 features in 2 groups")).to_be_visible()
    page.keyboard.press("Escape")
    root, _ = opened(saved(page, "SVG"))
    assert {"selected cells", "other cells"} <= {*texts(root)}


def test_what_was_typed_stays_and_what_is_unknown_is_said(page: Page) -> None:
    page.get_by_role("tabpanel").get_by_label("Genes", exact=True).select_option("list")
    field = page.get_by_label("List of genes")
    field.fill("cd3d, TYPO1; LYZ\nTYPO2")
    expect(page.get_by_text("Not in this layer: TYPO1, TYPO2.")).to_be_visible()
    expect(field).to_have_value("cd3d, TYPO1; LYZ\nTYPO2")
    expect(figure(page, "Dot plot of 2 features")).to_be_visible()


def test_empty_states_teach(page: Page) -> None:
    setting(page, genes={"from": "list", "genes": []})
    expect(page.get_by_text("No genes yet")).to_be_visible()
    setting(page, genes={"from": "panel"}, cells="selected")
    do(
        page,
        {
            "type": "setFilters",
            "filters": [{"kind": "categories", "column": "phase", "mode": "include", "values": []}],
        },
    )
    expect(page.get_by_text("No cell is selected")).to_be_visible()
    page.get_by_role("button", name="Show all cells").click()
    expect(figure(page, "Dot plot of 4 features")).to_be_visible()


def test_a_click_colors_and_undo_brings_the_figure_back(page: Page) -> None:
    page.locator("[data-part='dot'] circle[data-feature='CD79A']").first.click()
    page.wait_for_function("() => __cxg.viewer.store.getState().view.color?.name === 'CD79A'")
    page.get_by_text("Heat map").click()
    expect(figure(page, "Heat map of 4 features in 700 cells")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(figure(page, "Dot plot")).to_be_visible()


def test_an_error_is_said_beside_a_button_that_tries_again(page: Page) -> None:
    page.route("**/figures", lambda route: route.abort())
    setting(page, kind="violin")
    again = page.get_by_role("button", name="Retry")
    expect(again).to_be_visible()
    page.unroute("**/figures")
    again.click()
    expect(figure(page, "Violin plots")).to_be_visible()
