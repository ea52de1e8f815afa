"""Files in JupyterLab: what opens them, what a tab remembers, what the Running panel ends."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import under_a_prefix
from tests.browser.files import N_CELLS, LabPage, viewer_in, write_anndata
from tests.browser.jupyter import TOKEN, JupyterServer, NotebookPage

NAMES = ["cells.h5ad", "50 % of my #1 cells + more? ü.h5ad"]
OpenLab = Callable[[], LabPage]


@pytest.fixture
def folder(server: JupyterServer, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of this test alone, below the server's root."""
    yield server.root / re.sub(r"\W+", "-", request.node.name)
    for snapshot in server.ask("cxg/api/snapshots"):
        server.ask(f"cxg/api/snapshots/{snapshot['id']}", "DELETE")


@pytest.fixture
def open_lab(server: JupyterServer, page_of: Callable[..., Page], folder: Path) -> OpenLab:
    """Opens JupyterLab, with tabs of its own, in this test's folder."""
    return lambda: LabPage(page_of(), server, folder.name, folder.name)


def encoded(folder: Path, name: str) -> str:
    """As the path must stand in the URL: no character of it may mean anything there."""
    return quote(f"{folder.name}/{name}", safe="!'()*")


def tally(frame: Frame) -> int:
    count: int = frame.evaluate("() => window.__cxg.viewer.store.getState().tally.total")
    return count


def color_by(frame: Frame, gene: str) -> None:
    frame.evaluate(
        """async (name) => {
            window.__cxg.viewer.do({ type: "colorBy", color: { kind: "gene", name } });
            await window.__cxg.settled();
        }""",
        gene,
    )


def colored_by(frame: Frame) -> str | None:
    name: str | None = frame.evaluate("() => window.__cxg.viewer.store.getState().view.color?.name ?? null")
    return name


@pytest.mark.parametrize("name", NAMES)
def test_double_click_opens_a_file_without_fetching_it(folder: Path, open_lab: OpenLab, name: str) -> None:
    file = write_anndata(folder / name)
    lab = open_lab()
    lab.entry(name).dblclick()
    frame = lab.viewer(encoded(folder, name))
    assert tally(frame) == N_CELLS
    expect(lab.tabs()).to_have_text([name])
    about_it = lab.asked("/api/contents/")
    assert any(f"{quote(file.name)}?" in asked for asked in about_it)  # its date is asked for
    for asked in about_it:
        assert asked.startswith("GET "), asked  # no checkpoint: that would be a copy of the file
        assert quote(file.name) not in asked or "content=0" in asked or "/checkpoints" in asked, asked
    assert not lab.asked("/files/")
    assert not list(folder.glob(".ipynb_checkpoints/*"))


@under_a_prefix
def test_nothing_can_be_saved_over_a_file(folder: Path, open_lab: OpenLab) -> None:
    file = write_anndata(folder / "cells.h5ad")
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    lab = open_lab()
    lab.entry("cells.h5ad").dblclick()
    lab.viewer()
    assert not lab.page.evaluate("() => window.jupyterapp.commands.isEnabled('docmanager:save')")
    lab.page.evaluate("() => { void window.jupyterapp.commands.execute('docmanager:save'); }")
    expect(lab.page.locator(".jp-Dialog").get_by_text("read-only")).to_be_visible()
    assert not [asked for asked in lab.asked("/api/contents/") if not asked.startswith("GET ")]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert not lab.complaints


@under_a_prefix
def test_zarr_folder_opens_by_its_context_menu(folder: Path, open_lab: OpenLab) -> None:
    write_anndata(folder / "store.zarr")
    (folder / "plain").mkdir()
    lab = open_lab()
    item = lab.page.locator(".lm-Menu-item", has_text="Open in AnnData Viewer")
    lab.entry("plain").click(button="right")
    expect(lab.page.locator(".lm-Menu-item", has_text="Rename")).to_be_visible()
    expect(item).to_be_hidden()
    lab.page.keyboard.press("Escape")
    lab.entry("store.zarr").click(button="right")
    item.click()
    assert tally(lab.viewer(encoded(folder, "store.zarr"))) == N_CELLS
    expect(lab.tabs()).to_have_text(["store.zarr"])
    lab.entry("store.zarr").click(button="right")
    item.click()
    expect(lab.tabs()).to_have_text(["store.zarr"])  # the same tab


@under_a_prefix
def test_launcher_tile_asks_which_file(folder: Path, open_lab: OpenLab) -> None:
    write_anndata(folder / "cells.h5ad")
    (folder / "notes.txt").write_text("not shown in the dialog")
    lab = open_lab()
    lab.run("launcher:create", {"cwd": folder.name})
    lab.page.locator(".jp-LauncherCard", has_text="AnnData Viewer").last.click()
    dialog = lab.page.locator(".jp-Dialog")
    expect(dialog.get_by_text("notes.txt")).to_have_count(0)
    dialog.get_by_text("cells.h5ad").click()
    dialog.get_by_role("button", name="Select").click()
    assert tally(lab.viewer(encoded(folder, "cells.h5ad"))) == N_CELLS


