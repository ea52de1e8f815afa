"""What crosses a boundary between our packages: frozen dataclasses of arrays and plain values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

ColumnKind = Literal["categorical", "continuous", "boolean", "string"]
Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Categorical:
    """Values of a categorical column, as pandas keeps them.

    Attributes
    ----------
    codes
        Shape (n,), a signed integer dtype; -1 where the value is missing.
    categories
        Shape (n_categories,): str (object dtype), bool or numeric, in pandas' order.
    ordered
        Whether the order of the categories means something.
    """

    codes: Array
    categories: Array
    ordered: bool = False

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Text that nobody looks at one by one, such as the names of all cells: a third of what str objects take.

    Where few are needed it reads like an array of str of object dtype.

    Attributes
    ----------
    offsets
        (n + 1,) int32 or int64: where each text begins; the last: where the last one ends.
    data
        uint8: all texts as UTF-8, one after the other.
    """

    offsets: Array
    data: Array

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def dtype(self) -> "np.dtype[Any]":
        """Of the array that it reads like."""
        return np.dtype(np.object_)

    @property
    def nbytes(self) -> int:
        """What it takes."""
        return int(self.offsets.nbytes + self.data.nbytes)

    @overload
    def __getitem__(self, some: int) -> str: ...
    @overload
    def __getitem__(self, some: slice) -> Array: ...
    def __getitem__(self, some: int | slice) -> str | Array:
        if not isinstance(some, slice):
            at = range(len(self))[some]
            return str(self[at : at + 1][0])
        start, stop, step = some.indices(len(self))
        if step < 0:
            return self[:][some]
        found: Array = np.empty(max(0, stop - start), np.object_)
        ends = self.offsets[start : max(start, stop) + 1].tolist()
        held = self.data[ends[0] : ends[-1]].tobytes()
        for i in range(len(found)):
            found[i] = held[ends[i] - ends[0] : ends[i + 1] - ends[0]].decode("utf-8", "replace")
        return found[::step]

    def pieces(self, rows: int = 1 << 15) -> Iterator[Array]:
        """All of it as arrays of at most ``rows`` str."""
        for start in range(0, len(self), rows):
            yield self[start : start + rows]

    def tolist(self) -> list[str]:
        """All of it as str."""
        return [text for piece in self.pieces() for text in piece.tolist()]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.tolist(), dtype or np.object_)


Values = Array | Categorical | Texts
"""One column's values: an array of shape (n,) — numeric with NaN for missing, bool, or str as
object dtype with None for missing — or a `Categorical`, or `Texts`."""


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of an obs or var column without reading it.

    Attributes
    ----------
    name
        As in the AnnData; the index has the name ``Schema.obs_index`` (or ``var_index``).
    kind
        How it can be used: coloured and ticked, or binned and brushed, or only read.
    dtype
        NumPy's name of the dtype on disk; ``"category"`` for categoricals.
    categories
        For categoricals and booleans the categories in order, as text; else None.
    """

    name: str
    kind: ColumnKind
    dtype: str
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Embedding:
    """An obsm array that can be drawn.

    Attributes
    ----------
    name
        Without its ``X_``: ``"umap"``.
    key
        As in obsm: ``"X_umap"``.
    n_missing
        How many obs have NaN in either of the first two dimensions and so are not drawn.
    """

    name: str
    key: str
    n_missing: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the AnnData that the viewer does not show, and why: one sentence."""

    where: str  # "obs['collected']", "obsm['X_bad']", "uns['model']"
    reason: str


