"""The Hub's own culler of idle servers, and a viewer that is open meanwhile."""

import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.jupyter import ready
from tests.browser.test_notebook import do, until
from tests.hub.hub import Hub
from tests.hub.test_notebook import login

TIMEOUT = 6  # seconds without activity; servers tell the Hub of theirs every second here
GENES = ("GENE1", "GENE2", "GENE3", "GENE4", "GENE5", "GENE6", "GENE7", "GENE8", "GENE9", "GENE10")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def culler(hub: Hub) -> Iterator[None]:
    """jupyterhub-idle-culler, as administrators run it."""
    command = [
        *(str(hub.environment / "bin" / "python"), "-m", "jupyterhub_idle_culler"),
        *(f"--url={hub.url}hub/api", f"--timeout={TIMEOUT}", "--cull-every=1"),
    ]
    process = subprocess.Popen(command, env={"JUPYTERHUB_API_TOKEN": hub.token}, stderr=subprocess.DEVNULL)
    yield
    ended = process.poll()
    process.kill()
    process.wait()
    if hub.server("alice"):
        hub.stop_server("alice")
    assert ended is None, "the culler ended by itself"


def test_a_viewer_in_use_is_kept_and_one_left_alone_is_culled(hub: Hub, culler: None, page: Page) -> None:
    login(page, hub, "alice")
    url = hub.start_server("alice")
    page.goto(f"{url}cxg/open?path=data/tiny.h5ad")
    ready(page.main_frame)
    started = time.monotonic()
    for gene in GENES:  # each once, as the viewer asks for no gene twice
        do(page.main_frame, {"type": "colorBy", "color": {"kind": "gene", "name": gene}})
        assert hub.server("alice")["ready"], hub.said()
        threading.Event().wait(1)  # somebody looks
    assert time.monotonic() - started > TIMEOUT + 2

    deadline = time.monotonic() + 6 * TIMEOUT
    while hub.server("alice"):
        assert time.monotonic() < deadline, hub.said()
        threading.Event().wait(0.2)
    page.evaluate(
        "() => { window.__cxg.viewer.do({type: 'colorBy', color: {kind: 'gene', name: 'GENE11'}}); }"
    )
    until(page.main_frame, "state.server === 'unreachable'")

    hub.start_server("alice")
    page.reload()
    ready(page.main_frame)  # the snapshot has outlived its server
