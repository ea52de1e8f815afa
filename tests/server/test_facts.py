"""d/{id}/facts over HTTP."""

import json

import pytest

from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch


@pytest.fixture
def dataset(catalog: Catalog) -> str:
    adata = tiny_adata()
    adata.uns = {"title": "<img src=x onerror=alert(1)>"}
    return publish(adata, catalog)


async def test_they_come_as_text(fetch: Fetch, dataset: str, capability: str, catalog: Catalog) -> None:
    answer = await fetch(f"cxg/d/{dataset}/facts", headers={"X-Cxg-Capability": capability})
    assert json.loads(answer.body) == {
        "facts": [{"name": "title", "value": "<img src=x onerror=alert(1)>"}],
        "published": catalog.get(dataset).created,
    }
    assert answer.headers["Content-Type"] == "application/json" and answer.headers["Etag"]