@dataclass(frozen=True, slots=True)
class Schema:
    """The shape of a dataset: what can be asked of it."""

    n_obs: int
    n_vars: int
    x_dtype: str
    obs_index: str
    var_index: str
    obs: tuple[Column, ...]  # without the index
    var: tuple[Column, ...]  # without the index
    embeddings: tuple[Embedding, ...]
    layers: tuple[str, ...]  # names that `VarQuery.layer` accepts: "X", "raw", layer names
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Named columns of equal length: the answer to a data question.

    Attributes
    ----------
    names
        One per column. For expression these are the var *positions* as int (cellxgene's custom);
        otherwise str.
    values
        One per column, each of length ``n_rows``.
    labels
        For expression, the var names of the columns; otherwise equal to ``names``.
    """

    n_rows: int
    names: tuple[str, ...] | tuple[int, ...]
    values: tuple[Values, ...]
    labels: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VarQuery:
    """Which genes of which matrix.

    Attributes
    ----------
    equal
        var column (or the index) → accepted texts; any of them matches.
    ranges
        var column → (min, max), inclusive, None = open.
    positions
        var positions, or None for "not asked by position".
    layer
        ``"X"``, ``"raw"`` or the name of a layer.
    """

    equal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    positions: tuple[int, ...] | None = None
    layer: str = "X"


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """A matrix (n_obs, n_vars) in memory-mapped pages, row-major (C) or column-major (F)."""

    data: Array


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """A compressed sparse matrix in memory-mapped pages.

    Attributes
    ----------
    data, indices, indptr
        As scipy's; ``indptr`` has n_obs + 1 entries for ``"csr"`` and n_vars + 1 for ``"csc"``.
        Indices within a row or column may be unsorted when ``sorted`` is False.
    """

    shape: tuple[int, int]
    layout: Literal["csr", "csc"]
    data: Array
    indices: Array
    indptr: Array
    sorted: bool = True


Matrix = Dense | Sparse


@dataclass(frozen=True, slots=True, eq=False)
class Annotations:
    """The annotations of one user, as they were at one moment.

    Attributes
    ----------
    collection
        The name under which they are kept; None before the first one.
    version
        Grows with each edit of the collection.
    names
        Of the annotations, in order.
    read
        Gives name → values of all of them: categorical, or integers.
    author
        Whose they are.
    gene_sets
        Gives the gene sets of the same collection.
    token
        Another one whenever an annotation has changed, and the same one again when all is as it was.
    removed
        Obs columns that are published, and were annotations which the user has taken away since.
    """

    collection: str | None
    version: int
    names: tuple[str, ...]
    read: Callable[[], Mapping[str, Values]]
    author: str = ""
    gene_sets: "Callable[[], tuple[GeneSet, ...]]" = tuple
    token: str = ""
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gene:
    """A gene in a set, and what the user says about it."""

    symbol: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class GeneSet:
    """A named list of genes; no gene is in it twice."""

    name: str
    description: str
    genes: tuple[Gene, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GeneValues:
    """One gene of some cells.

    Attributes
    ----------
    position
        Of the gene in its matrix.
    rows
        (k,) int32, ascending: the cells whose value is not zero; None: ``values`` has all cells.
    values
        Of those cells; NaN is not zero.
    """

    position: int
    rows: Array | None
    values: Array


@dataclass(frozen=True, slots=True, eq=False)
class GeneStream:
    """Many genes of some cells, which come a few at a time.

    Attributes
    ----------
    n_rows
        How many cells there are.
    dtype
        Of all values.
    names
        Position → name, of the genes that will come, in order.
    unknown
        What was asked for and is no gene.
    batches
        Some megabytes each, or one gene; may raise what long work raises.
    """

    n_rows: int
    dtype: "np.dtype[Any]"
    names: Mapping[int, str]
    unknown: tuple[str, ...]
    batches: Iterator[tuple[GeneValues, ...]]


def columns_of(names: tuple[str, ...], values: tuple[Values, ...]) -> Columns:
    """Columns with text names; all values must have one length."""
    n_rows = len(values[0]) if values else 0
    if any(len(v) != n_rows for v in values):
        raise ValueError(f"columns of unequal length: {[len(v) for v in values]}")
    return Columns(n_rows, names, values, names)


__all__ = [
    "Annotations",
    "Array",
    "Categorical",
    "Column",
    "ColumnKind",
    "Columns",
    "Dense",
    "Embedding",
    "Gene",
    "GeneSet",
    "GeneStream",
    "GeneValues",
    "LeftOut",
    "Matrix",
    "Schema",
    "Sparse",
    "Texts",
    "Values",
    "VarQuery",
    "columns_of",
]
