"""A snapshot read back: memory maps of one revision. Needs neither anndata nor pandas."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np

from ..errors import NotFound, NotReady
from ..model import Array, Columns, Matrix, Schema, Sparse, Values
from .arrays import open_array
from .drawable import missing_points
from .elements import frame_columns, frame_index, frame_names, members, read_matrix, read_values, texts
from .facts import Fact, find_facts
from .images import SPATIAL, TissueImage, find_images
from .manifest import Manifest, read_manifest
from .nodes import attributes, node
from .rankings import Ranking, find_rankings, read_ranking
from .schema import find_column, read_schema

_SPARSE = ("csr_matrix", "csc_matrix")


def matrix_path(store: Path, layer: str) -> Path:
    """Where a matrix lies: ``"X"``, ``"raw"`` (unless only a layer has that name), or a layer.

    A layer with the name of one that is taken is called ``layers/{name}``.
    """
    if layer == "X":
        return store / "X"
    if layer == "raw" and (store / "raw").exists():
        return store / "raw" / "X"
    layers = members(store / "layers")
    return layers.get(layer) or layers.get(layer.removeprefix("layers/")) or store / "layers" / "(none)"


class Snapshot:
    """One revision of a snapshot. All arrays are read-only.

    Parameters
    ----------
    directory
        ``{root}/{id}``.
    manifest
        As it is now; while it says "publishing", matrices become readable one after the other.

    Attributes
    ----------
    index_directory
        Where the server puts what it derives from this revision; may not exist.
    """

    def __init__(self, directory: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self._directory = directory
        self._store = directory / f"r{manifest.revision}.zarr"
        self.index_directory = directory / f"r{manifest.revision}.index"

    @cached_property
    def schema(self) -> Schema:
        """What can be asked of it."""
        return read_schema(self._store, self.manifest)

    def obs(self, name: str) -> Values:
        """An obs column, or the names of the cells under ``schema.obs_index``.

        Raises
        ------
        NotFound
            There is no such column.
        """
        frame = self._store / "obs"
        return frame_names(frame) if name == self.schema.obs_index else read_values(find_column(frame, name))

    def var(self, name: str, layer: str = "X") -> Values:
        """A var column, or the names of the genes under ``schema.var_index``; of raw for ``"raw"``.

        Raises
        ------
        NotFound
            There is no such column.
        """
        raw = self._store / "raw" / "var"
        frame = raw if layer == "raw" and raw.exists() else self._store / "var"
        return frame_index(frame) if name == self.schema.var_index else read_values(find_column(frame, name))

    def embedding(self, name: str) -> Array:
        """The points of an embedding: floating, shape (n_obs, 2); NaN in both where one is not drawn.

        Raises
        ------
        NotFound
            There is no such embedding.
        """
        known = {embedding.name: embedding for embedding in self.schema.embeddings}
        if name not in known:
            raise NotFound(f"There is no embedding {name!r}; there are: {', '.join(known)}.")
        points = open_array(members(self._store / "obsm")[known[name].key])[:, :2]
        if points.dtype.kind != "f":
            points = points.astype(np.float32)
        if known[name].n_missing:
            points = np.where(missing_points(points)[:, None], points.dtype.type(np.nan), points)
        points.flags.writeable = False
        return points

    def matrix(self, layer: str = "X") -> Matrix:
        """X, raw or a layer.

        Raises
        ------
        NotReady
            It is still being copied.
        NotFound
            There is no such matrix.
        """
        if layer not in self.manifest.all_matrices:
            known = ", ".join(self.manifest.all_matrices) or "none"
            raise NotFound(f"There is no matrix {layer!r}; there are: {known}.")
        path = matrix_path(self._store, layer)
        # It is renamed into place when it is whole, so its presence is the truth; the manifest in
        # hand may be older.
        if not path.exists():
            if layer not in read_manifest(self._directory).all_matrices:
                raise NotFound(f"The matrix {layer!r} could not be copied; publish again.")
            raise NotReady(f"The matrix {layer!r} is still being copied.")
        return read_matrix(path)

    def colors(self) -> Mapping[str, tuple[str, ...]]:
        """``uns["{column}_colors"]`` as text, for the obs columns there are; not validated.

        Rows of numbers (n, 3) or (n, 4) become texts like ``"0.1 0.2 0.3"``.
        """
        columns = frame_columns(self._store / "obs")
        uns = members(self._store / "uns")
        found = {}
        for name in columns:
            path = uns.get(f"{name}_colors")
            values = open_array(path) if path and _is_array(path) else None
            if values is None:
                continue
            if values.ndim == 1 and values.dtype == object:
                found[name] = texts(values)
            elif values.ndim == 2 and values.shape[1] in (3, 4) and values.dtype.kind in "iuf":
                found[name] = _rows_as_text(values[:, :3])
        return found

    @cached_property
    def rankings(self) -> tuple[Ranking, ...]:
        """What ``rank_genes_groups`` has left in uns."""
        return find_rankings(self._store)

    def ranking(self, key: str) -> Columns:
        """The table of one of them; see `rankings.read_ranking`."""
        return read_ranking(self._store, key)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What the dataset says of itself in uns."""
        return find_facts(self._store)

    @cached_property
    def images(self) -> tuple[TissueImage, ...]:
        """What lies beneath the embedding `spatial`, if there is one."""
        return find_images(self._store) if self.spatial else ()

    @cached_property
    def spatial(self) -> str:
        """The embedding of places in a tissue; ``""``: there is none."""
        return next((item.name for item in self.schema.embeddings if item.key in SPATIAL), "")

    @property
    def graphs(self) -> tuple[str, ...]:
        """Names of the sparse matrices in obsp; none before it is copied."""
        there = sorted(members(self._store / "obsp").items())
        return tuple(name for name, path in there if attributes(path).get("encoding-type") in _SPARSE)

    def graph(self, name: str) -> Sparse:
        """One of `graphs`, shape (n_obs, n_obs)."""
        return cast(Sparse, read_matrix(members(self._store / "obsp")[name]))

    @cached_property
    def default_embedding(self) -> str | None:
        """``uns["default_embedding"]`` if it names an embedding (by name or obsm key)."""
        path = members(self._store / "uns").get("default_embedding")
        wanted = str(open_array(path)) if path and _is_array(path) else None
        names = {item.name: item.name for item in self.schema.embeddings}
        return {**{item.key: item.name for item in self.schema.embeddings}, **names}.get(wanted or "")


def _rows_as_text(rgb: Array) -> tuple[str, ...]:
    """Colors as texts of three numbers from 0 to 1.

    The array as a whole says whether it counts to 1 or to 255: a single row such as 1 0 0 does not.
    What is out of both ranges stays as it is, for the reader of colors to refuse.
    """
    numbers = rgb.astype(np.float64)
    if rgb.size and 1 < numbers.max() <= 255:
        numbers /= 255
    return tuple(" ".join(map(str, row)) for row in numbers.tolist())


def _is_array(path: Path) -> bool:
    return bool(node(path)["node_type"] == "array")
