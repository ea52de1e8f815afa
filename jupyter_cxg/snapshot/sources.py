"""Where an AnnData may come from: an object, an .h5ad file, a .zarr store."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from ..errors import NotFound, Unpublishable

if TYPE_CHECKING:
    from anndata import AnnData


def is_anndata(value: Any) -> "TypeGuard[AnnData]":
    """Whether ``value`` is an AnnData."""
    import anndata

    return isinstance(value, anndata.AnnData)


def open_path(path: Path) -> "AnnData":
    """The AnnData in an .h5ad file (X stays on disk) or in a .zarr store (read into memory).

    Raises
    ------
    NotFound
        There is no such file.
    Unpublishable
        It is of another kind, or cannot be read.
    """
    import anndata

    if not path.exists():
        raise NotFound(f"There is no file {path}.")
    try:
        if path.suffix == ".h5ad":
            return anndata.read_h5ad(path, backed="r")
        if path.suffix == ".zarr":
            return anndata.read_zarr(path)
    except Exception as error:
        what = (str(error).splitlines() or [type(error).__name__])[0]
        raise Unpublishable(f"{path} cannot be read as an AnnData: {what}.") from error
    raise Unpublishable(
        f"{path} is neither .h5ad nor .zarr: read it with scanpy first, then show the AnnData."
    )


def read_item(item: Any, *, lazily: bool = False) -> Any:
    """One element of an open HDF5 or Zarr store; ``lazily``, a sparse matrix stays there."""
    from anndata.io import read_elem, sparse_dataset

    return sparse_dataset(item) if lazily else read_elem(item)


def build(parts: Mapping[str, Any]) -> "AnnData":
    """An AnnData of these elements."""
    import anndata

    return anndata.AnnData(**parts)
