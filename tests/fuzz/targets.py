"""What reads bytes of strangers, each with a few right examples to begin from.

A target takes any bytes and may only return, or raise one of our errors. `test_targets` tries them with
hypothesis, and ``make fuzz`` with atheris.
"""

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from jupyter_cxg.engine.compare import DiffexpQuery
from jupyter_cxg.engine.groups import CellBits, cells_of
from jupyter_cxg.engine.select import select_positions
from jupyter_cxg.errors import NotFound
from jupyter_cxg.model import Array, Categorical, Values, VarQuery, columns_of
from jupyter_cxg.server import (
    annotating,
    annotating_edits,
    neighbors,
    params,
    params_diffexp,
    params_figures,
    params_genes,
    params_jobs,
    viewing,
)
from jupyter_cxg.snapshot import wish
from jupyter_cxg.wire import cell_labels, csv_text, gene_sets
from jupyter_cxg.wire.decode import decode, inflate
from jupyter_cxg.wire.flatbuffer import encode
from jupyter_cxg.wire.negotiate import negotiate
from tests.wire.columns import objects

N_OBS, N_VARS = 60, 20
MOST = 1 << 20
"""Bytes that a body may have once it is inflated."""

CELLS = [f"cell-{i}" for i in range(N_OBS)]
GENES = [f"GENE{i}" for i in range(N_VARS)]
OBS: Mapping[str, Values] = {
    "name_0": objects([*CELLS]),
    "louvain": Categorical(np.arange(N_OBS) % 3, objects(["T cells", "B cells", "NK"])),
    "plate": Categorical(np.arange(N_OBS) % 4 - 1, np.array([1, 2, 3])),
    "score": np.linspace(-1, 1, N_OBS),
    "doublet": np.arange(N_OBS) % 2 == 0,
}


@dataclass(frozen=True)
class Target:
    """What is fuzzed."""

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def read(name: str) -> Values:
    """A column of obs; the same stand for those of var, as far as they go."""
    if name not in OBS:
        raise NotFound(f"There is no column {name[:40]!r}.")
    return OBS[name]


def read_var(name: str) -> Values:
    values = read(name)
    if isinstance(values, Categorical):
        return Categorical(values.codes[:N_VARS], values.categories)
    return values[:N_VARS]


def find(texts: tuple[str, ...]) -> Array:
    return np.array([GENES.index(text) for text in texts if text in GENES], np.int64)


def genes_of(query: VarQuery) -> None:
    found = select_positions(query, N_VARS, "name_0", find, read_var)
    assert len(found) <= N_VARS and all(0 <= position < N_VARS for position in found.tolist())


def compared(query: DiffexpQuery) -> None:
    for group in (query.a, query.b):
        if group is not None:
            cells = cells_of(group, N_OBS, read)
            assert cells.shape == (N_OBS,) and cells.dtype == bool


def matrix(body: bytes) -> None:
    found = decode(body)
    assert sum(len(values) for values in found.values) <= len(body)
    for name, values in zip(found.names, found.values, strict=True):
        annotating._annotation(str(name), values)


def bitset(body: bytes) -> None:
    n_obs = int.from_bytes(body[:2], "little")
    cells = cells_of(CellBits(body[2:]), n_obs, read)
    assert cells.shape == (n_obs,)
    assert np.packbits(cells, bitorder="little").tobytes() == body[2:]


def inflated(body: bytes) -> None:
    assert len(inflate(body, MOST)) <= MOST


def text_of(body: bytes) -> str:
    return body.decode("latin-1")


def labels(body: bytes) -> None:
    for values in cell_labels.from_csv(csv_text.text_of(body), CELLS).values():
        assert len(values.codes) == N_OBS


MATRIX = encode(
    columns_of(
        ("a", "b", "c"),
        (np.array([1, 2], np.float32), objects(["x", None]), np.array([2**40, 1]).astype(np.int64)),
    )
)
VAR_FILTER = {
    "index": [0, [2, 5]],
    "annotation_value": [{"name": "score", "min": -1}, {"name": "louvain", "values": ["NK"]}],
}
OBS_FILTER = {"filter": {"obs": VAR_FILTER}}
LINK = {
    "expires": "7d",
    "note": "x",
    "state": {"filters": [{"kind": "cells", "key": "k"}]},
    "cells": {"k": "AAAAAAAAAAA="},
}
SET = {"geneset_name": "s", "genes": [{"gene_symbol": "GENE1", "gene_description": None}]}


PACKED = base64.b64encode(zlib.compress(np.zeros(N_OBS, "<i4").tobytes())).decode()


def dumped(*documents: object) -> tuple[bytes, ...]:
    return tuple(json.dumps(document).encode() for document in documents)


