"""The data of the benchmarks: the same in memory and in a file, and like what a sequencer gives."""

from pathlib import Path

import anndata
import numpy as np

from bench.data import Shape, make_adata, write_h5ad

SHAPE = Shape(3_000, 2_000, seed=5)


def test_the_file_has_what_memory_has(tmp_path: Path) -> None:
    n_values = write_h5ad(tmp_path / "cells.h5ad", SHAPE)
    read, made = anndata.read_h5ad(tmp_path / "cells.h5ad"), make_adata(SHAPE)
    assert (read.X != made.X).nnz == 0
    assert n_values == made.X.nnz
    assert read.obs.equals(made.obs)
    assert read.var.equals(made.var)
    np.testing.assert_array_equal(read.obsm["X_umap"], made.obsm["X_umap"])


def test_it_is_canonical_normalized_and_as_full_as_asked() -> None:
    adata = make_adata(SHAPE)
    assert adata.X.has_canonical_format
    assert adata.X.dtype == np.float32
    np.testing.assert_allclose(np.expm1(adata.X).sum(axis=1), 1e4, rtol=1e-4)
    assert abs(adata.X.nnz / np.prod(adata.shape) - SHAPE.density) < 0.01
    assert adata.obs_names.is_unique
    assert (make_adata(SHAPE).X != adata.X).nnz == 0
    assert (make_adata(Shape(3_000, 2_000, seed=6)).X != adata.X).nnz > 0
