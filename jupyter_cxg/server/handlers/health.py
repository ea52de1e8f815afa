"""GET /healthz, GET /readyz — for whoever watches the process; they hold no data."""

from collections.abc import Awaitable, Callable
from typing import TypedDict

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from ...wire.plain import json_document
from ..methods import SaysMethods
from ..spec import document, spec


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


def _say(handler: web.RequestHandler, state: str) -> None:
    handler.set_header("Cache-Control", "no-store")
    handler.set_header("Content-Type", "application/json")
    found: HealthDocument = {"state": state}
    handler.finish(json_document(found))