@under_a_prefix
def test_palette_has_the_command(folder: Path, open_lab: OpenLab) -> None:
    write_anndata(folder / "store.zarr")
    lab = open_lab()
    expect(lab.page.locator(".jp-LauncherCard").first).to_be_visible()  # it takes the focus when it comes
    lab.page.keyboard.press("Control+Shift+C")
    lab.page.locator(".lm-CommandPalette-input").fill("open anndata")
    lab.page.locator(".lm-CommandPalette-item", has_text="Open AnnData File or Folder").click()
    dialog = lab.page.locator(".jp-Dialog")
    dialog.get_by_text(folder.name).dblclick()
    dialog.get_by_text("store.zarr").click()
    dialog.get_by_role("button", name="Select").click()
    assert tally(lab.viewer(encoded(folder, "store.zarr"))) == N_CELLS


@under_a_prefix
def test_what_is_no_anndata_is_not_opened_from_the_dialog(folder: Path, open_lab: OpenLab) -> None:
    (folder / "plain").mkdir(parents=True)
    lab = open_lab()
    lab.page.evaluate(
        "(cwd) => { void window.jupyterapp.commands.execute('jupyter-cxg:open', { cwd }); }", folder.name
    )
    dialog = lab.page.locator(".jp-Dialog")
    dialog.get_by_text("plain").click()
    dialog.get_by_role("button", name="Select").click()
    expect(lab.page.locator(".jp-Dialog").get_by_text("ends in .h5ad")).to_be_visible()
    expect(lab.tabs()).to_have_count(0)


@under_a_prefix
def test_theme_of_jupyterlab_reaches_the_viewer(folder: Path, open_lab: OpenLab) -> None:
    write_anndata(folder / "cells.h5ad")
    lab = open_lab()
    lab.entry("cells.h5ad").dblclick()
    page = lab.viewer().locator("html")
    expect(page).to_have_attribute("data-theme", "light")
    try:
        lab.run("apputils:change-theme", {"theme": "JupyterLab Dark"})
        expect(page).to_have_attribute("data-theme", "dark")
    finally:
        lab.run("apputils:change-theme", {"theme": "JupyterLab Light"})
    expect(page).to_have_attribute("data-theme", "light")


def test_tabs_and_their_views_come_back_after_a_reload(folder: Path, open_lab: OpenLab) -> None:
    write_anndata(folder / "cells #1.h5ad")
    write_anndata(folder / "store.zarr")
    lab = open_lab()
    lab.run("jupyter-cxg:open", {"path": f"{folder.name}/store.zarr"})
    store = lab.viewer(encoded(folder, "store.zarr"))
    with lab.page.expect_request(lambda it: it.method == "PUT" and "GENE5" in (it.post_data or "")):
        color_by(store, "GENE5")
    lab.run("jupyter-cxg:open", {"path": f"{folder.name}/cells #1.h5ad"})
    cells = lab.viewer(encoded(folder, "cells #1.h5ad"))
    with lab.page.expect_request(lambda it: it.method == "PUT" and "GENE7" in (it.post_data or "")):
        color_by(cells, "GENE7")
    lab.page.reload()
    lab.restored()
    expect(lab.tabs()).to_have_text(["store.zarr", "cells #1.h5ad"])
    assert colored_by(lab.viewer(encoded(folder, "cells #1.h5ad"))) == "GENE7"
    lab.tabs().filter(has_text="store.zarr").click()
    assert colored_by(lab.viewer(encoded(folder, "store.zarr"))) == "GENE5"


def test_running_panel_lists_opens_and_ends_a_viewer(
    folder: Path, open_lab: OpenLab, server: JupyterServer
) -> None:
    write_anndata(folder / "cells.h5ad")
    lab = open_lab()
    lab.entry("cells.h5ad").dblclick()
    lab.viewer()
    lab.tabs().filter(has_text="cells.h5ad").locator("..").locator(".lm-TabBar-tabCloseIcon").click()
    expect(lab.tabs()).to_have_count(0)
    lab.page.locator('[data-id="jp-running-sessions"]').click()
    row = lab.page.locator(".jp-RunningSessions-item").filter(has_text=f"{N_CELLS} cells")
    expect(row).to_have_count(1)
    row.locator(".jp-RunningSessions-itemLabel").click()
    lab.viewer(encoded(folder, "cells.h5ad"))
    row.hover()
    with lab.page.expect_response(lambda answer: answer.request.method == "DELETE") as ended:
        row.locator(".jp-RunningSessions-itemShutdown").click()
    assert ended.value.status == 204
    expect(row).to_have_count(0)
    expect(lab.tabs()).to_have_count(0)
    assert server.ask("cxg/api/snapshots") == []


