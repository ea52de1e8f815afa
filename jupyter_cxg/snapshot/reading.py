"""How a file is read, where there is a choice."""

from dataclasses import dataclass


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
    """

    modality: str = ""
    obs_names: str = ""
    var_names: str = ""
    recipe: bool = False
    memory: int | None = None

    @property
    def key(self) -> str:
        """What the choices are known by; empty where none was made."""
        made = (self.modality, self.obs_names, self.var_names)
        return "\0".join(made) if any(made) else ""

    def titled(self, name: str) -> str:
        """The name of a file, with the modality."""
        return f"{name} ({self.modality})" if self.modality else name


AS_IT_IS = Reading()
