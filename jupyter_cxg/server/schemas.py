"""Types as JSON Schema: what mypy checks of our documents is what the OpenAPI document says of them."""

import dataclasses
import types
from collections import ChainMap
from collections.abc import Mapping
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Schema = dict[str, Any]

_PLAIN: Mapping[Any, Schema] = {
    Any: {},
    object: {},
    None: {"type": "null"},
    type(None): {"type": "null"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bytes: {"type": "string", "format": "binary"},
}


class Also:
    """What a type cannot say: ``Annotated[int, Also(minimum=0)]``."""

    def __init__(self, **rules: Any) -> None:
        self.rules = rules


def schema_of(kind: Any, components: dict[str, Schema]) -> Schema:
    """The JSON Schema (2020-12) of a type.

    Parameters
    ----------
    kind
        What type hints are made of: plain types, containers, unions, ``Literal``, ``TypedDict`` and
        dataclasses, whose fields with defaults may be left out.
    components
        Name → schema of each ``TypedDict`` and dataclass that was met; is added to.

    Raises
    ------
    TypeError
        No schema is known for it.

    Examples
    --------
    >>> schema_of(list[int] | None, {})
    {'anyOf': [{'type': 'array', 'items': {'type': 'integer'}}, {'type': 'null'}]}
    """
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if is_typeddict(kind) or dataclasses.is_dataclass(kind):
        return _component(kind, components)
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        rules = [item.rules for item in inside[1:] if isinstance(item, Also)]
        return {**schema_of(inside[0], components), **ChainMap(*rules)}
    if origin in (NotRequired, Required):
        return schema_of(inside[0], components)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(each, components) for each in inside]}
    return _container(origin, inside, components)


def _container(origin: Any, inside: tuple[Any, ...], components: dict[str, Schema]) -> Schema:
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inside[1], components)}
    if origin is tuple and inside[-1] is not ...:
        # not prefixItems, of which tools make errors: what comes first must be told by its type
        kinds = list(dict.fromkeys(inside))
        items = schema_of(kinds[0] if len(kinds) == 1 else Union[*kinds], components)
        return {"type": "array", "items": items, "minItems": len(inside), "maxItems": len(inside)}
    if origin in (list, tuple):
        return {"type": "array", "items": schema_of(inside[0], components)}
    raise TypeError(f"No schema is known for {origin}.")


def _component(kind: Any, components: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in components:
        components[name] = {}  # it may contain itself
        required = (
            kind.__required_keys__
            if is_typeddict(kind)
            else {field.name for field in dataclasses.fields(kind) if _is_needed(field)}
        )
        hints = get_type_hints(kind, include_extras=True)
        components[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").partition("\n")[0],
            "properties": {key: schema_of(hint, components) for key, hint in hints.items()},
            "required": [key for key in hints if key in required],
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _is_needed(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing
