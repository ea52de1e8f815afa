"""Feeds: what is pushed to those who look at a dataset, as long as they may."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import CxgError, Expired, NotFound, TooMany
from .jobs import JobDocument, Jobs

LOOK_EVERY = 0.5
MAX_EACH = 8
MAX_FEEDS = 1000
MAX_SILENT = 64

Document = Mapping[str, Any]


class Line(Protocol):
    """Where a feed leads: a WebSocket."""

    def push(self, name: str, document: Document) -> None:
        """Send a document soon; of those of one name that wait, only the last is sent."""

    def end(self, error: CxgError | None) -> None:
        """Say no more, and why."""


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """One who is told.

    Attributes
    ----------
    secret
        What lets them.
    user
        Whose jobs they are told about.
    """

    dataset_id: str
    secret: str
    user: str
    line: Line
    leave: Callable[[], None]


class Feeds:
    """All feeds; used by the event loop alone.

    Parameters
    ----------
    look
        The status of a dataset.
    check
        Whether a secret still opens a dataset, without its time starting anew.
    """

    def __init__(
        self,
        jobs: Jobs,
        look: Callable[[str], Awaitable[Document]],
        check: Callable[[str, str], Awaitable[bool]],
    ) -> None:
        self._jobs, self._look, self._check = jobs, look, check
        self._feeds: dict[str, list[Feed]] = {}
        self._each: Counter[str] = Counter()
        self._watchers: dict[str, asyncio.Task[None]] = {}
        self._wake: dict[str, asyncio.Event] = {}
        self._silent: set[Line] = set()

    def greet(self, line: Line) -> None:
        """Somebody called, who did not yet say who it is.

        Raises
        ------
        TooMany
            So did many others.
        """
        if len(self._silent) >= MAX_SILENT or self._each.total() >= MAX_FEEDS:
            raise TooMany("Too many connections are open: try again later.")
        self._silent.add(line)

    def forget(self, line: Line) -> None:
        """They left, or said who it is."""
        self._silent.discard(line)

    def add(self, dataset_id: str, secret: str, user: str, line: Line) -> Feed:
        """Tell somebody from now on, first what there is.

        Raises
        ------
        TooMany
            They are told already, many times over.
        """
        self.forget(line)
        if self._each[secret] >= MAX_EACH:
            raise TooMany(f"This view has {MAX_EACH} connections open already: close one.")

        def tell(job: JobDocument) -> None:
            line.push(job["job"], {"job": job})

        feed = Feed(dataset_id, secret, user, line, self._jobs.listen(user, dataset_id, tell))
        self._each[secret] += 1
        self._feeds.setdefault(dataset_id, []).append(feed)
        for job in reversed(self._jobs.list(user, dataset_id)):
            if not job.is_over:
                tell(job.document())
        # a watcher for each dataset, however many look at it; a new one tells the status to all
        if (watcher := self._watchers.pop(dataset_id, None)) is not None:
            watcher.cancel()
        self._wake[dataset_id] = asyncio.Event()
        self._watchers[dataset_id] = asyncio.get_running_loop().create_task(self._watch(dataset_id))
        return feed

    def remove(self, feed: Feed) -> None:
        """Tell them no more."""
        there = self._feeds.get(feed.dataset_id, [])
        if feed not in there:
            return
        there.remove(feed)
        feed.leave()
        self._each[feed.secret] -= 1
        self._each += Counter()  # drops those who have none
        if not there:
            del self._feeds[feed.dataset_id], self._wake[feed.dataset_id]
            self._watchers.pop(feed.dataset_id).cancel()

    def look_now(self, dataset_id: str) -> None:
        """Something about a dataset changed, such as who may look."""
        if dataset_id in self._wake:
            self._wake[dataset_id].set()

    def close(self) -> None:
        """End all."""
        for line in list(self._silent):
            line.end(None)
        for feed in [feed for feeds in self._feeds.values() for feed in feeds]:
            self.remove(feed)
            feed.line.end(None)

    async def _watch(self, dataset_id: str) -> None:
        """Look at a dataset, and at who may, again and again."""
        told: Document | None = None
        wake = self._wake[dataset_id]
        while True:
            for secret in {feed.secret for feed in self._feeds[dataset_id]}:
                if not await self._check(secret, dataset_id):
                    self._end(dataset_id, Expired("This view is over: load it again."), secret)
            try:
                status = await self._look(dataset_id)
            except NotFound as error:
                self._end(dataset_id, error)
                return
            except CxgError:  # told to whoever asks; it may pass
                status = None
            if status is not None and status != told:
                told = status
                for feed in self._feeds.get(dataset_id, ()):
                    feed.line.push("status", {"status": status})
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), LOOK_EVERY)
            wake.clear()

    def _end(self, dataset_id: str, error: CxgError, secret: str | None = None) -> None:
        for feed in list(self._feeds.get(dataset_id, ())):
            if secret in (None, feed.secret):
                self.remove(feed)
                feed.line.end(error)
