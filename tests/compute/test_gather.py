"""What is gathered is what is there."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_cxg.compute.gather import Gather, Unordered, chunks, native
from jupyter_cxg.model import Sparse
from tests.compute.groups import Example, examples
from tests.reference import naive


@given(example=examples(), data=st.data())
@settings(max_examples=100)
def test_genes_come_with_their_labels(example: Example, data: st.DataObject) -> None:
    n_vars = example.x.shape[1]
    per_gene = ((example.x != 0) & (example.labels >= 0)[:, None]).sum(axis=0)
    found = Gather(native(example.matrix), example.labels, per_gene)
    first = data.draw(st.integers(0, n_vars))  # genes may be left out
    for start, stop in chunks(per_gene, first, n_vars, data.draw(st.integers(1, 30))):
        values, groups, starts = found.genes(start, stop)
        pairs = list(zip(values.astype(float).tolist(), groups.tolist(), strict=True))
        genes = [pairs[a:b] for a, b in pairwise(starts.tolist())]
        assert genes == naive.gathered(example.x, example.labels, start, stop)


def test_chunks_cover_all_genes_and_hold_what_fits() -> None:
    assert list(chunks(np.array([3, 3, 9, 0, 1, 1]), 0, 6, 6)) == [(0, 2), (2, 3), (3, 6)]
    assert list(chunks(np.array([3, 3]), 1, 1, 6)) == []


def test_a_count_that_lies_is_noticed() -> None:
    matrix = Sparse((2, 1), "csr", np.ones(2), np.zeros(2, int), np.array([0, 1, 2]))
    for per_gene in ([1], [3]):
        with pytest.raises(Unordered):
            Gather(matrix, np.array([0, 0]), np.array(per_gene)).genes(0, 1)
