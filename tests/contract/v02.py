"""Exchanges with cellxgene's v0.2 API, as its server has them; run under each host of ours.

They hold for `tests.reference.example.tiny_adata`. Where we differ on purpose, the comment says why.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

FLOAT32, INT32, UINT32, FLOAT64, JSON = 1, 2, 3, 4, 5
BINARY = "application/octet-stream"


@dataclass(frozen=True)
class Exchange:
    """A request below ``api/v0.2/`` and what comes back.

    Attributes
    ----------
    kinds, index
        Of the FlatBuffers matrix; None where the answer is no matrix.
    """

    path: str
    status: int = 200
    kinds: tuple[int, ...] | None = None
    index: Any = None
    method: str = "GET"
    body: str | None = None
    accept: str | None = "*/*"
    content_type: str = "application/json"


_LIST = '{"filter": {"obs": {"index": [0, 1, 2, [10, 20], [55, 99]]}}}'
_CATEGORY = (
    '{"filter": {"obs": {"annotation_value": [{"name": "louvain", "values": ["B cells"]}, '
    '{"name": "n_counts", "min": 0}]}}}'
)


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _diffexp(set1: str = _LIST, set2: str = _CATEGORY, **more: object) -> str:
    fields = {"mode": '"topN"', "count": "5", "set1": set1, "set2": set2}
    fields |= {name: str(value) for name, value in more.items()}
    return "{" + ", ".join(f'"{name}": {value}' for name, value in fields.items() if value) + "}"


def _compare(status: int, **fields: object) -> Exchange:
    return Exchange("diffexp/obs", status, method="POST", body=_diffexp(**fields), accept="text/html")  # type: ignore[arg-type]


_FIVE = "&".join(f"var:name_0=GENE{i}" for i in range(5))

EXCHANGES = [
    # documents ignore Accept
    Exchange("schema"),
    Exchange("config", accept="text/html"),
    Exchange("colors", accept=None),
    # columns come in the order asked, also twice
    Exchange("annotations/obs?annotation-name=louvain", kinds=(JSON,), index=["louvain"]),
    Exchange(
        "annotations/obs?annotation-name=score&annotation-name=doublet&annotation-name=score",
        kinds=(FLOAT32, UINT32, FLOAT32),
        index=["score", "doublet", "score"],
    ),
    Exchange(
        "annotations/obs",
        kinds=(JSON, JSON, JSON, JSON, INT32, FLOAT32, INT32, FLOAT64, FLOAT32, FLOAT32, UINT32, JSON),
        index=[
            *("name_0", "batch", "louvain", "sparse label", "plate", "plate or none"),
            *("n_counts", "huge", "score", "score32", "doublet", "barcode"),
        ],
    ),
    Exchange("annotations/obs?annotation-name=sparse%20label", kinds=(JSON,), index=["sparse label"]),
    Exchange("annotations/var?annotation-name=name_0", kinds=(JSON,), index=["name_0"]),
    # cellxgene: 400; ours says what is missing
    Exchange("annotations/obs?annotation-name=bla", status=404),
    Exchange("annotations/var?annotation-name=", status=404),
    Exchange("layout/obs?layout-name=umap", kinds=(FLOAT32, FLOAT32), index=["umap_0", "umap_1"]),
    Exchange("layout/obs", kinds=(FLOAT32,) * 4, index=["pca_0", "pca_1", "umap_0", "umap_1"]),
    Exchange("layout/obs?layout-name=bla", status=404),  # cellxgene: 400
    # genes come in matrix order, their index is the position
    Exchange("data/var?var:name_0=GENE7&var:name_0=GENE2", kinds=(FLOAT32, FLOAT32), index=[2, 7]),
    Exchange("data/var?var%3Aname_0=GENE7", kinds=(FLOAT32,), index=[7]),
    Exchange("data/var?var%3Aname_0=GENE%2537", kinds=(FLOAT32,), index=[7]),  # encoded twice
    Exchange("data/var?var:name_0=nobody", kinds=(), index=[]),
    Exchange("data/var", kinds=(FLOAT32,) * 20, index=list(range(20))),
    Exchange("data/var?var:n_cells=1000,*", kinds=(), index=[]),
    Exchange("data/var?var:name_0=GENE1&var:chromosome=nothing", kinds=(), index=[]),
    Exchange("data/var?obs:louvain=1", status=400),
    Exchange("data/var?var:n_cells=*,*", status=400),
    Exchange("data/var?var:n_cells=1,2&var:n_cells=3,4", status=400),
    Exchange("data/var?var:n_cells=1,2&var:n_cells=3", status=400),
    Exchange("data/var?var:n_cells=3&var:n_cells=1,2", status=400),
    Exchange("data/var?var:name_0=a,b", status=400),
    Exchange("data/var?var:n_cells=1,2,3", status=400),
    Exchange("data/var?bla:name_0=GENE1", status=400),
    Exchange("data/var?var:name_0:x=GENE1", status=400),
    Exchange(
        "data/var", method="PUT", body='{"filter": {"var": {"index": [0, [10, 12]]}}}', index=[0, 10, 11]
    ),
    Exchange("data/var", method="PUT", body='{"filter": {"var": {"index": [[18, 99]]}}}', index=[18, 19]),
    Exchange("data/var", method="PUT", body='{"filter": {"var": {"index": []}}}', kinds=(), index=[]),
    Exchange("data/var", method="PUT", body='{"filter": null}', index=list(range(20))),
    Exchange(
        "data/var",
        method="PUT",
        body='{"filter": {"var": {"annotation_value": [{"name": "name_0", "values": ["GENE3"]}, '
        '{"name": "n_cells", "min": 0}]}}}',
        index=[3],
    ),
    Exchange("data/var", method="PUT", body='{"filter": {"obs": {"index": [1]}}}', status=400),
    Exchange("data/var", method="PUT", body='{"filter": {"var": {"index": [20]}}}', status=400),
    Exchange("data/var", method="PUT", body='{"filter": {"var": {"index": ["1"]}}}', status=400),
    Exchange("data/var", method="PUT", body="[]", status=400),
    Exchange("data/var", method="PUT", body="", status=400),
    # a summary is called by the hash of what was asked
    Exchange(f"summarize/var?{_FIVE}", kinds=(FLOAT32,), index=[_sha1(_FIVE)]),
    Exchange(f"summarize/var?method=mean&{_FIVE}", index=[_sha1(f"method=mean&{_FIVE}")]),
    Exchange("summarize/var?var:name_0=nobody", kinds=(FLOAT32,)),
    Exchange(
        f"summarize/var?key={_sha1(_FIVE)}",
        method="POST",
        body=_FIVE,
        content_type="application/x-www-form-urlencoded",
        kinds=(FLOAT32,),
        index=[_sha1(_FIVE)],
    ),
    Exchange("summarize/var?key=bla", method="POST", body=_FIVE, status=400),
    Exchange(f"summarize/var?method=median&{_FIVE}", status=400),
    # who holds no more than the right to look writes nothing
    Exchange("annotations/obs", method="PUT", body="", status=403),
    Exchange("genesets", method="PUT", body='{"tid": 1, "genesets": []}', status=403),
    Exchange("genesets", accept=BINARY, status=406),
    # groups of cells; the answer is JSON whatever Accept says
    _compare(200),
    _compare(200, count=1000),  # cellxgene: 400 from as many as there are genes on
    _compare(200, set2='{"filter": {}}'),  # all cells
    _compare(200, set1='{"filter": {"obs": {"index": [7]}}}'),  # a single one
    _compare(501, mode='"varFilter"'),
    _compare(501, varFilter="{}"),
    _compare(400, mode='"other"'),  # cellxgene: 500
    _compare(400, mode=""),
    _compare(400, count=""),
    _compare(400, count='"many"'),  # cellxgene: 500
    _compare(400, count=0),
    _compare(400, set2=""),
    _compare(400, set2="{}"),
    _compare(400, set1='{"filter": {"var": {"index": [1]}}}'),
    _compare(400, set1='{"filter": {"obs": {"index": [60]}}}'),
    _compare(400, set1='{"filter": {"obs": {"index": ["1"]}}}'),
    _compare(400, set1='{"filter": {"obs": {"index": [1.5]}}}'),
    _compare(400, set1='{"filter": {"obs": {"index": [99999999999999999999]}}}'),
    _compare(400, set1='{"filter": {"obs": {"index": []}}}'),  # no cells; cellxgene: 500 where X is sparse
    # cellxgene: 500; ours says what is missing
    _compare(404, set1='{"filter": {"obs": {"annotation_value": [{"name": "bla", "values": ["1"]}]}}}'),
    Exchange("diffexp/obs", 400, method="POST", body="[]"),
    Exchange("diffexp/obs", 400, method="POST", body=""),
    # Accept
    Exchange("data/var?var:name_0=GENE7", accept=BINARY, kinds=(FLOAT32,)),
    Exchange("data/var?var:name_0=GENE7", accept="application/*", kinds=(FLOAT32,)),
    Exchange("data/var?var:name_0=GENE7", accept="text/plain", status=406),
    # cellxgene: 406; ours takes no header for "anything"
    Exchange("data/var?var:name_0=GENE7", accept=None, kinds=(FLOAT32,)),
]
