"""`jupyter_cxg.view`, and what a kernel makes of it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from anndata import AnnData
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

import jupyter_cxg
from jupyter_cxg.errors import BadQuery, CxgError, NotFound, Unpublishable
from jupyter_cxg.notebook.display import OUTPUT_TYPE
from jupyter_cxg.notebook.loader import loader_source
from jupyter_cxg.notebook.view import open_view, view
from jupyter_cxg.notebook.widget import CxgWidget
from jupyter_cxg.snapshot.catalog import user_catalog
from tests.reference.example import tiny_adata

ROOT = Path(__file__).parents[2]


def test_returns_when_all_is_copied() -> None:
    viewer = view(tiny_adata())
    manifest = user_catalog().get(viewer._snapshot)
    assert manifest.state == "complete"
    assert (viewer._revision, viewer._progress) == (1, None)


def test_is_displayed_before_x_is_copied() -> None:
    viewer = open_view(tiny_adata())
    assert user_catalog().get(viewer._snapshot).state == "publishing"
    viewer.finish()


def test_opens_with_what_is_asked_for() -> None:
    viewer = view(tiny_adata(), color="GENE3", embedding="X_pca", height=300, title="mine")
    assert viewer.state == {"color": {"kind": "gene", "name": "GENE3"}, "embedding": "pca"}
    assert (viewer.color_by, viewer.embedding) == ("GENE3", "pca")
    assert (viewer._height, viewer._title) == (300, "mine")
    assert viewer._actions == []


def test_the_title_is_the_name_of_the_variable(shell: InteractiveShell) -> None:
    shell.user_ns["pbmc"] = tiny_adata()
    assert view(shell.user_ns["pbmc"])._title == "pbmc"
    assert view(tiny_adata())._title == "AnnData"


def test_a_path_is_opened(tmp_path: Path) -> None:
    tiny_adata().write_h5ad(tmp_path / "x.h5ad")
    viewer = view(tmp_path / "x.h5ad")
    assert viewer._title == "x.h5ad"


def test_progress_is_shown_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_cxg.notebook.widget._PATIENCE", 0)
    monkeypatch.setattr("jupyter_cxg.snapshot.meter._EVERY", 0)
    viewer = open_view(tiny_adata())
    seen: list[Any] = []
    viewer.observe(lambda change: seen.append(change["new"]), "_progress")
    viewer.finish()
    assert seen[0]["label"] == "Copying X"
    assert 0 < seen[0]["fraction"] <= 1
    assert seen[-1] is None


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"adata": AnnData()}, Unpublishable, "no cells"),
        ({"adata": 5}, Unpublishable, "is a int, not an AnnData"),
        ({"adata": "nowhere.h5ad"}, NotFound, "no file nowhere.h5ad"),
        ({"adata": tiny_adata(), "color": "CD3D"}, NotFound, "neither an obs column nor a gene"),
        ({"adata": tiny_adata(), "embedding": "tsne"}, NotFound, "pca, umap"),
        ({"adata": tiny_adata(), "height": 5}, BadQuery, "between 100 and"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    arguments: Any, error: type[CxgError], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        view(**arguments)
    assert raised.value._render_traceback_() == [f"{error.__name__}: {raised.value}"]
    assert user_catalog().list() == []


def test_a_tree_that_was_not_built_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="make build"):
        loader_source(tmp_path / "widget.js")


def test_the_kernel_imports_no_server_and_no_numba() -> None:
    code = (
        "import sys, anywidget, anndata; before = set(sys.modules)\n"
        "import jupyter_cxg; jupyter_cxg.view, jupyter_cxg.load_ipython_extension\n"
        "import jupyter_cxg.notebook.magic\n"
        "ours = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(ours & {'jupyter_server', 'tornado', 'numba', 'pyarrow', 'flatbuffers'}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[]"


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "anndata", "zarr", "IPython")
    code = f"import sys, jupyter_cxg; print([name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[]"
    with pytest.raises(AttributeError):
        jupyter_cxg.nothing


CELLS = [
    # 0: what a wheel brings need not be built for this test
    "import jupyter_cxg.notebook.traits as traits\n"
    "traits.loader_source = lambda: 'export default {}'\n"
    "from tests.reference.example import tiny_adata\n"
    "adata = tiny_adata()",
    "%load_ext jupyter_cxg",
    "%cxg adata",  # 2
    "import jupyter_cxg\njupyter_cxg.view(adata)",  # 3
    "shown = jupyter_cxg.view(adata)",  # 4
    "shown",  # 5
    "del adata.obsm\n%cxg adata",  # 6
    "jupyter_cxg.view(adata)",  # 7
    "print(viewer.selection[:2].tolist(), viewer)",  # 8
]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """What a real kernel puts below each of these cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CXG_SNAPSHOT_DIR", str(tmp_path_factory.mktemp("kernel") / "snapshots"))
        patched.setenv("PYTHONPATH", str(ROOT))
        NotebookClient(notebook, timeout=60, allow_errors=True, kernel_name="python3").execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.parametrize("cell", [2, 3, 4, 5], ids=["magic", "function", "assigned", "again"])
def test_a_kernel_displays_the_viewer_exactly_once(outputs: list[list[Any]], cell: int) -> None:
    (output,) = outputs[cell]
    assert OUTPUT_TYPE in output.data


def test_a_kernel_shows_a_sentence_and_no_traceback(outputs: list[list[Any]]) -> None:
    (magic,) = outputs[6]
    assert (magic.output_type, magic.name) == ("stream", "stderr")
    assert magic.text.count("\n") == 1
    assert "sc.tl.umap" in magic.text
    (function,) = outputs[7]
    assert function.output_type == "error"
    assert function.traceback == [f"Unpublishable: {function.evalue}"]


def test_a_kernel_has_the_viewer_in_its_variable(outputs: list[list[Any]]) -> None:
    (output,) = outputs[8]
    assert output.text == "['cell-0', 'cell-1'] <cxg viewer of adata: 60 cells × 20 genes>\n"


def test_widget_is_what_view_returns() -> None:
    assert isinstance(view(tiny_adata()), CxgWidget)
