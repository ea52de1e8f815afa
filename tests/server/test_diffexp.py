"""Groups of cells compared over HTTP."""

import json
from base64 import b64encode
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from jupyter_cxg.server import access
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.handlers import diffexp as handlers
from tests.contract.v02 import EXCHANGES, Exchange
from tests.reference.example import N_VARS, tiny_adata
from tests.server.conftest import Fetch
from tests.server.test_contract import send

ARROW = "application/vnd.apache.arrow.stream"
T, B = ({"column": "louvain", "category": name} for name in ("T cells", "B cells"))


def halves() -> tuple[Any, Any]:
    adata = tiny_adata()
    x, louvain = adata.X.toarray().astype(float), adata.obs["louvain"].to_numpy()
    return x[louvain == "T cells"], x[louvain == "B cells"]


async def test_cellxgene_gets_its_rows(fetch: Fetch, dataset: str, capability: str) -> None:
    sets = [
        {"filter": {"obs": {"annotation_value": [{"name": "louvain", "values": [name]}]}}}
        for name in ("T cells", "B cells")
    ]
    body = json.dumps({"mode": "topN", "count": 4, "set1": sets[0], "set2": sets[1]})
    response = await send(fetch, dataset, capability, Exchange("diffexp/obs", method="POST", body=body))
    assert response.code == 200 and response.headers["Content-Type"] == "application/json"
    assert "Etag" not in response.headers
    found = json.loads(response.body)
    assert sorted(found) == ["negative", "positive"]
    # its algorithm, from its description: X spans more than 24, so it is taken for counts
    a, b = (np.log1p(x) for x in halves())
    smaller = min(len(a), len(b))
    va, vb = a.var(axis=0, ddof=1) / smaller, b.var(axis=0, ddof=1) / smaller
    change = a.mean(axis=0) - b.mean(axis=0)
    t = change / np.sqrt(va + vb)
    p = 2 * stats.t.sf(abs(t), (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1)))
    many = np.flatnonzero(abs(change) > 0.01)
    assert len(many) > 8
    for rows, order in ((found["positive"], np.argsort(-t[many])), (found["negative"], np.argsort(t[many]))):
        assert [row[0] for row in rows] == many[order[:4]].tolist()
        for gene, *values in rows:
            np.testing.assert_allclose(values, [change[gene], p[gene], min(1, p[gene] * N_VARS)], rtol=1e-6)


@pytest.mark.parametrize("method", ["t-test", "wilcoxon"])
async def test_the_table_is_exact_in_both_encodings(
    login: Fetch, fetch: Fetch, dataset: str, capability: str, method: str
) -> None:
    a, b = halves()
    p = (
        stats.ttest_ind(a, b, equal_var=False).pvalue
        if method == "t-test"
        else stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=False).pvalue
    )
    query = f"cxg/d/{dataset}/diffexp?column=louvain&a=T%20cells&b=B%20cells&method={method}"
    response = await login(query, headers={"Accept": ARROW})
    table = pa.ipc.open_stream(response.body).read_all()
    np.testing.assert_allclose(table["p"].to_numpy(), p, rtol=1e-6)
    assert table["p"].type == pa.float64() and table["gene"].to_pylist()[:2] == ["GENE0", "GENE1"]
    assert table.schema.metadata[b"n_a"] == str(len(a)).encode()
    again = await login(query, headers={"Accept": ARROW, "If-None-Match": response.headers["Etag"]})
    assert again.code == 304
    posted = await fetch(
        f"cxg/d/{dataset}/diffexp",
        method="POST",
        body=json.dumps({"a": T, "b": B, "method": method}),
        headers={"X-Cxg-Capability": capability},  # no Accept: JSON
    )
    document = json.loads(posted.body)
    assert posted.headers["Content-Type"] == "application/json"
    np.testing.assert_allclose(document["columns"][document["names"].index("p")], p, rtol=1e-6)


async def test_a_bitset_and_a_filter_of_a_layer(fetch: Fetch, dataset: str, capability: str) -> None:
    mask = np.arange(60) < 25
    cells = b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()
    body = {"a": {"cells": cells}, "b": {"filter": {"obs": {"index": [[25, 60]]}}}, "layer": "raw"}
    response = await ask(fetch, dataset, capability, body)
    document = json.loads(response.body)
    raw = np.asarray(tiny_adata().raw.X).astype(float)
    expected = stats.ttest_ind(raw[mask], raw[~mask], equal_var=False)
    np.testing.assert_allclose(
        document["columns"][document["names"].index("score")], expected.statistic, rtol=1e-6
    )


