"""What figures are drawn of, over HTTP: scanpy's numbers, of any cells, for whoever may look."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scanpy
from anndata import AnnData
from tornado.httpclient import HTTPResponse

from jupyter_cxg.model import Array
from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import N_OBS, publish, tiny_adata
from tests.server.conftest import Fetch

API = Path(__file__).parents[2] / "docs" / "api.md"
GENES = ["CST3", "NKG7", "GNLY", "CD79A", "CD3D", "FCER1A"]
BY = "bulk_labels"


@pytest.fixture(scope="module")
def pbmc() -> AnnData:
    return scanpy.datasets.pbmc68k_reduced()


@pytest.fixture
def ask(fetch: Fetch) -> Callable[..., Any]:
    """``await ask(id, capability, genes=[…], by=[…])``, as the sandboxed viewer asks."""

    async def post(dataset: str, capability: str, body: bytes | None = None, **asked: Any) -> HTTPResponse:
        sent = json.dumps({"capability": capability, **asked}) if body is None else body
        simple = {"Content-Type": "text/plain", "Accept": "application/json", "Origin": "null"}
        return await fetch(f"cxg/d/{dataset}/figures", method="POST", body=sent, headers=simple)

    return post


@pytest.fixture
def pbmc_id(pbmc: AnnData, catalog: Catalog) -> str:
    return publish(pbmc, catalog)


@pytest.fixture
def pbmc_key(cxg: Any, pbmc_id: str) -> str:
    return str(cxg.capabilities.issue(pbmc_id, user="somebody"))


def frame(response: HTTPResponse) -> tuple[pd.DataFrame, dict[str, Any]]:
    assert response.code == 200, response.body
    found = json.loads(response.body)
    told = {key: json.loads(value) for key, value in found["metadata"].items()}
    return pd.DataFrame(dict(zip(found["names"], found["columns"], strict=True))), told


def wide(table: pd.DataFrame, value: str) -> pd.DataFrame:
    return table.pivot(index="group", columns="feature", values=value)[GENES]


def bits(mask: Array) -> dict[str, str]:
    return {"cells": b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()}


def same(ours: pd.DataFrame, theirs: pd.DataFrame, rtol: float = 1e-6) -> None:
    theirs = theirs.loc[list(ours.index), list(ours.columns)]
    np.testing.assert_allclose(ours.to_numpy(float), theirs.to_numpy(float), rtol=rtol, atol=1e-12)


@pytest.mark.parametrize("cutoff", [0.0, 1.0])
async def test_dot_plot_is_that_of_scanpy(
    ask: Any, pbmc: AnnData, pbmc_id: str, pbmc_key: str, cutoff: float
) -> None:
    response = await ask(pbmc_id, pbmc_key, genes=GENES, by=[BY], layer="raw", cutoff=cutoff)
    table, told = frame(response)
    assert told["features"] == GENES and told["by"] == [BY] and told["n_cells"] == 700
    theirs = scanpy.pl.DotPlot(pbmc, GENES, BY, expression_cutoff=cutoff)
    same(wide(table, "fraction"), theirs.dot_size_df)
    same(wide(table, "mean"), theirs.dot_color_df)
    only = scanpy.pl.DotPlot(pbmc, GENES, BY, expression_cutoff=cutoff, mean_only_expressed=True)
    same(wide(table, "mean_expressing").fillna(0), only.dot_color_df)


async def test_matrix_plot_is_that_of_scanpy(ask: Any, pbmc: AnnData, pbmc_id: str, pbmc_key: str) -> None:
    table, _ = frame(await ask(pbmc_id, pbmc_key, genes=GENES, by=[BY]))
    same(wide(table, "mean"), scanpy.pl.MatrixPlot(pbmc, GENES, BY, use_raw=False).values_df, rtol=2e-5)


async def test_violin_is_that_of_scanpy(ask: Any, pbmc: AnnData, pbmc_id: str, pbmc_key: str) -> None:
    asked = {"genes": GENES, "columns": ["percent_mito"], "by": [BY], "layer": "raw"}
    table, told = frame(await ask(pbmc_id, pbmc_key, **asked, quantiles=True, bins=64))
    assert told["features"] == [*GENES, "percent_mito"]
    values = scanpy.get.obs_df(pbmc, [*GENES, "percent_mito", BY], use_raw=True)
    for name, q in {"min": 0, "q1": 0.25, "median": 0.5, "q3": 0.75, "max": 1}.items():
        theirs = values.groupby(BY, observed=True).quantile(q)
        ours = table.pivot(index="group", columns="feature", values=name)
        same(ours, theirs)
    binned = table.set_index(["feature", "group"])
    for gene in GENES:
        low, high = float(values[gene].min()), float(values[gene].max())
        for group, part in values.groupby(BY, observed=True):
            row = binned.loc[(gene, group)]
            assert (row["low"], row["high"]) == pytest.approx((low, high))
            counts = [row[f"bin_{i}"] for i in range(64)]
            np.testing.assert_array_equal(counts, np.histogram(part[gene].astype(float), 64, (low, high))[0])


async def test_cells_are_counted_by_two_columns(ask: Any, pbmc: AnnData, pbmc_id: str, pbmc_key: str) -> None:
    table, _ = frame(await ask(pbmc_id, pbmc_key, by=[BY, "phase"]))
    theirs = pd.crosstab(pbmc.obs[BY], pbmc.obs["phase"])
    assert table["n"].sum() == 700
    for row in table.itertuples():
        assert row.n == theirs.loc[row.group, row.group_2] > 0
    assert len(table) == int((theirs > 0).to_numpy().sum())


async def test_the_selection_alone_and_against_the_rest(
    ask: Any, pbmc: AnnData, pbmc_id: str, pbmc_key: str
) -> None:
    mask = (pbmc.obs["n_genes"] > pbmc.obs["n_genes"].median()).to_numpy()
    table, told = frame(await ask(pbmc_id, pbmc_key, genes=GENES, by=[BY], layer="raw", cells=bits(mask)))
    assert told["n_cells"] == mask.sum()
    theirs = scanpy.pl.DotPlot(pbmc[mask].copy(), GENES, BY)
    same(wide(table, "fraction"), theirs.dot_size_df)
    by = [{"name": "selected", "cells": bits(mask)}, "phase"]
    table, told = frame(await ask(pbmc_id, pbmc_key, by=by))
    assert told["by"] == ["selected", "phase"]
    assert table.groupby("group")["n"].sum().to_dict() == {
        "selected": mask.sum(),
        "other cells": (~mask).sum(),
    }


async def test_a_sample_has_the_values_of_its_cells(
    ask: Any, pbmc: AnnData, pbmc_id: str, pbmc_key: str
) -> None:
    asked = {"genes": GENES, "columns": ["n_counts"], "by": [BY], "sample": 100, "layer": "raw"}
    table, _ = frame(await ask(pbmc_id, pbmc_key, **asked))
    assert len(table) == 100 and table["cell"].is_unique
    cells = table["cell"].to_numpy()
    raw = pbmc.raw[:, GENES].X
    dense = raw.toarray() if hasattr(raw, "toarray") else raw
    for i in range(len(GENES)):
        np.testing.assert_array_equal(table[f"value_{i}"], dense[cells, i])
    np.testing.assert_allclose(table["value_6"], pbmc.obs["n_counts"].to_numpy()[cells])
    assert table["group"].tolist() == pbmc.obs[BY].astype(str).to_numpy()[cells].tolist()
    order = [pbmc.obs[BY].cat.categories.get_loc(label) for label in table["group"]]
    assert order == sorted(order)
    again, _ = frame(await ask(pbmc_id, pbmc_key, **asked))
    pd.testing.assert_frame_equal(table, again)


async def test_other_columns_stand_beside_the_cells_of_a_sample(
    ask: Any, pbmc: AnnData, pbmc_id: str, pbmc_key: str
) -> None:
    mask = (pbmc.obs["n_genes"] > pbmc.obs["n_genes"].median()).to_numpy()
    beside = ["phase", {"name": "mine", "cells": bits(mask)}]
    asked = {"genes": GENES, "by": [BY], "sample": 300, "layer": "raw", "beside": beside}
    table, told = frame(await ask(pbmc_id, pbmc_key, **asked))
    assert told["beside"] == ["phase", "mine"] and told["by"] == [BY]
    cells = table["cell"].to_numpy()
    assert table["beside_0"].tolist() == pbmc.obs["phase"].astype(str).to_numpy()[cells].tolist()
    assert ((table["beside_1"] == "mine") == mask[cells]).all()
    raw = pbmc.raw[:, GENES].X
    dense = raw.toarray() if hasattr(raw, "toarray") else raw
    for i in range(len(GENES)):
        np.testing.assert_array_equal(table[f"value_{i}"], dense[cells, i])
    codes = pbmc.obs[[BY, "phase"]].apply(lambda column: column.cat.codes).to_numpy()[cells]
    keys = [(*pair, not mine) for pair, mine in zip(codes.tolist(), mask[cells], strict=True)]
    assert keys == sorted(keys), "by group, and within by what is beside"


async def test_who_lacks_what_is_beside_stays_and_comes_last(ask: Any, dataset: str, capability: str) -> None:
    column = tiny_adata().obs["sparse label"]
    asked = {"genes": ["GENE3"], "by": ["batch"], "sample": 1000, "beside": ["sparse label"]}
    table, told = frame(await ask(dataset, capability, **asked))
    assert len(table) == N_OBS and told["n_left_out"] == 0 and column.isna().any()
    for _, part in table.groupby("group", observed=True):
        there = part["beside_0"].notna().tolist()
        assert there == sorted(there, reverse=True)
    theirs = column.astype(object).where(column.notna(), None).to_numpy()[table["cell"].to_numpy()]
    ours = table["beside_0"].astype(object).where(table["beside_0"].notna(), None)
    assert ours.tolist() == theirs.tolist()


async def test_what_groups_can_be_made_of(ask: Any, dataset: str, capability: str) -> None:
    obs = tiny_adata().obs
    table, _ = frame(await ask(dataset, capability, by=["n_counts"]))
    assert len(table) <= 7 and table["n"].sum() == N_OBS and "–" in table["group"][0]
    table, told = frame(await ask(dataset, capability, by=["sparse label", "doublet"]))
    assert told["n_left_out"] == obs["sparse label"].isna().sum()
    assert set(table["group_2"]) <= {"True", "False"}
    table, told = frame(await ask(dataset, capability, genes=["GENE3", "TYPO"], columns=["score"]))
    assert told["unknown"] == ["TYPO"] and table["feature"].tolist() == ["GENE3", "score"]
    assert table["n"].tolist() == [N_OBS, obs["score"].notna().sum()]


async def test_as_a_table_for_spreadsheets(fetch: Fetch, dataset: str, capability: str) -> None:
    known = {"X-Cxg-Capability": capability, "Accept": "text/csv"}
    body = json.dumps({"genes": ["GENE3"], "by": ["batch"]})
    response = await fetch(f"cxg/d/{dataset}/figures", method="POST", body=body, headers=known)
    lines = response.body.decode().splitlines()
    assert lines[0] == "feature,group,n,mean,deviation,fraction,mean_expressing" and len(lines) == 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Say what the figure shows"),
        ({"genes": "GENE1"}, "genes must be a list of names"),
        ({"genes": [3]}, "genes must be a list of names"),
        ({"by": ["batch"] * 4}, "3 columns at most"),
        ({"genes": ["GENE1"], "beside": ["batch"] * 6}, "beside must be a list of 5 columns at most"),
        ({"genes": ["GENE1"], "sample": 9, "beside": ["barcode"]}, "has no categories"),
        ({"by": [{"name": "x"}]}, "What to group by"),
        ({"by": ["batch"], "cells": {"cells": "?"}}, "bitset in base64"),
        ({"by": ["batch"], "cells": {"cells": "AAAA"}}, "has 8 bytes, not 3"),
        ({"genes": ["GENE1"], "cutoff": True}, "cutoff must be a number"),
        ({"genes": ["GENE1"], "cutoff": 10**400}, "cutoff must be a number"),
        ({"genes": ["GENE1"], "bins": 201}, "bins must be a whole number from 0 to 200"),
        ({"genes": ["GENE1"], "gene": 1}, "may not have 'gene'"),
        ({"by": ["barcode"]}, "has no categories"),
        ({"columns": ["batch"]}, "holds no numbers"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    ask: Any, dataset: str, capability: str, body: dict[str, Any], message: str
) -> None:
    response = await ask(dataset, capability, **body)
    assert response.code == 400, response.body
    assert message in json.loads(response.body)["message"]


async def test_other_refusals(ask: Any, dataset: str, capability: str, cxg: Any) -> None:
    assert (await ask(dataset, "nonsense", by=["batch"])).code in (401, 403)
    assert (await ask(dataset, capability, by=["nothing"])).code == 404
    assert (await ask(dataset, capability, genes=["GENE1"], layer="nothing")).code == 404
    assert (await ask(dataset, capability, body=b"x" * 4_000_001)).code == 413


async def test_no_figure_is_drawn_of_too_much(
    ask: Any, dataset: str, capability: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_cxg.engine.figures.MAX_VALUES", 10)
    response = await ask(dataset, capability, genes=["GENE1", "GENE2"], by=["batch"])
    assert response.code == 400 and "choose fewer genes" in json.loads(response.body)["message"]


def test_the_route_is_documented() -> None:
    assert re.search(r"^### figures$", API.read_text(encoding="utf-8"), re.M)
