"""Where genes are, by their names."""

from collections.abc import Mapping

from ..model import Array


def finder(names: Array) -> Mapping[str, tuple[int, ...]]:
    """Name → positions; a name that occurs twice means both genes."""
    found: dict[str, tuple[int, ...]] = {}
    for position, name in enumerate(names.tolist()):
        found[name] = (*found.get(name, ()), position)
    return found
