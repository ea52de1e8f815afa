"""`Store`: annotations and gene sets of users, durable when a call returns, with all that was before."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from ..errors import Conflict, NotFound
from ..model import Annotations, GeneSet, Values
from . import rows, tables
from .database import Database
from .packing import name_of, pack_genes, pack_values, unpack_genes, unpack_values
from .rows import Head
from .state import State, from_json, what_changed
from .thinning import make_room

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
        Bytes for each user, history included; the oldest history makes room for what is new.
    """

    def __init__(self, place: str, *, quota: int) -> None:
        self._database = Database(place)
        self._quota = quota

    # ── read ──

    def annotations(self, key: Key) -> Annotations:
        """The annotations of the current collection: the one that was last written to."""
        if self._database.is_empty():
            return Annotations(None, 0, (), dict)
        with self._database.reading() as connection:
            head = rows.current(connection, key.user, key.fingerprint)
            if head is None:
                return Annotations(None, 0, (), dict)
            hashes = rows.state(connection, head.id).annotations
        return Annotations(head.name, head.version, tuple(hashes), lambda: self._values(head, hashes))

    def gene_sets(self, key: Key) -> GeneSets:
        """The gene sets of the current collection."""
        nothing = GeneSets(None, 0, 0, ())
        if self._database.is_empty():
            return nothing
        with self._database.reading() as connection:
            head = rows.current(connection, key.user, key.fingerprint)
            if head is None:
                return nothing
            stored = rows.state(connection, head.id).gene_sets
            packed = rows.contents(connection, head.person_id, {hash for _, hash in stored.values()})
        sets = (GeneSet(name, said, unpack_genes(packed[hash])) for name, (said, hash) in stored.items())
        return GeneSets(head.name, head.version, head.tid, tuple(sets))

    def history(self, key: Key) -> tuple[Edit, ...]:
        """The edits of the current collection, newest first; the very old ones may be gone."""
        if self._database.is_empty():
            return ()
        with self._database.reading() as connection:
            head = rows.current(connection, key.user, key.fingerprint)
            if head is None:
                return ()
            query = select(_h.version, _h.at, _h.who, _h.what).where(_h.collection_id == head.id)
            return tuple(Edit(*row) for row in connection.execute(query.order_by(_h.version.desc())))

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
        keep: Collection[str] = (),
        version: int | None = None,
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

        return self._edit(key, collection, version, packed.values(), change)

    def save_gene_sets(
        self,
        key: Key,
        sets: Sequence[GeneSet],
        *,
        tid: int,
        collection: str | None = None,
        version: int | None = None,
    ) -> int:
        """Replace all gene sets of a collection; gives its new version.

        Raises
        ------
        NotFound
            ``tid`` is not larger than that of the last save: this one was overtaken.
        Conflict, TooLarge
            As `save_annotations`.
        """
        packed = [pack_genes(item.genes) for item in sets]

        def change(_: Connection, head: Head, before: State) -> State:
            if tid <= head.tid:
                raise NotFound("TID is stale.")
            pairs = zip(sets, packed, strict=True)
            return before.with_gene_sets({item.name: (item.description, name_of(p)) for item, p in pairs})

        return self._edit(key, collection, version, packed, change, tid)

    def restore(self, key: Key, to: int, *, version: int | None = None) -> int:
        """Make the current collection what it was in the version ``to``, as one more edit.

        Raises
        ------
        NotFound
            The history does not have it, or no longer.
        Conflict
            As `save_annotations`.
        """

        def change(connection: Connection, head: Head, _: State) -> State:
            state = rows.past(connection, head.id, to)
            if state is None:
                raise NotFound(f"The history has no version {to}.")
            return from_json(state)

        return self._edit(key, None, version, (), change)

    def _edit(
        self,
        key: Key,
        name: str | None,
        seen: int | None,
        packed: Iterable[bytes],
        change: Change,
        tid: int | None = None,
    ) -> int:
        with self._database.writing() as connection:
            person_id = rows.lock_person(connection, key.user)
            head = rows.current(connection, key.user, key.fingerprint, name)
            if seen is not None and seen != (head.version if head else 0):
                raise Conflict("Somebody else has saved meanwhile, maybe you in another window: load again.")
            if head is None:
                head = rows.make(connection, person_id, key.fingerprint, name or DEFAULT_COLLECTION)
            before = rows.state(connection, head.id)
            after = change(connection, head, before)
            version = head.version if after.same(before) else head.version + 1
            tid = head.tid if tid is None else tid
            rows.advance(connection, head, key.fingerprint, version=version, tid=tid)
            if version != head.version:
                rows.add_contents(connection, person_id, {name_of(data): data for data in packed})
                rows.replace(connection, head.id, before, after)
                _note(
                    connection, head.id, Edit(version, _now(), key.user, what_changed(before, after)), after
                )
                make_room(connection, person_id, self._quota)
        return version

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
