"""What a dataset says of itself: its schema, configuration, colors, state, and what came with it, as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, TypedDict, cast

from .._version import __version__
from ..engine.dataset import Dataset
from ..engine.shelf import Opened
from ..model import Categorical
from ..snapshot.manifest import Progress
from ..wire.documents import ImageDocument, config_document, schema_document
from . import annotating
from .copies import collection_of, owner_hash
from .limits import Limits


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


class FactDocument(TypedDict):
    """A value of ``uns``, or a short list of them, as text."""

    name: str
    value: str


class FactsDocument(TypedDict):
    """What a dataset says of itself, and when it was published (ISO 8601)."""

    facts: list[FactDocument]
    published: str


class StatusDocument(TypedDict):
    """How far a dataset is."""

    revision: int
    state: str
    progress: ProgressDocument | None


def schema(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    """Size, columns of obs and var, and embeddings, in cellxgene's words."""
    dataset = opened.dataset
    noted = annotating.annotations(opened)
    shown = limits.presentation.of(dataset.schema)
    hidden = {*noted, *(opened.mine.removed if opened.mine else ())}
    shown = replace(shown, obs=tuple(column for column in shown.obs if column.name not in hidden))
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


def config(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    """What this server can do, in cellxgene's words."""
    dataset, shown = opened.dataset, limits.presentation
    return config_document(
        shown.of(dataset.schema),
        title=shown.title or opened.manifest.title,
        about=shown.about or None,
        custom_colors=shown.custom_colors,
        version=__version__,
        default_embedding=default_embedding(dataset, limits),
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


def colors(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    """obs column → category → color."""
    return opened.dataset.colors if limits.presentation.custom_colors else {}


def rankings(opened: Opened, limits: Limits) -> RankingsDocument:
    """What ``rank_genes_groups`` has left in uns."""
    found = [asdict(ranking) for ranking in opened.dataset.rankings]
    return cast(RankingsDocument, {"rankings": found})


def facts(opened: Opened, limits: Limits) -> FactsDocument:
    """What the dataset says of itself in uns."""
    found = [asdict(fact) for fact in opened.dataset.facts]
    return {"facts": cast(list[FactDocument], found), "published": opened.manifest.created}


def status(opened: Opened, limits: Limits) -> StatusDocument:
    """How far the dataset is."""
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


def default_embedding(dataset: Dataset, limits: Limits) -> str:
    """The dataset's own, if it is shown; else the first that is."""
    names = [embedding.name for embedding in limits.presentation.of(dataset.schema).embeddings]
    return dataset.default_embedding if dataset.default_embedding in names else next(iter(names), "")
