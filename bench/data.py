"""An AnnData of seeded, realistic counts: in memory, or written to an .h5ad block by block."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pandas as pd
from anndata.io import write_elem
from scipy import sparse

from bench.counts import TYPES, Array, Block, Counts, Shape

LINEAGES = 12
CHUNK = 1 << 18
"""Values per chunk of the file: 1 MiB, what h5py itself chooses for an array of this length."""
_NAMES_AT_ONCE = 20_000

__all__ = ["Shape", "make_adata", "write_h5ad"]


def make_adata(shape: Shape) -> Any:
    """An AnnData with CSR float32 X, an embedding of 12 lineages and the usual columns."""
    counts = Counts(shape)
    blocks = list(counts.blocks())
    lengths = np.concatenate([block.lengths for block in blocks])
    data = np.concatenate([block.data for block in blocks])
    indices = np.concatenate([block.indices for block in blocks])
    X = sparse.csr_matrix((data, indices, _indptr(lengths)), (shape.n_obs, shape.n_vars))
    totals = np.concatenate([block.totals for block in blocks])
    columns, points = _columns(counts, lengths, totals)
    return anndata.AnnData(
        X=X,
        obs=pd.DataFrame(columns, index=[name for part in _cell_names(shape.n_obs) for name in part]),
        var=pd.DataFrame(index=_gene_names(shape.n_vars)),
        obsm={"X_umap": points},
    )


def write_h5ad(path: Path, shape: Shape) -> int:
    """The same, written as anndata writes it, uncompressed; only some blocks are in memory at a time.

    Returns
    -------
    How many values X has.
    """
    counts = Counts(shape)
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
        lengths, totals = _write_matrix(file.create_group("X"), shape, counts.blocks())
        columns, points = _columns(counts, lengths, totals)
        _write_frame(file, "obs", shape.n_obs, _cell_names(shape.n_obs), columns)
        _write_frame(file, "var", shape.n_vars, iter([_gene_names(shape.n_vars)]), {})
        for name in ("uns", "varm", "obsp", "varp", "layers"):
            write_elem(file, name, {})
        write_elem(file, "obsm", {"X_umap": points})
    return int(lengths.sum())


def _write_matrix(group: Any, shape: Shape, blocks: Iterator[Block]) -> tuple[Array, Array]:
    about = {"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": (shape.n_obs, shape.n_vars)}
    group.attrs.update(about)
    parts = {
        name: group.create_dataset(name, (0,), dtype, maxshape=(None,), chunks=(CHUNK,))
        for name, dtype in (("data", np.float32), ("indices", np.int32))
    }
    lengths, totals = np.zeros(shape.n_obs, np.int64), np.zeros(shape.n_obs, np.int64)
    waiting: dict[str, list[Array]] = {"data": [], "indices": []}

    def flush(least: int) -> None:
        """Write whole chunks: a chunk that is filled later would be read again first."""
        for name, pieces in waiting.items():
            values = np.concatenate(pieces) if pieces else np.empty(0, parts[name].dtype)
            ready = len(values) // least * least
            before = parts[name].shape[0]
            parts[name].resize((before + ready,))
            parts[name][before:] = values[:ready]
            waiting[name] = [values[ready:]]

    for block in blocks:
        here = slice(block.start, block.start + len(block.lengths))
        lengths[here], totals[here] = block.lengths, block.totals
        waiting["data"].append(block.data)
        waiting["indices"].append(block.indices)
        flush(CHUNK)
    flush(1)
    indptr = _indptr(lengths)
    group.create_dataset("indptr", data=indptr)
    return lengths, totals


def _indptr(lengths: Array) -> Array:
    """int32 where it fits, as scipy has it."""
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    return indptr.astype(np.int32) if indptr[-1] <= np.iinfo(np.int32).max else indptr


def _write_frame(
    file: Any, name: str, length: int, names: Iterator[list[str]], columns: dict[str, Any]
) -> None:
    group = file.create_group(name)
    group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
    group.attrs["column-order"] = np.array(list(columns), h5py.string_dtype())
    index = group.create_dataset("_index", (length,), h5py.string_dtype())
    index.attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
    start = 0
    for part in names:
        index[start : start + len(part)] = part
        start += len(part)
    for key, values in columns.items():
        write_elem(group, key, values)


def _columns(counts: Counts, lengths: Array, totals: Array) -> tuple[dict[str, Any], Array]:
    """Columns of obs, and points on the plane: types of one lineage lie near each other."""
    shape, types = counts.shape, counts.types
    rng = np.random.default_rng((shape.seed, 1))
    lineage = (types % LINEAGES).astype(np.int8)
    samples = rng.integers(4, size=shape.n_obs, dtype=np.int8)
    centers = rng.normal(scale=8, size=(LINEAGES, 2))[np.arange(TYPES) % LINEAGES]
    centers = (centers + rng.normal(scale=2, size=(TYPES, 2))).astype(np.float32)
    points = rng.standard_normal((shape.n_obs, 2), np.float32)
    points += centers[types]
    columns = {
        "cluster": pd.Categorical.from_codes(lineage, [f"cluster {i}" for i in range(LINEAGES)]),
        "cell_type": pd.Categorical.from_codes(types, [f"type {i}" for i in range(TYPES)]),
        "sample": pd.Categorical.from_codes(samples, ["s1", "s2", "s3", "s4"]),
        "n_genes": lengths,
        "total_counts": totals.astype(np.float32),
        "percent_mito": rng.beta(2, 30, shape.n_obs).astype(np.float32),
    }
    return columns, points


def _cell_names(n: int) -> Iterator[list[str]]:
    """16 bases and a number, like the barcodes of a sequencer; each another."""
    for start in range(0, n, _NAMES_AT_ONCE):
        # an odd factor permutes the 32-bit numbers
        codes = np.arange(start, min(start + _NAMES_AT_ONCE, n), dtype=np.uint64) * np.uint64(2654435761)
        digits = (codes[:, None] >> (2 * np.arange(16, dtype=np.uint64))) & np.uint64(3)
        letters = np.frombuffer(b"ACGT", np.uint8)[digits]
        yield [text + "-1" for text in np.ascontiguousarray(letters).view("S16").ravel().astype(str).tolist()]


def _gene_names(n: int) -> list[str]:
    return [f"GENE{i}" for i in range(n)]
