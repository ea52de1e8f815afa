"""Rankings of the dataset's own over HTTP."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import scanpy as sc

from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch

ARROW = "application/vnd.apache.arrow.stream"


def ranked() -> Any:
    adata = tiny_adata()
    sc.pp.log1p(adata)
    sc.tl.rank_genes_groups(adata, "louvain", method="t-test", use_raw=False)
    return adata


@pytest.fixture
def dataset(catalog: Catalog) -> str:
    return publish(ranked(), catalog)


async def test_they_are_listed_and_read(fetch: Fetch, dataset: str, capability: str) -> None:
    headers = {"X-Cxg-Capability": capability}
    listed = await fetch(f"cxg/d/{dataset}/rankings", headers=headers)
    (one,) = json.loads(listed.body)["rankings"]
    assert one == {
        "key": "rank_genes_groups",
        "column": "louvain",
        "reference": "rest",
        "method": "t-test",
        "groups": ["T cells", "B cells", "NK <b>"],
    }
    question = f"cxg/d/{dataset}/ranking?key=rank_genes_groups"
    answer = await fetch(question, headers={**headers, "Accept": ARROW})
    table = pa.ipc.open_stream(answer.body).read_all()
    expected = sc.get.rank_genes_groups_df(ranked(), None)
    assert table["gene"].to_pylist() == expected["names"].tolist()
    np.testing.assert_array_equal(table["p"].to_numpy(), expected["pvals"])
    assert table.schema.metadata[b"column"] == b"louvain" and answer.headers["Etag"]


@pytest.mark.parametrize(("query", "status"), [("", 400), ("?key=a&key=b", 400), ("?key=batch_colors", 404)])
async def test_nonsense_is_refused(
    fetch: Fetch, dataset: str, capability: str, query: str, status: int
) -> None:
    answer = await fetch(f"cxg/d/{dataset}/ranking{query}", headers={"X-Cxg-Capability": capability})
    assert answer.code == status and set(json.loads(answer.body)) == {"code", "message"}
