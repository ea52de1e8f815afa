"""GET /healthz, /readyz, and cellxgene's /health — for whoever watches the process; they hold no data."""

from collections.abc import Awaitable, Callable
from typing import TypedDict

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from ..._version import __version__
from ...wire.plain import json_document
from ..methods import SaysMethods
from ..spec import Answer, document, spec

HEALTH = "application/health+json"


class HealthDocument(TypedDict):
    """How it is."""

    state: str


class Health(SaysMethods):
    """200 as long as the process answers."""

    @spec("Whether the process answers", "public", document("It does.", HealthDocument))
    @allow_unauthenticated
    def get(self) -> None:
        """It lives."""
        _say(self, "ok")


class Ready(SaysMethods):
    """200 once all of the dataset can be looked at, 503 before and when it cannot be."""

    def initialize(self, state: Callable[[], Awaitable[str]]) -> None:
        """``state`` is asked each time, and says a word: ``"complete"``, or what it is at."""
        self.state = state

    @spec(
        "Whether all of the dataset can be looked at",
        "public",
        {200: document("It can.", HealthDocument), 503: document("Not yet.", HealthDocument)},
    )
    @allow_unauthenticated
    async def get(self) -> None:
        """It is ready, or not yet."""
        state = await self.state()
        if state != "complete":
            self.set_status(503)
            self.set_header("Retry-After", "1")
        _say(self, state)


class PassDocument(TypedDict):
    """How it is, in cellxgene's words: pass or fail."""

    releaseID: str
    status: str
    version: str


class CellxgeneHealth(SaysMethods):
    """200 unless the file could not be opened, 400 then: what watches a cellxgene need not be changed."""

    def initialize(self, state: Callable[[], Awaitable[str]]) -> None:
        """``state`` as of `Ready`."""
        self.state = state

    @spec(
        "Whether the file can be looked at, as cellxgene says it",
        "public",
        {code: Answer(about, {HEALTH: PassDocument}) for code, about in ((200, "It can."), (400, "No."))},
    )
    @allow_unauthenticated
    async def get(self) -> None:
        """Pass or fail."""
        failed = await self.state() == "failed"
        self.set_status(400 if failed else 200)
        found: PassDocument = {
            "releaseID": __version__,
            "status": "fail" if failed else "pass",
            "version": "1",
        }
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", HEALTH)
        self.finish(json_document(found))


def _say(handler: web.RequestHandler, state: str) -> None:
    handler.set_header("Cache-Control", "no-store")
    handler.set_header("Content-Type", "application/json")
    found: HealthDocument = {"state": state}
    handler.finish(json_document(found))
