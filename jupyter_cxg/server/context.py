"""What all handlers share, built once from the settings and given to the routes."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar, cast

from .._version import __version__
from ..annotations.rooms import Rooms
from ..annotations.store import Store
from ..config import Cxg
from ..engine.cache import Cache
from ..engine.index import Indexer
from ..engine.shelf import Opened, Shelf
from ..engine.source import Distribution
from ..engine.watch import Watch
from ..errors import Expired, Forbidden, NotFound, NotReady, SharingOff
from ..model import Columns
from ..snapshot.catalog import Catalog
from ..snapshot.chosen import ChosenCatalog
from ..snapshot.links import Links, StoredLink
from ..wire import Encoding, png
from ..wire.answers import Answer
from ..wire.plain import json_document
from . import annotating, comparisons
from .access import guests_of
from .arriving import Room
from .capability import Capabilities, Role
from .copies import NO_FILES, Copies, Plan
from .documents import opening_status
from .feeds import Feeds
from .jobs import Jobs
from .limits import Limits
from .params_jobs import JobAsked
from .pool import Pool
from .preparing import Preparations
from .presentation import PLAIN, Presentation
from .questions import Found, Picture, Question, ask
from .streaming import Streams
from .tasks import Task, task_of
from .terms import Terms

T = TypeVar("T")

DOCUMENT = "application/json"
MAX_ARRIVING = 256_000_000
"""Bytes of large bodies at once, those that are being read or worked with."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its name; ``answer`` is None when the client has it already."""

    etag: str | None
    answer: Answer | None


class Context:
    """Catalog, open datasets, files that are being opened, capabilities, links and the pool.

    Parameters
    ----------
    by_hub
        Whether a JupyterHub says who the users are.
    only
        The snapshots that there are; None: all that the user has.
    presentation
        How they are shown.
    copies
        CSV files that are kept in step with what users write about them.

    Raises
    ------
    Forbidden
        Others can look into the snapshot directory.
    """

    def __init__(
        self,
        settings: Cxg,
        *,
        by_hub: bool = False,
        only: Collection[str] | None = None,
        presentation: Presentation = PLAIN,
        copies: Plan = NO_FILES,
    ) -> None:
        place = settings.place()
        kind = Catalog if only is None else partial(ChosenCatalog, only)
        self.catalog: Catalog = kind(place.root, max_bytes=place.max_bytes, keep_seconds=place.keep_seconds)
        self.capabilities = Capabilities(settings.capability_minutes)
        self.links = Links(self.catalog, max_days=settings.max_link_days)
        self.room = Room(MAX_ARRIVING)
        self.sharing = settings.sharing_allowed(by_hub=by_hub)
        self.limits = Limits(
            settings.max_columns,
            settings.max_category_items,
            settings.diffexp,
            settings.max_diffexp_cells,
            settings.diffexp_cutoff,
            presentation=presentation,
            annotating=settings.annotating,
            saving_gene_sets=settings.gene_sets_save,
            saving_views=settings.saved_views,
            terms=Terms(settings.terms_file),
            x_distribution=cast(Distribution, settings.x_distribution),
            copies=copies,
            max_genes=settings.max_genes,
        )
        place_of_annotations = settings.annotations_place()
        self.annotations = Store(place_of_annotations, quota=rooms(settings), collection=copies.collection)
        self.copies = Copies(self.annotations, copies)
        self._pool = Pool(settings.threads, jobs=settings.max_running_jobs)
        self.streams = Streams()
        self.jobs = Jobs(self._pool.start, at_once=settings.max_running_jobs, each=settings.max_jobs)
        self.feeds = Feeds(self.jobs, self._status, self._is_valid)
        self.preparations = Preparations(self.catalog, place, self.run, at_once=settings.max_preparing)
        self._indexer = Indexer(self._pool.later, threads=settings.threads, room=self.catalog.room)
        self._shelf = Shelf(
            self.catalog, Cache(settings.cache_bytes), self._indexer, threads=settings.threads
        )

    async def run(self, work: Callable[[], T], *, guest: bool = False, slow: bool = False) -> T:
        """The result of ``work()`` on the pool: the one bridge from the event loop to everything slow."""
        return await self._pool.run(work, guest=guest, slow=slow)

    async def admit(self, secret: str, dataset_id: str, role: Role = "view") -> StoredLink | None:
        """Let the holder of a capability, or of a link, pass.

        Returns
        -------
        The link, if it is one: then a guest asks, who may look and nothing else.

        Raises
        ------
        Expired, Forbidden
            It does not open this dataset, or not in this role.
        """
        link_id, dot, key = secret.partition(".")  # capabilities have no dot
        if not dot:
            self.capabilities.check(secret, dataset_id, role)
            return None
        if not self.sharing:
            raise SharingOff
        link = await self.run(partial(self.links.check, dataset_id, link_id, key), guest=True)
        if role != "view":
            raise Forbidden("Only the owner of this view can do that.")
        return link

    def asker(self, secret: str, dataset_id: str) -> str:
        """Under which name jobs of the holder of an admitted secret are kept; guests of a link are one."""
        link_id, dot, _ = secret.partition(".")
        return guests_of(dataset_id, link_id) if dot else f"user {self.capabilities.user(secret)}"

    async def _is_valid(self, secret: str, dataset_id: str) -> bool:
        """Whether `admit` would let pass; the time of a capability goes on."""
        link_id, dot, key = secret.partition(".")
        if not dot:
            return self.capabilities.is_valid(secret, dataset_id)
        try:
            await self.run(partial(self.links.check, dataset_id, link_id, key), guest=True)
        except Expired:
            return False
        return self.sharing

    async def _status(self, dataset_id: str) -> Mapping[str, Any]:
        found = await self.run(partial(self.find, dataset_id, ask("status", "", self.limits)))
        assert isinstance(found, Mapping)  # noqa: S101 - it is a document
        return found

    def annotator(self, secret: str) -> str | None:
        """Whose annotations the holder of an admitted secret reads and writes; None: nobody's."""
        author = self.capabilities.author(secret)
        return None if author is None else self.author(author)

    def author(self, user: str) -> str:
        """Under which name a user writes: where there is one file for all, all write under one."""
        return self.limits.copies.author or user

    async def annotate(
        self,
        dataset_id: str,
        work: Callable[[Store, Opened], T],
        *,
        guest: bool = False,
        user: str | None = None,
        saves: bool = False,
    ) -> T:
        """`in_step`, on the pool."""
        return await self.run(lambda: self.in_step(dataset_id, work, user=user, saves=saves), guest=guest)

    def in_step(
        self,
        dataset_id: str,
        work: Callable[[Store, Opened], T],
        *,
        user: str | None,
        saves: bool = False,
    ) -> T:
        """``work(store, opened)``: something about what users write about a dataset; for the pool.

        Parameters
        ----------
        user
            Whose CSV files must be in step before; None: nobody's.
        saves
            Whether they must be afterwards, too.
        """
        opened = self.open(dataset_id)
        if user is not None:
            self.copies.in_step(opened, user)
        found = work(self.annotations, opened)
        if user is not None and saves:
            self.copies.follow(opened, user)
        return found

    def later(self, work: Callable[[], object]) -> None:
        """Run ``work()`` some time, in the background; that it fails is nobody's loss."""
        self._pool.later(work)

    def tidy(self) -> None:
        """Remove what nobody will ask for again and close what nobody asks for now; for the pool."""
        self.catalog.prune()
        self._shelf.tidy()

    def remove(self, dataset_id: str) -> None:
        """Remove a snapshot and close it; for the pool."""
        self.catalog.remove(dataset_id)
        self._shelf.tidy()

    def open(self, dataset_id: str) -> Opened:
        """The dataset in its current revision; for the pool.

        Raises
        ------
        NotReady
            Its file is being opened, and there is nothing to see yet.
        CxgError
            There is no such dataset, or its file could not be opened.
        """
        try:
            return self._shelf.get(dataset_id)
        except NotFound:
            self.preparations.explain(dataset_id)
            raise

    def find(self, dataset_id: str, question: Question, user: str | None = None) -> Found:
        """What ``user`` is told; of a file that is being opened, how far that is; for the pool."""
        try:
            opened = self.open(dataset_id)
        except NotReady:
            preparation = self.preparations.running(dataset_id)
            if preparation is None or not question.changing:
                raise
            return opening_status(preparation.progress)
        return question.find(self._with_annotations(opened, question, user))

    def _with_annotations(self, opened: Opened, question: Question, user: str | None) -> Opened:
        if user is None or not question.personal(opened):
            return opened
        self.copies.in_step(opened, user)
        found = annotating.of_user(self.annotations, opened, user)
        return replace(opened, mine=found if self.limits.annotating else replace(found, names=()))

    def task(self, dataset_id: str, read: Callable[[], JobAsked], user: str | None) -> Task:
        """What a job shall do for ``user``; for the pool."""
        opened = self._with_annotations(self.open(dataset_id), comparisons.of_job(read), user)
        return task_of(opened, read(), self.limits, lambda: self.open(dataset_id))

    def reply(
        self,
        dataset_id: str,
        question: Question,
        encoding: Encoding,
        known: str,
        user: str | None = None,
        *,
        watch: Watch | None = None,
    ) -> Reply:
        """The answer to one question; for the pool.

        Parameters
        ----------
        known
            The client's ``If-None-Match``.
        user
            Whose annotations the answer may hold.
        watch
            Who waits for it.
        """
        if question.changing:
            return Reply(None, write(self.find(dataset_id, question), encoding))
        opened = self._with_annotations(self.open(dataset_id), question, user)
        opened = replace(opened, watch=watch or opened.watch)
        if not question.key:
            return Reply(None, write(question.find(opened), encoding))
        etag = _etag(opened, f"{question.key} {self.limits}", encoding.media_type, user or "")
        if matches(known, etag):  # before any work
            return Reply(etag, None)
        return Reply(etag, write(question.find(opened), encoding))

    async def stop(self) -> None:
        """End jobs, and what was started outside of this process, then `close`."""
        self.feeds.close()
        await self.jobs.close()
        await self.preparations.close()
        self.close()

    def close(self) -> None:
        """Stop working, soon."""
        self._indexer.close()
        self._pool.close()
        self.annotations.close()


def rooms(settings: Cxg) -> Rooms:
    """What users may store."""
    return Rooms(
        settings.max_annotation_bytes,
        visitors=settings.max_visitors,
        each_visitor=settings.max_visitor_bytes,
        all_visitors=settings.max_visitors_bytes,
    )


def write(found: object, encoding: Encoding) -> Answer:
    """Columns as the client likes them, pictures as PNG, anything else as JSON."""
    if isinstance(found, Columns):
        return Answer(encoding.media_type, encoding.encode(found))
    if isinstance(found, Picture):
        return Answer(png.MEDIA_TYPE, png.png(found.pixels))
    return Answer(DOCUMENT, json_document(found))


def matches(known: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` header has the tag."""
    return known.strip() == "*" or etag in re.findall(r'"[^"]*"', known)


def _etag(opened: Opened, key: str, media_type: str, user: str) -> str:
    manifest, mine = opened.manifest, opened.mine
    parts = (
        __version__,
        manifest.id,
        manifest.created,
        str(manifest.revision),
        manifest.state,
        key,
        media_type,
        *(() if mine is None else (user, str(mine.collection), str(mine.version))),
    )
    return f'"{hashlib.blake2b(chr(0).join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()}"'
