"""The viewer has no ambient authority, and shows itself where a Hub forbids frames elsewhere."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import pixels
from tests.browser.jupyter import JupyterServer, NotebookPage
from tests.browser.test_notebook import COLORS, CORNERS, OPEN, settled

# what JupyterHub sets for every page of a single-user server
HUB = "--ServerApp.tornado_settings={'headers': {'Content-Security-Policy': \"frame-ancestors 'none'\"}}"


@pytest.fixture(scope="module")
def hub_like(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    with JupyterServer(tmp_path_factory.mktemp("hub"), "/user/someone/", [HUB]) as server:
        yield server


def opened(server: JupyterServer, page: Page) -> NotebookPage:
    server.write_notebook("hub.ipynb", [CORNERS, OPEN])
    notebook = NotebookPage(page, "hub.ipynb")
    notebook.open(server.page_url("lab", "hub.ipynb"))
    notebook.run(0)
    notebook.run(1)
    return notebook


def test_viewer_in_a_frame_of_a_server_that_forbids_frames(
    hub_like: JupyterServer, page_of: Callable[..., Page]
) -> None:
    page = page_of()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    frame = opened(hub_like, page).viewer()
    settled(frame)
    picture = pixels.plot(frame)
    for corner, color in COLORS.items():
        assert pixels.close(pixels.corner(picture, corner), pixels.rgb(color)), corner
    assert not [text for text in refused if "/cxg/" in text], refused

    reach = frame.evaluate(
        """async (base) => {
            const attempt = async (run) => {
                try { return String(await run()); } catch (error) { return error.name; }
            };
            return {
                cookie: await attempt(() => document.cookie),
                storage: await attempt(() => localStorage.length),
                parent: await attempt(() => parent.document.title),
                contents: await attempt(async () => (await fetch(`${base}api/contents`)).status),
                snapshots: await attempt(async () => (await fetch(`${base}cxg/api/snapshots`)).status),
            };
        }""",
        hub_like.base_url,
    )
    assert reach == {
        "cookie": "SecurityError",
        "storage": "SecurityError",
        "parent": "SecurityError",
        "contents": "TypeError",  # no cookie goes along and no answer may be read
        "snapshots": "TypeError",
    }


def test_capability_is_in_no_address(hub_like: JupyterServer, page_of: Callable[..., Page]) -> None:
    page = page_of()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    frame = opened(hub_like, page).viewer()
    config = frame.evaluate("JSON.parse(document.getElementById('cxg-config').textContent)")
    assert len(config["capability"]) >= 22
    assert not [address for address in addresses if config["capability"] in address]
    assert config["capability"] not in "\n".join(hub_like.log)
    notebook = Path(hub_like.root / "hub.ipynb").read_text()
    assert config["capability"] not in notebook


def test_a_job_is_submitted_watched_and_read(hub_like: JupyterServer, page_of: Callable[..., Page]) -> None:
    """By simple requests and a WebSocket: of an opaque origin, and under the page's policy."""
    page = page_of()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    frame = opened(hub_like, page).viewer()
    settled(frame)
    told = frame.evaluate(
        """async () => {
            const { capability, root } = JSON.parse(document.getElementById("cxg-config").textContent);
            const url = new URL(root, location.href);
            const events = new URL("events", url);
            events.protocol = events.protocol.replace("http", "ws");
            const socket = new WebSocket(events);
            const said = [];
            const over = new Promise((resolve) => {
                socket.onmessage = ({ data }) => {
                    const message = JSON.parse(data);
                    said.push(message);
                    if (["done", "failed"].includes(message.job?.state)) resolve();
                };
                socket.onclose = ({ code, reason }) => resolve(said.push({ code, reason }));
            });
            await new Promise((resolve) => { socket.onopen = resolve; socket.onerror = resolve; });
            socket.send(JSON.stringify({ capability }));
            const body = { capability, kind: "diffexp", a: { filter: { obs: { index: [[0, 2]] } } } };
            const answer = await fetch(new URL("jobs", url), { method: "POST", body: JSON.stringify(body) });
            const { job } = await answer.json();
            await over;
            const questions = [`job/result?id=${job}`];
            const found = await fetch(new URL("ask", url), {
                method: "POST",
                body: JSON.stringify({ capability, questions }),
            });
            const bytes = await found.arrayBuffer();
            const length = new DataView(bytes).getUint32(0, true);
            const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
            return { status: answer.status, said, header };
        }"""
    )
    assert told["status"] in (200, 202), told
    assert told["said"][-1]["job"]["state"] == "done", told
    assert told["header"]["answers"][0]["status"] == 200, told
    assert not [request for request in asked if request.startswith("OPTIONS") and "/cxg/" in request]
