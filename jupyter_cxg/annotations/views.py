"""`Views`: what users saw and want to see again, by a name of theirs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from ..errors import Conflict, NotFound, TooLarge
from . import rooms
from .database import Database
from .rooms import Rooms
from .rows import lock_person
from .tables import person, view
from .thinning import make_room

MAX_VIEWS = 200  # of one dataset and user

_v = view.c


@dataclass(frozen=True, slots=True)
class Place:
    """What a view shows: a dataset as it is now.

    Attributes
    ----------
    fingerprint
        Of its cells, as in the manifest.
    """

    dataset: str
    fingerprint: str
    revision: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """A view to be saved.

    Attributes
    ----------
    about
        What it shows, in a few words.
    state, cells
        JSON: a view state, and the packed bitsets in base64 that it names.
    """

    name: str
    about: str
    state: str
    cells: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A view in the list; ``place`` is what it was saved on."""

    id: int
    name: str
    about: str
    at: str
    place: Place


class Views:
    """The views of all users.

    A view is of a dataset, by its id or by its cells: so it survives a newer revision, whatever changed, and
    is there for another copy of the same cells.

    Thread-safe; methods wait for the disk. All raise `Unavailable` when the database cannot be used.
    """

    def __init__(self, database: Database, limits: Rooms) -> None:
        self._database = database
        self._rooms = limits

    def all(self, user: str, place: Place) -> tuple[Saved, ...]:
        """Those of a dataset, the newest first."""
        if self._database.is_empty():
            return ()
        with self._database.reading() as connection:
            query = _COLUMNS.join(person).where(person.c.name == user, _of(place)).order_by(_v.id.desc())
            return tuple(_saved(row) for row in connection.execute(query))

    def get(self, user: str, id: int) -> tuple[Saved, Sketch]:
        """One, with all that it shows.

        Raises
        ------
        NotFound
            The user has none of this id.
        """
        if not self._database.is_empty():
            with self._database.reading() as connection:
                query = _COLUMNS.add_columns(_v.state, _v.cells).join(person)
                row = connection.execute(query.where(person.c.name == user, _v.id == id)).first()
            if row is not None:
                return _saved(row), Sketch(row.name, row.about, row.state, row.cells)
        raise _gone()

    def add(self, user: str, place: Place, sketch: Sketch) -> Saved:
        """A new one.

        Raises
        ------
        Conflict
            There is one of that name.
        TooLarge
            There are enough, or the user's room is full.
        """
        with self._database.writing() as connection:
            rooms.admit(connection, user, self._rooms)
            person_id = lock_person(connection, user)
            mine = (_v.person_id == person_id, _of(place))
            there: int = connection.execute(select(func.count()).select_from(view).where(*mine)).scalar_one()
            if there >= MAX_VIEWS:
                raise TooLarge(
                    f"You have {there} views of this dataset, and more there cannot be: delete some."
                )
            _check_name(connection, person_id, place, sketch.name)
            contents = _contents(sketch)
            values = {**_values(place), **contents, "name": sketch.name, "person_id": person_id}
            id: int = connection.execute(insert(view).values(**values).returning(_v.id)).scalar_one()
            self._settle(connection, user, person_id)
        return Saved(id, sketch.name, sketch.about, contents["at"], place)

    def replace(self, user: str, place: Place, id: int, sketch: Sketch) -> Saved:
        """Make one show something else; it keeps its name.

        Raises
        ------
        NotFound, TooLarge
            As `get` and `add`.
        """
        with self._database.writing() as connection:
            person_id, found = _locked(connection, user, id)
            contents = _contents(sketch)
            connection.execute(update(view).where(_v.id == id).values(**_values(place), **contents))
            self._settle(connection, user, person_id)
        return Saved(id, found.name, sketch.about, contents["at"], place)

    def rename(self, user: str, id: int, name: str) -> Saved:
        """Give one another name.

        Raises
        ------
        NotFound, Conflict
            As `get` and `add`.
        """
        with self._database.writing() as connection:
            person_id, found = _locked(connection, user, id)
            _check_name(connection, person_id, found.place, name, but=id)
            connection.execute(update(view).where(_v.id == id).values(name=name))
        return Saved(id, name, found.about, found.at, found.place)

    def remove(self, user: str, id: int) -> None:
        """End one.

        Raises
        ------
        NotFound
            As `get`.
        """
        with self._database.writing() as connection:
            person_id, _ = _locked(connection, user, id)
            connection.execute(delete(view).where(_v.id == id))
            rooms.settle(connection, person_id)

    def _settle(self, connection: Connection, user: str, person_id: int) -> None:
        """Keep to the user's quota: old history of annotations makes room."""
        allowed = rooms.allowance(connection, user, self._rooms)
        make_room(connection, person_id, allowed.bytes, allowed.refusal)
        rooms.settle(connection, person_id)


_COLUMNS = select(_v.id, _v.name, _v.about, _v.at, _v.dataset, _v.fingerprint, _v.revision)


def _saved(row: Any) -> Saved:  # a row of _COLUMNS
    place = Place(row.dataset, row.fingerprint, row.revision)
    return Saved(row.id, row.name, row.about, row.at, place)


def _of(place: Place) -> ColumnElement[bool]:
    return or_(_v.fingerprint == place.fingerprint, _v.dataset == place.dataset)


def _values(place: Place) -> dict[str, str | int]:
    return {"dataset": place.dataset, "fingerprint": place.fingerprint, "revision": place.revision}


def _contents(sketch: Sketch) -> dict[str, str]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {"about": sketch.about, "state": sketch.state, "cells": sketch.cells, "at": at}


def _locked(connection: Connection, user: str, id: int) -> tuple[int, Saved]:
    person_id = lock_person(connection, user)
    row = connection.execute(_COLUMNS.where(_v.person_id == person_id, _v.id == id)).first()
    if row is None:
        raise _gone()
    return person_id, _saved(row)


def _check_name(connection: Connection, person_id: int, place: Place, name: str, but: int = -1) -> None:
    same = select(_v.id).where(_v.person_id == person_id, _of(place), _v.name == name, _v.id != but)
    if connection.execute(same).first() is not None:
        raise Conflict(f"There is a view named {name!r} already: choose another name, or replace it.")


def _gone() -> NotFound:
    return NotFound("This view is no longer there: it was deleted, maybe in another window.")
