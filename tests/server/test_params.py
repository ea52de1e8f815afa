"""The grammar of cellxgene's queries."""

from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_cxg.errors import BadQuery
from jupyter_cxg.model import VarQuery
from jupyter_cxg.server.params import ask_body, names, var_filter, var_query

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def twice(value: str) -> str:
    return quote(quote(value, safe=""), safe="")


@given(column=text, values=st.lists(text, min_size=1))
def test_any_name_survives_when_it_is_encoded_twice(column: str, values: list[str]) -> None:
    query = "&".join(f"var:{twice(column)}={twice(value)}" for value in values)
    assert var_query(query) == VarQuery(equal={column: tuple(values)})


@given(values=st.lists(text))
def test_annotation_names_are_encoded_once(values: list[str]) -> None:
    query = "&".join(f"annotation-name={quote(value, safe='')}" for value in values)
    assert names(query, "annotation-name") == tuple(values)


def test_ranges_and_layers() -> None:
    asked = var_query("var:n_cells=1,10.5&var:score=*,-1e3&var:name_0=A&layer=raw&other=1")
    assert asked.ranges == {"n_cells": (1, 10.5), "score": (None, -1000)}
    assert asked.equal == {"name_0": ("A",)} and asked.layer == "raw"


@given(query=st.text(max_size=40))
def test_nothing_but_bad_query_comes_of_nonsense(query: str) -> None:
    try:
        var_query(query)
    except BadQuery as error:
        assert str(error).endswith((".", "twice.", "…."))


@given(body=st.binary(max_size=40) | st.sampled_from([b'{"filter":1}', b'{"filter":{"var":[]}}', b"{}"]))
def test_nothing_but_bad_query_comes_of_bad_json(body: bytes) -> None:
    for parse in (ask_body, lambda b: var_filter(b, 5, layer="X")):
        with suppress(BadQuery):
            parse(body)


def indexed(index: str) -> VarQuery:
    return var_filter(f'{{"filter": {{"var": {{"index": {index}}}}}}}'.encode(), 5, layer="X")


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("[[0, 1000000000000]]", (0, 1, 2, 3, 4)),
        ("[[3, 1000000000000]]", (3, 4)),
        ("[4, [0, 2], [1, 3], 1]", (0, 1, 2, 4)),
        ("[[9, 9], [3, 1]]", ()),
        ("[" + ",".join(["[0, 1000000000000]"] * 50_000) + "]", (0, 1, 2, 3, 4)),
    ],
)
def test_a_long_range_takes_no_memory(index: str, expected: tuple[int, ...]) -> None:
    assert indexed(index).positions == expected


@pytest.mark.parametrize("index", ["[[1000000000, 1000000000000]]", "[[-1000000000, 5]]", "[-1]", "[5]"])
def test_positions_begin_on_the_axis(index: str) -> None:
    with pytest.raises(BadQuery, match=r"outside of 0\.\.4"):
        indexed(index)
