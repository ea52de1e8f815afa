"""The magic ``%cxg``."""

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from jupyter_cxg.errors import BadQuery
from jupyter_cxg.notebook.magic import Line, parse
from jupyter_cxg.snapshot.catalog import user_catalog
from tests.reference.example import tiny_adata


def run(shell: InteractiveShell, line: str) -> tuple[str, str]:
    """stdout and stderr of ``%cxg line``."""
    with capture_output() as captured:
        shell.run_line_magic("cxg", line)
    return captured.stdout, captured.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Line("")),
        ("adata", Line("adata")),
        ("adata --as v --color CD3D", Line("adata", {"as": "v", "color": "CD3D"})),
        ("--height 300 adata", Line("adata", {"height": "300"})),
        (
            "adata --title 'T cells' --color=\"n counts\"",
            Line("adata", {"title": "T cells", "color": "n counts"}),
        ),
        ('adata[adata.obs["x"] == "B", :] --as b', Line('adata[adata.obs["x"] == "B", :]', {"as": "b"})),
        ('adata[adata.obs["x --as"] == " --color", :]', Line('adata[adata.obs["x --as"] == " --color", :]')),
        ("f(a, (1, [2 --color x]), '\"')", Line("f(a, (1, [2 --color x]), '\"')")),
        ("my data.h5ad", Line("my data.h5ad")),
        ("adata --color it's", Line("adata", {"color": "it's"})),
        ("f(", Line("f(")),
    ],
)
def test_parse(text: str, expected: Line) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "words"), [("adata --colour x", "no option --colour"), ("adata --color", "needs a value")]
)
def test_options_that_make_no_sense_are_refused(text: str, words: str) -> None:
    with pytest.raises(BadQuery, match=words):
        parse(text)


def test_leaves_the_viewer_in_a_variable(shell: InteractiveShell) -> None:
    shell.user_ns["adata"] = tiny_adata()
    assert run(shell, "adata --color GENE3 --height 300") == ("", "")
    viewer = shell.user_ns["viewer"]
    assert (viewer.color_by, viewer._height, viewer._title) == ("GENE3", 300, "adata")
    run(shell, "adata --as other --title mine")
    assert shell.user_ns["other"]._title == "mine"
    assert shell.user_ns["viewer"] is viewer
    assert user_catalog().get(viewer._snapshot).state == "complete"


def test_any_expression_that_gives_an_anndata(shell: InteractiveShell) -> None:
    shell.user_ns["adata"] = tiny_adata()
    assert run(shell, 'adata[adata.obs["batch"] == "one", :5]') == ("", "")
    viewer = shell.user_ns["viewer"]
    assert len(viewer.selection) == (shell.user_ns["adata"].obs["batch"] == "one").sum()
    assert viewer._title == 'adata[adata.obs["batch"] == "one", :5]'


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_path(shell: InteractiveShell, tmp_path: Path, quote: str) -> None:
    tiny_adata().write_h5ad(tmp_path / "my data.h5ad")
    assert run(shell, f"{quote}{tmp_path}/my data.h5ad{quote} --embedding pca") == ("", "")
    assert shell.user_ns["viewer"]._title == "my data.h5ad"


def test_without_a_name_the_only_one_is_shown(shell: InteractiveShell) -> None:
    shell.user_ns["pbmc"] = shell.user_ns["same"] = tiny_adata()
    assert run(shell, "") == ("", "")
    assert shell.user_ns["viewer"]._title == "pbmc"


def test_without_a_name_several_are_listed(shell: InteractiveShell) -> None:
    shell.user_ns.update(pbmc=tiny_adata(), brain=tiny_adata()[:, :3])
    out, _ = run(shell, "")
    assert "pbmc: 60 cells × 20 genes" in out
    assert "brain: 60 cells × 3 genes" in out
    assert "viewer" not in shell.user_ns


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "no AnnData yet"),
        ("adta", "no variable adta; did you mean adata?"),
        ("adata.obs", "is a DataFrame, not an AnnData"),
        ("adata[", "gives no AnnData: SyntaxError"),
        ("adata['nope']", "gives no AnnData: KeyError"),
        ("nowhere.h5ad", "no file nowhere.h5ad"),
        ("adata --color CD3D", "neither an obs column nor a gene"),
        ("adata --height tall", "--height tall"),
        ("adata --as 1x", "--as 1x"),
        ("adata --colour x", "no option --colour"),
    ],
)
def test_bad_input_is_one_line_and_no_traceback(shell: InteractiveShell, line: str, words: str) -> None:
    if line:
        shell.user_ns["adata"] = tiny_adata()
    out, err = run(shell, line)
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert "viewer" not in shell.user_ns
