"""cellxgene's files of annotations and gene sets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_cxg.errors import BadQuery
from jupyter_cxg.model import Categorical, Gene, GeneSet
from jupyter_cxg.wire import cell_labels, gene_sets
from tests.wire.columns import objects

NAMES = ["AAAC-1", "CCCG-1", "GGGT-1"]
THEIRS = """# Annotations generated on 2026-11-21T00:14:39 using cellxgene version 1.3.0
# Input data file was pbmc68k_reduced.h5ad, which was last modified on 2026-11-21T00:05:36
index,cat_A,n
GGGT-1,"a, b",1
AAAC-1,,#2
unknown,x,3
"""


def test_a_file_of_cellxgene_is_read() -> None:
    found = cell_labels.from_csv(THEIRS, NAMES)
    assert list(found) == ["cat_A", "n"]
    assert found["cat_A"].categories.tolist() == ["", "a, b"] and found["cat_A"].codes.tolist() == [0, -1, 1]
    # cellxgene takes # for a comment here, and loses the label
    assert found["n"].categories.tolist() == ["#2", "1"]
    assert cell_labels.from_csv("", NAMES) == {}


def test_a_file_as_cellxgene_writes_it() -> None:
    columns = {"cat_A": Categorical(np.array([0, -1, 1]), objects(["a, b", "#c"])), "n": np.array([1, 2, 3])}
    assert cell_labels.to_csv(NAMES, columns, ["made\nhere"]) == (
        '# made here\nindex,cat_A,n\nAAAC-1,"a, b",1\nCCCG-1,,2\nGGGT-1,"#c",3\n'
    )


label = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


@given(st.lists(label, min_size=3, max_size=3), st.text("ab,#\"' é", min_size=1, max_size=4))
def test_labels_survive_a_file(labels: list[str], name: str) -> None:
    categories = sorted(set(labels))
    column = Categorical(np.array([categories.index(text) for text in labels]), objects(categories))
    found = cell_labels.from_csv(cell_labels.to_csv(NAMES, {name: column}), NAMES)[name]
    assert [found.categories[code] for code in found.codes] == labels


@pytest.mark.parametrize(
    "text",
    [
        "index,a\nx,1,2\n",
        "index,a\nx\n",
        "index,a,a\nx,1,2\n",
        "index,a\nAAAC-1,1\nAAAC-1,2\n",
        f"index,{'a' * 200_000}\n",
    ],
)
def test_files_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        cell_labels.from_csv(text, NAMES)


SETS = (
    GeneSet("set one", "a description", (Gene("CD3D"), Gene("CD4", 'said "x", y'))),
    GeneSet("empty set", "", ()),
)


def test_gene_sets_survive_a_file_and_json() -> None:
    text = gene_sets.to_csv(SETS)
    assert text.startswith("gene_set_name,gene_set_description,gene_symbol,gene_description\r\nset one,")
    assert "\r\nempty set,,,\r\n" in text
    assert gene_sets.from_csv(f"# Gene set generated on …\n{text}", lambda gene: True) == SETS
    document = gene_sets.to_document(SETS, 4)
    assert document["tid"] == 4
    assert gene_sets.from_document(document["genesets"], lambda gene: True) == SETS


def test_rows_of_a_set_need_not_be_adjacent_and_genes_must_be_known() -> None:
    text = (
        "gene_set_name,gene_set_description,gene_symbol,gene_description,more\r\n\r\n"
        "a,,CD3D\r\nb,second,CD4,,x\r\n#no,x,y,z\r\na,first,CD8A,y\r\na,other,CD3D\r\na,,NOBODY\r\n"
    )
    found = gene_sets.from_csv(text, {"CD3D", "CD4", "CD8A"}.__contains__)
    assert found == (
        GeneSet("a", "first", (Gene("CD3D"), Gene("CD8A", "y"))),
        GeneSet("b", "second", (Gene("CD4"),)),
    )


@pytest.mark.parametrize("text", ["", "a,b,c,d\r\n", "gene_set_name,gene_symbol\r\n"])
def test_other_files_of_gene_sets_are_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        gene_sets.from_csv(text, lambda gene: True)
