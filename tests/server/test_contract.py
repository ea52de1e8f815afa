"""cellxgene's v0.2 API, spoken by the Jupyter server."""

import json
from typing import Any

import pytest

from tests.contract.v02 import BINARY, EXCHANGES, Exchange
from tests.reference.example import N_OBS, N_VARS
from tests.reference.matrix_decoder import decode
from tests.server.conftest import Fetch


async def test_exchanges(fetch: Fetch, dataset: str, capability: str) -> None:
    for exchange in EXCHANGES:
        response = await send(fetch, dataset, capability, exchange)
        assert response.code == exchange.status, (exchange, response.body)
        kind = response.headers["Content-Type"]
        if exchange.status != 200:
            error = json.loads(response.body)
            assert set(error) == {"code", "message"} and kind == "application/json", exchange
        elif exchange.path.partition("?")[0] in ("schema", "config", "colors", "diffexp/obs"):
            assert kind == "application/json" and json.loads(response.body), exchange
        else:
            check_matrix(response.body, exchange)
            assert kind == BINARY


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", "diffexp/obs", 405), ("PUT", "layout/obs", 405), ("PUT", "annotations/var", 405)),
        *(("POST", "data/var", 405), ("DELETE", "schema", 405)),
        *(("GET", "data/obs", 404), ("GET", "layout/var", 404), ("GET", "userinfo", 404)),
    ],
)
async def test_what_cellxgene_has_not(
    fetch: Fetch, dataset: str, capability: str, method: str, path: str, status: int
) -> None:
    """A host that first asks for a login says 403 instead."""
    body = "" if method in ("PUT", "POST") else None
    response = await send(fetch, dataset, capability, Exchange(path, method=method, body=body))
    assert response.code == status


async def send(fetch: Fetch, dataset: str, capability: str, exchange: Exchange) -> Any:
    headers = {"X-Cxg-Capability": capability}
    if exchange.body is not None:
        headers["Content-Type"] = exchange.content_type
    if exchange.accept is not None:
        headers["Accept"] = exchange.accept
    path = f"cxg/d/{dataset}/api/v0.2/{exchange.path}"
    return await fetch(path, method=exchange.method, body=exchange.body, headers=headers)


def check_matrix(body: bytes, exchange: Exchange) -> None:
    matrix = decode(body)
    n_rows = N_VARS if exchange.path.startswith("annotations/var") else N_OBS
    assert matrix.n_rows == n_rows and matrix.n_cols == len(matrix.columns), exchange
    assert all(len(column) == n_rows for column in matrix.columns), exchange
    if exchange.kinds is not None:
        assert tuple(matrix.kinds) == exchange.kinds, exchange
    if exchange.index is not None:
        assert list(matrix.index) == exchange.index, exchange


async def test_the_schema_says_what_cellxgene_says(fetch: Fetch, dataset: str, capability: str) -> None:
    response = await send(fetch, dataset, capability, Exchange("schema"))
    schema = json.loads(response.body)["schema"]
    assert schema["dataframe"] == {"nObs": 60, "nVar": 20, "type": "float32"}
    assert schema["layout"] == {
        "obs": [
            {"name": "pca", "type": "float32", "dims": ["pca_0", "pca_1"]},
            {"name": "umap", "type": "float32", "dims": ["umap_0", "umap_1"]},
        ]
    }
    obs = schema["annotations"]["obs"]
    assert obs["index"] == "name_0" and not any(column["writable"] for column in obs["columns"])
    kinds = {column["name"]: (column["type"], column.get("categories")) for column in obs["columns"]}
    assert kinds == {
        "name_0": ("string", None),
        "batch": ("categorical", ["one", "two"]),
        "louvain": ("categorical", ["T cells", "B cells", "NK <b>"]),
        "sparse label": ("categorical", ["l0", "l1", "l2"]),
        "plate": ("categorical", None),  # numbers: the client reads them from the values
        "plate or none": ("categorical", None),
        "n_counts": ("int32", None),
        "huge": ("int32", None),
        "score": ("float32", None),
        "score32": ("float32", None),
        "doublet": ("boolean", None),
        "barcode": ("string", None),
    }


async def test_the_config_offers_what_there_is(fetch: Fetch, dataset: str, capability: str) -> None:
    response = await send(fetch, dataset, capability, Exchange("config"))
    config = json.loads(response.body)["config"]
    assert config["displayNames"]["dataset"] == "tiny"
    assert config["limits"]["column_request_max"] == 32
    parameters = config["parameters"]
    assert (parameters["default_embedding"], parameters["default_color"]) == ("umap", "louvain")
    assert not parameters["disable-diffexp"] and not parameters["annotations"]
    assert config["missing"] == {"pca": 0, "umap": 2}
    assert config["layers"] == ["X", "raw", "counts"]


@pytest.mark.parametrize(("layer", "gene"), [("raw", "RAW3"), ("counts", "GENE3"), ("X", "GENE3")])
async def test_layers(fetch: Fetch, dataset: str, capability: str, layer: str, gene: str) -> None:
    for path in ("data/var", "summarize/var"):
        exchange = Exchange(f"{path}?var:name_0={gene}&layer={layer}")
        matrix = decode((await send(fetch, dataset, capability, exchange)).body)
        assert len(matrix.columns) == 1 and matrix.columns[0].any()
    unknown = await send(fetch, dataset, capability, Exchange(f"data/var?var:name_0={gene}&layer=bla"))
    assert unknown.code == 404
