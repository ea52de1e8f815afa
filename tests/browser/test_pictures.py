"""The pictures of the documentation, taken of the viewer; `make screenshots` puts them into docs/images."""

import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scanpy as sc
from PIL import Image
from playwright.sync_api import Page, expect
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from scipy.spatial import ConvexHull

from tests.browser import pixels
from tests.browser.jupyter import ready
from tests.cli.test_serve import serving

REPOSITORY = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("CXG_SCREENSHOTS", REPOSITORY / "build" / "screenshots"))
LARGEST = 200_000  # bytes
BACKGROUND = {"light": (255, 255, 255), "dark": (0x14, 0x17, 0x1C)}
GENES = ["CD3D", "LYZ", "MS4A1", "NKG7", "CST3"]
SETS = {
    "T cells": ["CD3D", "CD3E", "IL32", "LCK"],
    "Monocytes": ["LYZ", "CST3", "FCN1", "S100A8"],
    "B cells": ["MS4A1", "CD79A", "CD79B"],
}
WAIT = 30_000  # ms: the first comparison of a server loads its kernels


def example() -> Any:
    """pbmc68k_reduced, its cells also laid on a section that is made up: there is a tissue to show."""
    adata = sc.datasets.pbmc68k_reduced()
    rng = np.random.default_rng(1)
    codes = adata.obs["bulk_labels"].cat.codes.to_numpy()
    angle = codes / 10 * 2 * np.pi + rng.normal(scale=0.35, size=adata.n_obs)
    radius = 2600 * np.sqrt(rng.uniform(0.04, 1, adata.n_obs))
    adata.obsm["spatial"] = 3000 + radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    picture = {"hires": section(rng)}
    scale = {"tissue_hires_scalef": 0.1, "spot_diameter_fullres": 110.0}
    adata.uns["spatial"] = {"section": {"images": picture, "scalefactors": scale}}
    return adata


def section(rng: np.random.Generator) -> Any:
    """600 × 600 pixels in the colors of a stained section: a round piece of tissue on glass."""
    grain = sum(size * gaussian_filter(rng.normal(size=(600, 600)), size) for size in (9, 25))
    grain = np.round(4 * np.clip(0.5 + 0.9 * grain, 0, 1))[..., None] / 4  # a few shades: small pictures
    down, across = np.mgrid[:600, :600] - 300
    edge = np.hypot(across, down) + 160 * gaussian_filter(rng.normal(size=(600, 600)), 12)
    tissue = gaussian_filter((edge < 275).astype(float), 2)[..., None]
    stain = (1 - grain) * [0.93, 0.80, 0.89] + grain * [0.80, 0.62, 0.79]
    return np.clip((1 - tissue) * [0.96, 0.95, 0.96] + tissue * stain, 0, 1)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pictures")
    example().write_h5ad(folder / "pbmc68k.h5ad")
    places = {"CXG_SNAPSHOT_DIR": str(folder / "snapshots"), "JUPYTER_DATA_DIR": str(folder / "data")}
    with serving([folder / "pbmc68k.h5ad", "--auth=none"], {**os.environ, **places}) as server:
        server.listening()
        yield server.url


@pytest.fixture
def open_page(url: str, page_of: Callable[..., Page]) -> Callable[..., Page]:
    def opened(width: int = 1400, height: int = 900, theme: str = "light") -> Page:
        page = page_of(width, height, color_scheme=theme)
        page.goto(url)
        ready(page.main_frame)
        do(page, {"type": "colorBy", "color": {"kind": "obs", "name": "bulk_labels"}})
        return page

    return opened


def do(page: Page, *actions: dict[str, Any]) -> None:
    page.evaluate("actions => { for (const a of actions) window.__cxg.viewer.do(a) }", [*actions])
    page.evaluate("() => window.__cxg.settled()")


def taken(page: Page, name: str) -> None:
    page.mouse.move(700, 1)
    page.evaluate("() => window.__cxg.settled()")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    PICTURES.mkdir(parents=True, exist_ok=True)
    # a palette that has the rare colors too, as those of categories are
    few = picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)
    assert (PICTURES / f"{name}.png").stat().st_size < LARGEST


def lasso(page: Page) -> None:
    """Around the island of dendritic cells: their hull, wider by some, as a hand would draw it."""
    cells = page.evaluate(
        """() => {
            const { x, y } = window.__cxg.viewer.columns.get("layout/umap");
            const { codes, categories } = window.__cxg.viewer.columns.get("obs/bulk_labels");
            const mine = categories.indexOf("Dendritic");
            return [...codes].flatMap((code, i) => (code === mine ? [[x[i], y[i]]] : []));
        }"""
    )
    xy = np.array(cells)
    middle = np.median(xy, axis=0)
    island = xy[np.hypot(*(xy - middle).T) < 0.2]
    corners = island[ConvexHull(island).vertices]
    middle = corners.mean(axis=0)
    around = middle + (corners - middle) * 1.15
    line = gaussian_filter1d(np.repeat(around, 8, axis=0), 5, axis=0, mode="wrap")
    step = {"mode": "replace", "shape": "lasso", "points": line.tolist()}
    do(page, {"type": "region", "embedding": "umap", "step": step})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_exploring(open_page: Callable[..., Page], theme: str) -> None:
    page = open_page(theme=theme)
    source = {"kind": "obs", "name": "n_genes"}
    do(page, {"type": "addGenes", "genes": GENES}, {"type": "setCentroids", "shown": True})
    lasso(page)
    do(page, {"type": "setRange", "source": source, "min": 600, "max": 1400})
    expect(page.get_by_role("list", name="Filters").get_by_role("listitem")).not_to_have_count(0)
    taken(page, f"explore-{theme}")
    assert pixels.frequent(pixels.plot(page.main_frame)) == [BACKGROUND[theme]]


