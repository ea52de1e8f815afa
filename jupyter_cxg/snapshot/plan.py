"""What of an AnnData there is to copy, and whether it can be shown at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from ..errors import Unpublishable
from ..model import LeftOut
from .clean import disk_name, text_of
from .frames import reads_like_another, why_no_embedding
from .lazy import is_sparse_dask
from .manifest import NO_MATRIX
from .matrices import Rows, is_sparse, matrix_bytes, stored_dtype

_SAMPLE = 64  # rows that are looked at to guess the size of a sparse view


@dataclass(frozen=True, slots=True)
class Planned:
    """A matrix to be copied: where in the store, and from what."""

    path: PurePosixPath
    source: Any


@dataclass(slots=True)
class Plan:
    """The matrices by the names that `Snapshot.matrix` takes, in the order of copying.

    Attributes
    ----------
    layers
        Name on disk → name in ``adata.layers``, as text.
    first_bytes, bytes
        Estimates: of what the first picture needs, and of all.
    """

    matrices: dict[str, Planned] = field(default_factory=dict)
    layers: dict[str, str] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    first_bytes: int = 0
    bytes: int = 0

    def add(self, name: str, path: PurePosixPath, source: Any, where: str) -> None:
        """Plan a matrix, or say why it cannot be copied."""
        try:
            stored_dtype(source.dtype)
            size = matrix_bytes(source)
        except Unpublishable as error:
            self.left_out.append(LeftOut(where, f"{error}."))
            return
        self.matrices[name] = Planned(path, source)
        self.bytes += size


def has_embedding(adata: Any) -> bool:
    """Whether there is something to draw."""
    return any(why_no_embedding(adata.obsm[key]) is None for key in adata.obsm)


def check(adata: Any, *, in_file: bool = False) -> None:
    """Refuse what cannot be drawn.

    Parameters
    ----------
    in_file
        Whether it was read from a file, which the command line could add an embedding to.

    Raises
    ------
    Unpublishable
        No cells, no genes, or no embedding; the sentence says what to do.
    """
    for count, axis, word in ((adata.n_obs, "obs", "cells"), (adata.n_vars, "var", "genes")):
        if count == 0:
            raise Unpublishable(f"This AnnData has no {word} ({axis} is empty): there is nothing to show.")
    reasons = {key: why_no_embedding(adata.obsm[key]) for key in adata.obsm}
    if all(reasons.values()):
        command = ", or jupyter cxg prepare FILE --recipe, which computes one" if in_file else ""
        tried = "".join(f" adata.obsm[{key!r}] {reason}." for key, reason in reasons.items())
        raise Unpublishable(
            "This AnnData has no embedding to draw: run sc.tl.umap(adata), or put an array of shape "
            f"(n_obs, 2) into adata.obsm['X_mine']{command}.{tried}"
        )


def plan(adata: Any, matrices: Mapping[str, Any] | None = None) -> Plan:
    """What there is to copy of an AnnData, a view of one, or a backed one.

    Parameters
    ----------
    matrices
        X and layers that the AnnData cannot hold, as they stay in a file of another kind.
    """
    made = Plan()
    for key, source in (matrices or {}).items():
        if key == "X":
            made.add("X", PurePosixPath("X"), source, "X")
            continue
        on_disk = disk_name(key, made.layers)
        made.layers[on_disk] = key
        made.add(key, PurePosixPath("layers", on_disk), source, f"layers[{key!r}]")
    if _has_x(adata):
        made.add("X", PurePosixPath("X"), _source(adata, lambda part: part.X), "X")
    if adata.raw is not None:
        made.add("raw", PurePosixPath("raw/X"), adata.raw.X, "raw")
    for key in adata.layers:
        text, where = text_of(key), f"layers[{key!r}]"
        if text in made.layers.values():
            made.left_out.append(LeftOut(where, reads_like_another(text)))
            continue
        on_disk = disk_name(text, made.layers)
        made.layers[on_disk] = text
        name = f"layers/{text}" if text == "X" or (text == "raw" and adata.raw is not None) else text
        made.add(name, PurePosixPath("layers", on_disk), _source(adata, _layer(key)), where)
    if not made.matrices and not made.left_out:
        made.left_out.append(NO_MATRIX)
    made.first_bytes = _first_bytes(adata)
    aligned = (adata.varm, adata.obsp, adata.varp)
    made.bytes += made.first_bytes + sum(_bytes(value) for mapping in aligned for value in mapping.values())
    return made


def _has_x(adata: Any) -> bool:
    # X of a view is a copy: ask for one row of it only
    return (_rows(adata, slice(1)) if adata.is_view else adata).X is not None


def _rows(view: Any, rows: slice) -> Any:
    """Some rows of a view; of a backed one, too, of which anndata makes no further view."""
    if not view.isbacked:
        return view[rows]
    base = view._adata_ref
    return base[np.arange(base.n_obs)[view._oidx][rows], view._vidx]


def _layer(key: Any) -> Callable[[Any], Any]:
    return lambda adata: adata.layers[key]


def _source(adata: Any, of: Callable[[Any], Any]) -> Any:
    """X or a layer, which ``of`` gets; of a view in blocks of rows, so that it is never copied as a whole."""
    if not adata.is_view:
        return of(adata)
    sample = of(_rows(adata, slice(None, None, max(1, adata.n_obs // _SAMPLE))))
    by_rows = isinstance(sample, np.ndarray) or getattr(sample, "format", None) == "csr"
    if not by_rows:  # rows of a CSC matrix are slow to come by
        return of(adata)
    return Rows(
        read=lambda start, stop: of(_rows(adata, slice(start, stop))),
        shape=adata.shape,
        dtype=sample.dtype,
        sparse=is_sparse(sample),
        nbytes=matrix_bytes(sample) * adata.n_obs // max(1, sample.shape[0]),
    )


def _first_bytes(adata: Any) -> int:
    return sum(_bytes(value) for value in (adata.obs, adata.var, *adata.obsm.values(), adata.uns))


def _bytes(value: Any, depth: int = 0) -> int:
    """A guess at the size of an element on disk."""
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage(deep=False).sum()) + 16 * len(value)
    if isinstance(value, Mapping) and depth < 20:
        return sum(_bytes(item, depth + 1) for item in value.values())
    if is_sparse(value) or is_sparse_dask(value):
        return matrix_bytes(value)
    return int(getattr(value, "nbytes", 0) or 0)