async def ask(fetch: Fetch, dataset: str, capability: str, body: Any, **headers: str) -> Any:
    sent = {"X-Cxg-Capability": capability, **headers}
    return await fetch(f"cxg/d/{dataset}/diffexp", method="POST", body=json.dumps(body), headers=sent)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"a": {"cells": ""}}, 400),
        ({"a": {"column": "louvain", "category": "none"}}, 400),
        ({"a": {"column": "none", "category": "none"}}, 404),
        ({"a": T, "layer": "none"}, 404),
        ({"a": T, "b": {"filter": {"obs": {"index": [3]}}}}, 400),
        ({}, 400),
    ],
)
async def test_nonsense_is_refused(
    fetch: Fetch, dataset: str, capability: str, body: Any, status: int
) -> None:
    response = await ask(fetch, dataset, capability, body)
    assert response.code == status and set(json.loads(response.body)) == {"code", "message"}


async def test_cellxgenes_matrix_would_lose_small_p(fetch: Fetch, dataset: str, capability: str) -> None:
    response = await ask(fetch, dataset, capability, {"a": T}, Accept="application/octet-stream")
    assert response.code == 406


async def test_who_may_look_may_compute(fetch: Fetch, cxg: Context, dataset: str, capability: str) -> None:
    for route in ("diffexp", "api/v0.2/diffexp/obs"):
        path = f"cxg/d/{dataset}/{route}"
        assert (await fetch(path, method="POST", body="{}")).code == 403
        stranger = {"X-Cxg-Capability": "nobody"}
        assert (await fetch(path, method="POST", body="{}", headers=stranger)).code == 403
        known = {"X-Cxg-Capability": capability}
        assert (await fetch(path, method="POST", body="{}", headers=known)).code == 400


async def test_one_decision_closes_both_routes(
    fetch: Fetch, dataset: str, capability: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert handlers.Diffexp.role is handlers.DiffexpObs.role is access.COMPUTE
    for kind in (handlers.Diffexp, handlers.DiffexpObs):
        monkeypatch.setattr(kind, "role", "own")
    assert (await ask(fetch, dataset, capability, {"a": T})).code == 403


async def test_a_guest_may_compute(login: Fetch, fetch: Fetch, dataset: str) -> None:
    made = await login(f"cxg/d/{dataset}/links", method="POST", body="{}")
    link = json.loads(made.body)
    secret = f"{link['id']}.{link['secret']}"
    assert (await ask(fetch, dataset, secret, {"a": T})).code == 200
    assert (await ask(fetch, "0" * 16, secret, {"a": T})).code == 403


class TestSwitchedOff:
    """``Cxg.diffexp = False``."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        return {**jp_server_config, "Cxg": {**jp_server_config["Cxg"], "diffexp": False}}

    async def test_it_is_not_offered(self, fetch: Fetch, dataset: str, capability: str) -> None:
        fine = next(item for item in EXCHANGES if item.path == "diffexp/obs")
        for response in (
            await send(fetch, dataset, capability, fine),
            await ask(fetch, dataset, capability, {"a": T}),
        ):
            assert response.code == 501 and json.loads(response.body)["code"] == "not_offered"
        config = json.loads((await send(fetch, dataset, capability, Exchange("config"))).body)["config"]
        assert config["parameters"]["disable-diffexp"]


class TestLimited:
    """``Cxg.max_diffexp_cells``."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: Any) -> Any:
        return {**jp_server_config, "Cxg": {**jp_server_config["Cxg"], "max_diffexp_cells": 59}}

    async def test_too_many_cells_are_refused(self, fetch: Fetch, dataset: str, capability: str) -> None:
        response = await ask(fetch, dataset, capability, {"a": T})
        assert response.code == 400 and "Cxg.max_diffexp_cells" in json.loads(response.body)["message"]
        assert (await ask(fetch, dataset, capability, {"a": T, "b": B})).code == 200
        config = json.loads((await send(fetch, dataset, capability, Exchange("config"))).body)["config"]
        assert config["limits"]["diffexp_cellcount_max"] == 59


async def test_a_body_beyond_any_question_is_refused(
    fetch: Fetch, dataset: str, capability: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "MAX_BODY", 10)
    assert (await ask(fetch, dataset, capability, {"a": T})).code == 413


async def test_the_authorizer_is_asked(login: Fetch, dataset: str, refused: list[tuple[str, str]]) -> None:
    for path in (f"cxg/d/{dataset}/diffexp", f"cxg/d/{dataset}/api/v0.2/diffexp/obs"):
        assert (await login(path, method="POST", body="{}")).code == 403
    assert refused == [("read", "jupyter_cxg:data")] * 2
