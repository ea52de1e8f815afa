"""Scores of gene sets of a published AnnData."""

from typing import Any

import numpy as np
import pytest
import scanpy
from anndata import AnnData
from scipy import sparse

from jupyter_cxg.compute import scores
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.scores import ScoreOptions
from jupyter_cxg.engine.watch import Cancelled, Watch
from jupyter_cxg.errors import BadQuery
from jupyter_cxg.model import Array, VarQuery
from tests.compute.test_scores import random_x
from tests.engine.conftest import Open
from tests.reference.example import tiny_adata

SET = ("10", "30", "31", "nobody")


def adata(make: Any) -> AnnData:
    found = AnnData(make(random_x(400, 60, "f4")))
    found.obsm["X_umap"] = np.random.default_rng(0).random((400, 2))
    found.layers["doubled"] = found.X * 2
    return found


def named(*names: str, layer: str = "X") -> VarQuery:
    return VarQuery(equal={"name_0": names}, layer=layer)


def values(dataset: Dataset, query: VarQuery, options: ScoreOptions, **kwargs: Any) -> Array:
    found = dataset.score(query, "set", options, **kwargs)
    assert found.names == ("set",)
    column = found.values[0]
    assert isinstance(column, np.ndarray) and not column.flags.writeable
    return column


@pytest.mark.parametrize("make", [np.asarray, np.asfortranarray, sparse.csr_matrix, sparse.csc_matrix])
@pytest.mark.parametrize("layer", ["X", "doubled"])
def test_it_is_scanpys(open_adata: Open, make: Any, layer: str, waiting: list[Any]) -> None:
    source = adata(make)
    dataset = open_adata(source)
    scanpy.tl.score_genes(
        source, list(SET), layer=None if layer == "X" else layer, ctrl_size=4, random_state=3
    )
    options = ScoreOptions(ctrl_size=4, seed=3)
    for _ in range(2):  # the second time with the index
        found = values(dataset, named(*SET, layer=layer), options)
        np.testing.assert_allclose(found, source.obs["score"], rtol=1e-6, atol=1e-6)
        for build in waiting:
            build()
        waiting.clear()
        dataset.forget()


def test_it_is_kept_and_so_are_the_means(open_adata: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = open_adata(adata(sparse.csr_matrix))
    first = values(dataset, named("10"), ScoreOptions())
    monkeypatch.setattr(scores, "gene_means", lambda *_, **__: pytest.fail("worked"))
    assert values(dataset, named("10"), ScoreOptions(seed=1, ctrl_size=5)) is not first
    monkeypatch.setattr(scores, "score", lambda *_, **__: pytest.fail("worked"))
    assert values(dataset, named("10"), ScoreOptions()) is first


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("nobody",), "None of the genes is in X"),
        ((), "None of the genes is in X"),
        (tuple(f"GENE{i}" for i in range(20)), "compare the 20 genes"),
    ],
)
def test_what_cannot_be_scored_is_refused(dataset: Dataset, names: tuple[str, ...], says: str) -> None:
    assert dataset.schema.n_vars == tiny_adata().n_vars == 20
    with pytest.raises(BadQuery, match=says):
        dataset.score(named(*names), "set", ScoreOptions())


def test_who_leaves_stops_the_work(dataset: Dataset) -> None:
    with pytest.raises(Cancelled):
        dataset.score(named("GENE1"), "set", ScoreOptions(), watch=Watch(cancelled=lambda: True))
