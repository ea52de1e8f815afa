"""Links that show one snapshot to whoever holds them: written by kernel and server, kept beside the data.

A link is one file, ``{root}/{snapshot}/links/{link}.json``: what removes the file revokes the link, and
what removes the snapshot revokes all of its links. Only a hash of the secret is written.
"""

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Expired, NotFound, TooLarge
from .private import make_directory, swap_in
from .wish import Wish, checked, seconds_of

if TYPE_CHECKING:
    from .catalog import Catalog

FORMAT_VERSION = 1
FOLDER = "links"
MAX_LINKS = 1000
MAX_BYTES = 8_000_000
# Hexadecimal: whatever turns addresses in a text into links, a trailing "-" or "_" might be left out of it.
_SECRET_BYTES = 20
_ID = re.compile(r"[0-9a-f]{16}")
_OVER = "This link was revoked or its data is gone: ask whoever sent it to you for a new one."


@dataclass(frozen=True, slots=True)
class StoredLink:
    """What is kept of a link.

    Attributes
    ----------
    id
        16 hexadecimal digits; opens nothing.
    secret_hash
        SHA-256 of the secret, hexadecimal.
    created, expires
        ISO 8601, UTC.
    note
        For whoever made it; its visitors do not see it.
    state
        What it shows: a view state (viewer/src/state/state.ts).
    cells
        Key → packed bitset in base64, for filters of kind "cells" in the state.
    fingerprint
        Of the cells that the bitsets are about, as in the manifest.
    """

    id: str
    secret_hash: str
    role: str
    created: str
    expires: str
    note: str
    state: Mapping[str, Any]
    cells: Mapping[str, str]
    fingerprint: str
    format_version: int = FORMAT_VERSION

    def cells_of(self, fingerprint: str) -> Mapping[str, str]:
        """The sets of cells, if the data still are of the same cells."""
        return self.cells if fingerprint == self.fingerprint else {}


class Links:
    """The links to the snapshots of a catalog.

    Parameters
    ----------
    max_days
        The longest that a link may live.
    clock
        Seconds since 1970: what expires is compared with.
    """

    def __init__(
        self, catalog: "Catalog", *, max_days: float = 90, clock: Callable[[], float] = time.time
    ) -> None:
        self._catalog = catalog
        self._clock = clock
        self.max_days = max_days

    def create(self, dataset_id: str, wish: Wish) -> tuple[StoredLink, str]:
        """A new link, and its secret, which is kept nowhere.

        Raises
        ------
        NotFound
            There is no such snapshot.
        BadQuery
            The wish makes no sense.
        TooLarge
            It carries too much, or there are too many.
        """
        manifest = self._catalog.get(dataset_id)
        wish = checked(wish, n_obs=manifest.n_obs)
        lifetime = seconds_of(wish.expires, max_days=self.max_days)
        if self._count(dataset_id) >= MAX_LINKS and len(self.list(dataset_id)) >= MAX_LINKS:
            raise TooLarge(f"There are {MAX_LINKS} links to this view already: revoke some.")
        secret = secrets.token_hex(_SECRET_BYTES)
        now = datetime.fromtimestamp(self._clock(), UTC).replace(microsecond=0)
        link = StoredLink(
            id=secrets.token_hex(8),
            secret_hash=_hash(secret),
            role=wish.role,
            created=now.isoformat(),
            expires=(now + timedelta(seconds=lifetime)).isoformat(),
            note=wish.note,
            state=wish.state,
            cells=wish.cells,
            fingerprint=manifest.fingerprint,
        )
        self._write(dataset_id, link)
        return link, secret

    def list(self, dataset_id: str) -> list[StoredLink]:
        """Those that are valid now, newest first; what has expired is cleared away.

        Raises
        ------
        NotFound
            There is no such snapshot.
        """
        self._catalog.get(dataset_id)
        valid = []
        for path, link in _all(self._catalog.directory(dataset_id)):
            if self._is_over(link):
                path.unlink(missing_ok=True)
            else:
                valid.append(link)
        return sorted(valid, key=lambda link: (link.created, link.id), reverse=True)

    def check(self, dataset_id: str, link_id: str, secret: str) -> StoredLink:
        """The link behind an id and a secret, as it is on the disk now.

        Raises
        ------
        Expired
            There is none. Who does not know the secret learns nothing else.
        """
        try:
            link = _read(self._path(dataset_id, link_id))
        except NotFound:
            raise Expired(_OVER) from None
        if not hmac.compare_digest(link.secret_hash, _hash(secret)):
            raise Expired(_OVER)
        if self._is_over(link):
            day = f"{datetime.fromisoformat(link.expires):%Y-%m-%d}"
            raise Expired(f"This link expired on {day}: ask whoever sent it to you for a new one.")
        return link

    def revoke(self, dataset_id: str, link_id: str) -> None:
        """End a link, from the next request on.

        Raises
        ------
        NotFound
            There is none of this id.
        """
        try:
            self._path(dataset_id, link_id).unlink()
        except FileNotFoundError:
            raise NotFound("There is no such link: it has expired or was revoked.") from None

    def _count(self, dataset_id: str) -> int:
        """How many there are, those included that have expired."""
        with suppress(FileNotFoundError):
            return sum(1 for _ in (self._catalog.directory(dataset_id) / FOLDER).iterdir())
        return 0

    def _path(self, dataset_id: str, link_id: str) -> Path:
        directory = self._catalog.directory(dataset_id)
        if not _ID.fullmatch(link_id):
            raise NotFound("There is no such link: ids have 16 hexadecimal digits.")
        return directory / FOLDER / f"{link_id}.json"

    def _write(self, dataset_id: str, link: StoredLink) -> None:
        content = json.dumps(asdict(link)).encode()
        if len(content) > MAX_BYTES:
            raise TooLarge(f"This view takes {len(content)} bytes in a link, and {MAX_BYTES} are the most.")
        path = self._path(dataset_id, link.id)
        try:
            with suppress(FileExistsError):
                make_directory(path.parent)
            swap_in(path, content)
        except FileNotFoundError:
            raise NotFound(f"There is no snapshot {dataset_id}.") from None

    def _is_over(self, link: StoredLink) -> bool:
        return datetime.fromisoformat(link.expires).timestamp() <= self._clock()


def has_valid_link(directory: Path, now: float) -> bool:
    """Whether some link shows the snapshot in ``directory`` to somebody."""
    return any(datetime.fromisoformat(link.expires).timestamp() > now for _, link in _all(directory))


def _all(directory: Path) -> Iterator[tuple[Path, StoredLink]]:
    """The links of a snapshot; files that are none of ours are left alone."""
    with suppress(FileNotFoundError):
        for path in (directory / FOLDER).iterdir():
            if path.suffix == ".json" and _ID.fullmatch(path.stem):
                with suppress(NotFound):  # revoked meanwhile
                    yield path, _read(path)


def _read(path: Path) -> StoredLink:
    try:
        content = json.loads(path.read_bytes())
        link = StoredLink(**content)
        if link.format_version != FORMAT_VERSION or datetime.fromisoformat(link.expires).tzinfo is None:
            raise ValueError
    except (OSError, ValueError, TypeError) as error:
        raise NotFound("There is no such link.") from error
    return link


def _hash(secret: str) -> str:
    # A plain hash will do: the secret is random, so there is nothing to guess slowly.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
