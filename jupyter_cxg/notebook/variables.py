"""By which names the user knows an object."""

from typing import Any

from IPython.core.getipython import get_ipython

from ..snapshot.sources import is_anndata


def variable_name(value: Any) -> str | None:
    """The user's name for an object; None outside of IPython, or where it has none."""
    shell = get_ipython()
    if shell is None:
        return None
    named = (name for name, other in shell.user_ns.items() if other is value and not name.startswith("_"))
    return next(named, None)


def is_another(name: str, adata: Any) -> bool:
    """Whether the name is that of another AnnData by now, and this one has none any more."""
    shell = get_ipython()
    if shell is None or variable_name(adata) is not None:
        return False
    return is_anndata(shell.user_ns.get(name))
