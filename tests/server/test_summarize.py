"""Gene sets as a column over HTTP: by conditions, by name, as a list; by their mean and by scanpy's score."""

import hashlib
import json
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
import pytest
import scanpy
from tornado.httpclient import HTTPResponse

from jupyter_cxg.compute import scores
from jupyter_cxg.model import Array
from jupyter_cxg.server.context import Context
from tests.reference.example import tiny_adata
from tests.reference.matrix_decoder import decode
from tests.server.conftest import Fetch
from tests.server.test_ask import unpack

GENES = ["GENE3", "GENE5", "GENE11"]
CONDITIONS = "&".join(f"var:name_0={gene}" for gene in GENES)


@pytest.fixture
def own(cxg: Context, dataset: str) -> str:
    """The capability of a page of the owner."""
    return cxg.capabilities.issue(dataset, user="me", role="own")


@pytest.fixture
def api(fetch: Fetch, dataset: str, own: str) -> Fetch:
    async def ask(path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> HTTPResponse:
        known = {"X-Cxg-Capability": own, **(headers or {})}
        return await fetch(f"cxg/d/{dataset}/api/v0.2/{path}", headers=known, **kwargs)

    return ask


async def save(api: Fetch, tid: int, **sets: list[str]) -> None:
    documents = [
        {"geneset_name": name, "genes": [{"gene_symbol": gene} for gene in genes]}
        for name, genes in sets.items()
    ]
    body = json.dumps({"tid": tid, "genesets": documents})
    assert (await api("genesets", method="PUT", body=body)).code == 200


def values(response: HTTPResponse) -> Array:
    assert response.code == 200, response.body
    (found,) = decode(response.body).columns
    column: Array = np.asarray(found)
    assert column.dtype == np.float32
    return column


def scanpys(genes: list[str], **options: Any) -> Array:
    adata = tiny_adata()
    scanpy.tl.score_genes(adata, genes, use_raw=False, **options)
    found: Array = adata.obs["score"].to_numpy()
    return found


def says(response: HTTPResponse) -> str:
    return str(json.loads(response.body)["message"])


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {}),
        ("&seed=0&ctrl_size=50&n_bins=25", {}),
        ("&seed=4294967295&ctrl_size=1&n_bins=3", {"random_state": 2**32 - 1, "ctrl_size": 1, "n_bins": 3}),
        ("&ctrl_as_ref=false&n_bins=4", {"ctrl_as_ref": False, "n_bins": 4}),
    ],
)
async def test_the_score_is_scanpys(api: Fetch, query: str, options: dict[str, Any]) -> None:
    if not options:
        options = {"n_bins": 25}
        with pytest.raises(RuntimeError, match="No control genes"):  # nor has scanpy, of 20 genes
            scanpys(GENES)
        refused = await api(f"summarize/var?method=score_genes&{CONDITIONS}{query}")
        assert refused.code == 400 and "n_bins" in says(refused)
        return
    found = values(await api(f"summarize/var?method=score_genes&{CONDITIONS}{query}"))
    np.testing.assert_allclose(found, scanpys(GENES, **options), rtol=1e-6, atol=1e-6)


async def test_however_the_genes_are_given(api: Fetch) -> None:
    await save(api, 1, **{"my set": GENES})
    how = {"method": "score_genes", "n_bins": 3, "seed": 5}
    query = urlencode(how)
    expected = scanpys(GENES, n_bins=3, random_state=5)
    answers = [
        await api(f"summarize/var?{query}&{CONDITIONS}"),
        await api("summarize/var", method="POST", body=f"{query}&{CONDITIONS}"),
        await api(f"summarize/var?{query}&geneset={quote('my set')}"),
        await api("summarize/var", method="POST", body=f"{query}&geneset=my+set"),
        await api("summarize/var", method="POST", body=json.dumps({"genes": [*GENES, "nobody"], **how})),
        await api("summarize/var", method="POST", body=json.dumps({"geneset": "my set", **how})),
    ]
    for response in answers:
        np.testing.assert_allclose(values(response), expected, rtol=1e-6, atol=1e-6)
    mean = tiny_adata().X.toarray()[:, [3, 5, 11]].mean(axis=1)
    for body in (f"geneset=my+set&method=mean&seed=9&{'x=y'}", json.dumps({"geneset": "my set"})):
        response = await api("summarize/var", method="POST", body=body)
        np.testing.assert_allclose(values(response), mean, rtol=1e-6)
        name = hashlib.sha1(body.encode(), usedforsecurity=False).hexdigest()
        assert decode(response.body).index == [name]


