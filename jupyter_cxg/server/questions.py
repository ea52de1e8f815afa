"""What can be asked of a dataset: one table for the GET routes, for ``ask``, and for nobody else."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._version import __version__
from ..engine.dataset import Dataset
from ..engine.shelf import Opened
from ..errors import BadQuery, NotFound
from ..model import Categorical, Columns
from ..snapshot.manifest import Progress
from ..wire.documents import config_document, schema_document
from . import params

Found = Columns | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Limits:
    """What questions may ask for, and what the config document says of it."""

    max_columns: int
    max_category_items: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one dataset.

    Attributes
    ----------
    key
        Two questions with one key have one answer, as long as the dataset stays as it is.
    find
        Runs on the pool; gives columns, which are encoded as the client likes, or a JSON document.
    documents
        Whether the answer is always a document.
    changing
        Whether the answer changes while the dataset does not, so that it must not be kept.
    """

    key: str
    find: Callable[[Opened], Found]
    documents: bool = False
    changing: bool = False


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
        return Question(f"{route}?{query}", _COLUMNS[route](query, limits))
    if route in _DOCUMENTS:
        find = _DOCUMENTS[route]
        return Question(route, lambda opened: find(opened, limits), True, changing=route == "status")
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
    return Question(f"POST summarize/var {_sha1(body)}", _summarize(body.decode("utf-8", "replace"), limits))


def _obs(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    asked = params.names(query, "annotation-name")

    def find(opened: Opened) -> Columns:
        schema = opened.dataset.schema
        return opened.dataset.obs(
            _limited(asked or (schema.obs_index, *(column.name for column in schema.obs)), limits)
        )

    return find


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
        names = asked or tuple(embedding.name for embedding in opened.dataset.schema.embeddings)
        return opened.dataset.embedding(_limited(names, limits))

    return find


def _expression(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    asked = params.var_query(query)
    return lambda opened: opened.dataset.expression(asked, max_columns=limits.max_columns)


def _summarize(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    params.method(query)
    asked = params.var_query(query)
    if not asked.equal and not asked.ranges:
        raise BadQuery("Say which genes to summarize: var:<column>=<value>.")
    # the name that cellxgene gives the column: what was asked, as it was sent
    name = _sha1(query.encode("utf-8"))
    return lambda opened: opened.dataset.summarize(asked, name)


def _default_layout(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    def find(opened: Opened) -> Columns:
        name = opened.dataset.default_embedding
        return opened.dataset.embedding((name,) if name else ())

    return find


def _default_color(query: str, limits: Limits) -> Callable[[Opened], Columns | None]:
    def find(opened: Opened) -> Columns | None:
        name = opened.dataset.default_color
        return None if name is None else opened.dataset.obs((name,))

    return find


def _schema(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    dataset = opened.dataset
    return schema_document(dataset.schema, _categories(dataset, "obs"), _categories(dataset, "var"))


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
    dataset = opened.dataset
    return config_document(
        dataset.schema,
        title=opened.manifest.title,
        version=__version__,
        default_embedding=dataset.default_embedding,
        default_color=dataset.default_color,
        max_columns=limits.max_columns,
        max_category_items=limits.max_category_items,
    )


def _colors(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    return opened.dataset.colors


def _status(opened: Opened, limits: Limits) -> Mapping[str, Any]:
    manifest = opened.manifest
    progress = manifest.progress if manifest.state == "publishing" else opened.dataset.indexing()
    return {
        "revision": manifest.revision,
        "state": manifest.state,
        "progress": progress and {"label": progress.label, "fraction": progress.fraction},
    }


def opening_status(progress: Progress) -> Mapping[str, Any]:
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
}
_DOCUMENTS: Mapping[str, Callable[[Opened, Limits], Mapping[str, Any]]] = {
    "schema": _schema,
    "config": _config,
    "colors": _colors,
    "status": _status,
}
