"""annotations.csv, genesets.csv and backup: what users write, as files."""

import io
import json
import zipfile
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tornado.httpclient import HTTPResponse

from jupyter_cxg.model import Categorical
from jupyter_cxg.server.context import Context
from jupyter_cxg.wire.gene_sets import HEADER
from tests.reference.example import N_OBS
from tests.server.conftest import Fetch
from tests.server.test_annotations import LABELS, SET, api, body, own, put, writable
from tests.wire.columns import objects

__all__ = ["api", "own"]

NAMES = [f"cell-{i}" for i in range(N_OBS)]


def a_file(labels: list[str], name: str = "mine", delimiter: str = ",", names: list[str] = NAMES) -> bytes:
    rows = [f"index{delimiter}{name}", *(f"{n}{delimiter}{x}" for n, x in zip(names, labels, strict=True))]
    return "\n".join(rows).encode()


async def shown(api: Fetch, name: str) -> list[Any]:
    answer = await api(f"annotations/obs?annotation-name={name}", headers={"Accept": "application/json"})
    found: list[Any] = json.loads(answer.body)["columns"][0]
    return found


def table(answer: HTTPResponse, **how: Any) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(answer.body), index_col=0, dtype=str, keep_default_na=False, **how)


async def test_a_download_is_read_by_pandas_and_by_cellxgene(api: Fetch) -> None:
    numbers = np.arange(N_OBS, dtype=np.int32) % 3
    await put(api, "annotations/obs", body(**{"my, labels": LABELS, "n": numbers}))
    answer = await api("/annotations.csv")
    assert (answer.code, answer.headers["Content-Type"]) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=annotations.csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for how in ({}, {"comment": "#"}):  # the latter is how cellxgene reads
        found = table(answer, **how)
        assert found.index.tolist() == NAMES and found.columns.tolist() == ["my, labels", "n"]
        assert found["my, labels"].tolist() == [x or "" for x in LABELS.tolist()]
        assert found["n"].tolist() == [str(n) for n in numbers]


async def test_without_annotations_a_file_has_the_names_of_the_cells(api: Fetch) -> None:
    assert (await api("/annotations.csv")).body.decode().splitlines() == ["index", *NAMES]
    assert (await api("/genesets.csv")).body.decode().splitlines() == [",".join(HEADER)]


async def test_what_was_downloaded_can_be_uploaded(api: Fetch) -> None:
    """Also what spreadsheets take for formulas, numbers, and cells without a label."""
    texts = ["=1+1", "+x", "-x", "@x", "a#b", '"', ",;\t", " a ", "line\nend\r", "é"]
    labels = objects([[*texts, None][i % 11] for i in range(N_OBS)])
    await put(api, "annotations/obs", body(x=labels, n=np.arange(N_OBS, dtype=np.int32)))
    before = (await api("/annotations.csv")).body
    answer = await put(api, "/annotations.csv", before)
    assert json.loads(answer.body)["version"] == 1, "nothing has changed"
    await put(api, "annotations/obs", body())
    assert json.loads((await put(api, "/annotations.csv", before)).body)["version"] == 3
    assert (await api("/annotations.csv")).body == before
    assert await shown(api, "x") == labels.tolist()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_an_upload_is_matched_by_name(api: Fetch, delimiter: str, encoding: str) -> None:
    names = [*NAMES[::-1][:50], "nobody", "else"]
    sent = a_file([f"é{i % 2}" for i in range(52)], delimiter=delimiter, names=names)
    answer = await put(api, "/annotations.csv", sent.decode().encode(encoding))
    assert answer.code == 200, answer.body
    assert json.loads(answer.body) == {
        "version": 1,
        "cells": N_OBS,
        "matched": 50,
        "unknown": 2,
        "unknown_names": ["nobody", "else"],
    }
    assert await shown(api, "mine") == [None] * 10 + [f"é{i % 2}" for i in range(50)][::-1]


async def test_an_upload_replaces_or_adds(api: Fetch) -> None:
    await put(api, "annotations/obs", body(kept=LABELS))
    await put(api, "/annotations.csv?add=true", a_file(["a"] * N_OBS))
    assert list(await writable(api)) == ["kept", "mine"]
    await put(api, "/annotations.csv?annotation-collection-name=b", a_file(["a"] * N_OBS, "other"))
    assert list(await writable(api)) == ["other"]
    assert (await put(api, "/annotations.csv?add=maybe", a_file(["a"] * N_OBS))).code == 400


