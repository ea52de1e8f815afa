"""A snapshot opened for questions."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property, partial
from threading import Lock

import numpy as np

from ..compute.columns import column, mean_of_columns, prepare
from ..compute.points import unit_square
from ..errors import BadQuery
from ..model import (
    Array,
    Columns,
    Dense,
    GeneStream,
    Matrix,
    Schema,
    Values,
    VarQuery,
    columns_of,
)
from ..snapshot.colors import category_colors
from ..snapshot.manifest import Progress
from ..snapshot.reader import Snapshot
from .beside import Beside
from .bulk import BulkQuery, bulk
from .cache import Cache
from .categories import store_moments
from .compare import Diffexp, DiffexpQuery, diffexp, groups_of
from .compare import content_of as content_of_diffexp
from .figures import FigureQuery, figure
from .gene_names import finder
from .groups import Read
from .index import Indexer
from .markers import Markers, MarkersQuery, markers
from .markers import content_of as content_of_markers
from .scores import ScoreOptions, score
from .select import select_positions
from .source import Source
from .turned import is_by_gene
from .watch import Watch

PREFERRED = ("umap", "tsne", "pca")


class Dataset(Beside):
    """Answers about one revision of a snapshot. Thread-safe; every array it gives is read-only.

    Parameters
    ----------
    cache
        Where answers are kept; may be shared with other datasets.
    indexer
        Builds columns of matrices that are stored as rows.
    threads
        For one question about a large matrix.
    """

    def __init__(self, snapshot: Snapshot, cache: Cache, indexer: Indexer, *, threads: int = 1) -> None:
        self._snapshot = snapshot
        self._cache = cache
        self._indexer = indexer
        self._threads = threads
        manifest = snapshot.manifest
        self._key = (manifest.id, manifest.revision, manifest.created)
        self._others: dict[str, Matrix] = {}
        self._as_stored: dict[str, Matrix] = {}
        self._stored_soon: set[str] = set()
        self._finders: dict[str, Mapping[str, tuple[int, ...]]] = {}
        self._lock = Lock()

    def forget(self) -> None:
        """Let go of all answers, and so of the files that they map: these may have been removed."""
        self._cache.drop(self._key)

    # ── what there is ──

    @cached_property
    def schema(self) -> Schema:
        """What can be asked of it."""
        return self._snapshot.schema

    @cached_property
    def default_embedding(self) -> str:
        """The one that ``uns`` names, else umap, tsne, pca or the first; ``""`` if there is none."""
        names = [embedding.name for embedding in self.schema.embeddings]
        hints = (self._snapshot.default_embedding, *PREFERRED, *names)
        return next((hint for hint in hints if hint in names), "")

    @cached_property
    def colors(self) -> Mapping[str, Mapping[str, str]]:
        """Obs column → category → ``"#rrggbb"``, where all colors of the column are there and valid."""
        given = self._snapshot.colors()
        read = {
            column.name: category_colors(column.categories, given[column.name])
            for column in self.schema.obs
            if column.kind == "categorical" and column.categories and column.name in given
        }
        return {name: colors for name, colors in read.items() if colors is not None}

    @property
    def default_color(self) -> str | None:
        """The first categorical obs column with colors of its own."""
        annotations = self._snapshot.manifest.annotations  # of which a user may have newer ones
        return next((name for name in self.colors if name not in annotations), None)

    def indexing(self) -> Progress | None:
        """How far the index of genes is, while it is being built."""
        return self._indexer.progress(self._snapshot.index_directory)

    # ── columns ──

    def obs(self, names: Sequence[str]) -> Columns:
        """Obs columns, in the order asked."""
        return columns_of(tuple(names), tuple(self._obs(name) for name in names))

    def var(self, names: Sequence[str]) -> Columns:
        """Var columns, in the order asked."""
        return columns_of(tuple(names), tuple(self._var(name) for name in names))

    def embedding(self, names: Sequence[str]) -> Columns:
        """Embeddings on the unit square: two float32 columns each, ``umap_0`` and ``umap_1``.

        Missing coordinates are NaN.
        """
        pairs = [self._points(name) for name in names]
        labels = tuple(f"{name}_{dimension}" for name in names for dimension in (0, 1))
        return columns_of(labels, tuple(values for pair in pairs for values in pair))

    def expression(self, query: VarQuery, *, max_columns: int | None = None) -> Columns:
        """Genes of a matrix, one column each, in matrix order.

        Raises
        ------
        BadQuery
            More genes than ``max_columns``.
        NotReady
            The matrix is still being copied.
        """
        matrix = self._matrix(query.layer)
        positions = self._positions(query)
        if max_columns is not None and len(positions) > max_columns:
            raise BadQuery(
                f"{len(positions)} genes are more than the {max_columns} that one request may ask for "
                "(Cxg.max_columns)."
            )
        names = self.var_names(query.layer)
        return Columns(
            n_rows=self.schema.n_obs,
            names=tuple(positions.tolist()),
            values=tuple(self._gene(matrix, query.layer, position) for position in positions.tolist()),
            labels=tuple(str(names[position]) for position in positions.tolist()),
        )

    def summarize(self, query: VarQuery, name: str) -> Columns:
        """Mean of some genes per cell, as one float32 column called ``name``; zeros for no genes."""
        matrix = self._matrix(query.layer)
        positions = self._positions(query)
        key = (self._key, "mean", query.layer, positions.tobytes())
        mean = self._kept(key, lambda: mean_of_columns(matrix, positions, threads=self._threads))
        return columns_of((name,), (mean,))

    def score(
        self, query: VarQuery, name: str, options: ScoreOptions, *, watch: Watch | None = None
    ) -> Columns:
        """Scanpy's score of some genes per cell, as one float32 column called ``name``.

        Raises
        ------
        BadQuery
            There are no such genes, or too many.
        NotReady, Cancelled
            As `diffexp`.
        """
        chosen = self._positions(query)
        return columns_of((name,), (score(self._source(None, watch), query.layer, chosen, options),))

    def genes(self, query: BulkQuery, *, watch: Watch | None = None) -> GeneStream:
        """Many genes of a matrix, a few at a time: whatever is asked, little is in memory at once.

        Raises
        ------
        BadQuery
            A position is outside of the matrix, or the bitset has another length.
        NotReady
            The matrix is still being copied.
        """
        names, source = self.var_names(query.layer), self._source(None, watch)
        return bulk(source, query, names, lambda name: self._find(query.layer, (name,)))

    # ── groups of cells ──

    def figure(self, query: FigureQuery, *, more: Read | None = None, watch: Watch | None = None) -> Columns:
        """Genes and obs columns, summed up over groups of cells; see `diffexp`."""
        names, source = self.var_names(query.layer), self._source(more, watch)
        return figure(source, query, names, lambda name: self._find(query.layer, (name,)))

    def diffexp(
        self, query: DiffexpQuery, *, more: Read | None = None, watch: Watch | None = None
    ) -> Diffexp:
        """Two groups of cells compared, for all genes of a matrix.

        Parameters
        ----------
        more
            Gives obs columns: those of the dataset, and others.
        watch
            Who waits for it.

        Raises
        ------
        BadQuery
            A group makes no sense, or is too small.
        NotReady
            The matrix is still being copied.
        Cancelled
            Nobody waits any more.
        """
        self._store_soon(query.layer)
        return diffexp(self._source(more, watch), query)

    def group_sizes(self, query: DiffexpQuery, *, more: Read | None = None) -> tuple[int, int]:
        """How many cells `diffexp` would compare."""
        in_a, in_b = groups_of(self._source(more), query)
        return int(in_a.sum()), int(in_b.sum())

    def markers(
        self, query: MarkersQuery, *, more: Read | None = None, watch: Watch | None = None
    ) -> Markers:
        """All categories of an obs column, each compared with all other cells; see `diffexp`.

        Raises
        ------
        BadQuery
            The column has no categories, or too many.
        NotReady, Cancelled
            As `diffexp`.
        """
        self._store_soon(query.layer)
        return markers(self._source(more, watch), query)

    def content_of(
        self, query: DiffexpQuery | MarkersQuery, *, more: Read | None = None
    ) -> tuple[Hashable, ...]:
        """Names the answer to `diffexp` or `markers`: two questions about the same cells have one.

        Raises
        ------
        BadQuery, NotFound, NotReady
            There will be none.
        """
        source = self._source(more)
        found = (
            content_of_diffexp(source, query)
            if isinstance(query, DiffexpQuery)
            else content_of_markers(source, query)
        )
        return self._key, *found

    def _source(self, more: Read | None = None, watch: Watch | None = None) -> Source:
        return Source(
            key=self._key,
            cache=self._cache,
            n_obs=self.schema.n_obs,
            read=more or self._obs,
            rows=self._by_cells,
            genes=self._matrix,
            index_cells=self._index_cells,
            threads=self._threads,
            directory=self._snapshot.index_directory if self._is_whole else None,
            watch=watch or Watch(),
        )

    @property
    def _is_whole(self) -> bool:
        """Whether nobody writes its matrices any more."""
        return self._snapshot.manifest.state == "complete"

    # ── one at a time ──

    def _obs(self, name: str) -> Values:
        return self._cache.get((self._key, "obs", name), lambda: self._snapshot.obs(name))

    def _var(self, name: str, layer: str = "X") -> Values:
        axis = "raw" if layer == "raw" else "X"
        return self._cache.get((self._key, "var", axis, name), lambda: self._snapshot.var(name, axis))

    def _points(self, name: str) -> tuple[Array, ...]:
        key = (self._key, "embedding", name)
        return self._cache.get(key, lambda: tuple(map(_frozen, unit_square(self._snapshot.embedding(name)))))

    def _gene(self, matrix: Matrix, layer: str, position: int) -> Array:
        if is_by_gene(matrix):  # as fast to read as to keep, and what took long to make stays longer
            return _frozen(column(matrix, position, threads=self._threads))
        key = (self._key, "gene", layer, position)
        return self._kept(key, lambda: column(matrix, position, threads=self._threads))

    def _kept(self, key: tuple[object, ...], make: Callable[[], Array]) -> Array:
        return self._cache.get(key, lambda: _frozen(make()))

    # ── genes ──

    def _stored(self, layer: str) -> Matrix:
        """A matrix as it was published; kept, because a new map of the same file pays for its pages again."""
        if layer not in self._as_stored:
            self._as_stored[layer] = self._snapshot.matrix(layer)
        return self._as_stored[layer]

    def _matrix(self, layer: str) -> Matrix:
        """A matrix with the values of a gene together, if there is one by now; else as it was published."""
        stored = self._stored(layer)
        return stored if is_by_gene(stored) else self._other(layer) or stored

    def _by_cells(self, layer: str) -> Matrix:
        """The same for cells, except that nothing is built: see `_index_cells`."""
        stored = self._stored(layer)
        return self._others.get(layer, stored) if is_by_gene(stored) else stored

    def _index_cells(self, layer: str) -> None:
        if is_by_gene(self._stored(layer)):
            self._other(layer)

    def _other(self, layer: str) -> Matrix | None:
        """The orientation in which a matrix was not published, if it is there by now."""
        # not while the kernel still copies: the disk and the cores are its own until then
        if layer not in self._others and self._is_whole:
            found = self._indexer.other(self._snapshot.index_directory, layer, self._stored(layer))
            if found is not None:
                self._others[layer] = found
        return self._others.get(layer)

    def warm(self) -> None:
        """Do what the first questions would wait for: load the kernels, start the index, compare categories.

        Raises
        ------
        NotReady
            The matrix is still being copied.
        """
        prepare()
        for layer in self.schema.layers[:1]:
            matrix = self._matrix(layer)
            if self.schema.n_vars and not isinstance(matrix, Dense):
                column(matrix, 0)
            self._store_soon(layer)

    def _store_soon(self, layer: str) -> None:
        if self._is_whole and layer in self.schema.layers and layer not in self._stored_soon:
            self._stored_soon.add(layer)
            self._indexer.follow(partial(self._store_moments, layer))

    def _store_moments(self, layer: str, stopped: Callable[[], bool]) -> None:
        """So that comparing categories needs no pass over the matrix."""
        names = [column.name for column in self.schema.obs if column.kind in ("categorical", "boolean")]
        store_moments(self._source(watch=Watch(cancelled=stopped)), names, layer)

    def _positions(self, query: VarQuery) -> Array:
        return select_positions(
            query,
            len(self.var_names(query.layer)),
            self.schema.var_index,
            find=lambda texts: self._find(query.layer, texts),
            read=lambda name: self._var(name, query.layer),
        )

    def var_names(self, layer: str = "X") -> Array:
        """The names of the genes of a matrix: str as object dtype, (n_vars,)."""
        names = self._var(self.schema.var_index, layer)
        assert isinstance(names, np.ndarray)  # noqa: S101 - an index is text
        return names

    def _find(self, layer: str, texts: tuple[str, ...]) -> Array:
        axis = "raw" if layer == "raw" else "X"
        with self._lock:
            if axis not in self._finders:
                self._finders[axis] = finder(self.var_names(layer))
            found = self._finders[axis]
        return np.array([position for text in texts for position in found.get(text, ())], np.int64)


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
