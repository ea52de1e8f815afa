"""What `store` reads from the tables and writes into them, within a transaction of its."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..errors import TooLarge
from .state import State, from_json
from .tables import annotation, collection, content, gene_set, history, person

MAX_COLLECTIONS = 100  # about the same cells, of one user
MANY = 500  # parameters of one statement; SQLite's limit was 999 for long


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a collection without what it holds."""

    id: int
    person_id: int
    name: str
    version: int
    tid: int


def lock_person(connection: Connection, name: str) -> int:
    """The id of a user, who is made if need be; others who write for them wait until the transaction ends."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(person).values(name=name).on_conflict_do_nothing())
    found: int = connection.execute(
        select(person.c.id).where(person.c.name == name).with_for_update()  # SQLite locks all of it anyway
    ).scalar_one()
    return found


def current(connection: Connection, user: str, fingerprint: str, name: str | None = None) -> Head | None:
    """A collection by its name; without one, that which was last written to."""
    c = collection.c
    query = select(c.id, c.person_id, c.name, c.version, c.tid).join(person)
    query = query.where(person.c.name == user, c.fingerprint == fingerprint)
    if name is not None:
        query = query.where(c.name == name)
    row = connection.execute(query.order_by(c.used.desc()).limit(1)).first()
    return None if row is None else Head(*row)


def collections(connection: Connection, user: str, fingerprint: str) -> list[str]:
    """The names of all collections of a user, the current one first."""
    c = collection.c
    query = select(c.name).join(person).where(person.c.name == user, c.fingerprint == fingerprint)
    return list(connection.execute(query.order_by(c.used.desc())).scalars())


def make(connection: Connection, person_id: int, fingerprint: str, name: str) -> Head:
    """A new collection.

    Raises
    ------
    TooLarge
        There are enough.
    """
    mine = (collection.c.person_id == person_id, collection.c.fingerprint == fingerprint)
    there: int = connection.execute(select(func.count()).select_from(collection).where(*mine)).scalar_one()
    if there >= MAX_COLLECTIONS:
        raise TooLarge(f"You have {there} collections about these cells, and more there cannot be.")
    values = {"person_id": person_id, "fingerprint": fingerprint, "name": name}
    statement = insert(collection).values(**values, version=0, tid=0, used=0).returning(collection.c.id)
    return Head(connection.execute(statement).scalar_one(), person_id, name, 0, 0)


def advance(connection: Connection, head: Head, fingerprint: str, *, version: int, tid: int) -> None:
    """The new numbers of a collection, which becomes the current one."""
    c = collection.c
    mine = (c.person_id == head.person_id, c.fingerprint == fingerprint)
    last: int = connection.execute(select(func.max(c.used)).where(*mine)).scalar_one()
    connection.execute(
        update(collection).where(c.id == head.id).values(version=version, tid=tid, used=last + 1)
    )


def state(connection: Connection, collection_id: int) -> State:
    """What a collection holds."""
    a, g = annotation.c, gene_set.c
    columns = connection.execute(
        select(a.name, a.hash).where(a.collection_id == collection_id).order_by(a.position)
    )
    sets = connection.execute(
        select(g.name, g.description, g.hash).where(g.collection_id == collection_id).order_by(g.position)
    )
    return State(
        {row.name: row.hash for row in columns},
        {name: (description, hash) for name, description, hash in sets},
    )


def replace(connection: Connection, collection_id: int, before: State, after: State) -> None:
    """Make a collection hold something else; what stays the same is not touched."""
    if list(before.annotations.items()) != list(after.annotations.items()):
        connection.execute(delete(annotation).where(annotation.c.collection_id == collection_id))
        columns = [
            {"collection_id": collection_id, "position": position, "name": name, "hash": hash}
            for position, (name, hash) in enumerate(after.annotations.items())
        ]
        if columns:
            connection.execute(insert(annotation), columns)
    if list(before.gene_sets.items()) != list(after.gene_sets.items()):
        connection.execute(delete(gene_set).where(gene_set.c.collection_id == collection_id))
        sets = [
            {
                "collection_id": collection_id,
                "position": position,
                "name": name,
                "description": description,
                "hash": hash,
            }
            for position, (name, (description, hash)) in enumerate(after.gene_sets.items())
        ]
        if sets:
            connection.execute(insert(gene_set), sets)


def contents(connection: Connection, person_id: int, hashes: Collection[str]) -> Mapping[str, bytes]:
    """Hash → bytes, for those that are there."""
    found: dict[str, bytes] = {}
    wanted = sorted(hashes)
    for start in range(0, len(wanted), MANY):
        some = wanted[start : start + MANY]
        query = select(content.c.hash, content.c.data).where(
            content.c.person_id == person_id, content.c.hash.in_(some)
        )
        found.update({hash: bytes(data) for hash, data in connection.execute(query)})
    return found


def add_contents(connection: Connection, person_id: int, packed: Mapping[str, bytes]) -> None:
    """Store bytes that are not there yet."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = [{"person_id": person_id, "hash": hash, "data": data} for hash, data in packed.items()]
    if new:
        connection.execute(dialect.insert(content).on_conflict_do_nothing(), new)


def names_since(connection: Connection, user: str, fingerprint: str, moment: datetime) -> set[str]:
    """The annotations that any collection of a user held at some time since ``moment``."""
    h, c = history.c, collection.c
    query = select(h.collection_id, h.at, h.state).select_from(history.join(collection).join(person))
    query = query.where(person.c.name == user, c.fingerprint == fingerprint)
    names, older = set[str](), set[int]()
    for id, at, written in connection.execute(query.order_by(h.version.desc())):
        if id not in older:  # what an edit left stood until the next one
            names.update(from_json(written).annotations)
        if datetime.fromisoformat(at) < moment:
            older.add(id)
    return names


def past(connection: Connection, collection_id: int, version: int) -> str | None:
    """What a collection held in some version, as `State.to_json` wrote it; None: that is not known."""
    h = history.c
    found: str | None = connection.execute(
        select(h.state).where(h.collection_id == collection_id, h.version == version)
    ).scalar()
    return found
