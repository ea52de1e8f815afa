"""What a job shall do: the body of ``POST jobs``, and the query of ``GET markers``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..engine.compare import DiffexpQuery
from ..engine.markers import MarkersQuery
from ..errors import BadQuery
from .params_diffexp import diffexp_of, how_of
from .parsing import document_of, once_each

TOP = 50
SHAPE = 'The body must be JSON: {"kind": "diffexp", "a": …} or {"kind": "markers", "column": …}.'


@dataclass(frozen=True, slots=True)
class JobAsked:
    """What to do, and for whom.

    Attributes
    ----------
    top
        For markers: genes per category.
    capability
        Where it is in the body; ``""`` if not.
    """

    kind: Literal["diffexp", "markers"]
    query: DiffexpQuery | MarkersQuery
    top: int = 0
    capability: str = ""


def job_body(body: bytes) -> JobAsked:
    """``{"kind": "diffexp", …}`` as `diffexp_body` has it, or ``{"kind": "markers", "column", "top", …}``.

    Raises
    ------
    BadQuery
        It is something else.
    """
    asked = document_of(body, SHAPE)
    kind, capability = asked.pop("kind", None), asked.pop("capability", "")
    if not isinstance(capability, str):
        raise BadQuery("The capability must be a text.")
    if kind == "diffexp":
        return JobAsked("diffexp", diffexp_of(asked), capability=capability)
    if kind == "markers":
        return JobAsked("markers", *_markers(asked), capability=capability)
    raise BadQuery("The kind of a job is diffexp or markers.")


def capability_of(body: bytes) -> str:
    """``{"capability": …}``, and nothing else that matters.

    Raises
    ------
    BadQuery
        It is something else.
    """
    found = document_of(body, SHAPE).get("capability")
    if not isinstance(found, str):
        raise BadQuery('The body must be JSON: {"capability": "…"}.')
    return found


def markers_query(query: str) -> JobAsked:
    """``column=louvain&top=50&method=wilcoxon``.

    Raises
    ------
    BadQuery
        It is something else.
    """
    asked = once_each(query)
    if "top" in asked:
        # isdecimal: int() would take " 5", "+5" and "5_0" as well
        asked["top"] = int(asked["top"]) if asked["top"].isdecimal() and len(asked["top"]) < 10 else None
    return JobAsked("markers", *_markers(asked))


def _markers(asked: Mapping[str, Any]) -> tuple[MarkersQuery, int]:
    column, top = asked.get("column"), asked.get("top", TOP)
    if not isinstance(column, str):
        raise BadQuery("Say which obs column has the categories: column.")
    if type(top) is not int or top < 1:
        raise BadQuery("top, the genes per category, must be a whole number, 1 or more.")
    how = {name: value for name, value in asked.items() if name not in ("column", "top")}
    return MarkersQuery(column, **how_of(how)), top
