"""A link, from the owner's dialog to a guest's browser, and its end."""

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from jupyter_cxg.snapshot.catalog import Catalog
from tests.browser import pixels
from tests.browser.conftest import Open, under_a_prefix
from tests.browser.jupyter import TOKEN, JupyterServer, ready
from tests.browser.test_notebook import CORNERS, do, opened, settled, until
from tests.reference.example import publish

RED = {"kind": "categories", "column": "corner", "mode": "include", "values": ["top right"]}


def corners() -> Any:
    """The AnnData that `CORNERS` makes."""
    names: dict[str, Any] = {}
    exec("\n".join(line for line in CORNERS.splitlines() if not line.startswith("%")), names)  # noqa: S102
    return names["adata"]


@pytest.fixture
def dataset(server: JupyterServer) -> Iterator[str]:
    """The id of a snapshot of `CORNERS`, as a kernel would have published it."""
    catalog = Catalog(server.snapshots)
    id = publish(corners(), catalog, title="corners")
    yield id
    catalog.remove(id)


@pytest.fixture
def owner(server: JupyterServer, dataset: str, page_of: Callable[..., Page]) -> Page:
    """The owner's page of the dataset."""
    page = page_of(1400, 900)
    page.goto(f"{server.url}cxg/d/{dataset}/?token={TOKEN}")
    ready(page.main_frame)
    settled(page.main_frame)
    return page


def make_link(page: Page | Frame, note: str = "") -> str:
    """Make a link in the dialog of an owner's viewer; returns its address."""
    page.get_by_role("button", name="Share this view").click()
    if note:
        page.get_by_label("Note to yourself").fill(note)
    page.get_by_role("button", name="Create link").click()
    field = page.get_by_label("Address of the new link")
    expect(field).to_have_value(re.compile(r"^http://127\.0\.0\.1:\d+/.*cxg/s/[0-9a-f]{32}#k=[0-9a-f]{40}$"))
    return field.input_value()


def visit(page_of: Callable[..., Page], link: str, **options: Any) -> Page:
    """Open a link in a browser profile that has never seen the server."""
    page = page_of(**options)
    page.goto(link)
    return page


def shot(page: Page, name: str) -> None:
    """Keep a picture for those who want to look."""
    folder = Path("build/share")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def test_a_guest_sees_what_the_owner_saw_and_nothing_else(
    server: JupyterServer, owner: Page, dataset: str, page_of: Callable[..., Page]
) -> None:
    do(owner.main_frame, {"type": "colorBy", "color": {"kind": "gene", "name": "GENE_TR"}})
    do(owner.main_frame, {"type": "setFilters", "filters": [RED]})
    link = make_link(owner, "for the reviewers")
    expect(owner.get_by_text("ssh -N -L")).to_be_visible()
    expect(owner.get_by_role("list", name="Links to this dataset")).to_contain_text("for the reviewers")
    shot(owner, "owner")

    requests: list[str] = []
    guest = page_of(1400, 900)
    guest.on("request", lambda request: requests.append(f"{request.url} {request.headers}"))
    guest.goto(link)
    ready(guest.main_frame)
    settled(guest.main_frame)
    assert guest.url == link.partition("#")[0], "the secret is gone from the address bar"
    secret = link.partition("#k=")[2]
    assert secret not in guest.content()
    assert not [request for request in requests if secret in request]
    assert secret not in "\n".join(server.log)

    until(guest.main_frame, "state.tally.selected === 40 && state.view.color?.name === 'GENE_TR'")
    expect(guest.get_by_text("Shared with you until")).to_be_visible()
    assert guest.get_by_role("button", name="Share this view").count() == 0
    assert guest.title() == "corners"
    picture = pixels.plot(guest.main_frame)
    assert pixels.close(pixels.corner(picture, "top right"), pixels.rgb("#fde725"))
    shot(guest, "guest")

    assert guest.context.cookies() == []
    for path in (
        "api/contents",
        "api/kernels",
        "api/sessions",
        "lab",
        "cxg/api/snapshots",
        f"cxg/d/{dataset}/",
    ):
        answer = guest.request.get(f"{server.url}{path}", max_redirects=0)
        assert answer.status in (302, 403), path
    # whatever a guest does with the capability in hand
    capability = f"{link.partition('#')[0][-16:]}.{secret}"
    key = {"X-Cxg-Capability": capability}
    assert guest.request.get(f"{server.url}cxg/d/{dataset}/api/v0.2/schema", headers=key).status == 200
    assert guest.request.get(f"{server.url}cxg/d/{dataset}/links", headers=key).status == 403
    assert guest.request.post(f"{server.url}cxg/d/{dataset}/links", headers=key).status == 403


