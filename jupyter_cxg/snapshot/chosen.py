"""A catalog with some snapshots in it, whatever else the user has."""

from collections.abc import Collection
from pathlib import Path

from ..errors import NotFound
from .catalog import Catalog


class ChosenCatalog(Catalog):
    """What a server for strangers sees of the user's snapshots.

    All ways to a snapshot go through `directory`, so the others are not there: they are neither listed
    nor opened nor removed.
    """

    def __init__(
        self,
        ids: Collection[str],
        root: Path,
        *,
        max_bytes: int | None = None,
        keep_seconds: float = 24 * 3600,
    ) -> None:
        super().__init__(root, max_bytes=max_bytes, keep_seconds=keep_seconds)
        self._ids = {super(ChosenCatalog, self).directory(id).name for id in ids}

    def directory(self, id: str) -> Path:
        """Where one of the snapshots lies."""
        if id not in self._ids:
            raise NotFound(f"There is no snapshot {id[:40]!r}.")
        return super().directory(id)
