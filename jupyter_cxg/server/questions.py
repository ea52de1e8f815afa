"""What can be asked of a dataset: one table for the GET routes, for ``ask``, and for nobody else."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..engine.shelf import Opened
from ..errors import BadQuery, NotFound
from ..model import Array, Columns
from ..wire.negotiate import ALL, PRECISE
from . import annotating, annotating_edits, documents, params, params_genes, summaries
from .limits import Limits

CHANGING = ("status", "annotated", "terms", "graphs")
"""Questions whose answers change while the dataset does not."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An answer that is a picture: (height, width, 3 or 4) uint8."""

    pixels: Array


Found = Columns | Mapping[str, Any] | Picture | None


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
        return lambda opened: not asked <= annotating.public_names(opened)
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
        name = documents.default_embedding(opened.dataset, limits)
        return opened.dataset.embedding((name,) if name else ())

    return find


def _default_color(query: str, limits: Limits) -> Callable[[Opened], Columns | None]:
    def find(opened: Opened) -> Columns | None:
        name = opened.dataset.default_color if limits.presentation.custom_colors else None
        return None if name is None else opened.dataset.obs((name,))

    return find


def _image(query: str, limits: Limits) -> Callable[[Opened], Picture]:
    names = params.names(query, "name")
    if len(names) != 1:
        raise BadQuery("Say which image, once: name=….")
    return lambda opened: Picture(opened.dataset.image(names[0]))


def _ranking(query: str, limits: Limits) -> Callable[[Opened], Columns]:
    keys = params.names(query, "key")
    if len(keys) != 1:
        raise BadQuery("Say which ranking, once: key=….")
    return lambda opened: opened.dataset.ranking(keys[0])


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
    "schema": documents.schema,
    "config": documents.config,
    "colors": documents.colors,
    "status": documents.status,
    "rankings": documents.rankings,
    "facts": documents.facts,
    "graphs": lambda opened, limits: {"graphs": [*opened.dataset.graphs]},
    "annotated": lambda opened, limits: annotating_edits.annotated(opened),
    "terms": lambda opened, limits: limits.terms.document(),
}
