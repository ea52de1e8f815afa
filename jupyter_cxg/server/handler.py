"""What every route shares: identity, CORS, the one way to reply, and the one error body."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from ..engine.watch import Cancelled, Watch
from ..errors import CxgError, TooLarge
from ..wire import negotiate
from ..wire.negotiate import FLATBUFFERS
from ..wire.plain import json_document
from . import access
from .capability import Role
from .context import Context
from .errors import RETRY_AFTER, answer_to
from .limits import Limits
from .methods import SaysMethods
from .questions import Question
from .receiving import Receiving

T = TypeVar("T")

LARGE = 1 << 17
MAX_BODY = 1_000_000  # as cellxgene's limit for POST summarize/var


class CxgHandler(SaysMethods, JupyterHandler):
    """A handler that knows the `Context` and answers errors as ``{"code", "message"}``."""

    context: Context

    def initialize(self, context: Context) -> None:
        """Called by tornado with the last part of a route."""
        self.context = context

    @property
    def content_security_policy(self) -> str:
        """Nothing of ours but the viewer is a page, whatever a browser takes it for."""
        return "default-src 'none'; frame-ancestors 'none'; sandbox"

    def set_default_headers(self) -> None:
        """Jupyter's own, then ours."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        for name in ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"):
            self.clear_header(name)  # the server's settings may have opened the notebook's API

    def set_cors_headers(self) -> None:
        """Nothing: what Jupyter's settings allow to other pages, they do not allow to ours."""

    def compute_etag(self) -> str | None:
        """None: tornado would hash every body, and ours are named by what was asked."""
        return None

    def get_login_url(self) -> str:
        """Refuse instead of redirecting: who asks for data is a program."""
        raise web.HTTPError(403)

    def send(self, body: bytes) -> None:
        """Finish with a body."""
        if len(body) >= LARGE:  # tornado would copy it behind the headers, while all others wait
            self.set_header("Content-Length", str(len(body)))
            self.flush()
        self.finish(body)

    def send_json(self, document: object) -> None:
        """Finish with a document; the content type is bare because cellxgene's client compares it."""
        self.set_header("Content-Type", "application/json")
        self.finish(json_document(document))

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """As tornado's, with the status that our errors have."""
        status, _, _ = answer_to(_raised(kwargs), status_code)
        super().send_error(status, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """The one error body."""
        error = _raised(kwargs)
        _, code, message = answer_to(error, status_code)
        if error is not None and (after := RETRY_AFTER.get(type(error))):
            self.set_header("Retry-After", str(after))
        self.send_json({"code": code, "message": message})

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Our errors are answers; only the others are news."""
        if not isinstance(value, CxgError):
            super().log_exception(typ, value, tb)


class DataHandler(Receiving, CxgHandler):
    """A handler whose verbs are all ``@allow_unauthenticated``, because `reply` checks who asks.

    CORS: the viewer's page is sandboxed and so has the origin ``null``, which says nothing about
    who it is; what it may read is up to its capability. Cookies are never allowed to come along.
    """

    methods = "GET, POST, PUT, OPTIONS"
    role: Role = "view"
    """What a capability must allow."""
    guest = False
    """Whether somebody asks who came by a link; set by whatever checks that."""
    _left = False

    def set_default_headers(self) -> None:
        """CORS for the sandboxed page, also on errors: it must be able to read why it was refused."""
        super().set_default_headers()
        self.set_header("Vary", "Origin, Accept")
        if self.request.headers.get("Origin") == "null":
            self.set_header("Access-Control-Allow-Origin", "null")
            self.set_header("Access-Control-Expose-Headers", "ETag, Location, Retry-After")

    def check_xsrf_cookie(self) -> None:
        """Who shows a capability is not believed for a cookie, so there is nothing to forge."""
        if access.HEADER not in self.request.headers:
            super().check_xsrf_cookie()

    @allow_unauthenticated
    async def options(self, *_: str) -> None:
        """What a browser asks before a request with our header; holds no data."""
        self.set_header("Access-Control-Allow-Methods", self.methods)
        self.set_header("Access-Control-Allow-Headers", f"{access.HEADER}, Content-Type, If-None-Match")
        self.set_header("Access-Control-Max-Age", "7200")
        self.set_status(204)
        self.finish()

    async def reply(self, dataset_id: str, asked: Callable[[Limits], Question]) -> None:
        """Access → question → encoding → ETag → pool → bytes."""
        await access.check(self, dataset_id, self.role)
        question = asked(self.context.limits)
        await self.answer(dataset_id, question, await access.annotator(self))

    async def answer(self, dataset_id: str, question: Question, user: str | None) -> None:
        """The same, of whom it is known by now that they may ask."""
        headers = self.request.headers
        encoding = (
            FLATBUFFERS if question.documents else negotiate(headers.get("Accept", ""), question.offered)
        )
        known = headers.get("If-None-Match", "") if self.request.method == "GET" else ""
        watch = Watch(cancelled=lambda: self._left)
        ask = partial(self.context.reply, dataset_id, question, encoding, known, user, watch=watch)
        reply = await self.work(ask, slow=question.slow)
        if reply is None:
            return
        if not question.changing:
            self.note_activity()
        if reply.etag is not None:
            self.set_header("Etag", reply.etag)
            self.set_header("Cache-Control", "private, no-cache")
        if reply.answer is None:
            self.set_status(304)
            self.finish()
            return
        self.set_header("Content-Type", reply.answer.media_type)
        self.send(reply.answer.body)

    async def work(self, work: Callable[[], T], *, slow: bool = False) -> T | None:
        """``work()`` on the pool; None, undone, if the client left while it waited in line or was worked for.

        Who skims through genes drops most questions before their turn comes.
        """
        try:
            return await self.context.run(lambda: None if self._left else work(), guest=self.guest, slow=slow)
        except Cancelled:
            return None

    def on_connection_close(self) -> None:
        """Called by tornado when the client leaves without waiting for its answer."""
        super().on_connection_close()
        self._left = True

    def note_activity(self) -> None:
        """Somebody is looking: jupyter_server counts settings of such names when it culls idle servers."""
        self.settings["jupyter_cxg_last_activity"] = datetime.now(UTC)

    def small_body(self, most: int = MAX_BODY) -> bytes:
        """The body of the request, of ``most`` bytes at most.

        Raises
        ------
        TooLarge
            It is larger than any question.
        """
        if len(self.received) > most:
            raise TooLarge(f"The body has more than {most} bytes, which no question needs.")
        return self.received


def _raised(kwargs: dict[str, Any]) -> BaseException | None:
    error: BaseException | None = kwargs.get("exc_info", (None, None))[1]
    return error
