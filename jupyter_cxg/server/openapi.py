"""The OpenAPI 3.1 document, made of the URL table, of what is said beside each verb, and of the errors."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .. import errors
from .._version import __version__
from .access import HEADER
from .errors import ANSWER, codes_of
from .schemas import Schema, schema_of
from .spec import HTML, Answer, Content, Query, Spec, spec_of

Route = tuple[str, type[Any], dict[str, Any]]

VERBS = ("get", "head", "post", "put", "patch", "delete")

_ABOUT = "cellxgene's routes below api/v0.2/, and those of jupyter_cxg; docs/api.md has examples."
_GROUP = re.compile(r"\((?!\?)[^()]*\)")
_PATH: Mapping[str, Schema] = {"dataset_id": {"pattern": "^[0-9a-f]{16}$"}}
# what can go wrong with any dataset; all but the first while its file is being opened, or because that failed
_OF_DATASETS = (errors.NotFound, errors.NotReady, errors.Unpublishable, errors.TooLarge)

_SCHEMES: Mapping[str, Schema] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of the server. A login by cookie does as well, with its XSRF token for all "
        "but GET. Who has neither gets 403, or as a browser the way to the login.",
    },
    "capability": {
        "type": "apiKey",
        "in": "header",
        "name": HEADER,
        "description": "A capability, or a link: opens one dataset. No login is looked at beside it.",
    },
}
_SECURITY: Mapping[str, list[Schema]] = {
    "public": [],
    "body": [],
    "login": [{"token": []}],
    "data": [{"token": []}, {"capability": []}],
    "own": [{"token": []}, {"capability": []}],
}


def build(table: Iterable[Route], base_url: str) -> Schema:
    """The document.

    Parameters
    ----------
    table
        Of URLs, relative to ``base_url``.

    Raises
    ------
    LookupError
        Nothing is said about a verb.
    """
    components: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for path, verb, handler, kwargs in verbs_of(table):
        found = spec_of(getattr(handler, verb), kwargs.get("route", ""))
        if found is None:
            raise LookupError(f"Nothing is said about {verb} {path}: decorate it with @spec.")
        paths.setdefault(path, {})[verb] = _operation(path, verb, found, components)
    statuses = sorted({status for status, _ in ANSWER.values()})
    return {
        "openapi": "3.1.0",
        "info": {"title": "jupyter_cxg", "version": __version__, "description": _ABOUT},
        "servers": [{"url": base_url.rstrip("/") or "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "responses": {str(status): _refusal(status) for status in statuses},
            "securitySchemes": _SCHEMES,
        },
    }


def verbs_of(table: Iterable[Route]) -> Iterator[tuple[str, str, type[Any], dict[str, Any]]]:
    """Path, verb, handler and its keywords, for all that a class of ours answers."""
    for pattern, handler, kwargs in table:
        ours = [vars(cls) for cls in handler.__mro__ if cls.__module__.startswith("jupyter_cxg.")]
        for verb in VERBS:
            if any(verb in members for members in ours):
                yield path_of(pattern, getattr(handler, verb)), verb, handler, kwargs


def path_of(pattern: str, method: Any) -> str:
    r"""``/cxg/d/([^/]+)/links`` → ``/cxg/d/{dataset_id}/links``, by the names of the method's arguments."""
    names = iter([name for name in inspect.signature(method).parameters if name != "self"])
    return _GROUP.sub(lambda _: f"{{{next(names)}}}", pattern.replace("/?", "/")).replace("\\", "")


def parameters_of(path: str) -> list[str]:
    """The names in braces."""
    return re.findall(r"{(\w+)}", path)


def _operation(path: str, verb: str, found: Spec, components: dict[str, Schema]) -> Schema:
    names = parameters_of(path)
    parameters: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", **_PATH.get(name, {})}}
        for name in names
    ]
    parameters += [_parameter(query, components) for query in found.query]
    if 304 in found.answers:
        parameters.append({"name": "If-None-Match", "in": "header", "schema": {"type": "string"}})
    responses = {str(status): _answer(answer, components) for status, answer in found.answers.items()}
    is_page = any(HTML in answer.content for answer in found.answers.values())
    for status in sorted(_refusals(found, names) - {*found.answers}):
        responses[str(status)] = (
            _answer(Answer("A page that says why not.", {HTML: str}), components)
            if is_page
            else {"$ref": f"#/components/responses/{status}"}
        )
    operation: Schema = {
        "operationId": f"{verb} {path.removeprefix('/cxg')}",
        "summary": found.summary,
        "tags": ["cellxgene" if "/api/v0.2/" in path else "jupyter_cxg"],
        "security": _SECURITY[found.access],
        "parameters": parameters,
        "responses": responses,
    }
    if found.body:
        operation["requestBody"] = {"required": True, "content": _content(found.body, components)}
    return operation


def _refusals(found: Spec, names: list[str]) -> set[int]:
    """The statuses of all that can go wrong."""
    kinds: set[type[errors.CxgError]] = {errors.BadQuery, *found.errors}
    if found.access != "public":
        kinds.add(errors.Forbidden)
    if "dataset_id" in names:
        kinds.update(_OF_DATASETS)
    if found.body:
        kinds |= {errors.TooLarge, errors.TooMany}
    if any(len(answer.content) > 1 for answer in found.answers.values()):
        kinds.add(errors.NotAcceptable)
    return {ANSWER[kind][0] for kind in kinds}


def _refusal(status: int) -> Schema:
    """The one error body, with the codes that a status can have."""
    codes = codes_of(status)
    properties = {"code": {"enum": codes}, "message": {"type": "string"}}
    schema = {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }
    return {"description": " or ".join(codes), "content": {"application/json": {"schema": schema}}}


def _parameter(query: Query, components: dict[str, Schema]) -> Schema:
    schema = schema_of(list[query.kind] if query.many else query.kind, components)  # type: ignore[name-defined]
    return {
        "name": query.name,
        "in": "query",
        "description": query.about,
        "required": query.required,
        "schema": schema,
    }


def _answer(answer: Answer, components: dict[str, Schema]) -> Schema:
    content = _content(answer.content, components)
    return {"description": answer.about, **({"content": content} if content else {})}


def _content(content: Content, components: dict[str, Schema]) -> Schema:
    # an empty object means any bytes: their schema would be one of JSON
    return {
        media_type: {} if kind is bytes else {"schema": schema_of(kind, components)}
        for media_type, kind in content.items()
    }
