"""Who a browser is where nobody logs in: a random name in a signed cookie, as cellxgene's ``cxguid``."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_server.auth import User
from tornado import web

from ..annotations.rooms import VISITOR
from ..errors import Forbidden
from .access import HEADER
from .identity import AnyoneIdentity

DAYS = 400
"""How long a browser is remembered after its last visit; browsers keep no cookie for longer."""
_KEY_BYTES = 32
_ID_BYTES = 16


class VisitorIdentity(AnyoneIdentity):
    """Everybody may look; each browser that was greeted has a name of its own, to write under.

    Only pages and ``config`` greet (`greets` of their handlers), so that scripts that ask for data make no
    names. The cookie is HttpOnly and SameSite=Lax, and named by the key: servers on other ports of this
    machine share its cookies.

    Parameters
    ----------
    key
        Signs the cookies: `signing_key`.
    """

    def __init__(self, key: bytes, *, path: str = "/", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        digest = hashlib.blake2b(key, digest_size=4, person=b"cxg-visitor").hexdigest()
        self._cookie, self._path = f"cxg-visitor-{digest}", path

    def get_user(self, handler: web.RequestHandler) -> User:
        """The visitor, by name if they have one or are greeted now."""
        found = handler.get_signed_cookie(self._cookie, max_age_days=DAYS)
        name = (found or b"").decode("ascii", "replace")
        # a request with a capability is that of a page, which has no cookies
        if getattr(handler, "greets", False) and HEADER not in handler.request.headers:
            name = name or secrets.token_hex(_ID_BYTES)
            self._remember(handler, name)
        return User(VISITOR + name, "Visitor", "Visitor", "V") if name else super().get_user(handler)

    def _remember(self, handler: web.RequestHandler, name: str) -> None:
        handler.set_signed_cookie(
            self._cookie,
            name,
            expires_days=DAYS,
            path=self._path,
            httponly=True,
            samesite="Lax",
            secure=handler.request.protocol == "https",
        )


def is_visitor(user: User) -> bool:
    """Whether it is a browser with a name."""
    return user.username.startswith(VISITOR)


def signing_key(place: Path, given: str = "") -> bytes:
    """What signs the cookies of visitors: the same after a restart, or they would lose what they wrote.

    Parameters
    ----------
    place
        A file that only its owner can read; made if need be.
    given
        A secret to make it from instead, for servers that share no disk.

    Raises
    ------
    Forbidden
        Others can read the file, or it cannot be made.
    """
    if given:
        return hashlib.blake2b(given.encode("utf-8", "replace"), person=b"cxg-visitors").digest()
    try:
        return _read(place) or _make(place)
    except OSError as error:
        raise Forbidden(
            f"The key {place}, by which visitors are known, cannot be used ({error.strerror})."
        ) from error


def _read(place: Path) -> bytes | None:
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if found.st_mode & 0o077 or found.st_uid != os.geteuid():
            raise Forbidden(f"Others can read the key {place}: run chmod 600 on it, or remove it.")
        key = file.read(_KEY_BYTES)
    if len(key) < _KEY_BYTES:
        raise Forbidden(f"The key {place} is damaged: remove it, and visitors begin anew.")
    return key


def _make(place: Path) -> bytes:
    """A new key, unless another server was faster."""
    place.parent.mkdir(0o700, parents=True, exist_ok=True)
    aside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as f:
            f.write(secrets.token_bytes(_KEY_BYTES))
            f.flush()
            os.fsync(f.fileno())
        with suppress(FileExistsError):
            os.link(aside, place)  # whole, or not at all
    finally:
        aside.unlink(missing_ok=True)
    key = _read(place)
    assert key is not None  # noqa: S101 - it was made
    return key
