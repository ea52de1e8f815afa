"""Saved views, the link to a view, and the browser's back and forward, in a browser."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import Publication
from tests.browser.files import write_anndata
from tests.browser.jupyter import TOKEN, JupyterServer, ready
from tests.browser.test_notebook import do, settled, until
from tests.cli.test_serve import serving
from tests.reference.example import publish, tiny_adata

PageOf = Callable[..., Page]
GENE: dict[str, Any] = {"type": "colorBy", "color": {"kind": "gene", "name": "GENE7"}}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server where everybody is a visitor."""
    home = tmp_path_factory.mktemp("views")
    write_anndata(home / "cells.h5ad")
    environment = {
        **os.environ,
        "CXG_SNAPSHOT_DIR": str(home / "snapshots"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "CXG_TOKEN": "",
    }
    with serving([home / "cells.h5ad", "--auth=none"], environment) as server:
        server.listening()
        yield server.url


def shown(page: Page, address: str) -> Page:
    page.goto(address)
    ready(page.main_frame)
    settled(page.main_frame)
    return page


def act(page: Page, *actions: dict[str, Any]) -> None:
    for action in actions:
        do(page.main_frame, action)


def state(page: Page) -> dict[str, Any]:
    settled(page.main_frame)
    found: dict[str, Any] = page.evaluate("__cxg.viewer.committed()")
    return found


def test_a_view_is_saved_opened_renamed_and_deleted(address: str, page_of: PageOf) -> None:
    page = shown(page_of(), address)
    first = state(page)
    do(page.main_frame, GENE)
    do(page.main_frame, {"type": "setCamera", "camera": {"x": 0.4, "y": 0.6, "zoom": 3}})
    page.keyboard.press("v")
    expect(page.get_by_text("No saved views yet.")).to_be_visible()
    page.get_by_label("Save this view as").fill("<b>GENE7</b> 👩‍🔬")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Open <b>GENE7</b> 👩‍🔬")).to_contain_text("colored by GENE7")
    page.keyboard.press("Escape")
    do(page.main_frame, {"type": "colorBy", "color": first["color"]})

    again = shown(page.context.new_page(), address)  # the same visitor, elsewhere
    again.keyboard.press("v")
    again.get_by_role("button", name="Open <b>").click()
    expect(again.get_by_role("figure", name="Colors of GENE7")).to_be_visible()
    found = state(again)
    assert found["color"] == GENE["color"] and found["camera"] == {"x": 0.4, "y": 0.6, "zoom": 3}
    again.keyboard.press("Control+z")
    assert state(again)["color"] == first["color"]

    again.keyboard.press("v")
    again.get_by_role("button", name="More about <b>").click()
    again.get_by_role("menuitem", name="Rename").click()
    again.get_by_label("New name of <b>").fill("seven")
    again.keyboard.press("Enter")
    expect(again.get_by_role("button", name="Open seven")).to_be_visible()
    again.get_by_role("button", name="More about seven").click()
    again.get_by_role("menuitem", name="Delete").click()
    expect(again.get_by_text("“seven” was deleted.")).to_be_visible()
    expect(again.get_by_text("No saved views yet.")).to_be_visible()
    again.get_by_role("button", name="Undo").last.click()
    expect(again.get_by_role("button", name="Open seven")).to_be_visible()

    stranger = shown(page_of(), address)
    stranger.keyboard.press("v")
    expect(stranger.get_by_text("No saved views yet.")).to_be_visible()


def test_what_was_typed_survives_a_server_that_is_away(address: str, page_of: PageOf) -> None:
    page = shown(page_of(), address)
    page.keyboard.press("v")
    expect(page.get_by_text("No saved views yet.")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label("Save this view as").fill("later")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Save this view as")).to_have_value("later")
    page.context.set_offline(False)
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("button", name="Open later")).to_be_visible()


def test_the_link_opens_the_same_view(address: str, page_of: PageOf) -> None:
    page = shown(page_of(), address)
    act(page, GENE, {"type": "addGenes", "genes": ["GENE7"]})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Copy link to this view").click()
    expect(page.get_by_text("The link to this view is on the clipboard.")).to_be_visible()
    page.keyboard.press("v")
    link = page.get_by_label("Address of this view").input_value()
    page.get_by_label("Save this view as").click()
    page.keyboard.press("Control+v")
    expect(page.get_by_label("Save this view as")).to_have_value(link[:200])
    other = shown(page_of(), link)
    assert {key: state(other)[key] for key in ("color", "genes", "embedding")} == {
        key: state(page)[key] for key in ("color", "genes", "embedding")
    }


def test_back_and_forward_go_through_the_steps(address: str, page_of: PageOf) -> None:
    page = shown(page_of(), address)
    fragment_says(page, "version")
    do(page.main_frame, GENE)
    fragment_says(page, "GENE7")
    do(page.main_frame, {"type": "addGenes", "genes": ["GENE1"]})
    fragment_says(page, "GENE1")
    do(page.main_frame, {"type": "setTheme", "theme": "dark"})  # is no step
    fragment_says(page, "dark")
    page.evaluate("history.back()")
    until(page.main_frame, "state.view.genes.length === 0")
    assert state(page)["color"] == GENE["color"] and state(page)["theme"] == "dark"
    page.evaluate("history.back()")
    until(page.main_frame, "state.view.color?.kind !== 'gene'")
    page.evaluate("history.go(2)")
    until(page.main_frame, "state.view.genes[0] === 'GENE1' && state.view.color?.name === 'GENE7'")


def fragment_says(page: Page, text: str) -> None:
    page.wait_for_url(lambda url: text in url)


@pytest.mark.parametrize("server", ["/"], indirect=True, ids=["root"])
def test_a_view_of_an_older_revision_says_what_no_longer_applies(
    server: JupyterServer, page_of: PageOf, tmp_path: Path
) -> None:
    catalog = Catalog(server.snapshots)
    id = publish(tiny_adata(), catalog, title="tiny")
    page = page_of()
    page.goto(f"{server.url}cxg/d/{id}/?token={TOKEN}")
    ready(page.main_frame)
    settled(page.main_frame)
    page.evaluate("() => { __cxg.viewer.keepCells('python-1', new Uint8Array([15, 0, 0, 0, 0, 0, 0, 0])); }")
    act(
        page,
        {"type": "setEmbedding", "embedding": "pca"},
        {"type": "colorBy", "color": {"kind": "obs", "name": "louvain"}},
        {"type": "selectCells", "key": "python-1", "label": "from Python", "count": 4},
    )
    settled(page.main_frame)
    page.keyboard.press("v")
    page.get_by_label("Save this view as").fill("mine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Open mine")).to_be_visible()

    newer = tiny_adata()[:-1].copy()
    del newer.obs["louvain"], newer.obsm["X_pca"]
    Publication.begin(newer, catalog, title="tiny", id=id).finish()
    page.reload()  # with the old view in the address
    ready(page.main_frame)
    notice = page.get_by_text("This view was made on revision 1 of the data, which is at revision 2 now.")
    expect(notice).to_be_visible()
    expect(page.get_by_text('There is no embedding "pca" in this dataset.')).to_be_visible()
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Open mine")).to_contain_text("on revision 1 of the data")
    page.get_by_role("button", name="Open mine").click()
    expect(page.get_by_text("“mine” was saved on revision 1 of this data")).to_be_visible()
    expect(page.get_by_text("A selection is of cells that the data no longer have.")).to_be_visible()
    assert state(page)["filters"] == [] and json.dumps(state(page)).count("louvain") == 0
    catalog.remove(id)
