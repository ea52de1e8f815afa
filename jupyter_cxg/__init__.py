"""A cellxgene-style viewer for single-cell data, inside Jupyter.

>>> import jupyter_cxg
>>> viewer = jupyter_cxg.view(adata)  # doctest: +SKIP

Importing this costs nothing: what a name needs is imported when it is used.
"""

from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .notebook.view import view

__all__ = ["__version__", "load_ipython_extension", "view"]


def __getattr__(name: str) -> Any:
    if name == "view":
        from .notebook.view import view

        return view
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Enable the magic ``%cxg``; called by ``%load_ext jupyter_cxg``."""
    from .notebook.magic import CxgMagics

    shell.register_magics(CxgMagics)


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from .server.extension import CxgExtension

    return [{"module": "jupyter_cxg", "app": CxgExtension}]


def _load_jupyter_server_extension(server_app: Any) -> None:
    from .server.extension import CxgExtension

    CxgExtension._load_jupyter_server_extension(server_app)  # type: ignore[no-untyped-call]  # Jupyter's


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-cxg"}]
