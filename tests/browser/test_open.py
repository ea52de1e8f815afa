"""A file of the server in the viewer: the way there, the first picture, and what a broken one looks like."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.identity import snapshot_id
from tests.browser.conftest import under_a_prefix
from tests.browser.files import N_CELLS, write_anndata
from tests.browser.jupyter import TOKEN, JupyterServer, ready

PageOf = Callable[..., Page]


def open_file(page: Page, server: JupyterServer, path: str, **query: str) -> None:
    more = "".join(f"&{name}={quote(value)}" for name, value in query.items())
    page.goto(f"{server.url}cxg/open?path={quote(path)}{more}&token={TOKEN}")


@pytest.fixture
def data(server: JupyterServer, request: pytest.FixtureRequest) -> Path:
    """A folder of this test, below the server's."""
    folder = server.root / re.sub(r"\W+", "-", request.node.name)
    folder.mkdir()
    return folder


def test_a_file_is_shown(server: JupyterServer, page_of: PageOf, data: Path) -> None:
    write_anndata(data / "pbmc.h5ad")
    page = page_of()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    open_file(page, server, f"{data.name}/pbmc.h5ad")
    expect(page).to_have_title("pbmc.h5ad")
    ready(page.main_frame)
    expect(page.get_by_test_id("tally")).to_have_text(f"{N_CELLS} of {N_CELLS} cells")
    assert not problems
    # again, by the address that the first visit left behind
    page.reload()
    ready(page.main_frame)
    expect(page.get_by_test_id("tally")).to_have_text(f"{N_CELLS} of {N_CELLS} cells")
    (snapshot,) = [s for s in server.ask("cxg/api/snapshots") if s["source"] == f"{data.name}/pbmc.h5ad"]
    assert snapshot["state"] == "complete"


@under_a_prefix
def test_a_store_is_shown(server: JupyterServer, page_of: PageOf, data: Path) -> None:
    write_anndata(data / "x.zarr")
    page = page_of()
    open_file(page, server, f"{data.name}/x.zarr")
    ready(page.main_frame)
    expect(page.get_by_test_id("tally")).to_have_text(f"{N_CELLS} of {N_CELLS} cells")


@under_a_prefix
def test_the_address_says_what_it_is_colored_by(server: JupyterServer, page_of: PageOf, data: Path) -> None:
    write_anndata(data / "x.h5ad")
    page = page_of()
    color = {"color": {"kind": "gene", "name": "GENE7"}}
    open_file(page, server, f"{data.name}/x.h5ad", state=json.dumps(color))
    ready(page.main_frame)
    state = page.evaluate("async () => (await __cxg.settled(), __cxg.viewer.committed().color)")
    assert state == color["color"]
    expect(page.get_by_role("figure", name="Colors of GENE7")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("note.h5ad", b"not HDF5", "note.h5ad is not an HDF5 file, whatever its name says."),
        ("empty.h5ad", b"", "empty.h5ad is empty: copy or download it again."),
    ],
)
@under_a_prefix
def test_a_broken_file_says_what_is_wrong_and_can_be_tried_again(
    server: JupyterServer, page_of: PageOf, data: Path, name: str, content: bytes, says: str
) -> None:
    (data / name).write_bytes(content)
    page = page_of()
    open_file(page, server, f"{data.name}/{name}")
    expect(page.get_by_role("heading", name=f"{name} could not be opened")).to_be_visible()
    expect(page.get_by_text(says)).to_be_visible()
    write_anndata(data / name)
    page.get_by_role("button", name="Retry").click()
    ready(page.main_frame)
    expect(page.get_by_test_id("tally")).to_have_text(f"{N_CELLS} of {N_CELLS} cells")


@under_a_prefix
def test_a_file_that_is_not_there_is_a_sentence(server: JupyterServer, page_of: PageOf) -> None:
    page = page_of()
    open_file(page, server, "../../etc/x.h5ad")
    expect(page.get_by_text("A path has a name between two slashes")).to_be_visible()
    open_file(page, server, "missing.h5ad")
    expect(page.get_by_text("There is no file missing.h5ad below this server's folder.")).to_be_visible()


@under_a_prefix
def test_opening_shows_how_far_it_is_and_can_be_given_up(
    server: JupyterServer, page_of: PageOf, data: Path
) -> None:
    write_anndata(data / "x.h5ad")
    page = page_of()
    id = snapshot_id(data / "x.h5ad")
    with Catalog(server.snapshots).turn(id):  # the process has to wait for it
        open_file(page, server, f"{data.name}/x.h5ad")
        expect(page.get_by_role("heading", name="Opening x.h5ad")).to_be_visible()
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_text("Waiting for another server that prepares it")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("heading", name="Opening was cancelled")).to_be_visible()
    assert not [s for s in server.ask("cxg/api/snapshots") if s["id"] == id]
    page.get_by_role("button", name="Open again").click()
    ready(page.main_frame)
    expect(page.get_by_test_id("tally")).to_have_text(f"{N_CELLS} of {N_CELLS} cells")
