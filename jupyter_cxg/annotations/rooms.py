"""What visitors may store: people whom nobody knows, and who may be many."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from ..errors import TooLarge
from .tables import person
from .thinning import stored

VISITOR = "visitor:"
"""How the names of visitors begin."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Limits.

    Attributes
    ----------
    each
        Bytes for a user, history included.
    visitors
        How many of them may store something.
    each_visitor, all_visitors
        Bytes for each of them, and for all together.
    """

    each: int
    visitors: int = 1000
    each_visitor: int = 16 << 20
    all_visitors: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a user may take now, and what to say if that is not enough."""

    bytes: int
    refusal: str


def admit(connection: Connection, name: str, rooms: Rooms) -> None:
    """Let somebody store something, or not.

    Raises
    ------
    TooLarge
        It is a new visitor, and there are enough.
    """
    if not name.startswith(VISITOR):
        return
    if connection.execute(select(person.c.id).where(person.c.name == name)).first() is not None:
        return
    there: int = connection.execute(
        select(func.count()).select_from(person).where(person.c.name.startswith(VISITOR))
    ).scalar_one()
    if there >= rooms.visitors:
        raise TooLarge(
            f"This server keeps the annotations of {there} visitors, and has no room for one more "
            "(Cxg.max_visitors): nothing was saved."
        )


def allowance(connection: Connection, name: str, rooms: Rooms) -> Allowance:
    """How much a user may store, history included."""
    if not name.startswith(VISITOR):
        return Allowance(rooms.each, _refusal(rooms.each, "each user has (Cxg.max_annotation_bytes)"))
    others: int = connection.execute(
        select(func.coalesce(func.sum(person.c.stored), 0)).where(
            person.c.name.startswith(VISITOR), person.c.name != name
        )
    ).scalar_one()
    left = max(0, rooms.all_visitors - int(others))
    if left < rooms.each_visitor:
        return Allowance(left, _refusal(left, "other visitors have left (Cxg.max_visitors_bytes)"))
    each = rooms.each_visitor
    return Allowance(each, _refusal(each, "each visitor has (Cxg.max_visitor_bytes)"))


def settle(connection: Connection, person_id: int) -> None:
    """Note how much a user stores by now."""
    now = stored(connection, person_id)
    connection.execute(update(person).where(person.c.id == person_id).values(stored=now))


def _refusal(most: int, whose: str) -> str:
    return (
        f"Your annotations and gene sets would take more than the {most} bytes that {whose}: "
        "nothing was saved."
    )
