"""``jupyter cxg serve`` in a browser: the token goes in, and is not left lying about."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.jupyter import ready
from tests.cli.test_serve import serving
from tests.reference.example import tiny_adata


def test_the_url_that_is_printed_shows_the_viewer(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    tiny_adata().write_h5ad(tmp_path / "tiny.h5ad")
    environment = {**os.environ, "CXG_SNAPSHOT_DIR": str(tmp_path / "snapshots"), "CXG_TOKEN": ""}
    with serving([tmp_path / "tiny.h5ad", "--base-url=/cells/"], environment) as server:
        server.listening()
        root, _, token = server.url.partition("?token=")
        page = page_of(1000, 700)
        page.goto(server.url)
        ready(page.main_frame)  # at once or after the file was opened: without a reload
        assert page.url.partition("#")[0] == root
        expect(page).to_have_title("tiny.h5ad")
        page.reload()  # by the cookie
        ready(page.main_frame)

        stranger = page_of(700, 450, color_scheme="dark")
        stranger.goto(root)
        stranger.get_by_label("Token").fill("wrong")
        stranger.get_by_role("button", name="Open").click()
        expect(stranger.get_by_role("status")).to_have_text("That is not the token.")
        stranger.get_by_label("Token").fill(token)
        stranger.get_by_role("button", name="Open").click()
        ready(stranger.main_frame)
        assert stranger.url.partition("#")[0] == root
        assert server.stop() == 0
