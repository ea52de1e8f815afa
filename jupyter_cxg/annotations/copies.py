"""What is remembered of the CSV files that are kept in step with a collection."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from .tables import copy

Kind = Literal["annotations", "gene_sets"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it was when it was last written or read.

    Attributes
    ----------
    path
        Absolute.
    hash
        Of its bytes.
    version
        What the collection was then.
    """

    path: str
    hash: str
    version: int


def known(connection: Connection, collection_id: int, kind: Kind) -> Copy | None:
    """What was remembered last."""
    query = select(copy.c.path, copy.c.hash, copy.c.version)
    row = connection.execute(query.where(copy.c.collection_id == collection_id, copy.c.kind == kind)).first()
    return None if row is None else Copy(*row)


def remember(connection: Connection, collection_id: int, kind: Kind, found: Copy) -> None:
    """Remember a file in place of what was remembered before."""
    connection.execute(delete(copy).where(copy.c.collection_id == collection_id, copy.c.kind == kind))
    values = {"path": found.path, "hash": found.hash, "version": found.version}
    connection.execute(insert(copy).values(collection_id=collection_id, kind=kind, **values))
