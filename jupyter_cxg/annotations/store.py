"""`Store`: annotations and gene sets of users, durable when a call returns, with all that was before."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, insert, select

from ..errors import Conflict, NotFound
from ..model import Annotations, GeneSet, Values
from . import copies, rooms, rows, tables
from .copies import Copy, Kind
from .database import Database
from .packing import name_of, pack_genes, pack_values, unpack_genes, unpack_values
from .rooms import Rooms
from .rows import Head
from .state import State, from_json, what_changed
from .thinning import make_room
from .views import Views

DEFAULT_COLLECTION = "default"

Change = Callable[[Connection, Head, State], State]
"""What a collection holds after an edit, by what it held."""

_h = tables.history.c


@dataclass(frozen=True, slots=True)
class Key:
    """Whose annotations of which cells.

    Attributes
    ----------
    user
        As the host calls them.
    fingerprint
        Of the obs names: the same cells in the same order, however often they are published.
    """

    user: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class GeneSets:
    """The gene sets of a collection; ``tid`` is cellxgene's number of their last save."""

    collection: str | None
    version: int
    tid: int
    sets: tuple[GeneSet, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A line of the history; ``version`` is what the collection was after it."""

    version: int
    at: str
    who: str
    what: str


class Store:
    """Thread-safe, and safe with other processes that write to the same database.

    Each edit is one transaction, with its line of history. Methods wait for the disk: call them from
    the pool. All raise `Unavailable` when the database cannot be used.

    Parameters
    ----------
    place
        As `Database` has it.
    quota
        Bytes for each user, history included; the oldest history makes room for what is new. Or all limits.
    collection
        The only one that is read and written, whatever a caller names; None: any.
    """

    def __init__(self, place: str, *, quota: int | Rooms, collection: str | None = None) -> None:
        self._database = Database(place)
        self._rooms = Rooms(quota) if isinstance(quota, int) else quota
        self._only = collection
        self.views = Views(self._database, self._rooms)

    # ── read ──

    def collections(self, key: Key) -> tuple[str, ...]:
        """The names of all collections, the current one first."""
        if self._database.is_empty():
            return ()
        with self._database.reading() as connection:
            return tuple(rows.collections(connection, key.user, key.fingerprint))

    def annotations(self, key: Key, collection: str | None = None) -> Annotations:
        """The annotations of a collection; without a name, of the one that was last written to."""
        if self._database.is_empty():
            return Annotations(None, 0, (), dict, key.user)
        with self._database.reading() as connection:
            head = self._head(connection, key, collection)
            if head is None:
                return Annotations(None, 0, (), dict, key.user)
            state = rows.state(connection, head.id)
        hashes = state.annotations
        read = partial(self._values, head, hashes)
        sets = partial(self._sets, key, head.name)
        return Annotations(head.name, head.version, tuple(hashes), read, key.user, sets, state.token)

    def _sets(self, key: Key, collection: str) -> tuple[GeneSet, ...]:
        return self.gene_sets(key, collection).sets

    def gene_sets(self, key: Key, collection: str | None = None) -> GeneSets:
        """The gene sets of a collection, as for `annotations`."""
        nothing = GeneSets(None, 0, 0, ())
        if self._database.is_empty():
            return nothing
        with self._database.reading() as connection:
            head = self._head(connection, key, collection)
            if head is None:
                return nothing
            stored = rows.state(connection, head.id).gene_sets
            packed = rows.contents(connection, head.person_id, {hash for _, hash in stored.values()})
        sets = (GeneSet(name, said, unpack_genes(packed[hash])) for name, (said, hash) in stored.items())
        return GeneSets(head.name, head.version, head.tid, tuple(sets))

    def history(self, key: Key, collection: str | None = None) -> tuple[Edit, ...]:
        """The edits of a collection, newest first; the very old ones may be gone."""
        if self._database.is_empty():
            return ()
        with self._database.reading() as connection:
            head = self._head(connection, key, collection)
            if head is None:
                return ()
            query = select(_h.version, _h.at, _h.who, _h.what).where(_h.collection_id == head.id)
            return tuple(Edit(*row) for row in connection.execute(query.order_by(_h.version.desc())))

    def names_since(self, key: Key, moment: datetime) -> frozenset[str]:
        """The annotations that any collection has held at some time since then."""
        if self._database.is_empty():
            return frozenset()
        with self._database.reading() as connection:
            return frozenset(rows.names_since(connection, key.user, key.fingerprint, moment))

    def copy(self, key: Key, kind: Kind) -> Copy | None:
        """The CSV file that was last in step with the current collection."""
        if self._database.is_empty():
            return None
        with self._database.reading() as connection:
            head = self._head(connection, key)
            return None if head is None else copies.known(connection, head.id, kind)

    def _head(self, connection: Connection, key: Key, name: str | None = None) -> Head | None:
        return rows.current(connection, key.user, key.fingerprint, self._only or name)

    def _values(self, head: Head, hashes: Mapping[str, str]) -> Mapping[str, Values]:
        with self._database.reading() as connection:
            packed = rows.contents(connection, head.person_id, set(hashes.values()))
        if not set(hashes.values()) <= packed.keys():
            raise Conflict("The annotations changed while they were read: ask again.")
        return {name: unpack_values(packed[hash]) for name, hash in hashes.items()}

    # ── write ──

    def save_annotations(
        self,
        key: Key,
        columns: Mapping[str, Values],
        *,
        collection: str | None = None,
        keep: Container[str] = (),
        version: int | None = None,
        who: str | None = None,
    ) -> int:
        """Replace all annotations of a collection; gives its new version.

        Parameters
        ----------
        columns
            Name → a `Categorical` or integers, of the length that the fingerprint stands for.
        collection
            Makes it current, and makes it, if need be. None: the current one.
        keep
            Names that stay as they are if they are not in ``columns``.
        version
            What the caller has seen; None: whatever there is.
        who
            What the history says; None: the user.

        Raises
        ------
        Conflict
            There is another version by now.
        TooLarge
            The user's annotations would take more than the quota, even without history.
        """
        packed = {name: pack_values(values) for name, values in columns.items()}

        def change(_: Connection, __: Head, before: State) -> State:
            kept = {n: h for n, h in before.annotations.items() if n in keep and n not in packed}
            return before.with_annotations({**kept, **{name: name_of(p) for name, p in packed.items()}})

        return self._edit(key, collection, version, packed.values(), change, who=who)

    def edit_annotations(
        self,
        key: Key,
        columns: Mapping[str, Values],
        *,
        remove: Container[str] = (),
        token: str | None = None,
        what: str | None = None,
        who: str | None = None,
    ) -> tuple[int, str]:
        """Change some annotations of the current collection; gives its new version and token.

        Parameters
        ----------
        columns
            As for `save_annotations`; those that are there keep their place.
        remove
            Names that go.
        token
            Of the annotations that the caller has seen; None: whatever they are.
        what
            What the history says; None: the names that changed.

        Raises
        ------
        Conflict
            The annotations have another token by now.
        TooLarge
            As `save_annotations`.
        """
        packed = {name: pack_values(values) for name, values in columns.items()}
        edited = State()

        def change(_: Connection, __: Head, before: State) -> State:
            nonlocal edited
            if token is not None and token != before.token:
                raise Conflict("The annotations have changed meanwhile: load them again.")
            kept = {name: hash for name, hash in before.annotations.items() if name not in remove}
            edited = before.with_annotations({**kept, **{name: name_of(p) for name, p in packed.items()}})
            return edited

        version = self._edit(key, None, None, packed.values(), change, who=who, what=what)
        return version, edited.token

    def save_gene_sets(
        self,
        key: Key,
        sets: Sequence[GeneSet],
        *,
        tid: int | None,
        collection: str | None = None,
        version: int | None = None,
        who: str | None = None,
    ) -> int:
        """Replace all gene sets of a collection; gives its new version.

        Parameters
        ----------
        tid
            cellxgene's number of the save; None: the next one.

        Raises
        ------
        NotFound
            ``tid`` is not larger than that of the last save: this one was overtaken.
        Conflict, TooLarge
            As `save_annotations`.
        """
        packed = [pack_genes(item.genes) for item in sets]

        def change(_: Connection, head: Head, before: State) -> State:
            if tid is not None and tid <= head.tid:
                raise NotFound("TID is stale.")
            pairs = zip(sets, packed, strict=True)
            return before.with_gene_sets({item.name: (item.description, name_of(p)) for item, p in pairs})

        return self._edit(
            key, collection, version, packed, change, lambda head: head.tid + 1 if tid is None else tid, who
        )

    def restore(
        self, key: Key, to: int, *, version: int | None = None, annotations_only: bool = False
    ) -> int:
        """Make the current collection what it was in the version ``to``, as one more edit.

        Parameters
        ----------
        annotations_only
            Whether the gene sets stay as they are.

        Raises
        ------
        NotFound
            The history does not have it, or no longer.
        Conflict
            As `save_annotations`.
        """

        def change(connection: Connection, head: Head, now: State) -> State:
            state = rows.past(connection, head.id, to)
            if state is None:
                raise NotFound(f"The history has no version {to}.")
            past = from_json(state)
            return now.with_annotations(past.annotations) if annotations_only else past

        return self._edit(key, None, version, (), change, what=f"restored version {to}")

    def _edit(
        self,
        key: Key,
        name: str | None,
        seen: int | None,
        packed: Iterable[bytes],
        change: Change,
        tid: Callable[[Head], int] = lambda head: head.tid,
        who: str | None = None,
        what: str | None = None,
    ) -> int:
        name = self._only or name
        with self._database.writing() as connection:
            rooms.admit(connection, key.user, self._rooms)
            person_id = rows.lock_person(connection, key.user)
            head = rows.current(connection, key.user, key.fingerprint, name)
            if seen is not None and seen != (head.version if head else 0):
                raise Conflict("Somebody else has saved meanwhile, maybe you in another window: load again.")
            if head is None:
                head = rows.make(connection, person_id, key.fingerprint, name or DEFAULT_COLLECTION)
            before = rows.state(connection, head.id)
            after = change(connection, head, before)
            version = head.version if after.same(before) else head.version + 1
            rows.advance(connection, head, key.fingerprint, version=version, tid=tid(head))
            if version != head.version:
                rows.add_contents(connection, person_id, {name_of(data): data for data in packed})
                rows.replace(connection, head.id, before, after)
                said = what_changed(before, after) if what is None else what
                edit = Edit(version, _now(), who or key.user, said)
                _note(connection, head.id, edit, after)
                allowed = rooms.allowance(connection, key.user, self._rooms)
                make_room(connection, person_id, allowed.bytes, allowed.refusal)
                rooms.settle(connection, person_id)
        return version

    def remember(self, key: Key, kind: Kind, found: Copy) -> None:
        """Note the CSV file that is in step with the current collection, which is made if need be."""
        with self._database.writing() as connection:
            person_id = rows.lock_person(connection, key.user)
            head = self._head(connection, key)
            if head is None:
                name = self._only or DEFAULT_COLLECTION
                head = rows.make(connection, person_id, key.fingerprint, name)
                rows.advance(connection, head, key.fingerprint, version=0, tid=0)
            copies.remember(connection, head.id, kind, found)

    def close(self) -> None:
        """End all connections."""
        self._database.close()


def _note(connection: Connection, collection_id: int, edit: Edit, after: State) -> None:
    row = {"version": edit.version, "at": edit.at, "who": edit.who, "what": edit.what}
    connection.execute(
        insert(tables.history).values(collection_id=collection_id, state=after.to_json(), **row)
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
