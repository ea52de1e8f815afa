"""What can be asked of a dataset: one table for the GET routes, for ``ask``, and for nobody else."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypedDict, cast

from .._version import __version__
from ..annotations.copies import Kind
from ..engine.dataset import Dataset
from ..engine.shelf import Opened
from ..engine.source import Distribution
from ..errors import BadQuery, NotFound, NotOffered
from ..model import Array, Categorical, Columns
from ..snapshot.manifest import Progress
from ..wire.documents import ImageDocument, config_document, schema_document
from ..wire.negotiate import ALL, PRECISE
from . import annotating, annotating_edits, params, params_genes, summaries
from .copies import NO_FILES, Plan, collection_of, owner_hash
from .presentation import PLAIN, Presentation
from .terms import NO_TERMS, Terms

CHANGING = ("status", "annotated", "terms", "graphs")
"""Questions whose answers change while the dataset does not."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An answer that is a picture: (height, width, 3 or 4) uint8."""

    pixels: Array


Found = Columns | Mapping[str, Any] | Picture | None


class ProgressDocument(TypedDict):
    """How far something is, from 0 to 1."""

    label: str
    fraction: float


class RankingDocument(TypedDict):
    """What ``rank_genes_groups`` has left under a key of uns; texts are empty where they are not said."""

    key: str
    column: str
    reference: str
    method: str
    groups: list[str]


class RankingsDocument(TypedDict):
    """All of them."""

    rankings: list[RankingDocument]


class StatusDocument(TypedDict):
    """How far a dataset is."""

    revision: int
    state: str
    progress: ProgressDocument | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What questions may ask for, and what the config document says of it."""

    max_columns: int
    max_category_items: int
    diffexp: bool = True
    max_diffexp_cells: int | None = None
    diffexp_cutoff: float = 0.01
    presentation: Presentation = PLAIN
    annotating: bool = True
    saving_gene_sets: bool = True
    x_distribution: Distribution = "auto"
    max_genes: int = 1000
    copies: Plan = NO_FILES
    saving_views: bool = True
    terms: Terms = NO_TERMS

    def check_views(self) -> None:
        """Whether users may save views.

        Raises
        ------
        NotOffered
            It is switched off.
        """
        if not self.saving_views:
            raise NotOffered("Saving views is switched off on this server (Cxg.saved_views).")

    def check_saving(self, kind: Kind) -> None:
        """Whether users may save that.

        Raises
        ------
        NotOffered
            It is switched off.
        """
        if kind == "annotations" and not self.annotating:
            raise NotOffered("Annotations are switched off on this server (Cxg.annotating).")
        if kind == "gene_sets" and not self.saving_gene_sets:
            raise NotOffered("Saving gene sets is switched off on this server (Cxg.gene_sets_save).")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one dataset.

    Attributes
    ----------
    key
        Two questions with one key have one answer, as long as the dataset stays as it is; ``""``: the answer
        is not named, for questions that are posted and may be large.
    find
        Runs on the pool; gives columns, which are encoded as the client likes, or a JSON document.
    documents
        Whether the answer is always a document.
    changing
        Whether the answer changes while the dataset does not, so that it must not be kept.
    offered
        The media types that columns may come as.
    personal
        Whether the answer depends on what who asks has written.
    slow
        Whether finding it may take a pass over a matrix: then others do not wait behind it.
    """

    key: str
    find: Callable[[Opened], Found]
    documents: bool = False
    changing: bool = False
    offered: tuple[str, ...] = ALL
    personal: Callable[[Opened], bool] = lambda opened: False
    slow: bool = False


def ask(route: str, query: str, limits: Limits) -> Question:
    """The question behind a relative v0.2 URL: ``("data/var", "var:name_0=CD3D")``.

    Raises
    ------
    NotFound
        There is no such route.
    BadQuery
        The query makes no sense.
    """
    if route in _COLUMNS:
        columns = _COLUMNS[route](query, limits)
        offered = PRECISE if route in ("ranking", "annotations") else ALL
        return Question(f"{route}?{query}", columns, offered=offered, personal=_is_personal(route, query))
    if route in _DOCUMENTS:
        find = _DOCUMENTS[route]
        return Question(
            route,
            lambda opened: find(opened, limits),
            True,
            changing=route in CHANGING,
            personal=_is_personal(route, query),
        )
    raise NotFound(f"There is no route {route[:40]!r}.")


