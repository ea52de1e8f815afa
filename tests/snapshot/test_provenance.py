"""Which obs columns the viewer has made."""

import numpy as np
import pandas as pd
import pytest

from jupyter_cxg.snapshot.provenance import annotation_columns, digest_of, fingerprint_of
from tests.reference.example import tiny_adata


def column(labels: list[str | None], categories: list[str]) -> pd.Series:
    return pd.Series(pd.Categorical(labels, categories=categories))


def test_the_digest_is_of_the_labels_alone() -> None:
    first = digest_of(column(["T", None, "B"], ["T", "B"]))
    assert first is not None
    assert first == digest_of(column(["T", None, "B"], ["B", "unused", "T"]))
    others = (["T", "B", "B"], ["T", None, None], ["B", None, "T"], [None, "T", "B"])
    assert all(first != digest_of(column([*labels], ["T", "B"])) for labels in others)
    assert first != digest_of(column(["T", None, "C"], ["T", "C"]))


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(["T", "B"]),
        pd.Series([1.0, 2.0]),
        pd.Series(pd.Categorical([1, 2])),
        pd.DataFrame({"a": [1]}),
        None,
    ],
)
def test_what_no_viewer_makes_has_none(values: object) -> None:
    assert digest_of(values) is None


def test_a_column_without_labels_has_one() -> None:
    assert digest_of(column([None, None], [])) == digest_of(column([None, None], ["T"]))


def test_many_labels() -> None:
    labels = [f"label {i:04}" for i in range(1000)]
    assert digest_of(column([*labels], labels)) == digest_of(column([*labels], labels[::-1]))


@pytest.mark.parametrize("wrong", [{}, 7, {"annotations": 7}, {"annotations": pd.DataFrame({"x": [1]})}])
def test_anything_else_in_uns_names_no_columns(wrong: object) -> None:
    adata = tiny_adata()
    adata.uns["jupyter_cxg"] = wrong
    assert annotation_columns(adata, fingerprint_of(adata.obs_names)) == ()


def test_only_columns_of_these_cells_that_nobody_changed() -> None:
    adata = tiny_adata()
    fingerprint = fingerprint_of(adata.obs_names)
    for name in ("mine", "changed", "older"):
        adata.obs[name] = pd.Categorical(np.where(np.arange(adata.n_obs) < 9, "T", "B"))
    digest = digest_of(adata.obs["mine"])
    rows = [(fingerprint, digest), (fingerprint, digest), ("of other cells", digest), (fingerprint, digest)]
    index = ["mine", "changed", "older", "gone"]
    table = pd.DataFrame(rows, index=index, columns=["fingerprint", "digest"])
    adata.uns["jupyter_cxg"] = {"annotations": table}
    adata.obs["changed"] = pd.Categorical(["T"] * adata.n_obs)
    assert annotation_columns(adata, fingerprint) == ("mine",)
