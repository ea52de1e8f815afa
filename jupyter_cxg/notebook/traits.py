"""The widget's traits: what both ends of the comm see."""

from typing import Any

import anywidget
from traitlets import Bool, Bytes, Dict, Int, List, Unicode, default

from .loader import loader_source


def _to_bytes(value: Any, widget: Any) -> bytes:
    """Buffers come from the page as memory views, which a Bytes trait does not take."""
    return b"" if value is None else bytes(value)


class SyncedTraits(anywidget.AnyWidget):
    """The model that viewer/src/bridge/widget-end.ts knows.

    The viewer writes ``state``, ``_selection_bits``, ``_selection_count``, ``_done``, ``_error``,
    ``_annotations``, ``_label_colors``, ``_gene_sets``, ``ready`` and ``_server``; Python writes the others.
    Python asks for changes through ``_actions`` alone, so neither end ever answers its own echo.
    """

    _esm = Unicode().tag(sync=True)

    _snapshot = Unicode(help="Id of the snapshot.").tag(sync=True)
    _revision = Int(1).tag(sync=True)
    _title = Unicode().tag(sync=True)
    _height = Int(450, help="CSS pixels.").tag(sync=True)
    _progress: Any = Dict(None, allow_none=True, help="{label, fraction} while publishing.").tag(sync=True)

    state = Dict(help="The view state, as the viewer last said it; viewer/src/state/state.ts.").tag(sync=True)
    _selection_bits = Bytes(help="Packed bitset, first cell in the lowest bit; empty: no filter.").tag(
        sync=True, from_json=_to_bytes
    )
    _selection_count = Int(-1, help="Selected cells; -1: no filter.").tag(sync=True)
    _annotations: Any = List(help="{name, categories, width, codes} of each, as the viewer has them.").tag(
        sync=True
    )
    _label_colors: Any = List(help="{name, labels, colors, plain} of columns with chosen colors.").tag(
        sync=True
    )
    _gene_sets: Any = List(help="{name, description, genes, about} of each, in order.").tag(sync=True)
    ready = Bool(False, help="Whether a viewer has drawn its first picture.").tag(sync=True)
    _error = Unicode(help="What the viewer could not do, last.").tag(sync=True)

    _server = Unicode(help="Address of the server as the page knows it; ends in '/'.").tag(sync=True)

    _actions: Any = List(help="{seq, action} that the viewer has not done yet.").tag(sync=True)
    _done = Int(0, help="Highest seq that the viewer has done.").tag(sync=True)
    _cells = Dict(help="Key → packed bitset, for filters of kind cells that were made here.").tag(sync=True)

    @default("_esm")
    def _default_esm(self) -> str:
        return loader_source()
