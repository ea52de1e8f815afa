"""The owner's notebook under a real Hub, in a browser: what the Hub forbids must not hit the viewer."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import nbformat
import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.jupyter import NotebookPage, ready
from tests.hub.hub import PASSWORD, Hub
from tests.hub.owner import owner_on

CELLS = (
    "%load_ext jupyter_cxg",
    "import anndata; adata = anndata.read_h5ad('data/tiny.h5ad')",
    "%cxg adata --as viewer",
)


@pytest.fixture(params=["hub", "plain_hub"], ids=["6", "5.5"])
def any_hub(request: pytest.FixtureRequest) -> Hub:
    found: Hub = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def url(any_hub: Hub) -> Iterator[str]:
    """Of alice's running server, with a notebook in it."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, any_hub.home_of("alice") / "cells.ipynb")
    yield any_hub.start_server("alice")
    any_hub.stop_server("alice")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 1200})
    yield context.new_page()
    context.close()


def login(page: Page, hub: Hub, name: str) -> None:
    """As people do."""
    page.goto(f"{hub.url}hub/login")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/(hub/(home|spawn)|user/)"), timeout=30_000)


def test_the_viewer_in_a_notebook(any_hub: Hub, url: str, page: Page) -> None:
    refused: list[str] = []
    page.on(
        "console", lambda message: refused.append(message.text) if "frame-ancestors" in message.text else None
    )
    login(page, any_hub, "alice")
    policy = page.request.get(f"{url}lab").headers["content-security-policy"]
    assert policy == "frame-ancestors 'none'"  # what the Hub sets by itself

    notebook = NotebookPage(page, "cells.ipynb")
    address = f"{url}lab/tree/cells.ipynb"
    notebook.open(address)
    for cell in range(len(CELLS)):
        notebook.run(cell, timeout=60_000)
    frame = notebook.viewer()
    notebook.save()

    page.reload()  # the kernel goes on, and so does its snapshot
    expect(notebook.cell(0)).to_be_visible(timeout=30_000)
    notebook.kernel_ready()
    dataset = address_of(frame)
    assert address_of(notebook.viewer()) == dataset

    any_hub.stop_server("alice")
    any_hub.start_server("alice")
    page.goto(dataset)  # the snapshot is on the disk, and a new server knows it
    ready(page.main_frame)
    notebook.open(address)
    notebook.run(0)
    notebook.run(1)
    notebook.run(2, timeout=60_000)
    notebook.viewer()
    assert not refused


def test_looking_at_a_viewer_keeps_the_server(hub: Hub) -> None:
    """A Hub culls servers that tell it of no activity: questions are some, asking how far it is, none."""
    owner = owner_on(hub)
    try:
        question = f"cxg/d/{owner.dataset}/api/v0.2/schema"
        asked = datetime.now(UTC)
        owner.ask("GET", question)
        told(hub)
        assert activity(hub) >= asked.replace(microsecond=0)

        waited = datetime.now(UTC)
        owner.ask("GET", f"cxg/d/{owner.dataset}/status")
        told(hub)
        assert activity(hub) < waited
    finally:
        hub.stop_server("alice")


def address_of(frame: Frame) -> str:
    """Of the dataset; what is shown of it stands in the fragment."""
    return frame.url.partition("#")[0]


def activity(hub: Hub) -> datetime:
    """When somebody was active on alice's server, as far as the Hub knows."""
    found: str = hub.server("alice")["last_activity"]
    return datetime.fromisoformat(found)


def told(hub: Hub) -> None:
    """Wait until the server has told the Hub twice: the second time about all that was before."""
    count = len(hub.log)
    deadline = time.monotonic() + 20
    while sum("POST /hub/api/users/alice/activity" in line for line in hub.log[count:]) < 2:
        assert time.monotonic() < deadline, hub.said()
        threading.Event().wait(0.05)
