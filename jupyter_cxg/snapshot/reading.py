"""How a file is read, where there is a choice."""

from dataclasses import dataclass
from typing import Any

ENDINGS = (".h5ad", ".zarr", ".h5mu", ".h5", ".loom")
KINDS = ".h5ad, .h5mu, 10x .h5 and .loom files and .zarr stores"


@dataclass(frozen=True, slots=True)
class Reading:
    """The choices; the first three make another snapshot of the same file.

    Attributes
    ----------
    modality
        Which of an .h5mu file's; empty: the only one.
    obs_names, var_names
        The columns of obs and var that hold the names; empty: their indexes.
    recipe
        Whether to compute an embedding where a file has none.
    memory
        Bytes of memory that reading may take; None: half of what this machine, or its container, has.
    private
        Hosts of this network that an address may lead to, as somebody named them.
    """

    modality: str = ""
    obs_names: str = ""
    var_names: str = ""
    recipe: bool = False
    memory: int | None = None
    private: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the choices are known by; empty where none was made."""
        made = (self.modality, self.obs_names, self.var_names)
        return "\0".join(made) if any(made) else ""

    def titled(self, name: str) -> str:
        """The name of a file, with the modality."""
        return f"{name} ({self.modality})" if self.modality else name


AS_IT_IS = Reading()


def reading_of(said: dict[str, Any]) -> Reading:
    """What `dataclasses.asdict` made of a `Reading`, after a journey as JSON."""
    return Reading(**{**said, "private": tuple(said["private"])})
