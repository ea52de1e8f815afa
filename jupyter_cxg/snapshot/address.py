"""Addresses of files elsewhere: what may be one, and what of it may be shown.

A password or a signature in an address is for its server alone. So what has the whole of it is called
``url`` and does not show itself; everything else says ``shown``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from ..errors import BadQuery

WEB = ("http", "https")
BUCKETS = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs"}
"""Scheme → the package that reads it."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*(?:::[A-Za-z0-9+.-]+)*)://")
# what signs an address changes with every signature, and makes no other file of it
_SIGNS = re.compile(
    r"(?i)(x-(amz|goog|oss|ms)-.*|signature|sig|expires|policy|key-pair-id|awsaccesskeyid|googleaccessid"
    r"|token|access_token|s[tepvr]|spr|sip|sk[toesv][a-z]*)"
)
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Address:
    """A file or .zarr store that a server has.

    Attributes
    ----------
    url
        All of it, for the server.
    shown
        Without password, query and fragment.
    """

    url: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown

    @property
    def parts(self) -> SplitResult:
        """Of ``url``."""
        return urlsplit(self.url)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.shown.rpartition("/")[2]

    @property
    def host(self) -> str:
        """Whose it is: a server, or a bucket."""
        return self.parts.hostname or ""

    @property
    def is_store(self) -> bool:
        """Whether it is called like a Zarr store."""
        return self.name.endswith(".zarr")

    @property
    def key(self) -> str:
        """What it is known by: without what only opens the door."""
        signs = [item for item in self.parts.query.split("&") if not _SIGNS.fullmatch(item.partition("=")[0])]
        port = f":{self.parts.port}" if self.parts.port else ""
        return f"{self.parts.scheme}://{self.host}{port}{self.parts.path.rstrip('/')}?{'&'.join(signs)}"

    def without_secrets(self, text: str) -> str:
        """What a library says, without what it should not have said."""
        parts = self.parts
        for secret in (
            self.url,
            parts.query,
            parts.netloc.rpartition("@")[0],
            parts.password,
            parts.username,
        ):
            if secret:
                text = text.replace(secret, "…").replace(unquote(secret), "…")
        return text


def is_address(text: str) -> bool:
    """Whether it is meant as an address, and not as the path of a file."""
    return _SCHEME.match(text) is not None


def address_of(text: str) -> Address:
    """Understand an address.

    Raises
    ------
    BadQuery
        It is none, or of a kind that is not read; the sentence does not repeat what may be secret.
    """
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if scheme not in (*WEB, *BUCKETS):
        known = ", ".join(f"{word}://" for word in (*WEB, *BUCKETS))
        raise BadQuery(f"Addresses that begin with {scheme[:40]}:// are not read, only {known}.")
    if len(text) > _LONGEST or not text.isprintable() or " " in text or "\\" in text:
        raise BadQuery(
            f"An address has at most {_LONGEST} letters, and neither spaces nor backslashes: copy it again."
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadQuery("The address has a host or port that cannot be one: copy it again.") from None
    if not host or not parts.path.strip("/"):
        raise BadQuery(f"{scheme}://{host} is no address of a file: the path is missing.")
    if scheme in BUCKETS and ("@" in parts.netloc and scheme in ("s3", "gs", "gcs")):
        raise BadQuery(
            f"A {scheme}:// address has no password in it: put that where {BUCKETS[scheme]} looks for it."
        )
    path = _plain(unquote(parts.path).rstrip("/"))
    where = f"[{host}]" if ":" in host else host
    shown = f"{scheme}://{where}{f':{port}' if port else ''}{path}"
    return Address(text.partition("#")[0], shown)


def is_named(host: str, port: int | None, named: Sequence[str]) -> bool:
    """Whether somebody named this host, or this port of it: ``files.lan``, ``127.0.0.1:8000``, ``[::1]``."""
    host = host.lower().strip("[]")
    for name in named:
        try:
            parts = urlsplit(f"//{name}" if name.count(":") < 2 or "[" in name else f"//[{name}]")
            if parts.hostname == host and parts.port in (None, port):
                return True
        except ValueError:
            continue
    return False


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
