"""Scores of sets of genes: see `compute.scores`."""

from ..compute import scores
from ..compute.scores import ScoreOptions
from ..errors import BadQuery
from ..model import Array
from .source import Source

__all__ = ["ScoreOptions", "score"]


def score(source: Source, layer: str, chosen: Array, options: ScoreOptions) -> Array:
    """The score of a set of genes per cell, (n_obs,) float32; kept.

    Parameters
    ----------
    chosen
        Positions of the genes, ascending.

    Raises
    ------
    BadQuery
        There are no genes, or nothing is left to compare them with.
    NotReady
        The matrix is still being copied.
    Cancelled
        Nobody waits any more.
    """
    if not len(chosen):
        raise BadQuery(f"None of the genes is in {layer}: there is nothing to score.")
    key = ("score", layer, options, chosen.tobytes())
    return source.kept(key, lambda: _score(source, layer, chosen, options))


def _score(source: Source, layer: str, chosen: Array, options: ScoreOptions) -> Array:
    stored, by_genes = source.rows(layer), source.genes(layer)
    how = {"threads": source.threads, "cancelled": source.watch.cancelled}
    means = source.kept(
        ("gene means", layer),
        lambda: _frozen(scores.gene_means(stored, by_genes, **how)),  # type: ignore[arg-type]
    )
    controls = scores.control_genes(means, chosen, options)
    if not len(controls):
        raise BadQuery(
            f"No genes are left to compare the {len(chosen)} genes of the set with: choose "
            "fewer genes, fewer bins (n_bins) or a larger ctrl_size."
        )
    return _frozen(scores.score(by_genes, chosen, controls, **how))  # type: ignore[arg-type]


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
