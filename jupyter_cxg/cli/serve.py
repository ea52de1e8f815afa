"""``jupyter cxg serve PATH``."""

import asyncio
import ipaddress
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from jupyter_core.application import base_aliases, base_flags

from .._version import __version__
from ..config import Cxg, Serve, hub_place
from ..errors import BadQuery, NotFound
from ..hub.identity import hub_headers, hub_identity
from ..server.context import Context
from ..server.handlers.front import Site
from ..server.identity import AnyoneIdentity, StandaloneAuthorizer, TokenIdentity
from ..server.listener import Listener, listen
from ..server.preparing import File
from ..server.standalone import Host, make_app
from ..snapshot.identity import snapshot_id
from .app import Command

KEEP_SECONDS = 600.0
WATCH_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int | None
    base_url: str


class ServeApp(Command):
    """Serve one .h5ad file or .zarr store to browsers: jupyter cxg serve PATH."""

    name = "jupyter-cxg-serve"
    description = __doc__
    examples = "jupyter cxg serve pbmc.h5ad --open"
    classes = [Serve, Cxg]  # noqa: RUF012 - as traitlets declares it
    aliases = {  # noqa: RUF012
        **base_aliases,
        "host": "Serve.host",
        "port": "Serve.port",
        "base-url": "Serve.base_url",
        "auth": "Serve.auth",
        "title": "Serve.title",
    }
    flags = {  # noqa: RUF012
        **base_flags,
        "open": ({"Serve": {"open_browser": True}}, "Open the viewer in a browser."),
        "public": ({"Serve": {"public": True}}, "Visitors come from elsewhere, and that is meant."),
    }

    def start(self) -> None:
        """Serve until a signal comes.

        Raises
        ------
        CxgError
            What was asked for cannot be done.
        """
        super().start()
        settings = Serve(parent=self)
        asyncio.run(self._serve(the_file(self.extra_args), settings))

    async def _serve(self, path: Path, settings: Serve) -> None:
        address = where(settings)
        check_public(settings, address)
        file = File(snapshot_id(path), path.resolve(), str(path))
        sockets = listen(address.host, address.port)
        context = Context(Cxg(parent=self), by_hub=settings.auth == "hub", only=file.id)
        host = host_for(settings, address)
        app = make_app(context, Site(file, settings.title), host)
        # Before the file is open: who started this wants to see that something answers.
        listener = Listener(app, sockets, behind_proxy=host.any_name)
        announce(path, settings, host, url_of(address, sockets))
        try:
            await until_stopped(context, file, stay=settings.on_a_platform)
        finally:
            await listener.stop()
            await context.stop()


async def until_stopped(context: Context, file: File, *, stay: bool) -> None:
    """Open the file, then wait for a signal.

    Parameters
    ----------
    stay
        Go on if the file cannot be opened: the page says why.

    Raises
    ------
    CxgError
        The file cannot be opened.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    if not await context.run(partial(is_there, context, file)):
        context.preparations.start(file)
        while context.preparations.running(file.id) and not await happens(stopped, WATCH_SECONDS):
            pass
        if not stopped.is_set() and not stay:
            context.preparations.explain(file.id)
    while not await happens(stopped, KEEP_SECONDS):
        context.later(partial(keep, context, file))


async def happens(event: asyncio.Event, seconds: float) -> bool:
    """Whether it does within that time."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


def is_there(context: Context, file: File) -> bool:
    """Whether the snapshot was made before; for the pool."""
    try:
        context.catalog.get(file.id)
    except NotFound:
        return False
    return True


def keep(context: Context, file: File) -> None:
    """Note that the snapshot is needed, so that nobody removes it, and close what nobody looks at."""
    context.catalog.touch(file.id)
    context.tidy()


def the_file(arguments: Sequence[str]) -> Path:
    """The one file that is to be served.

    Raises
    ------
    BadQuery, NotFound
        There is none, or it is of another kind.
    """
    if len(arguments) != 1:
        raise BadQuery("Say which file: jupyter cxg serve PATH, one .h5ad file or .zarr store.")
    path = Path(arguments[0])
    if not path.exists():
        raise NotFound(f"There is no file {path}.")
    if path.suffix not in (".h5ad", ".zarr"):
        kind = "a directory" if path.is_dir() else "neither .h5ad nor .zarr"
        raise BadQuery(f"{path} is {kind}: serve one .h5ad file or .zarr store.")
    return path


def where(settings: Serve) -> Address:
    """Where to listen: the Hub's word, else the options'.

    Raises
    ------
    BadQuery
        The base URL is none.
    """
    if settings.auth == "hub":
        place = hub_place()
        return Address(place.host, place.port, place.base_url)
    base_url = settings.base_url
    if not base_url.startswith("/"):
        raise BadQuery(f"--base-url {base_url!r} must be a path that begins with a slash, like /cells/.")
    if (
        quote(base_url, safe="/~@!$&'()*+,;=:-._%") != base_url
        or "//" in base_url
        or "/../" in f"{base_url}/"
    ):
        raise BadQuery(f"--base-url {base_url!r} is no path: write it as in a browser's address bar.")
    return Address(settings.host, settings.port, base_url.rstrip("/") + "/")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_public(settings: Serve, address: Address) -> None:
    """Refuse to show the file to everybody by accident.

    Raises
    ------
    BadQuery
        Nobody said that it is meant.
    """
    if settings.auth == "none" and not settings.public and not is_loopback(address.host):
        raise BadQuery(
            f"Everybody who reaches {address.host} could look at this file: add --public if that is meant, "
            "or use --auth token."
        )


def host_for(settings: Serve, address: Address) -> Host:
    """Who may look, and what it takes to find that out."""
    base_url, any_name = address.base_url, settings.public or not is_loopback(address.host)
    if settings.auth == "hub":
        provider = hub_identity()
        owner = hub_place().owner
        authorizer = StandaloneAuthorizer(lambda user: user.username == owner)
        theirs, headers = provider.get_handlers(), hub_headers()
        return Host(provider, authorizer, base_url, routes=theirs, headers=headers, any_name=True)
    if settings.auth == "none":
        return Host(AnyoneIdentity(), StandaloneAuthorizer(lambda user: False), base_url, any_name=any_name)
    identity = TokenIdentity(settings.token or secrets.token_urlsafe(24))
    authorizer = StandaloneAuthorizer(lambda user: True)
    return Host(identity, authorizer, base_url, identity.cookie_secret(), any_name=any_name)


def url_of(address: Address, sockets: Sequence[socket.socket]) -> str:
    """What to type into a browser on this machine."""
    host = address.host
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = socket.gethostname()
    if ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{sockets[0].getsockname()[1]}{address.base_url}"


def announce(path: Path, settings: Serve, host: Host, url: str) -> None:
    """Say where it is: once, and with the token if nobody can know it yet."""
    asks = {"token": "asks for the token", "none": "asks nobody who they are", "hub": "asks the Hub"}
    print(f"jupyter_cxg {__version__} serves {path.name} and {asks[settings.auth]}.")
    if settings.auth == "token" and not settings.token:
        url += f"?token={host.identity.token}"
    print(f"    {url}\nStop it with Ctrl+C.", flush=True)
    if settings.open_browser:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
