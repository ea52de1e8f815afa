"""What all handlers share, built once from the settings and given to the routes."""

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from .._version import __version__
from ..annotations.store import Store
from ..config import Cxg
from ..engine.cache import Cache
from ..engine.index import Indexer
from ..engine.shelf import Opened, Shelf
from ..errors import Forbidden, NotFound, NotReady, SharingOff
from ..model import Columns
from ..snapshot.catalog import Catalog
from ..snapshot.chosen import ChosenCatalog
from ..snapshot.links import Links, StoredLink
from ..wire import Encoding
from ..wire.answers import Answer
from ..wire.plain import json_document
from . import annotating
from .capability import Capabilities, Role
from .pool import Pool
from .preparing import Preparations
from .presentation import PLAIN, Presentation
from .questions import Found, Limits, Question, opening_status

T = TypeVar("T")

DOCUMENT = "application/json"


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
    ) -> None:
        place = settings.place()
        kind = Catalog if only is None else partial(ChosenCatalog, only)
        self.catalog: Catalog = kind(place.root, max_bytes=place.max_bytes, keep_seconds=place.keep_seconds)
        self.capabilities = Capabilities(settings.capability_minutes)
        self.links = Links(self.catalog, max_days=settings.max_link_days)
        self.sharing = settings.sharing_allowed(by_hub=by_hub)
        self.limits = Limits(
            settings.max_columns,
            settings.max_category_items,
            settings.diffexp,
            settings.max_diffexp_cells,
            settings.diffexp_cutoff,
            presentation=presentation,
        )
        self.annotations = Store(settings.annotations_place(), quota=settings.max_annotation_bytes)
        self._pool = Pool(settings.threads)
        self.preparations = Preparations(self.catalog, place, self.run, at_once=settings.max_preparing)
        self._indexer = Indexer(self._pool.later)
        self._shelf = Shelf(
            self.catalog, Cache(settings.cache_bytes), self._indexer, threads=settings.threads
        )

    async def run(self, work: Callable[[], T], *, guest: bool = False) -> T:
        """The result of ``work()`` on the pool: the one bridge from the event loop to everything slow."""
        return await self._pool.run(work, guest=guest)

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

    def annotator(self, secret: str) -> str | None:
        """Whose annotations the holder of an admitted secret reads and writes; None: nobody's."""
        return self.capabilities.owner(secret)

    async def annotate(
        self, dataset_id: str, work: Callable[[Store, Opened], T], *, guest: bool = False
    ) -> T:
        """``work(store, opened)`` on the pool: something about what users write about a dataset."""
        return await self.run(lambda: work(self.annotations, self.open(dataset_id)), guest=guest)

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
        return replace(opened, mine=self.annotations.annotations(annotating.key_of(opened, user)))

    def reply(
        self, dataset_id: str, question: Question, encoding: Encoding, known: str, user: str | None = None
    ) -> Reply:
        """The answer to one question; for the pool.

        Parameters
        ----------
        known
            The client's ``If-None-Match``.
        user
            Whose annotations the answer may hold.
        """
        if question.changing:
            return Reply(None, write(self.find(dataset_id, question), encoding))
        opened = self._with_annotations(self.open(dataset_id), question, user)
        if not question.key:
            return Reply(None, write(question.find(opened), encoding))
        etag = _etag(opened, f"{question.key} {self.limits}", encoding.media_type, user or "")
        if matches(known, etag):  # before any work
            return Reply(etag, None)
        return Reply(etag, write(question.find(opened), encoding))

    async def stop(self) -> None:
        """End what was started outside of this process, then `close`."""
        await self.preparations.close()
        self.close()

    def close(self) -> None:
        """Stop working, soon."""
        self._indexer.close()
        self._pool.close()
        self.annotations.close()


def write(found: object, encoding: Encoding) -> Answer:
    """Columns as the client likes them, anything else as JSON."""
    if isinstance(found, Columns):
        return Answer(encoding.media_type, encoding.encode(found))
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
