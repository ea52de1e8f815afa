"""Sets of genes as one column: for the pool."""

from dataclasses import replace

from ..engine.shelf import Opened
from ..errors import NotFound
from ..model import Columns, VarQuery
from .params_genes import Summary


def summarize(opened: Opened, asked: Summary, name: str) -> Columns:
    """What is asked, as one float32 column called ``name``.

    Raises
    ------
    NotFound
        Who asks has no such gene set.
    BadQuery
        The genes cannot be scored.
    """
    query = _genes(opened, asked)
    if asked.method == "mean":
        return opened.dataset.summarize(query, name)
    return opened.dataset.score(query, name, asked.options, watch=opened.watch)


def _genes(opened: Opened, asked: Summary) -> VarQuery:
    names = asked.names if asked.gene_set is None else _saved(opened, asked.gene_set)
    if names is None:
        return asked.query
    return replace(asked.query, equal={opened.dataset.schema.var_index: names})


def _saved(opened: Opened, name: str) -> tuple[str, ...]:
    sets = () if opened.mine is None else opened.mine.gene_sets()
    for item in sets:
        if item.name == name:
            return tuple(gene.symbol for gene in item.genes)
    raise NotFound(f"You have saved no gene set {name[:80]!r} for this dataset.")
