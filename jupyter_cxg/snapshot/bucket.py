"""Files in the buckets of a cloud, by the packages that fsspec knows for them.

Where such an address leads, the person's own configuration says and not the address, so there is nothing
to guard. Credentials are found where these packages look for them; where there are none, what is public
can be read.
"""

import asyncio
from typing import Any

from fsspec import get_filesystem_class
from fsspec.asyn import AsyncFileSystem

from ..errors import BadQuery, CxgError, Forbidden, NotFound, TooLarge, Unpublishable
from .address import BUCKETS, Address
from .private import size_text
from .web import MOST_BYTES, PAUSES, REQUEST_SECONDS, About

_NOBODY: dict[str, dict[str, Any]] = {
    "s3": {"anon": True},
    "gs": {"token": "anon"},
    "gcs": {"token": "anon"},
    "az": {"anon": True},
}
_REFUSED = ("PermissionError", "NoCredentialsError", "DefaultCredentialsError", "ClientAuthenticationError")


class Bucket(AsyncFileSystem):  # type: ignore[misc]  # fsspec ships no types
    """The file at an address; if it is a store, what is below it, by relative paths.

    Raises
    ------
    BadQuery
        The package for it is not installed.
    """

    protocol = tuple(BUCKETS)
    cachable = False

    def __init__(self, address: Address, *, asynchronous: bool = False) -> None:
        super().__init__(asynchronous=asynchronous)
        self._address = address
        self._scheme = address.parts.scheme.lower()
        try:
            self._kind = get_filesystem_class(self._scheme)
        except ImportError:
            package = BUCKETS[self._scheme]
            raise BadQuery(
                f"Reading {self._scheme}:// needs {package}: pip install 'jupyter-cxg[remote]' {package}."
            ) from None
        self._own = self._made({})
        self._stamp: str | None = None

    async def _cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
        if start is None and end is None:
            size = (await self._ask("_info", path)).get("size")
            if size is not None and size > MOST_BYTES:
                raise TooLarge(
                    f"{path} of {self._address.name} has {size_text(size)}: its chunks are too large."
                )
        body: bytes = await self._ask("_cat_file", path, start=start, end=end)
        if start is not None and end is not None and len(body) != end - start:
            raise Unpublishable(f"{self._address.name} changed while it was read: run this again.")
        return body

    async def _info(self, path: str, **_: Any) -> dict[str, Any]:
        found: dict[str, Any] = await self._ask("_info", path)
        return found

    async def _ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        entries = await self._ask("_ls", path, detail=True)
        base = self._path("").rstrip("/") + "/"
        below = [{**entry, "name": entry["name"].removeprefix(base)} for entry in entries]
        return below if detail else [entry["name"] for entry in below]

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path

    async def about(self, path: str = "") -> About:
        """Look at a file: what it is, and not what is in it."""
        info = await self._ask("_info", path)
        size = info.get("size")
        marks = ("ETag", "etag", "generation", "md5", "LastModified", "last_modified", "mtime", "created")
        stamp = " ".join(str(info[mark]) for mark in marks if info.get(mark)) + f" {size}"
        first = await self._ask("_cat_file", path, start=0, end=8) if size else b""
        return About(size, stamp, True, first)

    async def remember(self) -> About:
        """As `Web.remember`; what is in a bucket is replaced as a whole, and its size says so."""
        return await self.about()

    def end(self) -> None:
        """Leave the connections to the package."""

    def _made(self, more: dict[str, Any]) -> Any:
        return self._kind(asynchronous=self.asynchronous, skip_instance_cache=True, **more)

    def _path(self, path: str) -> str:
        parts = self._address.parts
        whole = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        stripped: str = self._kind._strip_protocol(f"{whole}/{path}" if path else whole)
        return stripped

    async def _ask(self, method: str, path: str, **how: Any) -> Any:
        """What the package answers; as nobody, if nobody gave it credentials."""
        for pause in (*PAUSES, None):
            try:
                async with asyncio.timeout(REQUEST_SECONDS):
                    return await getattr(self._own, method)(self._path(path), **how)
            except FileNotFoundError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever the packages say
                refused = type(error).__name__ in _REFUSED
                if refused and self._scheme in _NOBODY:
                    self._own = self._made(_NOBODY[self._scheme])
                    self._scheme = ""  # once
                    continue
                if refused or pause is None:
                    raise self._sentence(error, refused=refused) from None
                await asyncio.sleep(pause)
        raise self._sentence(TimeoutError(), refused=False)

    def _sentence(self, error: Exception, *, refused: bool) -> CxgError:
        address = self._address
        if refused:
            package = BUCKETS[address.parts.scheme.lower()]
            return Forbidden(f"{address.shown} may not be read: give credentials to {package}.")
        if type(error).__name__ in ("EndpointConnectionError", "ClientConnectorError"):
            return NotFound(f"The store of {address.host} is not reached: check the network.")
        return Unpublishable(
            f"{address.shown} cannot be read now ({type(error).__name__}): try again later, or download it."
        )
