"""``jupyter cxg serve PATH…``."""

import asyncio
import ipaddress
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jupyter_core.application import base_aliases, base_flags
from traitlets import Bool, Unicode

from .._version import __version__
from ..config import Cxg, Serve, hub_place
from ..errors import BadQuery, NotFound
from ..hub.identity import hub_headers, hub_identity
from ..server.context import Context
from ..server.handlers.front import Site
from ..server.identity import AnyoneIdentity, StandaloneAuthorizer, TokenIdentity
from ..server.listener import Listener, listen
from ..server.preparing import File
from ..server.presentation import Presentation
from ..server.standalone import Host, make_app
from ..server.visitors import VisitorIdentity, is_visitor, signing_key
from ..snapshot.manifest import Manifest
from . import copies, launch_config
from .app import Command
from .files import Broken, check_whole, the_files
from .launch import translated

KEEP_SECONDS = 600.0
WATCH_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int | None
    base_url: str


class ServeApp(Command):
    """Serve files, or folders of files, to browsers: jupyter cxg serve PATH…"""

    name = "jupyter-cxg-serve"
    description = __doc__
    examples = "jupyter cxg serve pbmc.h5ad --open\njupyter cxg serve data/ --auth none --port 5005"
    classes = [Serve, Cxg]  # noqa: RUF012 - as traitlets declares it
    aliases = {  # noqa: RUF012
        **base_aliases,
        "host": "Serve.host",
        "port": "Serve.port",
        "base-url": "Serve.base_url",
        "auth": "Serve.auth",
        "title": "Serve.title",
        "about": "Serve.about",
        "embedding": "Serve.embedding",
        "modality": "Serve.modality",
        "obs-names": "Serve.obs_names",
        "var-names": "Serve.var_names",
        "memory": "Serve.memory",
        "allow-private": "Serve.allow_private",
        "max-category-items": "Cxg.max_category_items",
        "diffexp-lfc-cutoff": "Cxg.diffexp_cutoff",
        "X-approximate-distribution": "Cxg.x_distribution",
        "annotations-file": "Serve.annotations_file",
        "user-generated-data-dir": "Serve.user_generated_data_dir",
        "gene-sets-file": "Serve.gene_sets_file",
        "terms-file": "Cxg.terms_file",
        "config-file": "ServeApp.launch_config",
    }
    flags = {  # noqa: RUF012
        **base_flags,
        "open": ({"Serve": {"open_browser": True}}, "Open the viewer in a browser."),
        "public": ({"Serve": {"public": True}}, "Visitors come from elsewhere, and that is meant."),
        "recipe": ({"Serve": {"recipe": True}}, "Compute an embedding by scanpy where a file has none."),
        "verbose": ({"Application": {"log_level": "INFO"}}, "Log more."),
        "disable-custom-colors": ({"Serve": {"custom_colors": False}}, "Use no colors that are in uns."),
        "disable-diffexp": ({"Cxg": {"diffexp": False}}, "Compare no groups of cells."),
        "disable-annotations": ({"Cxg": {"annotating": False}}, "Nobody annotates."),
        "disable-gene-sets-save": ({"Cxg": {"gene_sets_save": False}}, "Nobody saves gene sets."),
        "dump-default-config": ({"ServeApp": {"dump": True}}, "Print cellxgene's configuration, and end."),
    }

    launch_config = Unicode(help="A configuration file of cellxgene launch, YAML.").tag(config=True)
    dump = Bool(False, help="Print the defaults as such a file, and end.").tag(config=True)

    def parse_command_line(self, argv: Any = None) -> None:
        """Options as `cellxgene launch` spells them are understood too.

        Raises
        ------
        BadQuery
            There is no such option.
        """
        super().parse_command_line(translated(argv or ()))

    def load_config_file(self, *args: Any, **kwargs: Any) -> None:
        """Jupyter's files, then cellxgene's; the command line has the last word.

        Raises
        ------
        BadQuery, NotFound
            It cannot be read.
        """
        super().load_config_file(*args, **kwargs)
        if self.launch_config:
            found = launch_config.read(Path(self.launch_config))
            self.update_config(found.settings)
            self.extra_args = self.extra_args or list(found.files)

    def start(self) -> None:
        """Serve until a signal comes.

        Raises
        ------
        CxgError
            What was asked for cannot be done.
        """
        super().start()
        if self.dump:
            print(launch_config.defaults(), end="")
            return
        settings = Serve(parent=self)
        usage = "jupyter cxg serve PATH|URL…, files or a folder of files"
        asyncio.run(self._serve(the_files(self.extra_args, settings.reading(), usage=usage), settings))

    async def _serve(self, files: tuple[File, ...], settings: Serve) -> None:
        address = where(settings)
        check_public(settings, address)
        presentation = presentation_of(settings, alone=len(files) == 1)
        plan = copies.plan_of(settings, alone=len(files) == 1, most=Cxg(parent=self).max_visitors_bytes)
        sockets = listen(address.host, address.port)
        context = Context(
            Cxg(parent=self),
            by_hub=settings.auth == "hub",
            only={file.id for file in files},
            presentation=presentation,
            copies=plan,
        )
        host = host_for(settings, address, Cxg(parent=self))
        site = Site(files, settings.title)
        app = make_app(context, site, host)
        # Before the file is open: who started this wants to see that something answers.
        listener = Listener(app, sockets, behind_proxy=host.any_name)
        announce(site, settings, host, url_of(address, sockets))
        try:
            await until_stopped(context, site, stay=settings.on_a_platform)
        finally:
            await listener.stop()
            await context.stop()


