"""What all handlers share, built once from the settings and given to the routes."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from .._version import __version__
from ..config import Cxg
from ..engine.cache import Cache
from ..engine.index import Indexer
from ..engine.shelf import Opened, Shelf
from ..model import Columns
from ..snapshot.catalog import Catalog
from ..wire import Encoding
from ..wire.answers import Answer
from ..wire.plain import json_document
from .capability import Capabilities
from .pool import Pool
from .questions import Limits, Question

T = TypeVar("T")

DOCUMENT = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its name; ``answer`` is None when the client has it already."""

    etag: str | None
    answer: Answer | None


class Context:
    """Catalog, open datasets, capabilities and the pool.

    Raises
    ------
    Forbidden
        Others can look into the snapshot directory.
    """

    def __init__(self, settings: Cxg) -> None:
        place = settings.place()
        self.catalog = Catalog(place.root, max_bytes=place.max_bytes, keep_seconds=place.keep_seconds)
        self.capabilities = Capabilities(settings.capability_minutes)
        self.limits = Limits(settings.max_columns, settings.max_category_items)
        self._pool = Pool(settings.threads)
        self._indexer = Indexer(self._pool.later)
        self._shelf = Shelf(
            self.catalog, Cache(settings.cache_bytes), self._indexer, threads=settings.threads
        )

    async def run(self, work: Callable[[], T]) -> T:
        """The result of ``work()`` on the pool: the one bridge from the event loop to everything slow."""
        return await self._pool.run(work)

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
        """The dataset in its current revision; for the pool."""
        return self._shelf.get(dataset_id)

    def reply(self, dataset_id: str, question: Question, encoding: Encoding, known: str) -> Reply:
        """The answer to one question; for the pool.

        Parameters
        ----------
        known
            The client's ``If-None-Match``.
        """
        opened = self.open(dataset_id)
        if question.changing:
            return Reply(None, write(question.find(opened), encoding))
        etag = _etag(opened, question.key, encoding.media_type)
        if matches(known, etag):  # before any work
            return Reply(etag, None)
        return Reply(etag, write(question.find(opened), encoding))

    def close(self) -> None:
        """Stop working, soon."""
        self._indexer.close()
        self._pool.close()


def write(found: object, encoding: Encoding) -> Answer:
    """Columns as the client likes them, anything else as JSON."""
    if isinstance(found, Columns):
        return Answer(encoding.media_type, encoding.encode(found))
    return Answer(DOCUMENT, json_document(found))


def matches(known: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` header has the tag."""
    return known.strip() == "*" or etag in re.findall(r'"[^"]*"', known)


def _etag(opened: Opened, key: str, media_type: str) -> str:
    manifest = opened.manifest
    parts = (
        __version__,
        manifest.id,
        manifest.created,
        str(manifest.revision),
        manifest.state,
        key,
        media_type,
    )
    return f'"{hashlib.blake2b(chr(0).join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()}"'