async def test_a_stale_upload_is_refused(api: Fetch) -> None:
    await put(api, "annotations/obs", body(kept=LABELS))
    for path, sent in (
        ("annotations.csv", a_file(["a"] * N_OBS)),
        ("genesets.csv", ",".join(HEADER).encode()),
    ):
        answer = await put(api, f"/{path}?version=0", sent)
        assert (answer.code, json.loads(answer.body)["code"]) == (409, "conflict")
    assert list(await writable(api)) == ["kept"]


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        (b"\xff\x00\xfe" * 3_400_000, 400, "not text"),
        (b"x" * 10_000_000, 400, "no CSV file"),
        (b"\n" * 10_000_000, 400, "empty"),
        (b"# a comment", 400, "empty"),
        (b"a,b\n" + b'"' * 10_000_000, 400, ""),
        (b"index" + b",c" * 1001, 400, "twice"),
        (("index," + ",".join(f"c{i}" for i in range(1001))).encode(), 413, "1001 annotations"),
        (b"z" * 64_000_001, 413, "64000000"),
        (a_file(["a"] * N_OBS, names=[f"x{i}" for i in range(N_OBS)]), 400, "None of the 60 names"),
        (a_file(["a"] * N_OBS, "louvain"), 400, "of its own"),
        (a_file(["a"] * N_OBS, ""), 400, "name of an annotation"),
        (a_file(["a"] * 2, names=["cell-1", "cell-1"]), 400, "twice"),
        (b"index,a\ncell-1\n", 400, "same number of values"),
        (b"PK\x03\x04" + b"\x80" * 100, 400, "not text"),
    ],
)
async def test_what_is_no_file_of_annotations(api: Fetch, sent: bytes, status: int, sentence: str) -> None:
    await put(api, "annotations/obs", body(kept=LABELS))
    answer = await put(api, "/annotations.csv", sent)
    assert answer.code == status and sentence in answer.body.decode(), answer.body
    assert list(await writable(api)) == ["kept"]


async def test_gene_sets_by_file(api: Fetch) -> None:
    await put(api, "genesets", {"tid": 4, "genesets": [SET]})
    file = (await api("/genesets.csv")).body
    assert file.decode().splitlines() == [",".join(HEADER), "s one,,GENE3,x"]
    more = f'{";".join(HEADER)}\nb;said;GENE1;\n#c;;NOBODY;\n"#c";;NOBODY;\n'.encode()
    answer = await put(api, "/genesets.csv?add=true", more)
    assert json.loads(answer.body) == {
        "version": 2,
        "gene_sets": 3,
        "genes": 2,
        "unknown": 1,
        "unknown_names": ["NOBODY"],
    }
    found = json.loads((await api("genesets")).body)
    assert [item["geneset_name"] for item in found["genesets"]] == ["s one", "b", "#c"] and found["tid"] == 5
    again = (await api("/genesets.csv")).body
    assert json.loads((await put(api, "/genesets.csv", again)).body)["version"] == 2
    assert (await put(api, "/genesets.csv", b"a,b\n")).code == 400
    assert (await put(api, "/genesets.csv", b"")).code == 400
    assert json.loads((await put(api, "/genesets.csv", ",".join(HEADER).encode())).body)["gene_sets"] == 0


async def test_a_backup_has_all_collections(api: Fetch) -> None:
    await put(api, "annotations/obs?annotation-collection-name=one", body(a=LABELS))
    await put(api, "genesets", {"tid": 1, "genesets": [SET]})
    column = Categorical(np.zeros(N_OBS, np.int8), objects(["x"]))
    await put(api, "annotations/obs?annotation-collection-name=zwei-%C3%A4", body(b=column))
    answer = await api("/backup")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(files) == {
        f"{name}/{file}"
        for name in ("one", "zwei-ä")
        for file in ("annotations.csv", "genesets.csv", "history.json")
    }
    assert files["one/annotations.csv"].startswith('index,a\ncell-0,b\ncell-1,"a#1"\n')
    assert files["one/genesets.csv"].endswith("s one,,GENE3,x\r\n") and files["zwei-ä/genesets.csv"] == ""
    history = json.loads(files["one/history.json"])
    assert [line["what"] for line in history["history"]] == ["gene sets: +s one", "annotations: +a"]


async def test_who_only_looks_has_no_files(api: Fetch, fetch: Fetch, dataset: str, capability: str) -> None:
    await put(api, "annotations/obs", body(secret=LABELS))
    made = json.loads((await api("/links", method="POST", body="{}")).body)
    for held in (capability, f"{made['id']}.{made['secret']}"):
        key = {"X-Cxg-Capability": held}
        for path in ("/annotations.csv", "/genesets.csv", "/backup"):
            answer = await api(path, headers=key)
            assert answer.code == 403 and b"secret" not in answer.body
        for path in ("/annotations.csv", "/genesets.csv"):
            assert (await put(api, path, b"index\n", headers=key)).code == 403
    assert (await fetch(f"cxg/d/{dataset}/annotations.csv")).code == 403


async def test_users_have_files_of_their_own(api: Fetch, cxg: Context, dataset: str) -> None:
    await put(api, "annotations/obs", body(secret=LABELS))
    you = {"X-Cxg-Capability": cxg.capabilities.issue(dataset, user="you", role="annotate")}
    for path in ("/annotations.csv", "/backup"):
        assert b"secret" not in (await api(path, headers=you)).body
    assert (await put(api, "/annotations.csv", a_file(["a"] * N_OBS), headers=you)).code == 200
    assert list(await writable(api)) == ["secret"]
