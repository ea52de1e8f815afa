"""What ``scanpy.tl.rank_genes_groups`` has left in uns: genes ranked for each group of a column."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import NotFound
from ..model import Array, Categorical, Columns
from .arrays import open_array
from .elements import frame_columns, frame_index, members
from .nodes import node

NUMBERS = {
    "score": "scores",
    "p": "pvals",
    "p_adjusted": "pvals_adj",
    "log2_fold_change": "logfoldchanges",
}
"""Our names of the columns, as of a comparison of ours → scanpy's."""
FRACTIONS = {"fraction_a": "pts", "fraction_b": "pts_rest"}
"""Of DataFrames with a row per gene of the matrix."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One call of ``rank_genes_groups``.

    Attributes
    ----------
    key
        In uns: ``key_added``.
    column
        ``groupby``; ``""`` where it is not said, as is `method`.
    reference
        ``"rest"``, or the group that all were compared with.
    groups
        In the order of the table.
    """

    key: str
    column: str
    reference: str
    method: str
    groups: tuple[str, ...]


def find_rankings(store: Path) -> tuple[Ranking, ...]:
    """All in ``uns`` that look like one, in alphabetical order."""
    there = sorted(members(store / "uns").items())
    return tuple(found for key, path in there if (found := _ranking(key, path)) is not None)


def read_ranking(store: Path, key: str) -> Columns:
    """The table of one: `category`, `gene`, and of `NUMBERS` and `FRACTIONS` what there is.

    Raises
    ------
    NotFound
        ``uns`` has no such ranking.
    """
    path = members(store / "uns").get(key)
    about = _ranking(key, path) if path else None
    if path is None or about is None:
        known = ", ".join(found.key for found in find_rankings(store)) or "none"
        raise NotFound(f"There is no ranking {key[:80]!r} in uns; there are: {known}.")
    parts = members(path)
    names = open_array(parts["names"])
    genes = np.concatenate([np.array([str(name) for name in names[group]], object) for group in about.groups])
    codes = np.repeat(np.arange(len(about.groups), dtype=np.int32), len(names))
    # filter_rank_genes_groups writes nan in the place of a gene that it takes out
    kept = genes != "nan"
    category = Categorical(codes[kept], np.array(about.groups, object))
    columns: dict[str, Array | Categorical] = {"category": category, "gene": genes[kept]}
    for name, theirs in NUMBERS.items():
        found = _numbers(parts.get(theirs), about.groups, len(names))
        if found is not None:
            columns[name] = found[kept]
    for name, theirs in FRACTIONS.items():
        if theirs in parts:
            columns[name] = _fractions(parts[theirs], about.groups, codes[kept], genes[kept])
    said = {"column": about.column, "reference": about.reference, "method": about.method}
    return Columns(int(kept.sum()), tuple(columns), tuple(columns.values()), tuple(columns), said)


def _ranking(key: str, path: Path) -> Ranking | None:
    if node(path)["node_type"] != "group":
        return None
    parts = members(path)
    fields = _fields(parts.get("names"))
    if not fields:
        return None
    params = members(parts["params"]) if "params" in parts else {}
    return Ranking(
        key,
        _text(params, "groupby"),
        _text(params, "reference") or "rest",
        _text(params, "method"),
        fields,
    )


def _fields(path: Path | None) -> tuple[str, ...]:
    """The fields of a structured array, without reading it."""
    about = node(path) if path else {}
    kind = about.get("data_type")
    if (
        len(about.get("shape", ())) != 1
        or not isinstance(kind, Mapping)
        or kind.get("name") not in ("structured", "struct")
    ):
        return ()
    fields = kind["configuration"]["fields"]
    return tuple(str(field["name"] if isinstance(field, Mapping) else field[0]) for field in fields)


def _text(params: Mapping[str, Path], name: str) -> str:
    path = params.get(name)
    return str(open_array(path)) if path and node(path)["node_type"] == "array" else ""


def _numbers(path: Path | None, groups: tuple[str, ...], n: int) -> Array | None:
    """Group by group, (n_groups * n,) float64; None where they are not there, or of another shape."""
    if path is None or _fields(path) != groups:
        return None
    values = open_array(path)
    if len(values) != n:
        return None
    if any(values[group].dtype.kind not in "fiub" for group in groups):
        return None
    return np.concatenate([np.asarray(values[group], np.float64) for group in groups])


def _fractions(path: Path, groups: tuple[str, ...], codes: Array, genes: Array) -> Array:
    """The entry of each gene in the column of its group; NaN where there is none."""
    columns, row = frame_columns(path), {name: i for i, name in enumerate(frame_index(path).tolist())}
    rows = np.array([row.get(gene, -1) for gene in genes.tolist()], np.int64)
    found = np.full(len(genes), np.nan)
    for code, group in enumerate(groups):
        here = (codes == code) & (rows >= 0)
        if group in columns:
            found[here] = open_array(columns[group])[rows[here]]
    return found
