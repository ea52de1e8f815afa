"""A shell like the kernel's, a comm that remembers, and no need of a built viewer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anndata
import comm
import pytest
from comm.base_comm import BaseComm
from IPython.core.interactiveshell import InteractiveShell

from jupyter_cxg.notebook.view import open_view
from jupyter_cxg.notebook.widget import CxgWidget
from tests.reference.example import tiny_adata


class RecordingComm(BaseComm):
    """Keeps what Python sends to the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sent: list[dict[str, Any]] = []
        super().__init__(*args, **kwargs)

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        self.sent.append(data or {})

    def updates(self) -> list[dict[str, Any]]:
        """The states sent by Python itself, without the echo that ipywidgets makes for other pages."""
        return [data["state"] for data in self.sent if data.get("method") == "update"]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where `view` publishes."""
    monkeypatch.setenv("CXG_SNAPSHOT_DIR", str(tmp_path / "snapshots"))
    monkeypatch.setattr("jupyter_cxg.notebook.traits.loader_source", lambda: "export default {}")
    monkeypatch.setattr(comm, "create_comm", lambda **keys: RecordingComm(**keys))
    return tmp_path / "snapshots"


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """An IPython shell with ``%cxg``."""
    made: InteractiveShell = InteractiveShell.instance()
    made.run_line_magic("load_ext", "jupyter_cxg")
    yield made
    InteractiveShell.clear_instance()


@pytest.fixture
def adata() -> anndata.AnnData:
    """The tiny AnnData."""
    return tiny_adata()


@pytest.fixture
def viewer(adata: anndata.AnnData) -> CxgWidget:
    """A viewer of it, published and shown."""
    widget = open_view(adata)
    widget.finish()
    return widget


@pytest.fixture
def says(viewer: CxgWidget) -> Callable[..., None]:
    """``says(state={…}, _selection_bits=b"…")``: the viewer sends these traits in one message."""

    def say(**traits: Any) -> None:
        viewer.comm.sent.clear()
        # as they come over the wire: bytes apart from the rest, as memory views
        binary = {name: memoryview(value) for name, value in traits.items() if isinstance(value, bytes)}
        content = {
            "method": "update",
            "state": {name: value for name, value in traits.items() if name not in binary},
            "buffer_paths": [[name] for name in binary],
        }
        viewer._handle_msg({"content": {"data": content}, "buffers": list(binary.values())})

    return say
