"""Host 2: the same routes without Jupyter Server, for some files (``jupyter cxg serve``)."""

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_server.auth import Authorizer, IdentityProvider
from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from .context import Context
from .handler import CxgHandler
from .handlers.front import Front, Site, state_of
from .handlers.health import CellxgeneHealth, Health, Ready
from .handlers.index import Each, Index
from .handlers.login import Login
from .methods import SaysMethods
from .routes import OPENAPI, STATIC, Route, described, routes

log = logging.getLogger(__name__)

_API = "api/v0.2/"
# there is no contents root; and the document is another
_NOT_HERE = ("/cxg/open", OPENAPI)


@dataclass(frozen=True, slots=True)
class Host:
    """What differs between one standalone server and another.

    Attributes
    ----------
    base_url
        Begins and ends in "/".
    routes
        What the identity provider needs beside ours.
    headers
        Of every answer.
    any_name
        Whether to answer whatever the request's ``Host`` says; a server that only its own machine reaches
        must not, or a foreign page could give it a name of its own.
    """

    identity: IdentityProvider
    authorizer: Authorizer
    base_url: str = "/"
    cookie_secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    routes: Sequence[Any] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    any_name: bool = False


class Nothing(CxgHandler):
    """Whatever has no route."""

    async def prepare(self, **_: Any) -> None:
        """Refuse any method, before anything is looked at."""
        raise web.HTTPError(404)


class Slash(SaysMethods):
    """The base URL without its last slash."""

    @allow_unauthenticated
    def get(self) -> None:
        """The way to the page; the query, which may hold the token, comes along."""
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(self.settings["base_url"] + query)


class Application(web.Application):
    """Counts the requests that are being answered.

    Attributes
    ----------
    moved
        Beginning of a path → what stands for it.
    """

    busy = 0
    moved: tuple[str, str] | None = None

    def find_handler(self, request: Any, **kwargs: Any) -> Any:
        """Called for each request when its first bytes are there."""
        self.busy += 1
        if self.moved and request.path.startswith(self.moved[0]):
            request.path = self.moved[1] + request.path.removeprefix(self.moved[0])
        return super().find_handler(request, **kwargs)

    def log_request(self, handler: web.RequestHandler) -> None:
        """Called when it is answered. Logs no query: there may be a token in it."""
        self.busy -= 1
        request = handler.request
        log.log(
            logging.WARNING if handler.get_status() >= 400 else logging.DEBUG,
            "%d %s %s (%s) %.0f ms",
            handler.get_status(),
            request.method,
            request.path,
            request.remote_ip,
            1000 * request.request_time(),
        )


def make_app(context: Context, site: Site, host: Host, *, static: Path = STATIC) -> Application:
    """The application: our routes, a front page, health, login, and nothing else.

    Where there is one file, its API is at the root too, where cellxgene's clients look for it.
    """

    def below(pattern: str) -> str:
        return re.escape(host.base_url) + pattern.removeprefix("/")

    pages: dict[str, Any] = {"context": context, "static": static, "site": site}
    state = {"state": lambda: context.run(partial(state_of, context, site))}
    ours: list[Route] = [
        ("/", Front if site.file else Index, pages),
        *([] if site.file else [(r"/cxg/d/([^/]+)/?", Each, pages)]),
        ("/healthz", Health, {}),
        ("/readyz", Ready, state),
        ("/health", CellxgeneHealth, state),
        *(route for route in routes(context, static=static) if not route[0].startswith(_NOT_HERE)),
    ]
    if host.identity.token:
        ours.append(("/login", Login, {"context": context}))
    table = described(context, ours)
    found = [(below(pattern), handler, kwargs) for pattern, handler, kwargs in table]
    found += [(below(pattern), *rest) for pattern, *rest in host.routes]
    if host.base_url != "/":
        found.append((re.escape(host.base_url.rstrip("/")), Slash, {}))
    app = Application(
        found,
        default_handler_class=Nothing,
        default_handler_args={"context": context},
        base_url=host.base_url,
        login_url=f"{host.base_url}login",
        identity_provider=host.identity,
        authorizer=host.authorizer,
        cookie_secret=host.cookie_secret,
        xsrf_cookie_kwargs={"path": host.base_url, "samesite": "Lax"},
        allow_unauthenticated_access=False,
        allow_remote_access=host.any_name,
        # Where nobody logs in there is no cookie to steal a request with; scripts send none. Pages of other
        # origins are refused all the same (access.check).
        disable_check_xsrf=not host.identity.auth_enabled,
        headers=dict(host.headers),
        serverapp=None,
    )
    if site.file:
        app.moved = (f"{host.base_url}{_API}", f"{host.base_url}cxg/d/{site.file.id}/{_API}")
    return app
