"""One gene in every group, against pandas and numpy on the dense values."""

import numpy as np
import pandas as pd
import pytest

from jupyter_cxg.compute.distribution import QUANTILES, distribution
from jupyter_cxg.model import Array, GeneValues

N = 4000


def frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array


def a_gene(rng: np.random.Generator, kind: str) -> Array:
    dense = np.where(rng.random(N) < 0.3, rng.gamma(2, 1.5, N), 0).astype(np.float32)
    if kind == "signed":
        dense -= (rng.random(N) < 0.2) * np.float32(3)
    if kind == "missing":
        dense[::7] = np.nan
        dense[5] = np.inf
    if kind == "zeros":
        dense[:] = 0
    return dense


@pytest.mark.parametrize("sparse", [True, False])
@pytest.mark.parametrize("kind", ["counts", "signed", "missing", "zeros"])
@pytest.mark.parametrize("cutoff", [0.0, 1.5, -1.0])
def test_equals_groupby_on_the_dense_values(kind: str, sparse: bool, cutoff: float) -> None:
    rng = np.random.default_rng(3)
    dense, labels = a_gene(rng, kind), frozen(rng.integers(-1, 5, N).astype(np.int8))
    labels = frozen(np.where(labels == 3, 2, labels))  # nobody is in group 3
    rows = np.flatnonzero(dense != 0).astype(np.int32) if sparse else None
    gene = GeneValues(0, rows, frozen(dense if rows is None else dense[rows]))
    found = distribution(gene, labels, 6, cutoff=cutoff, quantiles=True, bins=32)

    finite = pd.Series(np.where(np.isfinite(dense), dense, np.nan).astype(float))
    shown = labels >= 0
    grouped = finite[shown].groupby(labels[shown])
    groups = range(6)
    np.testing.assert_array_equal(found.n, grouped.count().reindex(groups, fill_value=0))
    np.testing.assert_allclose(found.mean, grouped.mean().reindex(groups), rtol=1e-12)
    np.testing.assert_allclose(found.deviation, grouped.std().reindex(groups), rtol=1e-9, atol=1e-12)
    above = finite.where(finite > cutoff)
    of_above = above[shown].groupby(labels[shown])
    np.testing.assert_allclose(
        found.fraction, (of_above.count() / grouped.count()).reindex(groups), rtol=1e-12
    )
    np.testing.assert_allclose(found.mean_expressing, of_above.mean().reindex(groups), rtol=1e-12)
    assert found.quantiles is not None
    for i, q in enumerate(QUANTILES):
        np.testing.assert_allclose(found.quantiles[i], grouped.quantile(q).reindex(groups), rtol=1e-12)
    seen = finite[shown].dropna()
    assert found.span == (seen.min(), seen.max())
    for group in groups:
        values = seen[labels[seen.index] == group]
        np.testing.assert_array_equal(found.counts[group], np.histogram(values, 32, found.span)[0])


def test_no_cells_at_all() -> None:
    gene = GeneValues(0, None, np.zeros(3, np.float32))
    found = distribution(gene, np.full(3, -1, np.int8), 2, quantiles=True, bins=4)
    assert found.n.tolist() == [0, 0] and np.isnan(found.mean).all() and found.counts.sum() == 0


def test_a_constant_gene_has_no_deviation() -> None:
    gene = GeneValues(0, None, np.full(10, 0.1, np.float32))
    found = distribution(gene, np.zeros(10, np.int8), 1)
    assert found.deviation[0] < 1e-12 and found.quantiles is None and found.counts.shape == (1, 0)
