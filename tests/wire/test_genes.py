"""Genes in bulk as an Arrow stream and as JSON."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jupyter_cxg.model import Array, GeneStream, GeneValues
from jupyter_cxg.wire import genes

ARROW, JSON = genes.MEDIA_TYPES


def stream(*batches: list[GeneValues], dtype: Any = np.float32, **fields: Any) -> GeneStream:
    names = {gene.position: f"é{gene.position}" for batch in batches for gene in batch}
    return GeneStream(
        **{"n_rows": 4, "dtype": np.dtype(dtype), "names": names, "unknown": ('a "b"', "ü"), **fields},
        batches=iter([tuple(batch) for batch in batches]),
    )


def example(dtype: Any = np.float32) -> GeneStream:
    sparse = GeneValues(7, np.array([2], np.int32), np.array([5], dtype))
    dense = GeneValues(3, None, np.array([1, 2, 0, 3], dtype))
    empty = GeneValues(1, np.array([], np.int32), np.array([], dtype))
    return stream([sparse, dense], [empty], [dense, dense], dtype=dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.int64, np.uint32, np.uint64])
def test_arrow_has_a_row_for_each_gene(dtype: Any) -> None:
    with pa.ipc.open_stream(b"".join(genes.encoder(ARROW)(example(dtype)))) as reader:
        schema = reader.schema
        batches = list(reader)
    assert [batch.num_rows for batch in batches] == [2, 1, 2]
    table = pa.Table.from_batches(batches)
    table.validate(full=True)
    assert schema.names == ["gene", "position", "rows", "values"]
    assert schema.field("values").type == pa.list_(pa.from_numpy_dtype(np.dtype(dtype)))
    assert table["gene"].to_pylist()[:3] == ["é7", "é3", "é1"]
    assert table["position"].to_pylist()[:3] == [7, 3, 1]
    assert table["rows"].to_pylist() == [[2], None, [], None, None]
    assert table["values"].to_pylist() == [[5], [1, 2, 0, 3], [], [1, 2, 0, 3], [1, 2, 0, 3]]
    told = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert told == {"n_rows": "4", "n_genes": "3", "unknown": '["a \\"b\\"","ü"]'}


def test_json_is_dense() -> None:
    nan = GeneValues(2, np.array([0, 3], np.int32), np.array([np.nan, -1.5], np.float32))
    found = json.loads(b"".join(genes.encoder(JSON)(stream([nan], [nan, nan]))))
    gene = {"gene": "é2", "position": 2, "values": [None, 0.0, 0.0, -1.5]}
    assert found == {"n_rows": 4, "unknown": ['a "b"', "ü"], "genes": [gene] * 3}


@pytest.mark.parametrize("media_type", genes.MEDIA_TYPES)
def test_nothing_is_an_answer_too(media_type: str) -> None:
    body = b"".join(genes.encoder(media_type)(stream()))
    if media_type == JSON:
        assert json.loads(body)["genes"] == []
    else:
        assert pa.ipc.open_stream(body).read_all().num_rows == 0


@pytest.mark.parametrize("media_type", genes.MEDIA_TYPES)
def test_no_work_is_done_before_it_is_asked_for(media_type: str) -> None:
    worked: list[int] = []

    def batches() -> Iterator[tuple[GeneValues, ...]]:
        for position in range(3):
            worked.append(position)
            yield (GeneValues(position, None, np.zeros(4, np.float32)),)

    names = {position: str(position) for position in range(3)}
    asked = GeneStream(4, np.dtype(np.float32), names, (), batches())
    pieces = genes.encoder(media_type)(asked)
    assert next(pieces) and worked == []
    assert next(pieces) and worked == [0]
    assert all([*pieces]) and worked == [0, 1, 2]  # an empty piece would be the end


def test_what_was_taken_is_not_kept() -> None:
    values: Array = np.ones(100_000, np.float32)
    sizes = [
        len(piece)
        for piece in genes.encoder(ARROW)(stream(*[[GeneValues(0, None, values)]] * 3, n_rows=100_000))
    ]
    assert sizes[1] == sizes[2] == sizes[3] and values.nbytes < sizes[1] < values.nbytes + 2000
