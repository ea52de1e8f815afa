"""Neighbors of cells over HTTP."""

import json
from base64 import b64decode, b64encode
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch


def with_graphs() -> Any:
    adata = tiny_adata()
    rng = np.random.default_rng(1)
    dense = rng.random((adata.n_obs, adata.n_obs)) * (rng.random((adata.n_obs, adata.n_obs)) < 0.2)
    adata.obsp["distances"] = sparse.csr_matrix(dense)
    adata.obsp["by column"] = sparse.csc_matrix(dense)
    adata.obsp["dense"] = dense
    return adata


@pytest.fixture
def dataset(catalog: Catalog) -> str:
    return publish(with_graphs(), catalog)


async def test_the_sparse_matrices_of_obsp_are_listed(fetch: Fetch, dataset: str, capability: str) -> None:
    answer = await fetch(f"cxg/d/{dataset}/graphs", headers={"X-Cxg-Capability": capability})
    assert json.loads(answer.body) == {"graphs": ["by column", "distances"]}


@pytest.mark.parametrize("graph", ["distances", "by column"])
async def test_cells_come_back_with_all_that_their_rows_name(
    fetch: Fetch, dataset: str, capability: str, graph: str
) -> None:
    adata = with_graphs()
    mask = np.arange(adata.n_obs) % 3 == 0
    bits = b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()
    answer = await fetch(
        f"cxg/d/{dataset}/neighbors",
        method="POST",
        headers={"X-Cxg-Capability": capability, "Content-Type": "application/json"},
        body=json.dumps({"graph": graph, "of": {"cells": bits}}),
    )
    found = json.loads(answer.body)
    packed = np.frombuffer(b64decode(found["cells"]), np.uint8)
    got = np.unpackbits(packed, count=adata.n_obs, bitorder="little").astype(bool)
    expected = mask | (adata.obsp[graph].toarray()[mask] != 0).any(axis=0)
    np.testing.assert_array_equal(got, expected)
    assert found["count"] == expected.sum() > mask.sum()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"graph": "dense", "of": {"column": "louvain", "category": "T cells"}}, 404),
        ({"graph": "distances"}, 400),
        ({"graph": 1, "of": {"cells": ""}}, 400),
        ({"graph": "distances", "of": {"cells": "AAAA"}}, 400),
        ({"graph": "distances", "of": {"column": "louvain", "category": "nobody"}}, 400),
    ],
)
async def test_nonsense_is_refused(
    fetch: Fetch, dataset: str, capability: str, body: Any, status: int
) -> None:
    headers = {"X-Cxg-Capability": capability, "Content-Type": "application/json"}
    url = f"cxg/d/{dataset}/neighbors"
    answer = await fetch(url, method="POST", headers=headers, body=json.dumps(body))
    assert answer.code == status and set(json.loads(answer.body)) == {"code", "message"}