@under_a_prefix
def test_a_revoked_link_says_so_while_it_is_open_and_when_it_is_opened(
    server: JupyterServer, owner: Page, page_of: Callable[..., Page]
) -> None:
    link = make_link(owner)
    guest = visit(page_of, link, width=1400, height=900)
    ready(guest.main_frame)
    settled(guest.main_frame)
    revoke = owner.get_by_role("list", name="Links to this dataset").get_by_role("button").first
    revoke.click()
    expect(revoke).to_have_text("Really?")
    revoke.click()
    expect(owner.get_by_text("No links to this dataset yet.")).to_be_visible()
    expect(owner.get_by_label("Address of the new link")).to_have_count(0)

    guest.evaluate("window.__cxg.viewer.do({type: 'colorBy', color: {kind: 'gene', name: 'GENE_BL'}})")
    expect(guest.get_by_text("This link does not work any more.")).to_be_visible()
    assert guest.get_by_role("button", name="Reload").count() == 0
    shot(guest, "revoked-while-open")
    late = visit(page_of, link, width=700, height=450)
    expect(late.get_by_role("alert")).to_contain_text("This link does not work any more")
    expect(late.get_by_role("alert")).to_contain_text("revoked or its data is gone")
    shot(late, "revoked")


@under_a_prefix
def test_a_page_without_the_secret_says_what_to_do(
    server: JupyterServer, owner: Page, page_of: Callable[..., Page]
) -> None:
    link = make_link(owner)
    guest = visit(page_of, link)
    ready(guest.main_frame)
    guest.reload()
    expect(guest.get_by_role("alert")).to_contain_text("Open the link again")
    shot(guest, "reloaded")
    # the whole link pasted into the address bar of this page changes nothing but the fragment
    with guest.expect_navigation():
        guest.evaluate("(hash) => { location.hash = hash; }", link.partition("#")[2])
    guest.wait_for_load_state()
    ready(guest.main_frame)
    forged = visit(page_of, link[:-4] + "0000")
    expect(forged.get_by_role("alert")).to_contain_text("This link does not work any more")
    cut = visit(page_of, link[:-4])
    expect(cut.get_by_role("alert")).to_contain_text("Open the link again")


def test_a_link_from_python_in_a_notebook(
    server: JupyterServer, open_notebook: Open, page_of: Callable[..., Page]
) -> None:
    notebook, frame = opened(
        open_notebook,
        "viewer.selection = ['top left 80', 'top left 81', 'edge 160']\nlink = viewer.share(note='a talk')",
        "link",
        "print(link.url)",
    )
    settled(frame)
    notebook.run(2)
    notebook.run(3)
    shown = notebook.output(3)
    assert "until" in shown and "print(link.url)" in shown and "ssh -N -L" in shown
    notebook.save()
    saved = (server.root / notebook.name).read_text()
    assert "cxg/s/" in saved and not re.search(r"#k=[0-9a-f]", saved)
    notebook.run(4)
    guest = visit(page_of, notebook.output(4))
    ready(guest.main_frame)
    settled(guest.main_frame)
    until(guest.main_frame, "state.tally.selected === 3")
    expect(guest.get_by_text("from Python")).to_be_visible()


def test_a_link_made_in_the_viewer_of_a_notebook(open_notebook: Open, page_of: Callable[..., Page]) -> None:
    notebook, frame = opened(
        open_notebook, "viewer.selection = ['top left 80', 'top left 81']", "viewer.links"
    )
    settled(frame)
    notebook.run(2)
    until(frame, "state.tally.selected === 2")
    link = make_link(frame)
    notebook.run(3)
    assert "until" in notebook.output(3)
    frame.get_by_role("button", name="Copy").click()
    expect(frame.get_by_role("button", name="Copied")).to_be_visible()
    guest = visit(page_of, link)
    ready(guest.main_frame)
    until(guest.main_frame, "state.tally.selected === 2")


@pytest.fixture
def elsewhere() -> Iterator[Callable[[str], str]]:
    """``elsewhere(html)``: the address of this page on a server of another origin."""
    pages: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(pages[-1].encode())

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as foreign:
        Thread(target=foreign.serve_forever, daemon=True).start()

        def serve(html: str) -> str:
            pages.append(html)
            return f"http://localhost:{foreign.server_port}/"

        yield serve
        foreign.shutdown()


@under_a_prefix
def test_a_foreign_page_cannot_frame_a_link(
    owner: Page, page_of: Callable[..., Page], elsewhere: Callable[[str], str]
) -> None:
    link = make_link(owner)
    page = page_of()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(elsewhere(f'<iframe src="{link}"></iframe>'))


def test_a_stopped_server_is_said_while_a_link_is_open(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    with JupyterServer(tmp_path) as server:
        id = publish(corners(), Catalog(server.snapshots), title="corners")
        page = page_of()
        page.goto(f"{server.url}cxg/d/{id}/?token={TOKEN}")
        ready(page.main_frame)
        guest = visit(page_of, make_link(page))
        ready(guest.main_frame)
        settled(guest.main_frame)
    guest.evaluate("window.__cxg.viewer.do({type: 'colorBy', color: {kind: 'gene', name: 'GENE_BL'}})")
    expect(guest.get_by_text("Server not reachable, retrying")).to_be_visible()
    shot(guest, "stopped")
