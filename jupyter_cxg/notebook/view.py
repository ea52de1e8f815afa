"""``jupyter_cxg.view``: publish an AnnData and show it."""

from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython

from ..errors import BadQuery, Unpublishable
from ..snapshot.catalog import user_catalog
from ..snapshot.sources import is_anndata, open_path
from ..snapshot.writer import Publication
from .widget import CxgWidget


def view(
    adata: Any,
    *,
    color: str | None = None,
    embedding: str | None = None,
    height: int = 450,
    title: str | None = None,
) -> CxgWidget:
    """Show an AnnData, and return the viewer.

    The viewer is displayed at once, before X is copied; the call returns when all is copied, so that the
    AnnData may be changed afterwards. Called on the last line of a cell, it is displayed once.

    Parameters
    ----------
    adata
        An AnnData (a view of one, or a backed one, too), or the path of an .h5ad or .zarr.
    color
        An obs column or a gene.
    embedding
        ``"umap"`` for ``obsm["X_umap"]``; the default is up to the viewer.
    height
        CSS pixels.
    title
        The default is the name of the variable.

    Raises
    ------
    CxgError
        One sentence about what is wrong and what to do; shown without a traceback.
    """
    viewer = open_view(adata, color=color, embedding=embedding, height=height, title=title)
    viewer.finish()
    return viewer


def open_view(
    adata: Any,
    *,
    color: str | None = None,
    embedding: str | None = None,
    height: int = 450,
    title: str | None = None,
) -> CxgWidget:
    """The first half of `view`: the viewer is displayed, ``finish()`` has yet to be called."""
    if isinstance(adata, str | Path):
        path = Path(adata).expanduser()
        adata, title = open_path(path), title or path.name
    if not is_anndata(adata):
        raise Unpublishable(f"This is a {type(adata).__name__}, not an AnnData{_hint(adata)}.")
    if not isinstance(height, int) or not 100 <= height <= 10_000:
        raise BadQuery(f"The height is {height!r}: give CSS pixels between 100 and 10000.")
    title = title or variable_name(adata) or "AnnData"
    publication = Publication.begin(adata, user_catalog(), title=title)
    try:
        viewer = CxgWidget(adata, publication, title=title, height=height)
        viewer.open_with(color=color, embedding=embedding)
    except BaseException:
        publication.catalog.remove(publication.manifest.id)
        raise
    viewer.show()
    return viewer


def variable_name(value: Any) -> str | None:
    """The user's name for an object; None outside of IPython, or where it has none."""
    shell = get_ipython()
    if shell is None:
        return None
    named = (name for name, other in shell.user_ns.items() if other is value and not name.startswith("_"))
    return next(named, None)


def _hint(value: Any) -> str:
    if type(value).__name__ == "MuData":  # without importing mudata
        return f": show one of its modalities, e.g. mdata.mod[{next(iter(value.mod), 'rna')!r}]"
    return ""