def filtered_genes(body: bytes, query: str, limits: Limits) -> Question:
    """``PUT data/var``: genes by a JSON filter."""
    layer = params.var_query(query).layer

    def find(opened: Opened) -> Columns:
        n_vars = len(opened.dataset.var_names(layer))
        asked = params.var_filter(body, n_vars, layer=layer)
        return opened.dataset.expression(asked, max_columns=limits.max_columns)

    return Question(f"PUT data/var?{query} {_sha1(body)}", find)


def posted_summary(body: bytes, key: str, limits: Limits) -> Question:
    """``POST summarize/var``: the query is in the body; ``key``, if given, must be its SHA-1."""
    if key and key != _sha1(body):
        raise BadQuery("The key is not the SHA-1 of the body.")
    asked = params_genes.summary_body(body)
    return Question(
        f"POST summarize/var {_sha1(body)}",
        lambda opened: summaries.summarize(opened, asked, _sha1(body)),
        personal=lambda opened: asked.gene_set is not None,
    )


def _obs(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    asked = params.names(query, "annotation-name")

    def find(opened: Opened) -> Columns:
        everything = (*annotating.own_names(opened), *annotating.annotation_names(opened))
        return annotating.obs(opened, _limited(asked or everything, limits))

    return find


def _is_personal(route: str, query: str) -> Callable[[Opened], bool]:
    """Columns of the dataset itself are there also when the annotations are not."""
    if route == "summarize/var":
        return lambda opened: bool(params.names(query, "geneset"))
    asked = {*params.names(query, "annotation-name")} if route == "annotations/obs" else set()
    if asked:
        return lambda opened: not asked <= {*annotating.own_names(opened)}
    return lambda opened: route in ("annotations/obs", "annotations", "annotated", "schema", "config")


def _var(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    asked = params.names(query, "annotation-name")

    def find(opened: Opened) -> Columns:
        schema = opened.dataset.schema
        return opened.dataset.var(
            _limited(asked or (schema.var_index, *(column.name for column in schema.var)), limits)
        )

    return find


def _layout(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    asked = params.names(query, "layout-name")

    def find(opened: Opened) -> Columns:
        shown = limits.presentation.of(opened.dataset.schema).embeddings
        names = asked or tuple(embedding.name for embedding in shown)
        return opened.dataset.embedding(_limited(names, limits))

    return find


def _expression(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    asked = params.var_query(query)
    return lambda opened: opened.dataset.expression(asked, max_columns=limits.max_columns)


def _summarize(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    asked = params_genes.summary_query(query)
    # the name that cellxgene gives the column: what was asked, as it was sent
    name = _sha1(query.encode("utf-8"))
    return lambda opened: summaries.summarize(opened, asked, name)


def _default_layout(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    def find(opened: Opened) -> Columns:
        name = _default_embedding(opened.dataset, limits)
        return opened.dataset.embedding((name,) if name else ())

    return find


def _default_color(query: str, limits: Limits) -> Callable[[Opened], Columns | None]:
    def find(opened: Opened) -> Columns | None:
        name = opened.dataset.default_color if limits.presentation.custom_colors else None
        return None if name is None else opened.dataset.obs((name,))

    return find


def _schema(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    dataset = opened.dataset
    shown = limits.presentation.of(dataset.schema)
    noted = annotating.annotations(opened)
    return schema_document(shown, _categories(dataset, "obs"), _categories(dataset, "var"), noted)


def _categories(dataset: Dataset, axis: str) -> Mapping[str, Any]:
    columns = dataset.schema.obs if axis == "obs" else dataset.schema.var
    read = dataset.obs if axis == "obs" else dataset.var
    names = tuple(column.name for column in columns if column.kind == "categorical")
    values = read(names).values
    return {
        name: value.categories
        for name, value in zip(names, values, strict=True)
        if isinstance(value, Categorical)
    }


def _config(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    dataset, shown = opened.dataset, limits.presentation
    return config_document(
        shown.of(dataset.schema),
        title=shown.title or opened.manifest.title,
        about=shown.about or None,
        custom_colors=shown.custom_colors,
        version=__version__,
        default_embedding=_default_embedding(dataset, limits),
        default_color=dataset.default_color if shown.custom_colors else None,
        max_columns=limits.max_columns,
        max_category_items=limits.max_category_items,
        diffexp=limits.diffexp,
        max_diffexp_cells=limits.max_diffexp_cells,
        diffexp_cutoff=limits.diffexp_cutoff,
        annotating=opened.mine is not None and limits.annotating,
        reading_gene_sets=opened.mine is not None,
        saving_gene_sets=opened.mine is not None and limits.saving_gene_sets,
        collection=collection_of(opened, limits.copies),
        fixed=limits.copies.collection is not None,
        images=_images(opened, limits),
        cells=owner_hash(opened.mine.author if opened.mine else "", opened.manifest.fingerprint),
    )


def _images(opened: Opened, limits: Limits) -> Mapping[str, list[ImageDocument]]:
    shown = {embedding.name for embedding in limits.presentation.of(opened.dataset.schema).embeddings}
    return {
        name: [cast(ImageDocument, asdict(image)) for image in images]
        for name, images in opened.dataset.images.items()
        if name in shown
    }


def _image(query: str, limits: Limits) -> Callable[[Opened], Picture]:
    names = params.names(query, "name")
    if len(names) != 1:
        raise BadQuery("Say which image, once: name=….")
    return lambda opened: Picture(opened.dataset.image(names[0]))


def _colors(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    return opened.dataset.colors if limits.presentation.custom_colors else {}


def _default_embedding(dataset: Dataset, limits: Limits) -> str:
    """The dataset's own, if it is shown; else the first that is."""
    names = [embedding.name for embedding in limits.presentation.of(dataset.schema).embeddings]
    return dataset.default_embedding if dataset.default_embedding in names else next(iter(names), "")


def _rankings(opened: Opened, limits: Limits) -> RankingsDocument:
    found = [asdict(ranking) for ranking in opened.dataset.rankings]
    return cast(RankingsDocument, {"rankings": found})


def _ranking(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    keys = params.names(query, "key")
    if len(keys) != 1:
        raise BadQuery("Say which ranking, once: key=….")
    return lambda opened: opened.dataset.ranking(keys[0])


def _status(opened: Opened, limits: Limits) -> StatusDocument:
    manifest = opened.manifest
    progress = manifest.progress if manifest.state == "publishing" else opened.dataset.indexing()
    return {
        "revision": manifest.revision,
        "state": manifest.state,
        "progress": None if progress is None else {"label": progress.label, "fraction": progress.fraction},
    }


def opening_status(progress: Progress) -> StatusDocument:
    """The status of a dataset whose file is being opened."""
    return {
        "revision": 0,
        "state": "opening",
        "progress": {"label": progress.label, "fraction": progress.fraction},
    }


def _limited(names: tuple[str, ...], limits: Limits) -> tuple[str, ...]:
    if len(names) > limits.max_columns:
        raise BadQuery(
            f"{len(names)} columns are more than the {limits.max_columns} that one request may ask for "
            "(Cxg.max_columns): name fewer."
        )
    return names


def _sha1(body: bytes) -> str:
    return hashlib.sha1(body, usedforsecurity=False).hexdigest()


_COLUMNS: Mapping[str, Callable[[str, Limits], Callable[[Opened], Found]]] = {
    "annotations/obs": _obs,
    "annotations/var": _var,
    "layout/obs": _layout,
    "data/var": _expression,
    "summarize/var": _summarize,
    "default-layout": _default_layout,
    "default-color": _default_color,
    "ranking": _ranking,
    "image": _image,
    "annotations": lambda query, limits: annotating_edits.everything,
}
_DOCUMENTS: Mapping[str, Callable[[Opened, Limits], Mapping[str, Any]]] = {
    "schema": _schema,
    "config": _config,
    "colors": _colors,
    "status": _status,
    "rankings": _rankings,
    "graphs": lambda opened, limits: {"graphs": [*opened.dataset.graphs]},
    "annotated": lambda opened, limits: annotating_edits.annotated(opened),
    "terms": lambda opened, limits: limits.terms.document(),
}
