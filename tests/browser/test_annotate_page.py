"""Annotating in the viewer: what the page shows is what is stored, whatever happens to the server."""

import csv
import json
import re
import signal
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import urljoin
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Dialog, Download, Locator, Page, Route, expect

from tests.annotations.conftest import postgresql  # noqa: F401 - a fixture
from tests.browser.files import N_CELLS, write_anndata
from tests.browser.jupyter import ready
from tests.browser.pages import label_selected
from tests.cli.commands import environment_of
from tests.cli.test_serve import Serving, serving
from tests.ports import free_port

TOKEN = "a-token-for-tests"
OpenPage = Callable[..., Page]
HTML = "<img src=x onerror=alert(1)>"
NAMES = [HTML, "🧬 T", "خلية تائية", "CD4+ #1, naive; 2", '"quoted"', "x" * 250]


@pytest.fixture(scope="module")
def h5ad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_anndata(tmp_path_factory.mktemp("data") / "cells.h5ad")


@pytest.fixture(scope="module")
def served(h5ad: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    home = tmp_path_factory.mktemp("home")
    terms = home / "terms.csv"
    terms.write_text("id,name,synonyms\nCL:0000084,T cell,T lymphocyte\nCL:0000236,B cell,\n")
    with running(h5ad, home, "--terms-file", str(terms)) as server:
        yield server


@contextmanager
def running(h5ad: Path, home: Path, *more: str, url: str = "") -> Iterator[Serving]:
    environment = {**environment_of(home), "CXG_TOKEN": TOKEN, "DATABASE_URL": url}
    with serving([h5ad, *more], environment) as server:
        server.listening().ready()
        yield server


def root(server: Serving) -> str:
    return server.url.partition("?")[0]


def fetched(address: str, method: str = "GET", body: bytes | None = None) -> bytes:
    """As another program of the same user."""
    request = urllib.request.Request(address, body, method=method)  # noqa: S310 - ours
    request.add_header("Authorization", f"token {TOKEN}")
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        found: bytes = answer.read()
    return found


def ask(server: Serving, path: str, method: str = "GET", body: bytes | None = None) -> bytes:
    """A route of the one dataset, which the page names."""
    found = re.search(r'"root": "([^"]+)"', fetched(root(server)).decode())
    assert found
    return fetched(urljoin(server.url, found[1] + path), method, body)


def stored(server: Serving) -> dict[str, dict[str, int]]:
    """Annotation → label → cells, as the server has it; "" for those without a label."""
    lines = list(csv.DictReader(StringIO(ask(server, "annotations.csv").decode())))
    names = [name for name in lines[0] if name != "index"]
    return {name: dict(Counter(line[name] for line in lines)) for name in names}


def shown(page: Page) -> dict[str, dict[str, int]]:
    """The same, as the page has it."""
    found: dict[str, dict[str, int]] = page.evaluate(
        """async () => {
            const { viewer, settled } = window.__cxg;
            await settled();
            return Object.fromEntries(viewer.annotations.names().map((name) => {
                const { categories, codes } = viewer.columns.get(`obs/${name}`);
                const counts = viewer.counts.categories(name);
                const labeled = categories.map((label, i) => [label, counts.total[i]]);
                const all = [...labeled, ["", counts.missing.total]];
                return [name, Object.fromEntries(all.filter(([, cells]) => cells > 0))];
            }));
        }"""
    )
    return found


def opened(page: Page, server: Serving) -> Page:
    page.set_default_timeout(10_000)
    page.goto(f"{root(server)}?token={TOKEN}")
    ready(page.main_frame)
    expect(page.get_by_role("button", name="Label…")).to_be_visible()
    return page


def select(page: Page, kind: str) -> None:
    """Only the cells of one category of the dataset's own column."""
    page.evaluate(
        """async (value) => {
            window.__cxg.viewer.do({ type: "clearFilters" });
            window.__cxg.viewer.do({ type: "onlyCategory", column: "kind", value });
            await window.__cxg.settled();
        }""",
        kind,
    )


def state(page: Page) -> Locator:
    return page.get_by_test_id("annotations-state")


def saved(page: Page) -> None:
    expect(state(page)).to_have_text("saved", timeout=15_000)


def knows(page: Page, annotation: str, name: str) -> None:
    """Wait until a page has a label, which another one may have made."""
    has = "([of, name]) => window.__cxg.viewer.annotations.labels(of).includes(name)"
    page.wait_for_function(has, arg=[annotation, name])


def same_as_stored(page: Page, server: Serving) -> dict[str, dict[str, int]]:
    saved(page)
    found = shown(page)
    assert found == stored(server)
    return found


def menu(page: Page, of: str, entry: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=f"Edit {of}", exact=True).click()
    page.get_by_role("menuitem", name=entry).click()


def name_it(page: Page, title: str, name: str) -> None:
    """Fill in a small form. While it offers names, nothing else of the page can be reached."""
    form = page.get_by_role("dialog", name=title)
    field = form.get_by_role("combobox").first
    field.fill(name)
    field.press("Enter")
    expect(form).to_have_count(0)


def fresh(page: Page, server: Serving) -> Page:
    """A page of a server that has no annotations."""
    ask(server, "annotations", "POST", json.dumps({"remove": [*stored(server)]}).encode())
    return opened(page, server)


# ── editing ──


def test_labels_are_made_changed_and_taken_back(served: Serving, page_of: OpenPage) -> None:
    page = fresh(page_of(1300, 850), served)
    kinds = Counter(
        page.evaluate(
            "() => { const c = window.__cxg.viewer.columns.get('obs/kind');"
            " return [...c.codes].map((i) => c.categories[i]) }"
        )
    )
    select(page, "a")
    label_selected(page, "T cell", "cell type")
    select(page, "b")
    label_selected(page, "B cell")
    everything = {"T cell": kinds["a"], "B cell": kinds["b"], "": kinds["c"]}
    assert same_as_stored(page, served) == {"cell type": everything}

    menu(page, "B cell", "Rename…")
    name_it(page, "Rename B cell", "B")
    menu(page, "T cell", "Merge into…")
    name_it(page, "Merge T cell into", "B")
    assert same_as_stored(page, served)["cell type"] == {"B": kinds["a"] + kinds["b"], "": kinds["c"]}
    menu(page, "B", "Delete")
    assert same_as_stored(page, served) == {"cell type": {"": N_CELLS}}
    for _ in range(3):
        page.keyboard.press("Control+Z")
    assert same_as_stored(page, served) == {"cell type": everything}

    menu(page, "cell type", "Duplicate…")
    name_it(page, "A copy of cell type", "other")
    menu(page, "cell type", "Rename…")
    name_it(page, "Rename cell type", "mine")
    assert same_as_stored(page, served) == {"mine": everything, "other": everything}
    menu(page, "mine", "Delete")
    assert [*same_as_stored(page, served)] == ["other"]

    page.get_by_role("button", name="New", exact=True).click()
    name_it(page, "New annotation", "empty")
    menu(page, "empty", "New label…")
    name_it(page, "New label of empty", "nobody yet")
    expect(page.get_by_role("region", name="empty").get_by_text("nobody yet")).to_be_visible()
    saved(page)
    page.reload()
    ready(page.main_frame)  # a label without cells is kept, too
    expect(page.get_by_role("region", name="empty").get_by_text("nobody yet")).to_be_visible()


def test_colors_counts_and_filters_follow(served: Serving, page_of: OpenPage) -> None:
    page = fresh(page_of(1300, 850), served)
    select(page, "a")
    label_selected(page, "one", "mine")
    page.evaluate("() => window.__cxg.viewer.do({ type: 'clearFilters' })")
    page.get_by_role("button", name="Color by mine").click()
    tick = page.get_by_role("region", name="mine").get_by_role("checkbox", name="one", exact=True)
    tick.press("Space")  # all but those
    before = page.get_by_test_id("tally").inner_text()
    page.get_by_role("button", name="Edit cells without a label").click()
    expect(page.get_by_role("menuitem")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    menu(page, "one", re.compile("^Label .* so$"))
    expect(page.get_by_test_id("tally")).to_have_text(f"0 of {N_CELLS} cells")
    page.keyboard.press("Control+Z")
    expect(page.get_by_test_id("tally")).to_have_text(before)
    menu(page, "mine", "Delete")
    expect(page.get_by_test_id("tally")).to_have_text(f"{N_CELLS} of {N_CELLS} cells")
    assert page.evaluate("() => window.__cxg.viewer.store.getState().view.color") is None
    page.keyboard.press("Control+Z")
    expect(page.get_by_test_id("tally")).to_have_text(before)
    assert page.evaluate("() => window.__cxg.viewer.store.getState().view.color.name") == "mine"


def test_any_name_is_shown_as_text_and_what_cannot_be_is_said(served: Serving, page_of: OpenPage) -> None:
    page = fresh(page_of(1300, 850), served)
    dialogs: list[str] = []

    def heard(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", heard)
    select(page, "a")
    label_selected(page, NAMES[0], HTML)
    for name in NAMES[1:]:
        label_selected(page, name)
    assert same_as_stored(page, served)[HTML][NAMES[-1]] > 0
    labels = page.evaluate("(name) => window.__cxg.viewer.annotations.labels(name)", HTML)
    assert labels == NAMES and dialogs == []

    page.get_by_role("button", name="Label…").click()
    form = page.get_by_role("dialog", name="Label the selected cells")
    field = form.get_by_role("combobox", name="Label", exact=True)
    field.fill("y" * 10_000)
    field.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("at most 250 characters; this one has 10000")
    assert field.input_value() == "y" * 10_000  # nothing typed is lost
    field.fill("")
    field.press("Enter")
    expect(form.get_by_role("alert")).to_have_text("Give the label a name.")


def test_terms_of_an_ontology_are_offered(served: Serving, page_of: OpenPage) -> None:
    page = fresh(page_of(1300, 850), served)
    select(page, "a")
    page.keyboard.press("a")
    form = page.get_by_role("dialog", name="Label the selected cells")
    form.get_by_role("combobox", name="Label", exact=True).press_sequentially("lymph")
    page.get_by_role("option", name="T cell").click()
    form.get_by_role("combobox", name="Label", exact=True).press("Enter")
    expect(form).to_have_count(0)
    assert "T cell" in same_as_stored(page, served)["cell type"]


# ── history and files ──


def test_the_history_says_who_did_what_and_goes_back(served: Serving, page_of: OpenPage) -> None:
    page = fresh(page_of(1300, 850), served)
    select(page, "a")
    label_selected(page, "T", "mine")
    saved(page)
    first = shown(page)
    select(page, "b")
    label_selected(page, "B")
    saved(page)
    page.evaluate("() => window.__cxg.viewer.do({ type: 'setDock', tab: 'annotations' })")
    lines = page.get_by_role("region", name="History of annotations").get_by_role("listitem")
    expect(lines.nth(0)).to_contain_text(re.compile(r"mine: \d+ cells → B \(kind b\).*now"))
    expect(lines.nth(1)).to_contain_text("→ T (kind a)")
    lines.nth(1).get_by_role("button").click()
    expect(lines.nth(0)).to_contain_text("restored version")
    assert same_as_stored(page, served) == first
    page.keyboard.press("Control+Z")
    expect(lines.nth(0)).to_contain_text("undone")
    assert "B" in same_as_stored(page, served)["mine"]


def test_csv_files_out_and_in(served: Serving, page_of: OpenPage, tmp_path: Path) -> None:
    page = fresh(page_of(1300, 850), served)
    select(page, "a")
    label_selected(page, "CD4, #1", "mine")
    saved(page)
    page.evaluate("() => window.__cxg.viewer.do({ type: 'setDock', tab: 'annotations' })")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    download: Download = waiting.value
    assert download.suggested_filename == "annotations.csv"
    assert Path(download.path()).read_bytes() == ask(served, "annotations.csv")

    lines = ["\ufeff# by somebody", "cell;from file", "cell 0;x", "cell 1;y", "cell one too many;z"]
    (tmp_path / "theirs.csv").write_text("\n".join(lines))
    chooser = page.get_by_label("CSV file of annotations")
    chooser.set_input_files(tmp_path / "theirs.csv")
    report = page.get_by_role("region", name="Files of annotations").get_by_role("status")
    expect(report).to_contain_text(f"theirs.csv: 2 of {N_CELLS} cells found in it.")
    expect(report).to_contain_text("1 line is about no cell of this dataset: cell one too many.")
    assert same_as_stored(page, served)["from file"] == {"x": 1, "y": 1, "": N_CELLS - 2}

    (tmp_path / "junk.csv").write_bytes(b"cell,x\n" + b"nobody,1\n" * 1_100_000)  # 10 MB
    chooser.set_input_files(tmp_path / "junk.csv")
    problem = page.get_by_role("region", name="Files of annotations").get_by_role("alert")
    expect(problem).to_contain_text("names in the file is that of a cell of this dataset", timeout=20_000)
    assert [*same_as_stored(page, served)] == ["mine", "from file"]


# ── the server goes away, and others write too ──


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of an empty PostgreSQL database; nothing for SQLite."""
    if request.param == "sqlite":
        return ""
    server: str = request.getfixturevalue("postgresql")
    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def meanwhile(page: Page) -> None:
    """Look now at what others have saved, instead of in some seconds."""
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")


def test_two_browsers_and_a_server_that_is_killed(
    database: str, h5ad: Path, tmp_path: Path, page_of: OpenPage
) -> None:
    port = str(free_port())
    with running(h5ad, tmp_path, "--port", port, url=database) as server:
        one, two = opened(page_of(1300, 850), server), opened(page_of(1300, 850), server)
        select(one, "a")
        label_selected(one, "T", "mine")
        saved(one)
        meanwhile(two)
        expect(two.get_by_role("region", name="mine")).to_be_visible()
        assert shown(two) == shown(one) == stored(server)

        select(two, "b")  # other cells of the same column, at once
        select(one, "c")
        label_selected(two, "B")
        label_selected(one, "NK")
        saved(one)
        saved(two)
        meanwhile(one)
        meanwhile(two)
        knows(one, "mine", "B")
        knows(two, "mine", "NK")
        together = shown(one)
        assert set(together["mine"]) == {"T", "B", "NK"}
        assert shown(two) == together == stored(server)

        server.stop(signal.SIGKILL)
        label_selected(one, "away", "made offline")
        expect(state(one)).to_contain_text("offline, 1 change kept")
        menu(two, "T", "Rename…")
        name_it(two, "Rename T", "T cell")
        expect(state(two)).to_contain_text("offline, 1 change kept")
        assert "made offline" in shown(one) and "T cell" in shown(two)["mine"]

    with running(h5ad, tmp_path, "--port", port, url=database) as server:
        assert stored(server) == together
        for page in (one, two):
            # who loaded the page is not known to the new server
            expect(state(page)).to_contain_text("not saved, 1 change kept", timeout=20_000)
            opened(page, server)
            saved(page)
        meanwhile(one)
        knows(one, "mine", "T cell")
        found = stored(server)
        assert shown(one) == shown(two) == found
        assert found["made offline"] == {"away": together["mine"]["NK"], "": N_CELLS - together["mine"]["NK"]}
        assert found["mine"] == {
            "T cell": together["mine"]["T"],
            "B": together["mine"]["B"],
            "NK": together["mine"]["NK"],
        }

        # The same cells in both, and neither knows of the other.
        for page, name in ((one, "from one"), (two, "from two")):
            select(page, "a")
            page.get_by_role("button", name="Label…").click()
            form = page.get_by_role("dialog", name="Label the selected cells")
            form.get_by_role("combobox", name="Annotation", exact=True).select_option("mine")
            form.get_by_role("combobox", name="Label", exact=True).fill(name)
        held: list[Route] = []
        two.route(
            "**/ask", lambda route: held.append(route)
        )  # it must not look at what the other one has saved before it saves
        one.get_by_role("combobox", name="Label", exact=True).press("Enter")
        saved(one)
        two.get_by_role("combobox", name="Label", exact=True).press("Enter")
        expect(state(two)).to_contain_text("saving")
        for route in held:
            route.continue_()
        two.unroute("**/ask")  # which lets go what came meanwhile
        expect(state(two)).to_contain_text("1 conflict")
        assert stored(server)["mine"]["from one"] == together["mine"]["T"]
        assert shown(two) == stored(server)
        two.get_by_role("button", name="1 conflict").click()
        expect(two.get_by_text("got another label elsewhere meanwhile")).to_be_visible()
        two.get_by_role("button", name="Keep both").click()
        saved(two)
        meanwhile(one)
        expect(one.get_by_role("region", name="mine (mine)")).to_be_visible()
        assert shown(one) == shown(two) == stored(server)
        assert server.stop() == 0


def test_who_may_not_write_sees_no_way_to(h5ad: Path, tmp_path: Path, page_of: OpenPage) -> None:
    with running(h5ad, tmp_path, "--disable-annotations") as server:
        page = page_of(1000, 700)
        page.goto(f"{root(server)}?token={TOKEN}")
        ready(page.main_frame)
        expect(page.get_by_test_id("tally")).to_be_visible()
        assert page.get_by_role("button", name="Label…").count() == 0
        assert page.get_by_role("button", name="New", exact=True).count() == 0
