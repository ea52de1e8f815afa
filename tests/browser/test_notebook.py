"""The main job, as a user does it: in JupyterLab and Notebook 7, at the root and under a prefix."""

import re
import time

import pytest
from playwright.sync_api import Frame, expect

from tests.browser import pixels
from tests.browser.conftest import Open
from tests.browser.jupyter import JupyterServer, NotebookPage, ready, show
from tests.browser.pages import label_selected

# Four tight clusters around the middle, so that what a lasso catches is known without knowing the camera;
# two cells at the edge keep them clear of tools and legend.
CORNERS = """
import anndata, numpy as np, pandas as pd
%load_ext jupyter_cxg
n = 40
rng = np.random.default_rng(0)
names = ["bottom left", "bottom right", "top left", "top right", "edge"]
cluster = np.r_[np.repeat(np.arange(4), n), 4, 4]
adata = anndata.AnnData(
    X=np.where(cluster[:, None] == np.arange(4), 5.0, 0.0).astype("float32"),
    obs=pd.DataFrame({
        "corner": pd.Categorical.from_codes(cluster, names),
        "size": np.arange(len(cluster), dtype=float),
    }, index=[f"{names[c]} {i}" for i, c in enumerate(cluster)]),
    var=pd.DataFrame(index=["GENE_BL", "GENE_BR", "GENE_TL", "GENE_TR"]),
)
adata.obsm["X_umap"] = np.c_[cluster % 2, cluster // 2] + rng.normal(scale=0.01, size=(len(cluster), 2))
adata.obsm["X_umap"][-2:] = [[-0.5, -0.5], [1.5, 1.5]]
adata.uns["corner_colors"] = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#7f7f7f"]
""".strip()
OPEN = "%cxg adata"
COLORS = {
    "bottom left": "#1f77b4",
    "bottom right": "#ff7f0e",
    "top left": "#2ca02c",
    "top right": "#d62728",
}
VIRIDIS_LOW, VIRIDIS_HIGH = "#440154", "#fde725"


def opened(open_notebook: Open, *more: str) -> tuple[NotebookPage, Frame]:
    notebook = open_notebook([CORNERS, OPEN, *(more or [""])])
    notebook.run(0)
    notebook.run(1)
    return notebook, notebook.viewer()


def do(frame: Frame, action: dict[str, object]) -> None:
    """What a button does: one of the named actions; resolves when it is on the screen."""
    show(frame)
    frame.evaluate(
        "async (action) => { window.__cxg.viewer.do(action); await window.__cxg.settled(); }", action
    )


def until(frame: Frame, condition: str) -> None:
    """Wait for the viewer's state to fulfill a condition on ``state``."""
    frame.evaluate(
        f"""() => new Promise((resolve, reject) => {{
            const {{ store }} = window.__cxg.viewer;
            const holds = (state) => {condition};
            const late = setTimeout(() => reject(new Error(JSON.stringify(store.getState()))), 15000);
            const stop = store.subscribe(check);
            function check(state) {{
                if (!holds(state)) return;
                clearTimeout(late);
                stop();
                resolve();
            }}
            check(store.getState());
        }})"""
    )


def settled(frame: Frame) -> None:
    frame.evaluate("() => window.__cxg.settled()")


