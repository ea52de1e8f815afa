"""How a widget stands in the output of a cell: once, and with what the labextension needs."""

from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from .traits import SyncedTraits

OUTPUT_TYPE = "application/vnd.jupyter-cxg.view+json"
"""Stands beside the widget's own type in the output, so that the labextension can keep a picture there."""


class Displayed(SyncedTraits):
    """A viewer that can be shown at once, and as the value of a cell."""

    _shown_in: int | None = None

    def show(self) -> None:
        """Display the viewer now; as the value of the same cell it is then not displayed again."""
        self._shown_in = _execution_count()
        self._display()

    def _ipython_display_(self) -> None:
        # `view(adata)` on the last line of a cell was displayed before X was copied, and IPython
        # displays the value of the line, too.
        shown, self._shown_in = self._shown_in, None
        if shown is None or shown != _execution_count():
            self._display()

    def _display(self) -> None:
        if get_ipython() is None:  # a script: there is nothing to display on
            return
        if self.comm is None:  # closed
            display({"text/plain": repr(self)}, raw=True)  # type: ignore[no-untyped-call]  # IPython's
        else:
            data, metadata = self._repr_mimebundle_()
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]  # IPython's

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, OUTPUT_TYPE: {"snapshot": self._snapshot}}, metadata


def _execution_count() -> int | None:
    shell = get_ipython()
    return None if shell is None else shell.execution_count
