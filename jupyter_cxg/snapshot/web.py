"""Files of web servers, read in parts: a file system of fsspec for one address.

What fsspec has for HTTP follows redirects to wherever they lead, believes a server that answers with
other bytes than it was asked for, and names the whole address when something fails. Here each hop is a
request of its own, and what goes wrong is a sentence.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

import aiohttp
from fsspec.asyn import AsyncFileSystem
from yarl import URL

from ..errors import BadQuery, CxgError, Forbidden, NotFound, TooLarge, Unpublishable
from .address import WEB, Address, is_named
from .private import size_text
from .reach import REFUSED, Refused, public_socket

CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 2.0
SILENT_SECONDS = 30.0  # that a server may send nothing
REQUEST_SECONDS = 300.0  # for a part, however slowly it comes
PAUSES = (0.5, 2.0)  # seconds before it is tried again
MOST_HOPS = 10
MOST_AT_ONCE = 8
MOST_BYTES = 256 * 2**20  # of a chunk or document that is read whole
_PIECE = 2**18
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class About:
    """What a server says of a file, and its first bytes.

    Attributes
    ----------
    size
        None if the server does not say.
    stamp
        Changes with the file, as far as the server says so.
    in_parts
        Whether parts of it can be asked for.
    """

    size: int | None
    stamp: str
    in_parts: bool
    first: bytes


class TryAgain(Exception):  # noqa: N818 - called for what to do
    """Something that may pass."""


class Web(AsyncFileSystem):  # type: ignore[misc]  # fsspec ships no types
    """The file at an address; if it is a store, what is below it, by relative paths.

    Parameters
    ----------
    private
        Hosts of this network that may be reached, as somebody named them.
    """

    protocol = WEB
    cachable = False

    def __init__(
        self, address: Address, private: tuple[str, ...] = (), *, asynchronous: bool = False
    ) -> None:
        super().__init__(asynchronous=asynchronous)
        self._address, self._private = address, private
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._home: asyncio.AbstractEventLoop | None = None  # where they were made
        self._stamp: str | None = None  # of the file, once it was looked at

    # ── as fsspec and zarr ask ──

    async def _cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
        """Some bytes, or all; `FileNotFoundError` if there is no such file."""
        body: bytes = await self._patiently(lambda: self._part(path, start, end))
        return body

    async def _info(self, path: str, **_: Any) -> dict[str, Any]:
        about = await self.about(path)
        return {"name": path, "size": about.size, "type": "file"}

    async def _ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        raise FileNotFoundError(path)  # a web server lists nothing

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path

    # ── as we ask ──

    async def about(self, path: str = "") -> About:
        """Look at a file: what it is, and not what is in it."""
        about: About = await self._patiently(lambda: self._about(path))
        return about

    async def remember(self) -> About:
        """Look at the file; from now on each part must be of this very one."""
        about = await self.about()
        self._stamp = about.stamp
        return about

    async def fetch(self, out: BinaryIO, most: int, tell: Callable[[int], None]) -> None:
        """Write all of the file, of at most so many bytes."""

        async def work() -> None:
            out.seek(0)
            out.truncate()
            await self._fetch(out, most, tell)

        await self._patiently(work, limited=False)

    async def _fetch(self, out: BinaryIO, most: int, tell: Callable[[int], None]) -> None:
        limit = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS)
        async with self._asked("", {}, limit) as response:
            self._check(response)
            done = 0
            async for piece in response.content.iter_chunked(_PIECE):
                done += len(piece)
                if done > most:
                    raise TooLarge(self._too_large(most))
                out.write(piece)
                tell(done)

    def end(self) -> None:
        """End all connections, from any thread."""
        if self._home is None or self._home.is_closed():
            return
        done = asyncio.run_coroutine_threadsafe(self._close(), self._home)
        if asyncio._get_running_loop() is not self._home:  # as in a collection of garbage over there
            with suppress(TimeoutError):
                done.result(CLOSE_SECONDS)

    async def _close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    # ── one request ──

    async def _about(self, path: str) -> About:
        async with self._asked(path, {"Range": "bytes=0-7"}) as response:
            if response.status == 416:
                return About(0, "", True, b"")
            self._check(response)
            size = response.content_length
            if response.status == 206:
                size = _range_of(response)[2]
            first = b""
            async for piece in response.content.iter_chunked(8):
                first += piece
                if len(first) >= 8:
                    break
            stamp = _stamp(response, size)
            if response.status != 206:
                response.close()  # all the rest is not wanted
            return About(size, stamp, response.status == 206 and size is not None, first[:8])

    async def _part(self, path: str, start: int | None, end: int | None) -> bytes:
        if start is None and end is None:
            headers, wanted = {}, MOST_BYTES
        elif end is None:
            headers = {"Range": f"bytes={start}" if (start or 0) < 0 else f"bytes={start}-"}
            wanted = MOST_BYTES
        else:
            headers, wanted = {"Range": f"bytes={start or 0}-{end - 1}"}, end - (start or 0)
        async with self._asked(path, headers) as response:
            self._check(response)
            total = response.content_length
            if headers and response.status != 206:
                raise Unpublishable(f"{self._who} no longer sends parts of {self._what}: try again later.")
            if response.status == 206:
                first, last, total = _range_of(response)
                size = last - first + 1
                asked = start is None or start < 0 or first == start
                if not asked or size > wanted or (size < wanted < MOST_BYTES and last + 1 != total):
                    raise Unpublishable(
                        f"{self._who} sends other bytes of {self._what} than it was asked for: download it, "
                        "and name the file."
                    )
                wanted = size
                if self._stamp not in (None, _stamp(response, total)):
                    raise Unpublishable(
                        f"{self._what} changed at {self._who} while it was read: run this again."
                    )
            body = bytearray()
            async for piece in response.content.iter_chunked(_PIECE):
                body += piece
                if len(body) > wanted:
                    raise TooLarge(self._too_large(wanted))
            if response.status == 206 and len(body) != wanted:
                raise TryAgain("broke off")
            return bytes(body)

    async def _patiently(self, work: Callable[[], Any], *, limited: bool = True) -> Any:
        """The result of ``work()``, tried again where that may help; what remains is a sentence."""
        for pause in (*PAUSES, None):
            try:
                async with asyncio.timeout(REQUEST_SECONDS if limited else None):
                    return await work()
            except (CxgError, FileNotFoundError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever a library says to a broken connection
                sentence, passing = self._sentence(error)
                if not passing or pause is None:
                    raise sentence from None  # what it came from names the whole address
                await asyncio.sleep(pause)
        raise AssertionError

    @asynccontextmanager
    async def _asked(
        self, path: str, headers: dict[str, str], limit: aiohttp.ClientTimeout | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer to one question, wherever redirects lead."""
        url = self._url(path)
        origin, auth = url.origin(), self._auth()
        for _ in range(MOST_HOPS + 1):
            session = self._session(named=is_named(url.host or "", url.port, self._private))
            own = auth if url.origin() == origin else None  # a password is for one server
            try:
                response = await session.get(
                    url,
                    headers=headers,
                    allow_redirects=False,
                    auth=own,
                    timeout=limit or aiohttp.client.sentinel,  # type: ignore[attr-defined]  # the session's
                )
            except aiohttp.ClientConnectorError as error:
                if isinstance(error.os_error, Refused) or REFUSED in str(error.os_error):
                    raise self._refused(url, origin) from None
                raise
            if response.status not in _REDIRECTS or "Location" not in response.headers:
                try:
                    yield response
                finally:
                    response.close() if not response.content.at_eof() else response.release()
                return
            response.close()
            onward = url.join(URL(response.headers["Location"]))
            if onward.scheme not in WEB or (url.scheme == "https" and onward.scheme == "http"):
                raise Unpublishable(
                    f"{self._who} leads on from {url.scheme}:// to {onward.scheme[:20]}://, where nothing "
                    "is read: use the address of the file itself."
                )
            url = onward
        raise Unpublishable(
            f"{self._who} leads from one address to the next, more than {MOST_HOPS} times: use the address "
            "of the file itself."
        )

    def _session(self, *, named: bool) -> aiohttp.ClientSession:
        self._home = asyncio.get_running_loop()
        if named not in self._sessions:
            connector = aiohttp.TCPConnector(
                limit=MOST_AT_ONCE, socket_factory=None if named else public_socket, ttl_dns_cache=60
            )
            self._sessions[named] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,  # a proxy would resolve names, and nothing could be checked
                headers={"Accept-Encoding": "identity", "User-Agent": "jupyter-cxg"},
                timeout=aiohttp.ClientTimeout(
                    total=REQUEST_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS
                ),
            )
        return self._sessions[named]

    def _url(self, path: str) -> URL:
        parts = self._address.parts
        below = f"{parts.path.rstrip('/')}/{quote(path)}" if path else parts.path
        netloc = parts.netloc.rpartition("@")[2]
        return URL(parts._replace(path=below, netloc=netloc, fragment="").geturl(), encoded=True)

    def _auth(self) -> aiohttp.BasicAuth | None:
        parts = self._address.parts
        if parts.username is None:
            return None
        return aiohttp.BasicAuth(unquote(parts.username), unquote(parts.password or ""), "utf-8")

    # ── what went wrong ──

    @property
    def _who(self) -> str:
        return self._address.host

    @property
    def _what(self) -> str:
        return self._address.name

    def _check(self, response: aiohttp.ClientResponse) -> None:
        status = response.status
        if status in (404, 410):
            raise FileNotFoundError(self._what)
        if status in (401, 403):
            raise Forbidden(
                f"{self._who} does not let this be read: {self._what} ({status}). Use a public address, a "
                "signed one that is still valid, or one with a password."
            )
        if status == 429 or status >= 500:
            raise TryAgain(f"answers {status}")
        if status not in (200, 206):
            raise Unpublishable(
                f"{self._who} answers {status} for {self._what}: use the address of the download itself."
            )
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Unpublishable(
                f"{self._who} sends {self._what} only compressed, so no part of it can be read: download it, "
                "and name the file."
            )

    def _refused(self, url: URL, origin: URL) -> BadQuery:
        host = url.host or ""
        leads = f"{self._who} leads on to {host}, which" if url.origin() != origin else host
        return BadQuery(
            f"{leads} {REFUSED}, which an address from elsewhere must not reach: add --allow-private {host} "
            "if that is meant."
        )

    def _too_large(self, most: int) -> str:
        return (
            f"{self._who} sends more than {size_text(most)} for {self._what}, more than it may: download it, "
            "and name the file."
        )

    def _sentence(self, error: Exception) -> tuple[CxgError, bool]:
        """What a library says, and whether it may pass."""
        who, what = self._who, self._what
        if isinstance(error, aiohttp.ClientConnectorDNSError):
            return NotFound(f"There is no host {who}: check the address, and the network."), False
        if isinstance(error, ssl.SSLError | aiohttp.ClientSSLError):
            return Unpublishable(f"{who} cannot prove that it is {who} (TLS): check the address."), False
        if isinstance(error, aiohttp.InvalidURL | ValueError):
            return BadQuery(
                f"The address of {what} at {who}, or where it leads, is none: copy it again."
            ), False
        if isinstance(error, TimeoutError):
            said = "says nothing"
        elif isinstance(error, TryAgain):
            said = str(error)
        elif isinstance(error, aiohttp.ClientConnectorError):
            said = "does not answer"
        else:
            said = "broke off"
        return Unpublishable(f"{who} {said} while {what} is read: try again later."), True


def _range_of(response: aiohttp.ClientResponse) -> tuple[int, int, int | None]:
    """First byte, last byte, and size of the file, as a 206 says."""
    try:
        unit, _, rest = response.headers.get("Content-Range", "").partition(" ")
        span, _, size = rest.partition("/")
        first, _, last = span.partition("-")
        if unit != "bytes" or int(last) < int(first):
            raise ValueError
        return int(first), int(last), None if size == "*" else int(size)
    except ValueError:
        raise Unpublishable(
            f"{response.url.host} answers with a part of a file, and does not say which: download the file, "
            "and name it."
        ) from None


def _stamp(response: aiohttp.ClientResponse, size: int | None) -> str:
    headers = response.headers
    return f"{headers.get('ETag', '')} {headers.get('Last-Modified', '')} {size}"
