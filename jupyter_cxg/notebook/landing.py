"""What is annotated in the viewer lands in ``adata.obs``: columns that the viewer made, and no others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from .._version import __version__
from ..snapshot.clean import clean_names
from ..snapshot.provenance import KEY, TABLE, digest_of, is_annotation, table_of
from .annotations import categorical_of
from .label_colors import LandingColors
from .variables import is_another, variable_name

_ELSEWHERE = "viewer.annotations has all labels."


class Landing:
    """The columns of one viewer in the obs of one AnnData.

    Parameters
    ----------
    adata, title
        What the viewer was opened from, and what stands over it.
    snapshot
        Id of the viewer's snapshot.
    """

    def __init__(self, adata: Any, title: str, snapshot: str) -> None:
        self._adata, self._title, self._snapshot = adata, title, snapshot
        self._variable = variable_name(adata)
        self._name = self._variable or "the AnnData"
        self._obs = f"{self._variable}.obs" if self._variable else "obs of the AnnData"
        self._landed: dict[str, Mapping[str, Any]] = {}  # as the viewer sent them
        self._digests: dict[str, str] = {}  # of what was written here, in case that uns is emptied
        self._said: set[str] = set()
        self._colors, self._sent_colors = LandingColors(adata, self._name), list[Mapping[str, Any]]()
        self._checked: pd.Index | None = None

    def begin(self, names: pd.Index, fingerprint: str, revision: int) -> None:
        """These cells were published."""
        self._names, self._fingerprint, self._revision = names, fingerprint, revision
        self._checked = None

    def forget(self) -> None:
        """Other cells are shown now: what was written about the ones before stays where it is."""
        self._landed, self._digests, self._said = {}, {}, set()
        self._colors, self._sent_colors = LandingColors(self._adata, self._name), []

    def land(
        self, columns: Sequence[Mapping[str, Any]], colors: Sequence[Mapping[str, Any]] = ()
    ) -> list[str]:
        """Make obs have these columns, and uns the colors that were chosen for their labels.

        Parameters
        ----------
        columns
            All there are, as `annotations.frame_of` takes them.
        colors
            As `LandingColors.land` takes them; those of other columns are passed over.

        Returns
        -------
        Sentences about what was not written, each of them once.
        """
        wanted = {column["name"]: column for column in columns}
        changed = [name for name, column in wanted.items() if not _same(column, self._landed.get(name))]
        gone = [name for name in self._landed if name not in wanted]
        sent_colors = [item for item in colors if item["name"] in wanted]
        if not changed and not gone and sent_colors == self._sent_colors:
            return []
        if (reason := self._why_not()) is not None:
            return self._once([reason])
        news = [reason for name in gone if (reason := self._remove(name))]
        refused = {name: reason for name in changed if (reason := self._write(name, wanted[name]))}
        self._landed = {name: column for name, column in wanted.items() if name not in refused}
        self._sent_colors = sent_colors
        colored = self._colors.land(sent_colors, [name for name in self._landed if self._is_ours(name)])
        return self._once([*news, *refused.values(), *colored, *self._elsewhere()])

    def _once(self, sentences: Iterable[str]) -> list[str]:
        new = [sentence for sentence in sentences if sentence not in self._said]
        self._said.update(new)
        return new

    def _elsewhere(self) -> Iterable[str]:
        """The variable may be that of a new AnnData, in which people will look for their labels."""
        if self._variable and is_another(self._variable, self._adata):
            yield (
                f"{self._variable} is another AnnData than the one that the viewer was opened from, which "
                f"gets the labels: %cxg {self._variable} opens it."
            )

    # ── whether it may be written to ──

    def _why_not(self) -> str | None:
        """Why nothing can be written to this AnnData, as it is now."""
        adata, name = self._adata, self._name
        lost = f"Labels are not written to {self._obs}"
        if adata.is_view:  # to write would make a copy of all it shows
            copied = f"{name} = {name}.copy()" if self._variable else "%cxg my_view.copy()"
            return (
                f"{lost}, because {name} is a view of another one: {_ELSEWHERE} Of a copy they land "
                f"({copied}, before it is opened)."
            )
        if not isinstance(adata.obs, pd.DataFrame):
            return f"{lost}, because it is not in memory: {_ELSEWHERE}"
        if not self._has_the_cells():
            return (
                f"{lost} any more, because {name} has other cells than the viewer shows (obs_names changed): "
                f"{_ELSEWHERE} viewer.refresh() shows the cells as they are now."
            )
        if table_of(adata) is None:
            return (
                f"{lost}, because uns[{KEY!r}] of {name} is something else than what says where labels come "
                f"from: {_ELSEWHERE} Rename that key, and they land with the next change of a label."
            )
        return None

    def _has_the_cells(self) -> bool:
        index = self._adata.obs_names
        if index is not self._checked:  # an Index never changes: once is enough
            if len(index) != len(self._names) or not np.array_equal(clean_names(index), self._names):
                return False
            self._checked = index
        return True

    def _is_ours(self, name: str) -> bool:
        if is_annotation(self._adata, name, self._fingerprint):
            return True
        digest = self._digests.get(name)
        return digest is not None and digest == digest_of(self._adata.obs.get(name))

    # ── column by column ──

    def _column(self, name: str) -> str:
        where = self._variable
        return f"{where}.obs[{name!r}]" if where else f"obs[{name!r}] of the AnnData"

    def _write(self, name: str, column: Mapping[str, Any]) -> str | None:
        obs = self._adata.obs
        values = categorical_of(column, len(obs))
        if values is None:
            return None
        if "/" in name or name in ("_index", obs.index.name):  # no .h5ad could be written
            return (
                f"The annotation {name!r} is not written to {self._obs}, because no file could have a "
                "column of that name: rename it in the viewer."
            )
        series = pd.Series(values, index=obs.index)
        digest = digest_of(series)
        if name in obs.columns and digest != digest_of(obs[name]) and not self._is_ours(name):
            by = "was changed in Python since" if name in self._digests else "is not the viewer's"
            return (
                f"The annotation {name!r} is not written, because {self._column(name)} {by}: {_ELSEWHERE} "
                "Rename or drop that column, or rename the annotation, and it lands with the next change of "
                "a label."
            )
        if name not in obs.columns or self._is_ours(name):
            obs[name] = values
            self._note(name, digest or "", int(np.count_nonzero(values.codes >= 0)))
        return None

    def _remove(self, name: str) -> str | None:
        obs = self._adata.obs
        ours = name in obs.columns and self._is_ours(name)
        if ours:
            del obs[name]
        table = table_of(self._adata)
        if table is not None and name in table.index:
            self._keep(table.drop(index=name))
        known = self._digests.pop(name, None)
        if ours or known is None or name not in obs.columns:
            return None
        return (
            f"The annotation {name!r} is gone from the viewer, and {self._column(name)} stays, because it "
            "was changed in Python since it was written."
        )

    # ── where they came from ──

    def _note(self, name: str, digest: str, labeled: int) -> None:
        self._digests[name] = digest
        table = table_of(self._adata)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        known = table is not None and name in table.index and "created" in table.columns
        row = {
            "dataset": self._title,
            "viewer": self._snapshot,
            "revision": self._revision,
            "fingerprint": self._fingerprint,
            "created": table.loc[[name], "created"].iloc[-1] if known and table is not None else now,
            "changed": now,
            "cells": len(self._names),
            "labeled": labeled,
            "digest": digest,
            "version": __version__,
        }
        kept = table.drop(index=name, errors="ignore") if table is not None and len(table) else None
        new = pd.DataFrame([row], index=pd.Index([name], name="column", dtype=object))
        self._keep(new if kept is None or not len(kept) else pd.concat([kept, new]).rename_axis("column"))

    def _keep(self, table: pd.DataFrame) -> None:
        """A new table each time: a shallow copy of the AnnData keeps the one it has."""
        others = {key: value for key, value in self._adata.uns.get(KEY, {}).items() if key != TABLE}
        if len(table):
            self._adata.uns[KEY] = {**others, TABLE: table}
        elif others:
            self._adata.uns[KEY] = others
        else:
            self._adata.uns.pop(KEY, None)


def _same(column: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    return other is not None and all(column[key] == other[key] for key in ("categories", "width", "codes"))