async def test_the_viewer_asks_for_it_too(fetch: Fetch, api: Fetch, dataset: str, own: str) -> None:
    await save(api, 1, s=GENES)
    questions = [
        "summarize/var?method=score_genes&n_bins=3&geneset=s",
        "summarize/var?geneset=nothing",
        "config",
    ]
    body = json.dumps({"capability": own, "questions": questions})
    response = await fetch(f"cxg/d/{dataset}/ask", method="POST", body=body)
    (score, _), (nothing, _), (_, config) = unpack(response.body)
    assert score["status"] == 200 and nothing["status"] == 404
    parameters = json.loads(config)["config"]["parameters"]
    assert parameters["annotations_genesets_summary_methods"] == ["mean", "score_genes"]


async def test_a_saved_set_has_an_etag_that_knows_its_version(
    api: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await save(api, 1, s=GENES)
    path = "summarize/var?method=score_genes&n_bins=3&geneset=s"
    first = await api(path)
    etag = first.headers["Etag"]
    with monkeypatch.context() as patch:
        patch.setattr(scores, "score", lambda *_, **__: pytest.fail("worked"))
        again = await api(path, headers={"If-None-Match": etag})
        assert again.code == 304
        assert (await api(path)).body == first.body  # kept
    await save(api, 2, s=GENES[:2])
    other = await api(path, headers={"If-None-Match": etag})
    assert other.code == 200 and other.headers["Etag"] != etag
    np.testing.assert_allclose(values(other), scanpys(GENES[:2], n_bins=3), rtol=1e-6, atol=1e-6)


async def test_sets_are_of_who_saved_them(
    api: Fetch, fetch: Fetch, dataset: str, capability: str, cxg: Context
) -> None:
    await save(api, 1, s=GENES)
    somebody = cxg.capabilities.issue(dataset, user="somebody", role="own")
    for secret in (capability, somebody):
        response = await fetch(
            f"cxg/d/{dataset}/api/v0.2/summarize/var?geneset=s", headers={"X-Cxg-Capability": secret}
        )
        assert response.code == 404 and "gene set 's'" in says(response)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("method=score_genes", "Say which genes"),
        ("method=score_genes&geneset=a&geneset=b", "Say which genes"),
        (f"method=score_genes&geneset=a&{CONDITIONS}", "Say which genes"),
        (f"method=median&{CONDITIONS}", "'mean' or 'score_genes'"),
        ("method=score_genes&var:name_0=nobody", "None of the genes is in X"),
        ("method=score_genes&layer=raw&var:name_0=GENE3", "None of the genes is in raw"),
        ("method=score_genes&var:n_cells=*,100", "compare the 20 genes of the set"),
        (f"method=score_genes&seed=-1&{CONDITIONS}", "seed must be a whole number from 0 to 4294967295"),
        (f"method=score_genes&seed=4294967296&{CONDITIONS}", "seed must be"),
        (f"method=score_genes&seed={'9' * 5000}&{CONDITIONS}", "seed must be"),
        (f"method=score_genes&seed=&{CONDITIONS}", "seed must be"),
        (f"method=score_genes&seed=1.5&{CONDITIONS}", "seed must be"),
        (f"method=score_genes&seed=²&{CONDITIONS}", "seed must be"),
        (f"method=score_genes&n_bins=1&{CONDITIONS}", "n_bins must be a whole number from 2"),
        (f"method=score_genes&ctrl_size=0&{CONDITIONS}", "ctrl_size must be a whole number from 1"),
        (f"method=score_genes&ctrl_as_ref=maybe&{CONDITIONS}", "ctrl_as_ref must be true or false"),
        ('{"genes": []', "must be JSON"),
        ('{"method": "mean"}', "either genes, or geneset"),
        ('{"genes": ["GENE3"], "geneset": "s"}', "either genes, or geneset"),
        ('{"genes": "GENE3"}', "a list of names"),
        ('{"genes": [3]}', "a list of names"),
        ('{"genes": [], "method": "score_genes"}', "None of the genes is in X"),
        ('{"geneset": 3}', "must be texts"),
        ('{"genes": ["GENE3"], "layer": null}', "must be texts"),
        ('{"genes": ["GENE3"], "method": 3}', "'mean' or 'score_genes'"),
        ('{"genes": ["GENE3"], "method": []}', "'mean' or 'score_genes'"),
        ('{"genes": ["GENE3"], "seed": true}', "seed must be"),
        ('{"genes": ["GENE3"], "seed": 1e3}', "seed must be"),
        ('{"genes": ["GENE3"], "ctrl_as_ref": "true"}', "ctrl_as_ref must be"),
        ('{"genes": ["GENE3"], "gene_pool": []}', "may not have 'gene_pool'"),
    ],
)
async def test_what_makes_no_sense_is_refused(api: Fetch, query: str, message: str) -> None:
    response = await api("summarize/var", method="POST", body=query)
    assert response.code == 400 and message in says(response)
    if not query.startswith("{"):
        response = await api(f"summarize/var?{quote(query, safe='&=:,*')}")
        assert response.code == 400 and message in says(response)
