"""The file of terms that names of labels are completed from."""

import os
from pathlib import Path

import pytest

from jupyter_cxg.errors import NotFound
from jupyter_cxg.server.terms import Terms, read_terms

OBO = """format-version: 1.2

[Term]
id: CL:0000084
name: T cell
synonym: "T lymphocyte" EXACT []
synonym: "a \\"T\\" cell" RELATED [X:1]

[Term]
id: CL:1
name: gone
is_obsolete: true

[Typedef]
id: part_of
name: part of
"""


def test_obo_without_what_is_obsolete_and_what_is_no_term() -> None:
    assert read_terms(OBO) == [
        {"id": "CL:0000084", "name": "T cell", "synonyms": ["T lymphocyte", 'a "T" cell']}
    ]


def test_tables_and_plain_lists() -> None:
    table = 'id,name,synonyms\nCL:1,"B cell, naive",b|c\nCL:2,B cell,\n'
    assert [(t["id"], t["name"], t["synonyms"]) for t in read_terms(table)] == [
        ("CL:1", "B cell, naive", ["b", "c"]),
        ("CL:2", "B cell", []),
    ]
    assert [t["name"] for t in read_terms("label\tid\nNK\tCL:3\n")] == ["NK"]
    assert [t["name"] for t in read_terms("T cell\n\nB cell, naive\nT cell\n")] == ["T cell", "B cell, naive"]
    assert read_terms("") == []


def test_the_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    place = tmp_path / "terms.txt"
    place.write_text("T cell\n")
    terms = Terms(str(place))
    first = terms.document()
    assert terms.document() is first
    place.write_text("B cell\n")
    os.utime(place, ns=(1, 1))
    assert [t["name"] for t in terms.document()["terms"]] == ["B cell"]


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match=r"nowhere.obo.*terms_file"):
        Terms("/nowhere/nowhere.obo").document()
    assert Terms("").document() == {"terms": []}