def figure(body: bytes) -> None:
    query = params_figures.figure_body(body)
    if query.cells is not None:
        cells_of(query.cells, N_OBS, read)
    for grouping in query.by:
        if grouping.cells is not None:
            cells_of(grouping.cells, N_OBS, read)


def edits(body: bytes) -> None:
    for _, packed in annotating_edits.edits_body(body).columns.values():
        inflated(packed)


TARGETS: Mapping[str, Target] = {
    "figure": Target(
        figure,
        dumped(
            {"genes": ["GENE1"], "by": ["louvain"], "cells": OBS_FILTER, "bins": 5, "quantiles": True},
            {"by": [{"name": "mine", "cells": {"cells": "AAAAAAAAAAA="}}], "sample": 9, "cutoff": 0.5},
        ),
    ),
    "neighbors": Target(neighbors._asked, dumped({"graph": "distances", "of": OBS_FILTER})),
    "edits": Target(
        edits, dumped({"columns": {"mine": {"categories": ["a"], "codes": PACKED}}}, {"remove": ["x"]})
    ),
    "view": Target(
        lambda body: viewing.asked(body, whole=False),
        dumped({"name": "v", "state": {"filters": []}, "about": "x", "cells": {"k": "AAAAAAAAAAA="}}),
    ),
    "matrix": Target(matrix, (MATRIX,)),
    "inflate": Target(inflated, (zlib.compress(MATRIX), zlib.compress(bytes(2 * MOST)))),
    "bitset": Target(bitset, (b"\x0b\x00\x01\x02", b"\x08\x00\xff", b"\x00\x00")),
    "var_filter": Target(
        lambda body: genes_of(params.var_filter(body, N_VARS, layer="X")),
        dumped({"filter": {"var": VAR_FILTER}}),
    ),
    "var_query": Target(
        lambda body: genes_of(params.var_query(text_of(body))),
        (b"var:name_0=GENE1&var:score=-1,*&layer=raw&var:louvain=NK%2525",),
    ),
    "diffexp": Target(
        lambda body: compared(params_diffexp.diffexp_body(body)),
        dumped(
            {"a": {"column": "louvain", "category": "NK"}, "b": {"cells": "AAAAAAAAAAA="}}, {"a": OBS_FILTER}
        ),
    ),
    "diffexp_query": Target(
        lambda body: compared(params_diffexp.diffexp_query(text_of(body))),
        (b"column=louvain&a=NK&b=B+cells&method=wilcoxon&tie_correct=false",),
    ),
    "top_genes": Target(
        lambda body: compared(params_diffexp.top_genes(body).query),
        dumped({"mode": "topN", "count": 2, "set1": OBS_FILTER, "set2": OBS_FILTER}),
    ),
    "job": Target(
        params_jobs.job_body,
        dumped(
            {"kind": "diffexp", "a": OBS_FILTER, "capability": "x"},
            {"kind": "markers", "column": "louvain", "top": 3},
        ),
    ),
    "markers_query": Target(
        lambda body: params_jobs.markers_query(text_of(body)), (b"column=louvain&top=5",)
    ),
    "genes": Target(
        params_genes.genes_body, dumped({"genes": ["GENE1", 3], "cells": "AAAAAAAAAAA=", "layer": "X"})
    ),
    "summary": Target(
        params_genes.summary_body, dumped({"genes": ["GENE1"], "method": "score_genes", "seed": 1})
    ),
    "summary_query": Target(
        lambda body: params_genes.summary_query(text_of(body)),
        (b"method=score_genes&var:name_0=GENE1&seed=1&n_bins=9",),
    ),
    "ask": Target(params.ask_body, dumped({"capability": "x", "questions": ["schema", "data/var?var:a=b"]})),
    "restore": Target(params.restore_body, dumped({"restore": 3, "version": 7})),
    "link": Target(lambda body: wish.checked(params.link_body(body), n_obs=N_OBS), dumped(LINK)),
    "open": Target(
        lambda body: params.open_query(text_of(body)), (b"path=a/b.h5ad&state=%7B%7D&modality=rna",)
    ),
    "gene_sets": Target(
        lambda body: annotating._gene_sets(body, {*GENES}), dumped({"tid": 1, "genesets": [SET]})
    ),
    "gene_sets_csv": Target(
        lambda body: gene_sets.from_csv(csv_text.text_of(body), GENES.__contains__),
        (b"gene_set_name,gene_set_description,gene_symbol,gene_description\r\ns,d,GENE1,\r\ns,,GENE2,x\r\n",),
    ),
    "labels_csv": Target(labels, (b'# x\nindex,a,b\ncell-1,x,"y\r\n"\ncell-2,,z\n', b"index;a\ncell-1;1\n")),
    "accept": Target(
        lambda body: negotiate(text_of(body)), (b"text/csv;q=0.5, application/*;q=0.1, */*;q=nan",)
    ),
}
