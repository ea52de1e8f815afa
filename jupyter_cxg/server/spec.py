"""What a verb of a handler takes and answers: said beside it, written down by `openapi`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NotRequired, TypedDict, TypeVar, get_args

from ..errors import CxgError
from ..wire.negotiate import ALL, CSV, JSON
from .schemas import Also

Access = Literal["public", "login", "data", "own", "body"]
"""Who may ask: everybody; who is logged in; also who has a capability; also who has one of the owner; who has
one in the body."""

Content = Mapping[str, Any]
"""Media type → the type of what is inside, for `schemas.schema_of`."""

Verb = TypeVar("Verb", bound=Callable[..., Any])
_SPEC = "_cxg_spec"

TEXT = "text/plain"
HTML = "text/html"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter of the query.

    Attributes
    ----------
    kind
        A mapping stands for parameters with names of their own: each of its keys is one.
    many
        Whether it may be repeated.
    """

    name: str
    about: str
    kind: Any = str
    many: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back if all is well."""

    about: str
    content: Content = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spec:
    """All that the OpenAPI document says of one verb on one route.

    Attributes
    ----------
    answers
        Status → answer.
    body
        Empty: none is taken.
    errors
        What can go wrong beside what always can: `openapi` knows that.
    """

    summary: str
    access: Access
    answers: Mapping[int, Answer]
    query: tuple[Query, ...] = ()
    body: Content = field(default_factory=dict)
    errors: tuple[type[CxgError], ...] = ()


def spec(
    summary: str,
    access: Access,
    answers: Answer | Mapping[int, Answer],
    *,
    query: tuple[Query, ...] = (),
    body: Content | None = None,
    errors: tuple[type[CxgError], ...] = (),
) -> Callable[[Verb], Verb]:
    """Decorates a verb with its `Spec`; an answer without a status has 200."""
    by_status = {200: answers} if isinstance(answers, Answer) else answers
    found = Spec(summary, access, by_status, query, body or {}, errors)
    return specs(lambda route: found)


def specs(of_route: Callable[[str], Spec]) -> Callable[[Verb], Verb]:
    """Decorates a verb that stands for several routes: ``of_route`` gives the `Spec` of each."""

    def decorate(verb: Verb) -> Verb:
        setattr(verb, _SPEC, of_route)
        return verb

    return decorate


def spec_of(verb: Callable[..., Any], route: str = "") -> Spec | None:
    """What was said of a verb; None: nothing.

    Parameters
    ----------
    route
        What the URL table gives to the handler beside the context, if it does.
    """
    of_route: Callable[[str], Spec] | None = getattr(verb, _SPEC, None)
    return None if of_route is None else of_route(route)


class ColumnsDocument(TypedDict):
    """Columns as JSON: what is missing, NaN or infinite is null."""

    n_rows: int
    names: list[str]
    columns: list[list[str | bool | float | None]]
    metadata: NotRequired[dict[str, str]]


def document(about: str, kind: Any) -> Answer:
    """A JSON document."""
    return Answer(about, {JSON.media_type: kind})


def columns(about: str, offered: tuple[str, ...] = ALL) -> Answer:
    """Columns, in the encoding that the client likes."""
    kinds: dict[str, Any] = {JSON.media_type: ColumnsDocument, CSV.media_type: str}
    return Answer(about, {offer: kinds.get(offer, bytes) for offer in offered})


def binary(about: str, *media_types: str) -> Answer:
    """Bytes of one of these kinds."""
    return Answer(about, dict.fromkeys(media_types, bytes))


def html(about: str) -> Answer:
    """A page for people."""
    return Answer(about, {HTML: str})


def json_body(kind: Any) -> Content:
    """A JSON document; as text/plain it makes a simple request, about which no browser asks first."""
    simple: Any = kind
    if any("capability" in each.__annotations__ for each in get_args(kind) or (kind,)):
        # nothing else says who asks
        simple = Annotated[kind, Also(required=["capability"])]
    return {JSON.media_type: kind, TEXT: simple}


NOTHING = Answer("It is done.")
UNCHANGED = Answer("The client has it already.")
ELSEWHERE = Answer("The way to it, or to the login.")
