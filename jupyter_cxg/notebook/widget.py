"""The viewer as a widget: what is selected and shown, readable and settable from Python."""

import hashlib
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import pandas as pd
from traitlets import All, Bool, Bunch, Dict, List, TraitType, Unicode, observe, validate

from ..errors import NotFound
from ..snapshot.manifest import Progress
from ..snapshot.wish import Wish
from ..snapshot.writer import Publication, Source
from .annotations import frame_of
from .between import BetweenCells
from .display import Displayed
from .label_colors import read_chosen, write_colors
from .landing import Landing
from .names import Names, gene_sets
from .selection import Mask, mask_of, pack, unpack
from .share import Link, Sharing, wanted_state

_PATIENCE = 1.0  # seconds of copying without a progress bar
_KEPT_CELLS = 4  # bitsets of selections made in Python that stay known to the viewer, for its undo


class _Selection(TraitType[Any, Any]):
    """Computed when it is read, from the bits; the widget says when it changes."""

    info_text = "names of cells, a boolean mask, integer positions, or None"

    def get(self, obj: Any, cls: Any = None) -> pd.Index:
        return obj._selected_names()

    def set(self, obj: Any, value: Any) -> None:
        obj._select(value)


class CxgWidget(Displayed):
    """A viewer of an AnnData.

    All of these can be set, and observed (``viewer.observe(f, "selection")``).

    Attributes
    ----------
    selection : pandas.Index
        Names of the selected cells; of all cells when nothing is filtered. Set it to names, a boolean
        mask, integer positions, or None to select all.
    color_by : str or None
        An obs column or a gene (the column, where both have this name).
    embedding : str
        ``"umap"`` for ``obsm["X_umap"]``.
    filters : list of dict
        What the selection consists of; see ``Filter`` in viewer/src/state/state.ts.
    label_colors : dict
        Column → label → ``"#rrggbb"``: the colors that were chosen, by whomever.
    state : dict
        The whole view, as the viewer last said it.
    write_obs : bool
        Whether what is annotated in the viewer lands in obs of the AnnData.
    """

    selection = _Selection(help="Names of the selected cells.")
    color_by = Unicode(None, allow_none=True, help="What colors the points.")
    embedding = Unicode(None, allow_none=True, help="Which embedding is shown.")
    filters: Any = List(help="Which cells are selected, as descriptions.")
    label_colors: Any = Dict(help="Column → label → color, where somebody has chosen one.")
    write_obs = Bool(False, help="Whether annotations land in obs of the AnnData.")

    def __init__(
        self,
        adata: Any,
        publication: Publication,
        *,
        title: str,
        height: int = 450,
        source: Source | None = None,
    ) -> None:
        self._hearing = False  # whether a change comes from the viewer, so that nothing is sent back
        self._heard: set[str] = set()  # what the viewer said since the last action was sent
        self._seq = 0
        self._bits = b""  # the selection as Python believes it to be
        self._names: pd.Index | None = None
        self._since = 1  # the first revision of the cells that are shown
        # A strong reference: refresh() must work after the variable is gone, and a view would lose its base.
        self._adata, self._source = adata, source
        self._landing = Landing(adata, title, publication.manifest.id)
        self._between = BetweenCells(self._land, lambda text: print(text, file=sys.stderr))
        self._take(publication)
        super().__init__(
            _snapshot=publication.manifest.id,
            _revision=publication.manifest.revision,
            _title=title,
            _height=height,
        )

    # ── selection ──

    @property
    def selection_mask(self) -> Mask:
        """Whether each cell is selected: bool, shape (n_obs,)."""
        return unpack(self._bits, len(self._obs_names))

    def _selected_names(self) -> pd.Index:
        if self._names is None:
            self._names = self._obs_names[self.selection_mask] if self._bits else self._obs_names
        return self._names

    def _select(self, cells: Any) -> None:
        if cells is None:
            self._believe(b"")
            self._ask({"type": "clearFilters", "subset": True})
            return
        mask = mask_of(cells, self._obs_names)
        bits = pack(mask)
        # Named by content: an older selection that undo brings back is still the one it was.
        key = f"python-{hashlib.blake2b(bits, digest_size=6).hexdigest()}"
        others = [(k, v) for k, v in self._cells.items() if k != key][1 - _KEPT_CELLS :]
        self._cells = {**dict(others), key: bits}
        self._believe(bits)
        count = int(np.count_nonzero(mask))
        self._ask({"type": "selectCells", "key": key, "label": "from Python", "count": count})

    def _believe(self, bits: bytes) -> None:
        if bits == self._bits:
            return
        watched = any(self._trait_notifiers.get(name, {}).get("change") for name in ("selection", All))
        old = self._selected_names() if watched else None
        self._bits, self._names = bits, None
        if watched:  # names are made only where somebody wants them
            new = self._selected_names()
            self.notify_change(Bunch(name="selection", old=old, new=new, owner=self, type="change"))

    @property
    def annotations(self) -> pd.DataFrame:
        """What was annotated in the viewer: a categorical column each, by the names of the cells."""
        return frame_of(self._annotated(), self._obs_names)

    def _annotated(self) -> list[Mapping[str, Any]]:
        """As the viewer sent them; not what it sent about the cells before a refresh."""
        return [item for item in self._annotations if item.get("revision", self._since) >= self._since]

    @observe("_annotations", "_label_colors", "write_obs")
    def _annotations_changed(self, _change: Bunch) -> None:
        self._known.note(item["name"] for item in self._annotated())
        if self.write_obs and self._source is None:  # of a file nobody but the viewer has the AnnData
            self._between.soon()

    def _land(self) -> list[str]:
        columns = self._annotated()
        stale = len(columns) < len(self._annotations)
        return self._landing.land(columns, self._label_colors) if self.write_obs and not stale else []

    def write_colors(self, *columns: str) -> None:
        """Write the colors that labels have in the viewer to ``uns["<column>_colors"]``, for scanpy.

        Of the columns that the viewer made they are there by themselves.

        Parameters
        ----------
        columns
            Of obs; without any, all in which a color was chosen.

        Raises
        ------
        NotFound
            No color was chosen in this column.
        BadQuery
            The AnnData cannot take them.
        """
        write_colors(self._adata, columns, self._label_colors, in_memory=self._source is None)

    @property
    def gene_sets(self) -> dict[str, list[str]]:
        """The gene sets of the viewer, in order; set it to names and their genes to replace all of them."""
        return {item["name"]: [*item["genes"]] for item in self._gene_sets}

    @gene_sets.setter
    def gene_sets(self, sets: Mapping[str, Iterable[str]]) -> None:
        self._ask({"type": "setGeneSets", "sets": gene_sets(sets)})

    # ── from Python to the viewer ──

    def _ask(self, action: Mapping[str, Any]) -> None:
        self._seq += 1
        self._heard.clear()
        self._actions = [*self._actions, {"seq": self._seq, "action": dict(action)}]

    @validate("color_by")
    def _valid_color_by(self, proposal: Bunch) -> str | None:
        name = proposal.value
        if name is not None and not self._hearing:
            self._known.color_by(name)
        return name  # type: ignore[no-any-return]  # checked by the trait

    @validate("embedding")
    def _valid_embedding(self, proposal: Bunch) -> str | None:
        name = proposal.value
        return name if name is None or self._hearing else self._known.embedding(name)

    @validate("filters")
    def _valid_filters(self, proposal: Bunch) -> Any:
        return proposal.value if self._hearing else self._known.filters(proposal.value, self._cells)

    @validate("label_colors")
    def _valid_label_colors(self, proposal: Bunch) -> Any:
        return proposal.value if self._hearing else read_chosen(proposal.value, self._known.obs_columns)

    @observe("label_colors")
    def _label_colors_changed(self, change: Bunch) -> None:
        if not self._hearing:
            self._ask({"type": "setState", "state": {"labelColors": change.new}})

    @observe("color_by")
    def _color_by_changed(self, change: Bunch) -> None:
        if not self._hearing:
            color = None if change.new is None else self._known.color_by(change.new)
            self._ask({"type": "colorBy", "color": color})

    @observe("embedding")
    def _embedding_changed(self, change: Bunch) -> None:
        if not self._hearing and change.new is not None:
            self._ask({"type": "setEmbedding", "embedding": change.new})

    @observe("filters")
    def _filters_changed(self, change: Bunch) -> None:
        if not self._hearing:
            self._ask({"type": "setFilters", "filters": change.new})

    # ── from the viewer to Python ──

    @observe("state", "_selection_bits", "_done")
    def _hear(self, change: Bunch) -> None:
        self._heard.add(change.name)
        if change.name == "_done":
            self._actions = [item for item in self._actions if item["seq"] > change.new]
        self._settle()

    @observe("_error")
    def _say_error(self, change: Bunch) -> None:
        if change.new:
            print(f"The viewer of {self._title}: {change.new}", file=sys.stderr)
            self._heard |= {"state", "_selection_bits"}  # what was asked for did not happen
            self._settle()

    def _settle(self) -> None:
        """Take over what the viewer said, unless it has yet to do what Python asked for last."""
        if self._actions:
            return
        if "_selection_bits" in self._heard:
            self._believe(self._selection_bits)
        if "state" in self._heard:
            with self._from_viewer():
                if "color" in self.state:
                    self.color_by = (self.state["color"] or {}).get("name")
                if self.state.get("embedding") is not None:
                    self.embedding = self.state["embedding"]
                self.filters = self.state.get("filters", self.filters)
                self.label_colors = self.state.get("labelColors", self.label_colors)
        self._heard.clear()

    @contextmanager
    def _from_viewer(self) -> Iterator[None]:
        self._hearing = True
        try:
            yield
        finally:
            self._hearing = False

    # ── publishing ──

    def refresh(self) -> None:
        """Publish the AnnData again, as it is now; the open viewers follow.

        Raises
        ------
        CxgError
            It cannot be shown any more, or does not fit on the disk.
        """
        before, catalog = self._publication.manifest, self._publication.catalog
        publication = Publication.begin(
            self._adata, catalog, title=self._title, id=self._snapshot, source=self._source
        )
        if publication.manifest.fingerprint != before.fingerprint:
            # Other cells: sets of the old ones mean nothing now.
            self._believe(b"")
            self.set_trait("_selection_bits", b"")
            self._cells, self._actions = {}, []
            self._landing.forget()
            self._since = publication.manifest.revision
        self._take(publication)
        self._revision = publication.manifest.revision
        self.finish()

    def finish(self) -> None:
        """Copy the matrices, with a progress bar in the viewer when that takes over a second."""
        started = time.monotonic()

        def tell(progress: Progress) -> None:
            if time.monotonic() - started > _PATIENCE:
                self._progress = {"label": progress.label, "fraction": progress.fraction}

        try:
            self._publication.finish(tell)
        finally:
            self._progress = None

    def _take(self, publication: Publication) -> None:
        self._publication = publication
        self._known = Names(publication.obs_columns, publication.var_names, publication.embeddings)
        # Those that were published: obs_names of the AnnData may change in place later.
        self._obs_names = pd.Index(publication.obs_names, dtype=object)
        self._names = None
        manifest = publication.manifest
        self._known.note(item["name"] for item in self._annotated())
        self._landing.begin(self._obs_names, manifest.fingerprint, manifest.revision)

    def close(self) -> None:
        """Close the views and remove the snapshot from the disk."""
        self._between.close()
        if self.comm is not None:
            super().close()
            with suppress(NotFound):
                self._publication.catalog.remove(self._snapshot)

    def __del__(self) -> None:
        """The end of the kernel is not the end of the snapshot, so nothing is closed here."""

    # ── sharing ──

    def share(self, role: str = "view", expires: str = "7d", note: str = "") -> Link:
        """A link that shows this view, as it is now, to whoever has it: no account is needed.

        Parameters
        ----------
        role
            ``"view"``: looking at this one dataset, and nothing else of the server.
        expires
            A number of minutes, hours, days or weeks: ``"30m"``, ``"12h"``, ``"7d"``, ``"4w"``.
        note
            For you, to tell links apart.

        Returns
        -------
        The link; ``print(link.url)`` shows it, ``link.revoke()`` ends it.

        Raises
        ------
        SharingOff
            The server does not allow links.
        BadQuery
            The role or the time is none.
        """
        state = wanted_state(self.state, [item["action"] for item in self._actions])
        return self._sharing.create(Wish(role, expires, note, state), self._cells)

    @property
    def links(self) -> list[Link]:
        """The links to this view that are valid, newest first; ``viewer.links[0].revoke()`` ends one."""
        return self._sharing.list()

    @property
    def _sharing(self) -> Sharing:
        return Sharing(self._publication.catalog, self._snapshot, lambda: self._server)

    # ── showing ──

    def open_with(self, *, color: str | None, embedding: str | None) -> None:
        """What a viewer shows when it opens for the first time.

        Raises
        ------
        NotFound
            There is no such column, gene or embedding.
        """
        state: dict[str, Any] = {}
        if color is not None:
            state["color"] = self._known.color_by(color)
        if embedding is not None:
            state["embedding"] = self._known.embedding(embedding)
        self.state = state

    def __repr__(self) -> str:
        manifest = self._publication.manifest
        size = f"{manifest.n_obs:,} cells × {manifest.n_vars:,} genes"
        selected = f", {np.count_nonzero(self.selection_mask):,} selected" if self._bits else ""
        return f"<cxg viewer of {self._title}: {size}{selected}>"
