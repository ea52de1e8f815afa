"""The quota: the oldest history makes room for what is new; what is current, and views, are never removed."""

from sqlalchemy import Connection, delete, func, select

from ..errors import TooLarge
from .rows import MANY
from .state import from_json
from .tables import annotation, collection, content, gene_set, history, view

FILL = 0.75
"""How much of the quota is left when room was made: so it is not made at every edit."""


def make_room(connection: Connection, person_id: int, quota: int, refusal: str) -> None:
    """Remove the oldest history of a user if all that they stored is more than ``quota`` bytes.

    Parameters
    ----------
    refusal
        What to say if that is not enough.

    Raises
    ------
    TooLarge
        The current state alone is more.
    """
    if stored(connection, person_id) <= quota:
        return
    sizes = _sizes(connection, person_id)
    kept = _live(connection, person_id)
    room = quota - _of_views(connection, person_id) - sum(sizes[hash] for hash in kept)
    if room < 0:
        raise TooLarge(refusal)
    room -= int((1 - FILL) * quota)
    dropped = []
    query = select(history.c.id, history.c.state, history.c.version == collection.c.version).join(collection)
    query = query.where(collection.c.person_id == person_id).order_by(history.c.id.desc())
    for id, document, is_current in connection.execute(query).all():
        more = from_json(document).hashes - kept
        room -= len(document) + sum(sizes[hash] for hash in more)
        if is_current:
            continue
        if room < 0:
            dropped.append(id)
        else:
            kept |= more
    _delete(connection, dropped, sizes.keys() - kept, person_id)


def stored(connection: Connection, person_id: int) -> int:
    """The bytes that a user's columns, gene sets, history and views take."""
    data = select(func.coalesce(func.sum(func.length(content.c.data)), 0))
    states = select(func.coalesce(func.sum(func.length(history.c.state)), 0)).join(collection)
    total: int = connection.execute(data.where(content.c.person_id == person_id)).scalar_one()
    of_history: int = connection.execute(states.where(collection.c.person_id == person_id)).scalar_one()
    return int(total + of_history) + _of_views(connection, person_id)


def _of_views(connection: Connection, person_id: int) -> int:
    sizes = func.length(view.c.state) + func.length(view.c.cells) + func.length(view.c.name)
    query = select(func.coalesce(func.sum(sizes), 0)).where(view.c.person_id == person_id)
    return int(connection.execute(query).scalar_one())


def _sizes(connection: Connection, person_id: int) -> dict[str, int]:
    query = select(content.c.hash, func.length(content.c.data)).where(content.c.person_id == person_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def _live(connection: Connection, person_id: int) -> set[str]:
    found: set[str] = set()
    for table in (annotation, gene_set):
        query = select(table.c.hash).join(collection).where(collection.c.person_id == person_id)
        found.update(connection.execute(query).scalars())
    return found


def _delete(connection: Connection, edits: list[int], hashes: set[str], person_id: int) -> None:
    for start in range(0, len(edits), MANY):
        connection.execute(delete(history).where(history.c.id.in_(edits[start : start + MANY])))
    unused = sorted(hashes)
    for start in range(0, len(unused), MANY):
        some = content.c.hash.in_(unused[start : start + MANY])
        connection.execute(delete(content).where(content.c.person_id == person_id, some))
