"""What all our bodies and queries share: how bytes become a document, and a query one value per name."""

import json
from typing import Any
from urllib.parse import parse_qsl

from ..errors import BadQuery

YES_OR_NO = {"true": True, "false": False}


def document_of(body: bytes, shape: str) -> dict[str, Any]:
    """The JSON object in a body.

    Parameters
    ----------
    shape
        The sentence that says what it should be.

    Raises
    ------
    BadQuery
        It is none.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadQuery(shape) from error
    if not isinstance(document, dict):
        raise BadQuery(shape)
    return document


def once_each(query: str) -> dict[str, Any]:
    """Parameter → value, with ``tie_correct`` as the bool that it is in a body.

    Raises
    ------
    BadQuery
        One is said twice.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    asked: dict[str, Any] = dict(pairs)
    if len(asked) < len(pairs):
        raise BadQuery("Say each parameter once.")
    if "tie_correct" in asked:
        asked["tie_correct"] = YES_OR_NO.get(asked["tie_correct"], asked["tie_correct"])
    return asked