async def until_stopped(context: Context, site: Site, *, stay: bool) -> None:
    """Open the file, if it is one, then wait for a signal.

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
    file = site.file
    if file and not await context.run(partial(is_there, context, file)):
        context.preparations.start(file)
        while context.preparations.running(file.id) and not await happens(stopped, WATCH_SECONDS):
            pass
        if not stopped.is_set() and not stay:
            context.preparations.explain(file.id)
    if file is not None and await context.run(partial(is_there, context, file)):
        with suppress(NotFound):  # removed a moment ago
            tell_broken(file, await context.run(partial(context.catalog.get, file.id)))
        if not stopped.is_set():
            await copies.take_up(context, file, stay=stay)
    while not await happens(stopped, KEEP_SECONDS):
        context.later(partial(keep, context, site))


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


def tell_broken(file: File, manifest: Manifest) -> None:
    """Who started this learns at the terminal what no page will show."""
    try:
        check_whole(file, manifest)
    except Broken as error:
        print(f"jupyter cxg: {error}", file=sys.stderr)


def keep(context: Context, site: Site) -> None:
    """Note that the snapshots are needed, so that nobody removes them, and close what nobody looks at."""
    for file in site.files:
        context.catalog.touch(file.id)
    context.tidy()


def presentation_of(settings: Serve, *, alone: bool) -> Presentation:
    """How the files are shown; a title is that of one file, or of the list of several.

    Raises
    ------
    BadQuery
        ``--about`` is no address.
    """
    about = urlsplit(settings.about)
    if settings.about and not (about.scheme in ("http", "https") and about.hostname):
        raise BadQuery(f"--about {settings.about!r} must be the whole address of a page: https://….")
    title = settings.title if alone else ""
    return Presentation(title, settings.about, tuple(settings.embedding), settings.custom_colors)


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


def host_for(settings: Serve, address: Address, limits: Cxg) -> Host:
    """Who may look, and what it takes to find that out."""
    base_url, any_name = address.base_url, settings.public or not is_loopback(address.host)
    if settings.auth == "hub":
        provider = hub_identity()
        owner = hub_place().owner
        authorizer = StandaloneAuthorizer(lambda user: user.username == owner)
        theirs, headers = provider.get_handlers(), hub_headers()
        return Host(provider, authorizer, base_url, routes=theirs, headers=headers, any_name=True)
    if settings.auth == "none":
        if not (limits.annotating or limits.gene_sets_save):
            nobody = StandaloneAuthorizer(lambda user: False)
            return Host(AnyoneIdentity(), nobody, base_url, any_name=any_name)
        key = signing_key(limits.visitor_key_place(), settings.secret_key)
        visitors = StandaloneAuthorizer(lambda user: False, is_visitor)
        return Host(VisitorIdentity(key, path=base_url), visitors, base_url, key, any_name=any_name)
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


def announce(site: Site, settings: Serve, host: Host, url: str) -> None:
    """Say where it is: once, and with the token if nobody can know it yet."""
    asks = {"token": "asks for the token", "none": "asks nobody who they are", "hub": "asks the Hub"}
    what = site.file.name if site.file else f"{len(site.files)} files"
    print(f"jupyter_cxg {__version__} serves {what} and {asks[settings.auth]}.")
    if settings.auth == "token" and not settings.token:
        url += f"?token={host.identity.token}"
    print(f"    {url}\nStop it with Ctrl+C.", flush=True)
    if settings.open_browser:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
