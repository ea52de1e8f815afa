"""Two Jupyter servers: JupyterLab at the root, Notebook 7 under a Hub-like prefix."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.jupyter import TEST_ARGUMENTS, App, JupyterServer, NotebookPage, browser_path

Open = Callable[[Sequence[str]], NotebookPage]
BASE_URLS = ("/", "/user/someone/")
# For what does not depend on where the server is, so that one is enough: the one with the longer addresses.
under_a_prefix = pytest.mark.parametrize("server", BASE_URLS[1:], indirect=True, ids=["prefix"])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": browser_path(), "args": TEST_ARGUMENTS}


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], JupyterServer]]:
    """The server with a base URL, which is started once."""
    with ExitStack() as stack:

        @cache
        def running(base_url: str) -> JupyterServer:
            return stack.enter_context(JupyterServer(tmp_path_factory.mktemp("home"), base_url))

        yield running


@pytest.fixture(params=BASE_URLS, ids=["root", "prefix"])
def server(request: pytest.FixtureRequest, servers: Callable[[str], JupyterServer]) -> JupyterServer:
    return servers(request.param)


@pytest.fixture
def app(server: JupyterServer) -> App:
    """JupyterLab at the root, Notebook 7 under the prefix: all four, in half the time of all pairs."""
    return "lab" if server.base_url == "/" else "notebook"


@pytest.fixture
def page_of(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A fresh browser profile of a given size."""
    contexts = []

    def open_page(width: int = 1400, height: int = 1000, **options: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def open_notebook(
    server: JupyterServer, app: App, page_of: Callable[..., Page], request: pytest.FixtureRequest
) -> Iterator[Open]:
    """Write a notebook of these cells and open it in the app under test; its kernel ends with the test."""
    name = re.sub(r"\W+", "-", request.node.name) + ".ipynb"

    def open_cells(cells: Sequence[str]) -> NotebookPage:
        server.write_notebook(name, cells)
        notebook = NotebookPage(page_of(height=1200), name)  # all cells in sight
        notebook.open(server.page_url(app, name))
        return notebook

    yield open_cells
    for session in server.ask("api/sessions"):
        server.ask(f"api/sessions/{session['id']}", "DELETE")
