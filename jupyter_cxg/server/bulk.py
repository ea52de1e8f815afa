"""Many genes in one answer, piece by piece: for the pool."""

from ..engine.shelf import Opened
from ..engine.watch import Watch
from ..errors import BadQuery
from ..wire import genes
from ..wire.negotiate import JSON
from . import params_genes
from .limits import Limits


def pieces(body: bytes, media_type: str, limits: Limits, watch: Watch, opened: Opened) -> genes.Pieces:
    """The pieces of the answer to ``POST genes``; no work was done for them yet.

    Raises
    ------
    BadQuery
        The body makes no sense, or asks for too many genes.
    NotFound, NotReady
        There is no such layer, or it is still being copied.
    """
    found = opened.dataset.genes(params_genes.genes_body(body), watch=watch)
    count = len(found.names)
    if media_type == JSON.media_type and count > limits.max_columns:
        raise BadQuery(
            f"{count} genes are more than the {limits.max_columns} that come as JSON (Cxg.max_columns): ask "
            "for Arrow."
        )
    if count > limits.max_genes:
        raise BadQuery(
            f"{count} genes are more than the {limits.max_genes} that one request may ask for "
            "(Cxg.max_genes): ask for them in several."
        )
    return genes.encoder(media_type)(found)
