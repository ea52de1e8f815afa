"""Bodies and queries that compare groups of cells."""

import json
from base64 import b64encode
from typing import Any

import pytest

from jupyter_cxg.engine.groups import CellBits, CellCategory, CellFilter
from jupyter_cxg.errors import BadQuery
from jupyter_cxg.server.params_diffexp import diffexp_body, diffexp_query, top_genes

T = {"column": "louvain", "category": "T"}


def body(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def test_groups_come_in_three_forms() -> None:
    bits = {"cells": b64encode(b"\x05").decode()}
    some = {
        "filter": {
            "obs": {
                "index": [3, [5, 9]],
                "annotation_value": [{"name": "n", "min": 1}, {"name": "doublet", "values": [True, 2]}],
            }
        }
    }
    found = diffexp_body(body(a=T, b=bits, method="wilcoxon", tie_correct=False, layer="raw"))
    assert (found.a, found.b) == (CellCategory("louvain", "T"), CellBits(b"\x05"))
    assert (found.method, found.tie_correct, found.layer) == ("wilcoxon", False, "raw")
    chosen = diffexp_body(body(a=some)).a
    assert isinstance(chosen, CellFilter) and chosen.positions is not None and chosen.spans is not None
    assert (chosen.positions.tolist(), chosen.spans.tolist()) == ([3], [[5, 9]])
    assert (chosen.equal, chosen.ranges) == ({"doublet": ("true", "2")}, {"n": (1.0, None)})


def test_the_rest_is_meant_where_b_is_left_out() -> None:
    assert diffexp_body(body(a=T)).b is None and diffexp_body(body(a=T, b=None)).b is None
    assert diffexp_query("column=louvain&a=T%20cells").b is None


def test_a_query_names_categories() -> None:
    found = diffexp_query("column=louvain&a=T&b=&method=cellxgene&tie_correct=false")
    assert (found.a, found.b) == (CellCategory("louvain", "T"), CellCategory("louvain", ""))
    assert (found.adjust, found.tie_correct) == ("bonferroni", False)
    assert (
        diffexp_query("column=c&a=T&method=cellxgene&adjust=benjamini-hochberg").adjust
        == "benjamini-hochberg"
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "column=c",
        "a=T",
        "column=c&a=T&a=B",
        "column=c&a=T&method=anova",
        "column=c&a=T&tie_correct=1",
        "column=c&a=T&adjust=no",
        "column=c&a=T&count=5",
    ],
)
def test_other_queries_are_refused(query: str) -> None:
    with pytest.raises(BadQuery):
        diffexp_query(query)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 100_000,
        b'{"a": 1}',
        b"\xff",
        body(),
        body(a=None),
        body(a={}),
        body(a={**T, "x": 1}),
        body(a={"column": 1, "category": "T"}),
        body(a={"cells": "§"}),
        body(a={"cells": 1}),
        body(a={"filter": []}),
        body(a={"filter": {"obs": []}, "x": 1}),
        body(a={"filter": {"obs": [1]}}),
        body(a={"filter": {"obs": {"index": 3}}}),
        body(a={"filter": {"obs": {"index": [True]}}}),
        body(a={"filter": {"obs": {"index": [[1, 2, 3]]}}}),
        body(a={"filter": {"obs": {"index": [[1, "2"]]}}}),
        body(a={"filter": {"obs": {"index": [[1, [2]]]}}}),
        body(a={"filter": {"obs": {"index": [None]}}}),
        body(a={"filter": {"obs": {"annotation_value": [1]}}}),
        body(a={"filter": {"obs": {"annotation_value": 1}}}),
        body(a={"filter": {"obs": {"annotation_value": [{"name": "n", "min": "x"}]}}}),
        body(a={"filter": {"obs": {"annotation_value": [{"name": "n", "min": 1}, {"name": "n", "max": 1}]}}}),
        body(a={"filter": {"var": {}}}),
        body(a=T, layer=1),
        body(a=T, tie_correct="yes"),
        body(a=T, method=["t-test"]),
        body(a=T, count=3),
    ],
)
def test_other_bodies_are_refused(sent: bytes) -> None:
    with pytest.raises(BadQuery):
        diffexp_body(sent)
    with pytest.raises(BadQuery):
        top_genes(sent)
