"""MuData's .h5mu files: several AnnData of the same cells, of which one is shown."""

from typing import Any

import numpy as np

from ..errors import NotFound, Unpublishable
from ..model import Array


def is_mudata(group: Any) -> bool:
    """Whether an open file or store has modalities."""
    return "mod" in group and "obs" in group and hasattr(group["mod"], "keys")


def modality(group: Any, wanted: str, name: str) -> Any:
    """The group of one modality.

    Raises
    ------
    Unpublishable
        None was named, and there are several.
    NotFound
        There is no such modality.
    """
    there = sorted(group["mod"])
    listed = ", ".join(there)
    if wanted:
        if wanted not in there:
            raise NotFound(f"{name} has no modality {wanted!r}: it has {listed}.")
        return group["mod"][wanted]
    if len(there) != 1:
        raise Unpublishable(
            f"{name} has {len(there)} modalities ({listed}): choose one, by --modality on the command "
            "line or &modality= in the address."
        )
    return group["mod"][there[0]]


def joint_embeddings(group: Any, wanted: str, n_obs: int) -> dict[str, Array]:
    """What was computed from all modalities together, for the cells of one; NaN where a cell has none.

    ``obsmap`` has, for each cell of all, its position in the modality, counted from 1; 0: it is not in it.
    """
    there = sorted(group["mod"])
    key = wanted or there[0]
    if "obsmap" not in group or key not in group["obsmap"] or "obsm" not in group:
        return {}
    place = np.asarray(group["obsmap"][key][...]).ravel().astype(np.int64)
    mine = (place > 0) & (place <= n_obs)
    found = {}
    for name, item in group["obsm"].items():
        shape: tuple[int, ...] = getattr(item, "shape", ())
        if name in there or len(shape) != 2 or shape[0] != len(place) or item.dtype.kind not in "fiu":
            continue  # a mask of the modality's cells has its name
        points = np.full((n_obs, shape[1]), np.nan, np.float32)
        points[place[mine] - 1] = np.asarray(item[...])[mine]
        found[name] = points
    return found
