"""A catalog with one snapshot in it, whatever else the user has."""

from pathlib import Path

from ..errors import NotFound
from .catalog import Catalog


class SingleCatalog(Catalog):
    """What a server for strangers sees of the user's snapshots.

    All ways to a snapshot go through `directory`, so the others are not there: they are neither listed
    nor opened nor removed.
    """

    def __init__(
        self, id: str, root: Path, *, max_bytes: int | None = None, keep_seconds: float = 24 * 3600
    ) -> None:
        super().__init__(root, max_bytes=max_bytes, keep_seconds=keep_seconds)
        self._only = super().directory(id).name

    def directory(self, id: str) -> Path:
        """Where the one snapshot lies."""
        if id != self._only:
            raise NotFound(f"There is no snapshot {id[:40]!r}.")
        return super().directory(id)