def lasso_top_left(frame: Frame, modifier: str | None = None) -> None:
    """Draw around the top left quarter of the plot with the mouse."""
    show(frame)
    box = frame.locator("[role=application]").bounding_box()
    assert box is not None
    side = min(box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    path = [(0.15, 0.15), (0.15, 0.45), (0.45, 0.45), (0.45, 0.15), (0.2, 0.15)]
    mouse = frame.page.mouse
    if modifier:
        frame.page.keyboard.down(modifier)
    mouse.move(left + path[0][0] * side, top + path[0][1] * side)
    mouse.down()
    for x, y in path[1:]:
        mouse.move(left + x * side, top + y * side, steps=8)
    mouse.up()
    if modifier:
        frame.page.keyboard.up(modifier)


def test_first_picture_has_the_colors_of_the_object(open_notebook: Open) -> None:
    _, frame = opened(open_notebook)
    settled(frame)
    picture = pixels.plot(frame)
    for corner, color in COLORS.items():
        assert pixels.close(pixels.corner(picture, corner), pixels.rgb(color)), corner


def test_coloring_by_a_gene_changes_the_pixels_as_expected(open_notebook: Open) -> None:
    _, frame = opened(open_notebook)
    find = frame.get_by_role("combobox", name=re.compile("find", re.I)).first
    find.fill("gene_tr")
    find.press("Enter")
    expect(frame.get_by_text("GENE_TR").first).to_be_visible()
    until(frame, "state.view.color?.name === 'GENE_TR'")  # the name alone is in the list of what was found
    settled(frame)
    picture = pixels.plot(frame)
    assert pixels.close(pixels.corner(picture, "top right"), pixels.rgb(VIRIDIS_HIGH))
    for corner in ("top left", "bottom left", "bottom right"):
        assert pixels.close(pixels.corner(picture, corner), pixels.rgb(VIRIDIS_LOW)), corner


def test_unticking_a_category_reaches_the_kernel(open_notebook: Open) -> None:
    notebook, frame = opened(open_notebook)
    if frame.get_by_role("complementary", name="Cells").is_hidden():  # narrow frames have it in a drawer
        frame.get_by_role("button", name="Open Cells").click()
    row = frame.get_by_role("listitem").filter(has=frame.get_by_role("checkbox", name="top left"))
    row.locator("label").click()
    expect(frame.get_by_text(re.compile(r"122\s+of\s+162\s+cells")).first).to_be_visible()
    notebook.prints(2, "print(len(viewer.selection), viewer.filters[0]['values'])", "122 ['top left']")


def test_lasso_selects_exactly_these_cells_in_the_kernel(open_notebook: Open) -> None:
    notebook, frame = opened(open_notebook)
    do(frame, {"type": "setTool", "tool": "lasso"})
    lasso_top_left(frame)
    expect(frame.get_by_text(re.compile(r"40\s+of\s+162\s+cells")).first).to_be_visible()
    names = sorted(f"top left {i}" for i in range(80, 120))
    notebook.prints(2, "print(*sorted(adata[viewer.selection].obs_names), sep=',')", ",".join(names))


def test_python_sets_color_selection_and_filters_and_the_viewer_follows(open_notebook: Open) -> None:
    notebook, frame = opened(open_notebook)
    assert "Error" not in notebook.rerun(2, 'viewer.color_by = "GENE_TL"')
    until(frame, "state.view.color?.name === 'GENE_TL'")
    settled(frame)
    assert pixels.close(pixels.corner(pixels.plot(frame), "top left"), pixels.rgb(VIRIDIS_HIGH))
    notebook.rerun(2, 'viewer.selection = adata.obs["corner"] == "top right"')
    expect(frame.get_by_text(re.compile(r"40\s+of\s+162\s+cells")).first).to_be_visible()
    notebook.prints(2, "print(*set(adata[viewer.selection].obs.corner))", "top right")
    notebook.rerun(2, "viewer.selection = None")
    expect(frame.get_by_text(re.compile(r"162\s+cells")).first).to_be_visible()
    assert "CD999" in notebook.rerun(2, 'viewer.color_by = "CD999"')  # a sentence that names it
    assert "Traceback" not in notebook.output(2)


def test_page_reload_keeps_the_view(open_notebook: Open) -> None:
    notebook, frame = opened(open_notebook)
    do(frame, {"type": "setTool", "tool": "lasso"})
    lasso_top_left(frame)
    do(frame, {"type": "colorBy", "color": {"kind": "gene", "name": "GENE_BR"}})
    notebook.prints(2, "print(len(viewer.selection), viewer.color_by)", "40 GENE_BR")
    notebook.save()
    notebook.page.reload()
    again = notebook.viewer()
    until(again, "state.tally.selected === 40")
    assert again.evaluate("window.__cxg.viewer.store.getState().view.color.name") == "GENE_BR"
    notebook.prints(2, "print(len(viewer.selection), viewer.color_by)", "40 GENE_BR")


def test_viewer_goes_on_after_a_kernel_restart(open_notebook: Open, server: JupyterServer) -> None:
    notebook, frame = opened(open_notebook)
    before = notebook.rerun(2, "import os; print(os.getpid())")
    kernel = server.session_of(notebook.name)["kernel"]["id"]
    server.ask(f"api/kernels/{kernel}/restart", "POST")
    do(frame, {"type": "colorBy", "color": {"kind": "gene", "name": "GENE_BL"}})
    assert pixels.close(pixels.corner(pixels.plot(frame), "bottom left"), pixels.rgb(VIRIDIS_HIGH))
    assert notebook.rerun(2, "import os; print(os.getpid())") != before


def test_last_picture_stays_when_the_notebook_is_reopened_without_its_kernel(
    open_notebook: Open, server: JupyterServer
) -> None:
    notebook, frame = opened(open_notebook)
    do(frame, {"type": "colorBy", "color": {"kind": "obs", "name": "corner"}})
    # the viewer sends its picture when it has been still for a moment; it lands in the notebook's output
    notebook.page.wait_for_function(
        "() => document.querySelector('.jp-cxg-output')?.dataset.cxgPicture === 'kept'", timeout=20_000
    )
    notebook.save()
    session = server.session_of(notebook.name)["id"]
    server.ask(f"api/sessions/{session}", "DELETE")
    notebook.page.reload()
    picture = notebook.page.locator(".jp-cxg-picture img")
    expect(picture).to_be_visible(timeout=30_000)
    assert picture.evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 600
    expect(notebook.page.get_by_text("model not found")).to_have_count(0)


def test_two_views_of_one_widget_share_the_selection(open_notebook: Open) -> None:
    notebook, first = opened(open_notebook, "viewer")
    notebook.run(2)
    second = notebook.viewer(1)
    do(first, {"type": "setTool", "tool": "lasso"})
    lasso_top_left(first)
    until(second, "state.tally.selected === 40")


def test_gene_colors_keep_arriving_while_the_kernel_is_busy(open_notebook: Open) -> None:
    busy = "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end: pass\nprint('done')"
    cells = CORNERS.replace(
        'np.where(cluster[:, None] == np.arange(4), 5.0, 0.0).astype("float32")',
        'rng.poisson(1.0, (len(cluster), 200)).astype("float32")',
    ).replace('["GENE_BL", "GENE_BR", "GENE_TL", "GENE_TR"]', '[f"GENE{i}" for i in range(200)]')
    notebook = open_notebook([cells, OPEN, busy])
    notebook.run(0)
    notebook.run(1)
    frame = notebook.viewer()
    ready(frame)
    notebook.start(2)
    shown = frame.evaluate(
        """async () => {
            const shown = [];
            for (let i = 0; i < 20; i++) {
                window.__cxg.viewer.do({type: "colorBy", color: {kind: "gene", name: `GENE${i}`}});
                await window.__cxg.settled();
                shown.push(window.__cxg.viewer.columns.get(`gene/GENE${i}`)?.kind);
            }
            return shown;
        }"""
    )
    assert shown == ["continuous"] * 20
    # all of them came while it was busy; how fast is measured by `make bench`
    expect(notebook.cell(2).locator(".jp-InputPrompt")).to_have_text("[*]:")


# ── annotations and gene sets: the same kernel everywhere, so one of the two is enough ──


def label(frame: Frame, corner: str, name: str, annotation: str | None = None) -> None:
    """Choose the cells of a corner and label them by the form below the plot."""
    do(frame, {"type": "clearFilters"})
    do(frame, {"type": "onlyCategory", "column": "corner", "value": corner})
    label_selected(frame, name, annotation)


COUNTS = """
mine = adata.obs.get("mine")
print(*([] if mine is None else mine.value_counts().sort_index().items()), *viewer.annotations)
""".strip()


@pytest.mark.parametrize("server", ["/"], indirect=True, ids=["root"])
def test_labels_land_in_obs_by_themselves(open_notebook: Open) -> None:
    notebook, frame = opened(open_notebook)
    label(frame, "top left", "T", "mine")
    notebook.prints(2, COUNTS, "('T', 40) mine")
    label(frame, "bottom right", "B")
    notebook.prints(2, COUNTS, "('T', 40) ('B', 40) mine")
    frame.get_by_role("button", name="Undo").click()
    notebook.prints(2, COUNTS, "('T', 40) mine")

    # published again, the column is still the annotation, which goes on being edited
    before = frame.frame_element()
    notebook.rerun(2, "viewer.refresh()")
    notebook.page.wait_for_function("(frame) => !frame.isConnected", arg=before)
    frame = notebook.viewer()
    until(frame, "state.view.revision === 2 && state.annotations.status === 'saved'")
    label(frame, "top right", "T")
    notebook.prints(2, COUNTS, "('T', 80) mine")
    until(frame, "state.annotations.status === 'saved'")
    notebook.rerun(2, "adata.write_h5ad('t.h5ad'); again = anndata.read_h5ad('t.h5ad')")
    row = "again.uns['jupyter_cxg']['annotations'].loc['mine', ['dataset', 'labeled']]"
    assert notebook.rerun(2, f"print(again.obs.mine.count(), *{row})") == "80 adata 80"

    # colors that are chosen land too, by hand or from Python, and undo takes them back
    colors = "print(*adata.uns.get('mine_colors', []))"
    do(frame, {"type": "setLabelColor", "column": "mine", "label": "T", "color": "#ff0000"})
    notebook.prints(2, colors, "#ff0000")
    notebook.rerun(2, "viewer.label_colors = {'mine': {'T': 'teal'}, 'corner': {'top left': 'gold'}}")
    notebook.prints(2, colors, "#008080")
    shown = frame.evaluate("window.__cxg.viewer.store.getState().view.labelColors")
    assert shown == {"mine": {"T": "#008080"}, "corner": {"top left": "#ffd700"}}
    written = "viewer.write_colors('corner'); print(adata.uns['corner_colors'][2])"
    assert notebook.rerun(2, written) == "#ffd700"
    for _ in range(2):
        frame.get_by_role("button", name="Undo").click()
    notebook.prints(2, colors, "")

    # a deleted annotation is gone, also for who loads the page again, until the history brings it back
    frame.evaluate("() => window.__cxg.viewer.annotations.remove('mine')")
    notebook.prints(2, COUNTS, "")
    until(frame, "state.annotations.status === 'saved'")
    before = frame.frame_element()
    frame.evaluate("() => window.__cxg.viewer.reload()")
    notebook.page.wait_for_function("(frame) => !frame.isConnected", arg=before)
    frame = notebook.viewer()
    until(frame, "state.annotations.status === 'saved'")
    columns = frame.evaluate("window.__cxg.viewer.store.getState().dataset.obs.map(({ name }) => name)")
    assert columns == ["corner", "size"], "although mine was published"
    frame.evaluate("""async () => {
        const { annotations } = window.__cxg.viewer;
        const { version } = await annotations.history();
        await annotations.restore(version - 1, version);
    }""")
    notebook.prints(2, COUNTS, "('T', 80) mine")

    # what is changed in Python is the user's own, which is said in the next cell
    notebook.rerun(2, "adata.obs['mine'] = 'of my own'")
    label(frame, "top right", "B")
    deadline = time.monotonic() + 10
    while "changed in Python" not in (said := notebook.rerun(2, "print(*set(adata.obs['mine']))")):
        assert time.monotonic() < deadline, f"the kernel says {said!r}"
    assert "of my own" in said and "adata.obs['mine']" in said
    assert notebook.rerun(2, "print(*set(adata.obs['mine']))") == "of my own", "said once"


@pytest.mark.parametrize("server", ["/"], indirect=True, ids=["root"])
def test_gene_sets_go_both_ways(open_notebook: Open) -> None:
    notebook, frame = opened(open_notebook)
    notebook.rerun(2, "viewer.gene_sets = {'left': ['GENE_TL', 'GENE_BL']}")
    until(frame, "state.sets.list.some((set) => set.name === 'left' && set.genes.length === 2)")
    notebook.prints(2, "print(viewer.gene_sets)", "{'left': ['GENE_TL', 'GENE_BL']}")
    frame.evaluate("() => window.__cxg.viewer.sets.create('right', ['GENE_TR', 'GENE_BR'])")
    notebook.prints(2, "print(*viewer.gene_sets, *viewer.gene_sets['right'])", "right left GENE_TR GENE_BR")
