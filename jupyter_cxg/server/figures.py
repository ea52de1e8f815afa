"""Questions about figures: for the pool."""

from functools import cache, partial

from ..engine.shelf import Opened
from ..errors import BadQuery
from ..model import Columns
from ..wire.negotiate import PRECISE
from . import annotating, params_figures
from .limits import Limits
from .questions import Question


def posted(body: bytes, limits: Limits) -> Question:
    """``POST figures``: genes and columns, summed up over groups of cells."""
    read = cache(partial(params_figures.figure_body, body))  # later, on the pool: it may hold a large bitset

    def find(opened: Opened) -> Columns:
        asked = read()
        if len(asked.genes) > limits.max_genes:
            raise BadQuery(
                f"{len(asked.genes)} genes are more than the {limits.max_genes} that one request may ask "
                "for (Cxg.max_genes)."
            )
        return opened.dataset.figure(asked, more=annotating.reader(opened), watch=opened.watch)

    def personal(opened: Opened) -> bool:
        return not params_figures.columns_of(read()) <= annotating.public_names(opened)

    return Question("", find, offered=PRECISE, personal=personal, slow=True)
