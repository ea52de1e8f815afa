"""Colors of labels between the viewer and ``uns["<column>_colors"]``, where scanpy has them."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..errors import BadQuery, NotFound
from ..snapshot.colors import read_color
from ..snapshot.provenance import KEY

NOTES = "colors"
"""Beside the provenance of columns: which colors were written, by column."""
MOST = 1000  # of all columns together, as viewer/src/state/coloring.ts has it

Chosen = Mapping[str, Mapping[str, str]]
"""Column → label → ``"#rrggbb"``."""


def read_chosen(colors: Any, known: Iterable[str]) -> dict[str, dict[str, str]]:
    """Colors as the viewer takes them, of what the user wrote.

    Raises
    ------
    NotFound
        There is no such obs column.
    BadQuery
        It is something else than columns with a color for labels, or too much.
    """
    columns = [*known]
    found: dict[str, dict[str, str]] = {}
    if not isinstance(colors, Mapping) or not all(isinstance(each, Mapping) for each in colors.values()):
        raise BadQuery('label_colors is a dict of dicts: {"my cell types": {"T cell": "#1f77b4"}}.')
    for column, labels in colors.items():
        if column not in columns:
            raise NotFound(f"There is no obs column {column!r} whose labels could have colors.")
        found[column] = {str(label): _color(column, label, color) for label, color in labels.items()}
    if sum(map(len, found.values())) > MOST:
        raise BadQuery(f"More than {MOST:,} labels cannot have colors of their own.")
    return {column: labels for column, labels in found.items() if labels}


def _color(column: str, label: Any, color: Any) -> str:
    found = read_color(color if isinstance(color, str) else str(color))
    if found is None:
        raise BadQuery(
            f"{color!r}, for {label!r} of {column!r}, is no color: write '#1f77b4', a name such as 'teal', "
            "or three numbers from 0 to 1."
        )
    return found


class LandingColors:
    """What the viewer has written to uns about the colors of obs columns."""

    def __init__(self, adata: Any, where: str) -> None:
        self._adata, self._where = adata, where
        self._written: dict[str, list[str]] = {}

    def land(self, sent: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> list[str]:
        """Make uns have the colors of those of these columns in which some were chosen.

        Parameters
        ----------
        sent
            ``name``, ``labels``, ``colors`` and ``plain`` of each column, as the viewer sends them.
        columns
            The obs columns that are the viewer's, now that labels have landed.

        Returns
        -------
        Sentences about what was not written.
        """
        given = {item["name"]: item for item in sent}
        wanted = {name: given[name] for name in columns if name in given}
        news = [reason for name in [*self._written] if name not in wanted and (reason := self._remove(name))]
        return [*news, *filter(None, (self._write(name, item) for name, item in wanted.items()))]

    def _write(self, name: str, item: Mapping[str, Any]) -> str | None:
        colors, there = _in_order(self._adata, item), self._there(name)
        if colors is None or there == colors:  # the labels are still on their way; it says so already
            return None
        scanpy = item["plain"][: len(there)] if there else None  # which it writes when it plots
        if there is not None and there != scanpy and not self._is_ours(name, there):
            by = "were changed in Python since" if name in self._written else "are not the viewer's"
            return (
                f"The colors of {name!r} are not written, because uns[{_key(name)!r}] of {self._where} "
                f"{by}: viewer.write_colors({name!r}) writes them nevertheless."
            )
        self._adata.uns[_key(name)] = colors
        self._note(name, colors)
        return None

    def _remove(self, name: str) -> str | None:
        there, written = self._there(name), self._written.pop(name)
        ours = there is None or there == written
        if there is not None and ours:
            del self._adata.uns[_key(name)]
        self._note(name, None)
        if ours:
            return None
        return (
            f"uns[{_key(name)!r}] of {self._where} stays, because it was changed in Python since the viewer "
            "has written it."
        )

    def _there(self, name: str) -> list[str] | None:
        found = self._adata.uns.get(_key(name))
        if found is None or not isinstance(found, Iterable):
            return None if found is None else []
        return [read_color(str(color)) or str(color) for color in found]

    # ── which are ours ──

    def _is_ours(self, name: str, there: list[str]) -> bool:
        return there == self._written.get(name) or self._noted().get(name) == " ".join(there)

    def _noted(self) -> Mapping[str, str]:
        ours = self._adata.uns.get(KEY, {})
        noted = ours.get(NOTES, {}) if isinstance(ours, dict) else {}
        return noted if isinstance(noted, dict) else {}

    def _note(self, name: str, colors: list[str] | None) -> None:
        """So that they are known when they come from a file. A shallow copy of the AnnData keeps its own."""
        others = {key: value for key, value in self._adata.uns.get(KEY, {}).items() if key != NOTES}
        noted = {column: value for column, value in self._noted().items() if column != name}
        if colors is not None:
            self._written[name] = colors
            noted[name] = " ".join(colors)
        ours = {**others, **({NOTES: noted} if noted else {})}
        if ours:
            self._adata.uns[KEY] = ours
        else:
            self._adata.uns.pop(KEY, None)


def write_colors(
    adata: Any, columns: Iterable[str], sent: Iterable[Mapping[str, Any]], *, in_memory: bool
) -> None:
    """Write the colors of any columns, because the user says so, over whatever there is.

    Parameters
    ----------
    columns
        Without any: all that were sent.
    sent
        As `LandingColors.land` takes them.

    Raises
    ------
    NotFound
        No color was chosen in one of them.
    BadQuery
        The AnnData cannot take them. Then none is written.
    """
    given = {item["name"]: item for item in sent}
    if not in_memory:
        raise BadQuery("This viewer shows a file, so there is no AnnData that colors could be written to.")
    if adata.is_view:
        raise BadQuery("The viewer shows a view of another AnnData, which is not written to: open a copy.")
    ready = {}
    for name in columns or given:
        if name not in given:
            raise NotFound(f"No color was chosen for a label of {name!r}; viewer.label_colors has all.")
        ready[_key(name)] = colors = _in_order(adata, given[name])
        if colors is None:
            raise BadQuery(
                f"obs[{name!r}] is no categorical with the labels that the viewer shows: "
                "viewer.refresh() shows it as it is now."
            )
    adata.uns.update(ready)


def _in_order(adata: Any, item: Mapping[str, Any]) -> list[str] | None:
    """As scanpy has them: one for each category, in order; None where one is not known."""
    values = adata.obs.get(item["name"])
    if not isinstance(values, pd.Series) or not isinstance(values.dtype, pd.CategoricalDtype):
        return None
    colors = dict(zip(item["labels"], item["colors"], strict=True))
    found = [colors.get(str(label)) for label in values.cat.categories]
    return [color for color in found if color is not None] if None not in found else None


def _key(column: str) -> str:
    return f"{column}_colors"
