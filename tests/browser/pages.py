"""What tests of several areas do with a viewer's page."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.jupyter import ready
from tests.cli.test_serve import serving


@contextmanager
def opened_page(adata: Any, browser: Browser, folder: Path, *options: str) -> Iterator[Page]:
    """A page of an AnnData, for all tests of a module, served by `jupyter cxg serve` with these options."""
    file = folder / "pbmc.h5ad"
    adata.write_h5ad(file)
    environment = {**os.environ, "CXG_SNAPSHOT_DIR": str(folder / "snapshots")}
    with serving([file, "--auth=none", *options], environment) as server:
        server.listening()
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        page = context.new_page()
        page.goto(server.url)
        ready(page.main_frame)
        yield page
        context.close()


def label_selected(page: Page | Frame, name: str, annotation: str | None = None) -> None:
    """Label the selected cells by the form below the plot; in a new annotation if that is named."""
    page.get_by_role("button", name="Label…").click()
    form = page.get_by_role("dialog", name="Label the selected cells")
    if annotation is not None:
        form.get_by_role("combobox", name="Annotation", exact=True).select_option("")
        form.get_by_role("combobox", name="Name of the new annotation").fill(annotation)
    field = form.get_by_role("combobox", name="Label", exact=True)
    field.fill(name)
    field.press("Enter")
    expect(form).to_have_count(0)
