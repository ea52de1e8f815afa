"""What a snapshot has beside its columns and matrices: ranked genes, tissue images, graphs of neighbors."""

from collections.abc import Mapping
from functools import cached_property

from ..errors import NotFound
from ..model import Array, Columns
from ..snapshot.facts import Fact
from ..snapshot.images import read_image
from ..snapshot.rankings import Ranking
from ..snapshot.reader import Snapshot
from .groups import Group, Read, cells_of
from .images import Placed, placed
from .neighbors import with_neighbors


class Beside:
    """The part of a `Dataset` that nothing else in it needs."""

    _snapshot: Snapshot

    @property
    def rankings(self) -> tuple[Ranking, ...]:
        """Genes that the user has ranked, with scanpy."""
        return self._snapshot.rankings

    def ranking(self, key: str) -> Columns:
        """The table of one of `rankings`.

        Raises
        ------
        NotFound
            There is no such one.
        """
        return self._snapshot.ranking(key)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the dataset says of itself in uns."""
        return self._snapshot.facts

    @cached_property
    def images(self) -> Mapping[str, tuple[Placed, ...]]:
        """Embedding → the tissue images beneath it; of embeddings without one nothing."""
        found = self._snapshot.images
        if not found:
            return {}
        points = self._snapshot.embedding(self._snapshot.spatial)
        beneath = tuple(where for image in found if (where := placed(image, points)) is not None)
        return {self._snapshot.spatial: beneath} if beneath else {}

    def image(self, name: str) -> Array:
        """One of `images`: (height, width, 3 or 4) uint8.

        Raises
        ------
        NotFound
            There is no such image.
        """
        for image in self._snapshot.images:
            if image.name == name:
                return read_image(image)
        known = ", ".join(image.name for image in self._snapshot.images) or "none"
        raise NotFound(f"There is no image {name[:80]!r} in uns['spatial']; there are: {known}.")

    @property
    def graphs(self) -> tuple[str, ...]:
        """Names of the sparse matrices in obsp, in alphabetical order."""
        return self._snapshot.graphs

    def neighbors(self, graph: str, group: Group, read: Read) -> Array:
        """The cells of a group, and those that a graph connects them with: bool, (n_obs,).

        Raises
        ------
        BadQuery
            The group makes no sense; see `cells_of`.
        NotFound
            There is no such graph.
        NotReady
            It is still being copied.
        """
        if graph not in self.graphs:
            known = ", ".join(self.graphs) or "none"
            raise NotFound(f"There is no graph {graph[:80]!r} in obsp; there are: {known}.")
        cells = cells_of(group, self._snapshot.schema.n_obs, read)
        return with_neighbors(self._snapshot.graph(graph), cells)
