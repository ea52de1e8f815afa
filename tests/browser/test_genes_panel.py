"""Genes and gene sets in a browser: made, edited, pasted, read from files; kept when the server goes away."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.jupyter import ready, reload
from tests.cli.test_serve import Serving, serving
from tests.ports import free_port

TOKEN = "secret-of-the-test"


class Place:
    """A dataset, its server, and where that one keeps what users write."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "pbmc.h5ad"
        self.port = free_port()
        self.environment = {
            **os.environ,
            "CXG_SNAPSHOT_DIR": str(folder / "snapshots"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "CXG_TOKEN": TOKEN,
        }
        self._running = ExitStack()

    def start(self) -> Serving:
        self._running = ExitStack()
        arguments = [self.file, f"--port={self.port}"]
        return self._running.enter_context(serving(arguments, self.environment)).listening()

    def kill(self) -> None:
        """As a crash would: nothing is said to anybody."""
        self._running.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    import scanpy

    place = Place(tmp_path_factory.mktemp("genes"))
    adata = scanpy.datasets.pbmc68k_reduced()
    adata.var["gene_ids"] = [f"ENSG{i:011d}" for i in range(adata.n_vars)]
    adata.write_h5ad(place.file)
    place.start()
    yield place
    place.kill()


@pytest.fixture
def page(place: Place, page_of: Callable[..., Page]) -> Page:
    """The viewer of somebody who has no gene sets."""
    page = opened(page_of(1300, 900), place)
    evaluate(page, "v => { for (const { name } of v.store.getState().sets.list) v.sets.remove(name) }")
    settled(page)
    return page


def opened(page: Page, place: Place) -> Page:
    page.goto(f"{place.url}?token={TOKEN}")
    ready(page.main_frame)
    waits_for(page, "v => v.store.getState().sets.status !== 'loading'")
    return page


def evaluate(page: Page, what: str) -> Any:
    return page.evaluate(f"({what})(window.__cxg.viewer)")


def waits_for(page: Page, what: str) -> None:
    """Until that is true of the viewer: the page's policy forbids the eval of `wait_for_function`."""
    page.evaluate(
        f"""() => new Promise((resolve, reject) => {{
          const {{ viewer }} = window.__cxg;
          const test = {what};
          const check = () => test(viewer) && (stop(), clearTimeout(timer), resolve());
          const timer = setTimeout(() => (stop(), reject(new Error("It never came true."))), 20_000);
          const stop = viewer.store.subscribe(check);
          check();
        }})"""
    )


def settled(page: Page) -> None:
    """All is saved and shown."""
    waits_for(page, "v => v.committed().drafts === null && v.store.getState().sets.status !== 'saving'")
    page.evaluate("window.__cxg.settled()")


def genes(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Genes")


def sets(page: Page) -> Locator:
    return genes(page).get_by_role("list", name="Gene sets", exact=True)


def names(page: Page) -> list[str]:
    found: list[str] = evaluate(page, "v => v.store.getState().sets.list.map((set) => set.name)")
    return found


def make(page: Page, name: str, typed: str, description: str = "") -> None:
    genes(page).get_by_role("button", name="New gene set").click()
    editor = genes(page).get_by_role("region", name="New gene set")
    editor.get_by_label("Name").fill(name)
    editor.get_by_label("Description").fill(description)
    editor.get_by_label("Genes").fill(typed)
    editor.get_by_role("button", name=re.compile("^Create")).click()
    expect(editor).to_have_count(0)


def choose(page: Page, name: str, entry: str) -> None:
    sets(page).get_by_role("button", name=f"More of {name}").click()
    page.get_by_role("menuitem", name=entry).click()


def paste(page: Page, field: Locator, text: str) -> None:
    field.focus()
    field.evaluate(
        """(element, text) => {
          const data = new DataTransfer();
          data.setData("text", text);
          const event = { clipboardData: data, bubbles: true, cancelable: true };
          element.dispatchEvent(new ClipboardEvent("paste", event));
        }""",
        text,
    )


def test_a_set_is_made_with_what_is_known_and_the_rest_can_be_corrected(page: Page) -> None:
    genes(page).get_by_role("button", name="New gene set").click()
    editor = genes(page).get_by_role("region", name="New gene set")
    editor.get_by_label("Name").fill("T cells")
    editor.get_by_label("Genes").fill("CD3D, cd3e; CD8AA\nENSG00000000022 <b>x</b>")
    expect(editor.get_by_role("status")).to_have_text("3 found, 2 not in this dataset:")
    editor.press("Escape")
    expect(editor).to_have_count(0)
    genes(page).get_by_role("button", name="New gene set").click()
    expect(editor.get_by_label("Name")).to_have_value("T cells")  # nothing typed is lost
    editor.get_by_role("button", name="Replace CD8AA by CD8A").click()
    editor.get_by_role("button", name="Create with 4 of 5").click()

    row = sets(page).locator("[data-set='T cells']")
    expect(row).to_contain_text("1 not found: <b>x</b>")
    row.get_by_role("button", name="Correct").click()
    field = genes(page).get_by_label("Genes", exact=True).and_(page.locator("textarea"))
    field.fill(field.input_value().replace("<b>x</b>", "GNLY"))
    genes(page).get_by_role("button", name="Save", exact=True).click()
    expect(row).not_to_contain_text("not found")
    settled(page)
    assert evaluate(page, "v => v.store.getState().sets.list[0].genes") == [
        "CD3D",
        "CD3E",
        "LCK",
        "CD8A",
        "GNLY",
    ]
    expect(page.get_by_text("Gene sets saved")).to_be_visible()


def test_sets_color_filter_are_renamed_moved_deleted_and_undone(page: Page) -> None:
    make(page, "T", "CD3D CD3E", "about T")
    make(page, "B", "MS4A1 CD79A")
    sets(page).get_by_role("button", name="Color by T").click()
    legend = page.get_by_role("figure", name="Colors of T")
    expect(legend).to_contain_text("T, mean")
    sets(page).get_by_role("button", name="T 2", exact=True).click()
    expect(sets(page)).to_contain_text("about T")
    field = sets(page).get_by_label("Mean of T, from")
    field.fill("1")
    field.press("Enter")
    expect(page.get_by_role("list", name="Filters")).to_contain_text("T, mean")
    settled(page)
    selected = evaluate(page, "v => v.store.getState().tally.selected")
    assert 0 < selected < 700
    choose_method(page, "T", "Score")
    expect(legend).to_contain_text("T, score")

    choose(page, "T", "Edit…")
    editor = genes(page).get_by_role("region", name="Edit T")
    editor.get_by_label("Name").fill("B")
    expect(editor.get_by_role("alert")).to_have_text("There is a set “B” already.")
    editor.get_by_label("Name").fill("T cells")
    editor.get_by_role("button", name="Save").click()
    expect(page.get_by_role("figure", name="Colors of T cells")).to_be_visible()
    sets(page).get_by_role("button", name="T cells 2", exact=True).press("Alt+ArrowUp")
    assert names(page) == ["T cells", "B"]

    reload(page)  # also what colors is the set as it is stored
    expect(page.get_by_role("figure", name="Colors of T cells")).to_be_visible()
    expect(sets(page).get_by_role("button", name="T cells 2", exact=True)).to_be_visible()
    choose(page, "T cells", "Delete")
    expect(page.get_by_role("figure", name="Colors of T cells")).to_have_count(0)
    assert names(page) == ["B"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("figure", name="Colors of T cells")).to_be_visible()
    assert names(page) == ["T cells", "B"]
    settled(page)


def choose_method(page: Page, name: str, method: str) -> None:
    sets(page).get_by_role("button", name=f"More of {name}").click()
    page.get_by_role("menuitemradio", name=re.compile(f"^{method}")).click()


def test_a_pasted_list_is_added_and_its_typos_stay_in_the_field(page: Page) -> None:
    known: list[str] = evaluate(
        page, "async v => { await v.genes.load(); return v.genes.search('c', 200).map((m) => m.gene) }"
    )
    field = genes(page).get_by_role("combobox", name="Add genes")
    typed = [*known[:197], "typo1", "typo2", "=cmd"]
    paste(page, field, "\r\n".join(typed))
    expect(field).to_have_value("typo1, typo2, =cmd")
    said = page.get_by_text("Not among the genes of this dataset: typo1, typo2, =cmd")
    expect(said).to_have_count(1)
    assert evaluate(page, "v => v.committed().genes.length") == len(known[:197])
    field.press("Tab")
    expect(field).to_have_value("typo1, typo2, =cmd")  # until somebody corrects them
    field.fill("LYZ, ENSG00000000005")
    field.press("Enter")
    expect(field).to_have_value("")
    assert evaluate(page, "v => v.committed().genes[0]") == "LYZ"


def test_a_gene_row_has_axes_and_facts(page: Page) -> None:
    field = genes(page).get_by_role("combobox", name="Add genes")
    field.fill("ENSG00000000022")
    field.press("Enter")
    row = genes(page).locator("[data-gene=LCK]")
    row.get_by_role("button", name="Plot LCK on the x axis").click()
    assert evaluate(page, "v => v.committed().scatter") == {"x": "LCK", "y": None}
    row.get_by_role("button", name="Take LCK off the x axis").click()
    assert evaluate(page, "v => v.committed().scatter.x") is None
    row.get_by_role("button", name="About LCK").click()
    card = page.get_by_role("dialog", name="About LCK")
    for fact in ("ENSG00000000022", "Not zero in", "Mean", "highly_variable"):
        expect(card).to_contain_text(fact)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_files_come_in_and_go_out(page: Page, tmp_path: Path) -> None:
    make(page, "T", "CD3D")
    make(page, "B", "MS4A1")
    header = "gene_set_name;gene_set_description;gene_symbol;gene_description"
    lines = [header, "T;other;CD3E;", "نص 🧬 #1;<img src=x>;MS4A1;CD20", "نص 🧬 #1;;nope;"]
    (tmp_path / "sets.csv").write_text("\ufeff" + "\r\n".join(lines), "utf-8")
    genes(page).get_by_label("File of gene sets").set_input_files(tmp_path / "sets.csv")
    card = genes(page).get_by_role("region", name="Import sets.csv")
    expect(card).to_contain_text("has 2 gene sets with 2 genes of this dataset")
    expect(card).to_contain_text("1 name is not in this dataset: nope")
    expect(card).to_contain_text("You have another set “T”")
    card.get_by_role("button", name="Add").click()
    assert names(page) == ["T (2)", "نص 🧬 #1", "B", "T"]
    settled(page)
    with page.expect_download() as download:
        genes(page).get_by_role("button", name="Export gene sets as CSV").click()
    assert download.value.suggested_filename == "pbmc-gene-sets.csv"
    written = Path(download.value.path()).read_bytes().decode()
    assert written.splitlines()[2] == '"نص 🧬 #1",<img src=x>,MS4A1,CD20'
    page.get_by_role("button", name="Undo").click()
    assert names(page) == ["B", "T"]

    for name, content, said in (
        ("junk.csv", os.urandom(9_000_000), "at most 8"),
        ("noise.csv", os.urandom(5000), "junk|not text|no gene sets"),
        ("cells.csv", b"index,louvain\nAAA,1\n", "no gene sets"),
    ):
        (tmp_path / name).write_bytes(content)
        genes(page).get_by_label("File of gene sets").set_input_files(tmp_path / name)
        expect(genes(page).get_by_role("alert")).to_have_text(re.compile(rf"{re.escape(name)}: .*({said})"))
    assert names(page) == ["B", "T"]


def test_two_windows_lose_nothing_of_each_other(page: Page, place: Place) -> None:
    make(page, "T", "CD3D")
    settled(page)
    other = opened(page.context.new_page(), place)
    assert names(other) == ["T"]
    replace = "v.sets.update('T', { name: 'T', description: '', genes: [%r], about: {} })"
    evaluate(page, f"v => {replace % 'CD3E'}")
    settled(page)
    # at once: what it saves first would tell it of the other window's change
    evaluate(other, f"v => {{ {replace % 'LCK'}; return v.sets.create('mine', ['LYZ']) }}")
    settled(other)
    conflict = genes(other).get_by_role("alert", name="Conflict about T")
    expect(conflict).to_contain_text("“T” was changed in another window as well")
    assert sorted(names(other)) == ["T", "T (2)", "mine"]
    conflict.get_by_role("button", name="Use mine").click()
    expect(conflict).to_have_count(0)
    settled(other)
    page.bring_to_front()
    evaluate(page, "v => v.sets.refresh()")
    assert sorted(names(page)) == ["T", "mine"]
    assert evaluate(page, "v => v.store.getState().sets.list.find((s) => s.name === 'T').genes") == ["LCK"]


def test_nothing_is_lost_when_the_server_dies(page: Page, place: Place) -> None:
    make(page, "before", "CD3D")
    settled(page)
    place.kill()
    make(page, "while it was away", "CD3E LCK")
    expect(page.get_by_text("Gene sets wait for the server")).to_be_visible()
    assert names(page) == ["while it was away", "before"]
    place.start()
    # A server that was started anew knows no capability of the old one.
    page.get_by_role("button", name="Reload").first.click(timeout=30_000)
    ready(page.main_frame)
    expect(sets(page).get_by_role("button", name="while it was away 2", exact=True)).to_be_visible()
    settled(page)
    stranger = opened(page.context.new_page(), place)
    assert names(stranger) == ["while it was away", "before"]


def test_guests_have_sets_of_their_own_in_the_page(page: Page, page_of: Callable[..., Page]) -> None:
    make(page, "T", "CD3D CD3E")
    sets(page).get_by_role("button", name="Color by T").click()
    settled(page)
    url: str = evaluate(page, "async v => (await v.sharing.create({ expires: '1d', note: '' })).url")
    guest = page_of(1300, 900)
    guest.goto(url)
    ready(guest.main_frame)
    expect(guest.get_by_role("figure", name="Colors of T")).to_be_visible()  # the link has the genes
    waits_for(guest, "v => v.store.getState().sets.status === 'session'")
    assert names(guest) == []
    make(guest, "mine", "LYZ")
    expect(guest.get_by_text("Gene sets are kept in this page only")).to_be_visible()


def test_a_brush_on_the_histogram_of_a_gene_and_of_a_set_filters(page: Page) -> None:
    evaluate(page, "v => v.do({ type: 'addGenes', genes: ['LYZ'] })")
    make(page, "T", "CD3D CD3E")
    row = genes(page).locator("[data-gene=LYZ]")
    row.get_by_role("button", name="LYZ", exact=True).click()
    sets(page).get_by_role("button", name="T 2", exact=True).click()
    for part, chip in ((row, "LYZ"), (sets(page), "T, mean")):
        overlay = part.locator("svg .overlay").first
        overlay.scroll_into_view_if_needed()
        box = overlay.bounding_box()
        assert box is not None
        across = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] / 2, across)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"], across, steps=4)
        page.mouse.up()
        expect(page.get_by_role("list", name="Filters")).to_contain_text(chip)
        settled(page)
        assert 0 < evaluate(page, "v => v.store.getState().tally.selected") < 700
        page.get_by_role("button", name="Undo").click()
        settled(page)
        assert evaluate(page, "v => v.store.getState().tally.selected") == 700


def test_a_gene_is_found_by_some_of_its_letters(page: Page) -> None:
    field = genes(page).get_by_role("combobox", name="Add genes")
    options = page.get_by_role("option")
    field.press_sequentially("hladra")  # HLA-DRA
    expect(options.first).to_contain_text("HLA-DRA")
    field.fill("cst3")  # what is typed in full comes first, whatever its case
    expect(options.first).to_contain_text("CST3")
    field.press("Escape")
    field.fill("")
