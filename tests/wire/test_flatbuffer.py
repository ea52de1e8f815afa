"""FlatBuffers: what cellxgene's client would read, decoded from the format's description alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from jupyter_cxg.model import Array, Categorical, Columns, Values, columns_of
from jupyter_cxg.wire.flatbuffer import encode
from tests.reference.matrix_decoder import decode
from tests.wire.columns import columns, objects, plain

FLOAT32, INT32, UINT32, FLOAT64, JSON = 1, 2, 3, 4, 5


@given(given=columns())
def test_a_client_reads_what_was_sent(given: Columns) -> None:
    matrix = decode(encode(given))
    assert (matrix.n_rows, matrix.n_cols) == (given.n_rows, len(given.names))
    assert list(matrix.index) == list(given.names)
    for found, values in zip(matrix.columns, given.values, strict=True):
        expected = plain(values)
        if isinstance(found, list):
            assert found == expected
        else:
            numbers = np.array([np.nan if value is None else value for value in expected], np.float64)
            with np.errstate(over="ignore"):  # float64 beyond float32 is infinite on the wire
                np.testing.assert_array_equal(found, numbers.astype(found.dtype))


codes = np.array([0, 1, -1], np.int8)
present = np.array([0, 1, 1], np.int8)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.zeros(3, np.float64), FLOAT32),
        (np.zeros(3, np.float16), FLOAT32),
        (np.zeros(3, np.int8), INT32),
        (np.zeros(3, np.uint64), INT32),
        (np.full(3, 2**40), FLOAT64),
        (np.full(3, 2**31, np.uint32), FLOAT64),
        (np.zeros(3, bool), UINT32),
        (objects(["a", None, "b"]), JSON),
        (Categorical(codes, objects(["a", "b"])), JSON),
        (Categorical(codes, np.array([False, True])), JSON),
        (Categorical(present, np.array([5, 6])), INT32),
        (Categorical(codes, np.array([5, 6])), FLOAT32),
        (Categorical(present, np.array([0.5, 6])), FLOAT32),
    ],
)
def test_types_are_those_of_cellxgene(values: Values, kind: int) -> None:
    assert decode(encode(columns_of(("x",), (values,)))).kinds == [kind]


@pytest.mark.parametrize("n", range(9))
def test_doubles_are_aligned_whatever_stands_before_them(n: int) -> None:
    text: Array = objects(["é" * n] * 3)
    matrix = decode(encode(columns_of(("n" * n, "b"), (text, np.full(3, 2.0**40).astype(np.int64)))))
    assert matrix.offsets[1] % 8 == 0 and matrix.kinds[1] == FLOAT64


def test_genes_have_their_positions_as_index() -> None:
    x: Any = np.zeros(2, np.float32)
    matrix = decode(encode(Columns(2, (7, 9), (x, x), ("CD3D", "CD4"))))
    assert matrix.index.dtype == np.int32 and matrix.index.tolist() == [7, 9]
    nothing = decode(encode(Columns(2, (), ())))
    assert (nothing.n_rows, nothing.n_cols, nothing.index.tolist()) == (2, 0, [])
