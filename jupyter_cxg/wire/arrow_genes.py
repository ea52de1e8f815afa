"""The Arrow IPC stream of `genes`, as it is written."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ..model import Array, GeneStream, GeneValues
from .arrow import numbers, packed_bits, text_array
from .genes import metadata

END = b"\xff\xff\xff\xff\0\0\0\0"
"""What tells a reader that nothing was lost (Arrow Columnar Format, "IPC Streaming Format")."""


class Writer:
    """Writes one stream; each method gives the bytes that come next.

    Message by message, as pyarrow's own writer keeps the schema back until there is a batch.
    """

    def __init__(self, genes: GeneStream) -> None:
        self._genes = genes
        self._schema = pa.schema(
            [
                pa.field("gene", pa.string(), nullable=False),
                pa.field("position", pa.int32(), nullable=False),
                pa.field("rows", pa.list_(pa.int32())),
                pa.field("values", pa.list_(pa.from_numpy_dtype(genes.dtype)), nullable=False),
            ],
            metadata=dict(metadata(genes)),
        )

    def begin(self) -> bytes:
        """The schema."""
        return bytes(self._schema.serialize())

    def write(self, batch: Sequence[GeneValues]) -> bytes:
        """A record batch."""
        names: Array = np.empty(len(batch), object)
        names[:] = [self._genes.names[gene.position] for gene in batch]
        nothing = np.empty(0, np.int32)
        sparse = np.array([gene.rows is not None for gene in batch], bool)
        rows = [nothing if gene.rows is None else gene.rows for gene in batch]
        arrays = [
            text_array(names),
            numbers(np.array([gene.position for gene in batch], np.int32)),
            _lists(rows, nothing.dtype, None if sparse.all() else sparse),
            _lists([gene.values for gene in batch], self._genes.dtype),
        ]
        return bytes(pa.record_batch(arrays, schema=self._schema).serialize())


def _lists(items: Sequence[Array], dtype: "np.dtype[Any]", valid: Array | None = None) -> Any:
    offsets = np.zeros(len(items) + 1, np.int32)
    np.cumsum([len(item) for item in items], out=offsets[1:])
    values = numbers(np.concatenate(items).astype(dtype, copy=False))
    buffers = [None if valid is None else packed_bits(valid), pa.py_buffer(offsets)]
    kind = pa.list_(pa.from_numpy_dtype(dtype))
    return pa.Array.from_buffers(kind, len(items), buffers, children=[values])