def test_exploring_in_a_cell_of_a_notebook(open_page: Callable[..., Page]) -> None:
    page = open_page(700, 450)
    do(page, {"type": "colorBy", "color": {"kind": "gene", "name": "LYZ"}})
    lasso(page)
    taken(page, "explore-narrow")


def test_comparing(open_page: Callable[..., Page]) -> None:
    page = open_page()
    a = {"kind": "category", "column": "bulk_labels", "value": "CD56+ NK"}
    do(page, {"type": "setGroup", "side": "a", "group": a}, {"type": "setDock", "tab": None, "height": 430})
    do(page, {"type": "setComparing", "changes": {"layer": "raw"}})
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("grid")).to_be_visible(timeout=WAIT)
    box = page.get_by_role("img", name=re.compile("^Volcano plot")).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.65, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] * 0.86, steps=4)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"^\d+ of 765 genes, brushed"))).to_be_visible()
    page.get_by_role("grid").get_by_role("row").nth(1).click()
    page.wait_for_function("() => __cxg.viewer.store.getState().view.color?.kind === 'gene'")
    taken(page, "compare")


def test_annotating(open_page: Callable[..., Page]) -> None:
    page = open_page()
    for kind, label in (("CD19+ B", "B cell"), ("CD56+ NK", "NK cell"), ("CD14+ Monocyte", "Monocyte")):
        do(page, {"type": "clearFilters"})
        do(page, {"type": "onlyCategory", "column": "bulk_labels", "value": kind})
        refused = page.evaluate("label => __cxg.viewer.annotations.assign('cell type', label)", label)
        assert refused is None
        expect(page.get_by_test_id("annotations-state")).to_have_text("saved")
    do(page, {"type": "clearFilters"}, {"type": "setDock", "tab": "annotations", "height": 300})
    do(page, {"type": "colorBy", "color": {"kind": "obs", "name": "cell type"}})
    do(page, {"type": "setExpanded", "column": "cell type", "open": True})
    expect(page.get_by_role("tabpanel").get_by_text("Monocyte").first).to_be_visible()
    taken(page, "annotate")


def test_figures(open_page: Callable[..., Page]) -> None:
    page = open_page()
    do(page, {"type": "addGenes", "genes": [*GENES, "CD79A", "GNLY", "CD8A"]})
    do(page, {"type": "setDock", "tab": "figures", "height": 500})
    do(page, {"type": "setFigure", "changes": {"kind": "dot", "layer": "raw", "order": "similar"}})
    expect(page.get_by_role("img", name=re.compile("^Dot plot of 8 features"))).to_be_visible()
    taken(page, "figures-dot")


def test_panels_on_a_tissue(open_page: Callable[..., Page]) -> None:
    page = open_page()
    panels = [
        {"embedding": "spatial", "color": None, "only": None},
        {"embedding": None, "color": {"kind": "gene", "name": "CST3"}, "only": None},
        {"embedding": "pca", "color": {"kind": "obs", "name": "louvain"}, "only": None},
    ]
    do(page, {"type": "setPanels", "panels": panels})
    home = {"x": 0.5, "y": 0.5, "zoom": 1}
    lower = {"x": 0.5, "y": 0.54, "zoom": 0.88}  # there is room for the chip
    do(page, {"type": "setState", "state": {"camera": lower, "panelCameras": [home, lower, home]}})
    do(page, {"type": "onlyCategory", "column": "bulk_labels", "value": "CD14+ Monocyte"})
    page.wait_for_function("() => __cxg.viewer.store.getState().images['section/hires'] === 'ready'")
    taken(page, "panels")


def test_gene_sets(open_page: Callable[..., Page]) -> None:
    page = open_page()
    for name, genes in SETS.items():
        page.evaluate("([name, genes]) => __cxg.viewer.sets.create(name, genes)", [name, genes])
    do(page, {"type": "addGenes", "genes": GENES})
    page.get_by_role("button", name="Color by Monocytes").click()
    page.get_by_role("list", name="Gene sets", exact=True).get_by_role(
        "button", name="Monocytes 4", exact=True
    ).click()
    expect(page.get_by_role("figure", name="Colors of Monocytes")).to_be_visible()
    expect(page.get_by_text("Gene sets saved")).to_be_visible()
    taken(page, "genes")
