"""Scores of gene sets have scanpy's numbers."""

import itertools
import warnings
from typing import Any

import numpy as np
import pytest
import scanpy
from anndata import AnnData
from scanpy.tools import _score_genes as theirs
from scipy import sparse

from jupyter_cxg.compute import scores
from jupyter_cxg.compute.blocks import Cancelled
from jupyter_cxg.compute.scores import ScoreOptions
from jupyter_cxg.model import Array, Dense, Matrix, Sparse

KINDS = ("C", "F", "csr", "csc")
OPTIONS = (
    ScoreOptions(),
    ScoreOptions(ctrl_size=3, n_bins=5, seed=7),
    ScoreOptions(ctrl_size=10, seed=2**32 - 1, ctrl_as_ref=False),
    ScoreOptions(ctrl_size=5, n_bins=2),
    ScoreOptions(n_bins=1000),  # a bin has less than a gene
)


def random_x(n_obs: int, n_vars: int, dtype: str, *, missing: bool = False) -> Array:
    """Expression with zeros, ties, genes that are equal, and genes that are nowhere."""
    rng = np.random.default_rng(n_vars)
    x = (rng.random((n_obs, n_vars)) < 0.4) * rng.gamma(1, 3, (n_obs, n_vars)) * rng.gamma(1, 1, n_vars)
    x = np.round(x, 0 if dtype == "i4" else 2)
    x[:, 3], x[:, 5] = 0, x[:, 4]
    if missing:
        x[rng.random(x.shape) < 0.02] = np.nan
        x[:, 6] = np.nan
    return x.astype(dtype)


def as_kind(x: Array, kind: str) -> Any:
    return np.array(x, order=kind) if kind in "CF" else sparse.csr_matrix(x).asformat(kind)  # type: ignore[call-overload]


def ours(x: Any) -> Matrix:
    if not sparse.issparse(x):
        return Dense(x)
    return Sparse(x.shape, x.format, x.data, x.indices, x.indptr)


def forms(x: Any) -> list[Matrix]:
    """As it is stored, and the other orientation."""
    turned = [ours(x.tocsc())] if sparse.issparse(x) and x.format == "csr" else []
    return [ours(x), *turned]


def scanpys(x: Any, names: list[str], options: ScoreOptions) -> Array | None:
    """Scanpy's score; None: it found no control genes."""
    adata = AnnData(x)
    assert type(adata.X) is type(x)
    how: dict[str, Any] = {
        "ctrl_size": options.ctrl_size,
        "n_bins": options.n_bins,
        "random_state": options.seed,
        "ctrl_as_ref": options.ctrl_as_ref,
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scanpy.tl.score_genes(adata, names, **how)
    except RuntimeError:
        return None
    found: Array = adata.obs["score"].to_numpy()
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", ["f4", "f8", "i4"])
@pytest.mark.parametrize("missing", [False, True])
def test_they_are_scanpys(kind: str, dtype: str, missing: bool) -> None:
    if missing and dtype == "i4":
        return  # integers have no NaN
    rng = np.random.default_rng(1)
    compared = 0
    for shape, options in itertools.product([(37, 15), (700, 300)], OPTIONS):
        x = as_kind(random_x(*shape, dtype, missing=missing), kind)
        allowed = np.setdiff1d(np.arange(shape[1]), [6])  # scanpy has no answer for what is all NaN
        chosen = np.sort(rng.choice(allowed, 5, replace=False))
        expected = scanpys(x, [str(gene) for gene in chosen], options)
        for form, threads in itertools.product(forms(x), (1, 2)):
            means = scores.gene_means(ours(x), form, threads=threads)
            controls = scores.control_genes(means, chosen, options)
            if expected is None:
                assert not len(controls)
                continue
            found = scores.score(form, chosen, controls, threads=threads)
            assert found.dtype == np.float32
            np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", ["f4", "f8", "i4"])
@pytest.mark.parametrize("missing", [False, True])
def test_genes_are_ranked_by_the_very_same_means(
    kind: str, dtype: str, missing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing and dtype == "i4":
        return
    monkeypatch.setattr(scores, "GENES", 7)
    monkeypatch.setattr(scores, "ENTRIES", 5000)
    x = as_kind(random_x(5000, 40, dtype, missing=missing), kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = theirs._nan_means(x, axis=0)
    for form, threads in itertools.product(forms(x), (1, 2, 3)):
        np.testing.assert_array_equal(scores.gene_means(ours(x), form, threads=threads), expected)


def test_stored_zeros_change_nothing() -> None:
    for kind in ("csr", "csc"):
        x = as_kind(random_x(300, 40, "f4"), kind)
        x.data[::3] = 0
        expected = theirs._nan_means(x, axis=0)
        for form in forms(x):
            np.testing.assert_array_equal(scores.gene_means(ours(x), form), expected)


def test_the_random_numbers_of_the_process_are_left_alone() -> None:
    np.random.seed(5)
    before = np.random.get_state()[1].tolist()  # type: ignore[index, union-attr]
    means = np.random.default_rng(0).random(500)
    first = scores.control_genes(means, np.array([3, 9]), ScoreOptions())
    assert np.random.get_state()[1].tolist() == before  # type: ignore[index, union-attr]
    again = scores.control_genes(means, np.array([3, 9]), ScoreOptions())
    other = scores.control_genes(means, np.array([3, 9]), ScoreOptions(ctrl_size=5, seed=1))
    assert first.tolist() == again.tolist() and first.tolist() != other.tolist()


def test_a_gene_without_a_mean_is_in_no_bin() -> None:
    means = np.array([1, 2, np.nan, 3, np.inf, 4])
    assert scores.control_genes(means, np.array([2]), ScoreOptions()).tolist() == []
    # of the four others, the one of the highest rank is in a bin of its own
    assert scores.control_genes(means, np.array([0, 2]), ScoreOptions(n_bins=2)).tolist() == [1, 3]


def test_a_set_of_all_genes_has_no_controls() -> None:
    for as_ref in (True, False):
        options = ScoreOptions(ctrl_as_ref=as_ref)
        assert not len(scores.control_genes(np.arange(30.0), np.arange(30), options))


def test_a_cell_that_has_only_nan_has_no_score() -> None:
    x = np.ones((3, 6), np.float32)
    x[1, :2] = np.nan
    for kind in KINDS:
        found = scores.score(ours(as_kind(x, kind)), np.array([0, 1]), np.array([3, 4]))
        assert np.isnan(found).tolist() == [False, True, False]


@pytest.mark.parametrize("kind", KINDS)
def test_who_leaves_stops_the_work(kind: str) -> None:
    x = ours(as_kind(random_x(50, 9, "f4"), kind))
    with pytest.raises(Cancelled):
        scores.gene_means(x, x, cancelled=lambda: True)
    with pytest.raises(Cancelled):
        scores.score(x, np.array([1]), np.array([2]), cancelled=lambda: True)