@under_a_prefix
def test_click_into_a_viewer_makes_its_tab_the_current_one(folder: Path, open_lab: OpenLab) -> None:
    write_anndata(folder / "cells.h5ad")
    lab = open_lab()
    lab.entry("cells.h5ad").dblclick()
    lab.viewer()
    lab.page.evaluate(
        """() => {
            const { shell } = window.jupyterapp;
            const launcher = [...shell.widgets("main")].find(({ title }) => title.label === "Launcher");
            shell.add(launcher, "main", { ref: shell.currentWidget.id, mode: "split-right" });
            shell.activateById(launcher.id);
        }"""
    )
    current = lab.page.locator(".lm-TabBar-tab.jp-mod-current")
    expect(current).to_have_text("Launcher")
    lab.page.frame_locator(".jp-cxg-viewer iframe").get_by_role("application").click()
    expect(current).to_have_text("cells.h5ad")


@under_a_prefix
def test_renamed_file_keeps_its_viewer(folder: Path, open_lab: OpenLab) -> None:
    write_anndata(folder / "before.h5ad")
    lab = open_lab()
    lab.entry("before.h5ad").dblclick()
    frame = lab.viewer()
    color_by(frame, "GENE3")
    lab.page.evaluate(
        "async ([from, to]) => { await window.jupyterapp.serviceManager.contents.rename(from, to); }",
        [f"{folder.name}/before.h5ad", f"{folder.name}/after.h5ad"],
    )
    expect(lab.tabs()).to_have_text(["after.h5ad"])
    assert colored_by(frame) == "GENE3"  # the frame was not loaded anew


@under_a_prefix
def test_file_that_is_not_there_is_said(folder: Path, open_lab: OpenLab) -> None:
    folder.mkdir()
    lab = open_lab()
    lab.run("jupyter-cxg:open", {"path": f"{folder.name}/gone.zarr"})
    sentence = lab.page.frame_locator(".jp-cxg-viewer iframe").locator("body")
    expect(sentence).to_contain_text("gone.zarr")
    expect(lab.page.locator(".jp-cxg-viewer iframe")).to_be_visible()


@under_a_prefix
def test_magic_works_without_the_labextension(
    tmp_path: Path, page_of: Callable[..., Page], server: JupyterServer
) -> None:
    disabled = tmp_path / "config" / "labconfig" / "page_config.json"
    disabled.parent.mkdir(parents=True)
    disabled.write_text(json.dumps({"disabledExtensions": {"jupyter-cxg": True}}))
    write_anndata(tmp_path / "notebooks" / "cells.h5ad")
    with JupyterServer(tmp_path, server.base_url) as without:
        without.write_notebook("magic.ipynb", ["%load_ext jupyter_cxg\n%cxg cells.h5ad"])
        notebook = NotebookPage(page_of(), "magic.ipynb")
        notebook.open(without.page_url("lab", "magic.ipynb"))
        commands = "() => window.jupyterapp.commands.listCommands().filter((id) => id.includes('cxg'))"
        assert notebook.page.evaluate(commands) == []
        notebook.run(0)
        assert tally(notebook.viewer()) == N_CELLS


@pytest.mark.parametrize("name", NAMES)
def test_notebook_7_opens_a_file_from_its_tree(
    server: JupyterServer, page_of: Callable[..., Page], folder: Path, name: str
) -> None:
    write_anndata(folder / name)
    page = page_of()
    complaints: list[str] = []
    page.context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{server.url}tree/{folder.name}?token={TOKEN}")
    row = page.locator(".jp-DirListing-item").filter(has_text=name)
    with page.context.expect_page() as opened:
        row.dblclick()
    assert tally(viewer_in(opened.value, encoded(folder, name))) == N_CELLS
    assert not [text for text in complaints if "cxg" in text]
    assert not list(folder.glob(".ipynb_checkpoints/*"))


@under_a_prefix
def test_notebook_7_opens_a_zarr_folder_in_a_page_of_its_own(
    server: JupyterServer, page_of: Callable[..., Page], folder: Path
) -> None:
    write_anndata(folder / "store.zarr")
    page = page_of()
    page.goto(f"{server.url}tree/{folder.name}?token={TOKEN}")
    page.locator(".jp-DirListing-item").filter(has_text="store.zarr").click(button="right")
    with page.context.expect_page() as opened:
        page.locator(".lm-Menu-item", has_text="Open in AnnData Viewer").click()
    opened.value.locator("[data-cxg-ready]").wait_for(state="attached", timeout=30_000)
    assert "/cxg/open?path=" in opened.value.url
