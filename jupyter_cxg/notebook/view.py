"""``jupyter_cxg.view``: publish an AnnData and show it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import BadQuery, Unpublishable
from ..snapshot.address import Address, address_of, is_address
from ..snapshot.catalog import Catalog, user_catalog
from ..snapshot.reading import AS_IT_IS, ENDINGS, KINDS, Reading
from ..snapshot.sources import is_anndata
from ..snapshot.writer import Publication, Source
from .variables import variable_name
from .widget import CxgWidget


def view(
    adata: Any,
    *,
    color: str | None = None,
    embedding: str | None = None,
    height: int = 450,
    title: str | None = None,
    modality: str = "",
    allow_private: Sequence[str] = (),
    write_obs: bool = True,
) -> CxgWidget:
    """Show an AnnData, and return the viewer.

    The viewer is displayed at once, before X is copied; the call returns when all is copied, so that the
    AnnData may be changed afterwards. Called on the last line of a cell, it is displayed once.

    Parameters
    ----------
    adata
        An AnnData (a view of one, a backed or a lazy one, too), or the path or address of an .h5ad, .h5mu,
        10x .h5 or .loom file or a .zarr store.
    color
        An obs column or a gene.
    embedding
        ``"umap"`` for ``obsm["X_umap"]``; the default is up to the viewer.
    height
        CSS pixels.
    title
        The default is the name of the variable.
    modality
        Which of an .h5mu file's.
    allow_private
        Hosts of this network that an address may lead to.
    write_obs
        Whether what is annotated in the viewer lands in ``adata.obs``; columns that the viewer did not make
        stay as they are.

    Raises
    ------
    CxgError
        One sentence about what is wrong and what to do; shown without a traceback.
    """
    how = Reading(modality=modality, private=tuple(allow_private))
    viewer = open_view(
        adata,
        color=color,
        embedding=embedding,
        height=height,
        title=title,
        reading=how,
        write_obs=write_obs,
    )
    viewer.finish()
    return viewer


def open_view(
    adata: Any,
    *,
    color: str | None = None,
    embedding: str | None = None,
    height: int = 450,
    title: str | None = None,
    reading: Reading = AS_IT_IS,
    write_obs: bool = True,
) -> CxgWidget:
    """The first half of `view`: the viewer is displayed, ``finish()`` has yet to be called."""
    catalog, source = user_catalog(), None
    if isinstance(adata, str | Path | Address):
        adata, source, name = _opened(adata, reading, catalog)
        title = title or name
    if not is_anndata(adata):
        raise Unpublishable(f"This is a {type(adata).__name__}, not an AnnData{_hint(adata)}.")
    if not isinstance(height, int) or not 100 <= height <= 10_000:
        raise BadQuery(f"The height is {height!r}: give CSS pixels between 100 and 10000.")
    title = title or variable_name(adata) or "AnnData"
    publication = Publication.begin(adata, catalog, title=title, source=source)
    try:
        viewer = CxgWidget(adata, publication, title=title, height=height, source=source)
        viewer.open_with(color=color, embedding=embedding)
        viewer.write_obs = write_obs
    except BaseException:
        publication.catalog.remove(publication.manifest.id)
        raise
    viewer.show()
    return viewer


def _opened(where: str | Path | Address, reading: Reading, catalog: Catalog) -> tuple[Any, Source, str]:
    """The AnnData in a file or at an address, as what it is published, and its name."""
    if isinstance(where, str):
        where = address_of(where) if is_address(where) else Path(where)
    if isinstance(where, Path):
        where = where.expanduser()
        if not where.name.endswith(ENDINGS):
            raise Unpublishable(f"{where} is of another kind: {KINDS} can be read.")
    from ..snapshot.files import keep_open  # what it needs is for who opens files

    opened = keep_open(where, where.name, reading, catalog.root)
    source = Source(None, None, opened.left_out, opened.matrices, opened.check, opened.meanwhile)
    return opened.adata, source, reading.titled(where.name)


def _hint(value: Any) -> str:
    if type(value).__name__ == "MuData":  # without importing mudata
        return f": show one of its modalities, e.g. mdata.mod[{next(iter(value.mod), 'rna')!r}]"
    return ""
