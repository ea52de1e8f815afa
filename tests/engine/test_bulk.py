"""Many genes of a published AnnData."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from jupyter_cxg.engine import bulk
from jupyter_cxg.engine.bulk import BulkQuery
from jupyter_cxg.engine.dataset import Dataset
from jupyter_cxg.engine.groups import CellBits
from jupyter_cxg.errors import BadQuery, NotFound
from jupyter_cxg.model import Array, GeneStream
from tests.engine.conftest import Open
from tests.reference.example import N_OBS, N_VARS, tiny_adata


def matrix(found: GeneStream) -> Array:
    columns = []
    for batch in found.batches:
        for gene in batch:
            values = np.zeros(found.n_rows, found.dtype)
            values[slice(None) if gene.rows is None else gene.rows] = gene.values
            columns.append(values)
    return np.array(columns).T


@pytest.mark.parametrize("make", [np.asarray, np.asfortranarray, sparse.csr_matrix, sparse.csc_matrix])
def test_genes_of_some_cells(open_adata: Open, make: Any, waiting: list[Any]) -> None:
    x = tiny_adata().X.toarray()
    dataset = open_adata(tiny_adata(x=make(x)))
    mask = np.arange(N_OBS) % 3 == 1
    cells = CellBits(np.packbits(mask, bitorder="little").tobytes())
    for _ in range(2):  # the second time the index is there
        found = dataset.genes(BulkQuery(("GENE7", 0, "nobody", "GENE7", 7, "GENE3", "nobody"), cells=cells))
        assert list(found.names.items()) == [(7, "GENE7"), (0, "GENE0"), (3, "GENE3")]
        assert found.unknown == ("nobody",) and found.n_rows == mask.sum()
        np.testing.assert_array_equal(matrix(found), x[mask][:, [7, 0, 3]])
        whole = dataset.genes(BulkQuery(tuple(range(N_VARS))))
        np.testing.assert_array_equal(matrix(whole), x)
        for build in waiting:
            build()
        waiting.clear()


def test_a_name_of_two_genes_means_both(open_adata: Open) -> None:
    adata = tiny_adata()
    adata.var_names = ["A", "B", "A", *adata.var_names[3:]]
    found = open_adata(adata).genes(BulkQuery(("B", "A")))
    assert list(found.names.items()) == [(1, "B"), (0, "A"), (2, "A")]


def test_layers_have_genes_and_types_of_their_own(dataset: Dataset) -> None:
    found = dataset.genes(BulkQuery(("RAW24", "GENE0"), layer="raw"))
    assert found.names == {24: "RAW24"} and found.unknown == ("GENE0",) and found.dtype == np.int32
    assert matrix(found).dtype == np.int32
    np.testing.assert_array_equal(matrix(dataset.genes(BulkQuery((24,), "raw")))[:, 0], raw()[:, 24])
    with pytest.raises(NotFound, match="no matrix"):
        dataset.genes(BulkQuery(("GENE0",), layer="nothing"))


def raw() -> Array:
    x: Array = tiny_adata().raw.X
    return x


def test_batches_are_small(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH_BYTES", 2 * 4 * N_OBS)
    found = dataset.genes(BulkQuery(tuple(range(25)), "raw"))
    batches = list(found.batches)
    assert sum(map(len, batches)) == 25 and max(map(len, batches)) <= 3


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (BulkQuery((N_VARS,)), "outside of 0..19"),
        (BulkQuery((-1,)), "outside of 0..19"),
        (BulkQuery((10**30,)), "outside of 0..19"),
        (BulkQuery(("GENE0",), cells=CellBits(b"")), "60 cells has 8 bytes, not 0"),
        (BulkQuery(("GENE0",), cells=CellBits(b"\xff" * 8)), "beyond the last cell"),
    ],
)
def test_what_makes_no_sense_is_refused(dataset: Dataset, query: BulkQuery, says: str) -> None:
    with pytest.raises(BadQuery, match=says):
        dataset.genes(query)
