"""Capabilities: short-lived secrets that open one dataset in one role, and nothing else."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from ..errors import Expired, Forbidden

Role = Literal["view", "annotate", "own"]
"""``view`` reads the dataset; ``annotate`` may also write annotations; ``own`` may also stop opening it, and
hand out and take back links to it."""
_ROLES: tuple[Role, ...] = get_args(Role)

MAX_KEPT = 10_000
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Capability:
    """What is known of a capability; its secret is not.

    Attributes
    ----------
    key
        Hash of the secret, hexadecimal: names it in a list, opens nothing.
    user
        Who loaded the page that holds it.
    expires
        On the clock of `Capabilities`, in seconds.
    """

    key: str
    dataset_id: str
    role: Role
    user: str
    expires: float


class Capabilities:
    """The capabilities that this server gave out, in memory: a restart revokes them all.

    Not thread-safe: used by the event loop alone.
    """

    def __init__(self, minutes: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = 60 * minutes
        self._clock = clock
        self._given: dict[str, Capability] = {}

    def issue(self, dataset_id: str, *, user: str, role: Role = "view") -> str:
        """A new secret, known to nobody else."""
        self._drop_expired()
        while len(self._given) >= MAX_KEPT:  # somebody reloads a page in a loop
            del self._given[min(self._given, key=lambda key: self._given[key].expires)]
        secret = secrets.token_urlsafe(SECRET_BYTES)
        key = _hash(secret)
        self._given[key] = Capability(key, dataset_id, role, user, self._clock() + self._seconds)
        return secret

    def check(self, secret: str, dataset_id: str, role: Role = "view") -> Capability:
        """The capability behind a secret; its time starts anew.

        Parameters
        ----------
        role
            What it must allow at least.

        Raises
        ------
        Expired
            It was not used for too long, was revoked, or never was one.
        Forbidden
            It is for another dataset, or for looking only.
        """
        key = _hash(secret)
        found = self._given.get(key)
        if found is None or found.expires <= self._clock():
            raise Expired("This view was not used for too long: load it again.")
        if found.dataset_id != dataset_id:
            raise Forbidden("This capability is for another dataset.")
        if _ROLES.index(found.role) < _ROLES.index(role):
            raise Forbidden("Only the owner of this view can do that.")
        self._given[key] = renewed = replace(found, expires=self._clock() + self._seconds)
        return renewed

    def user(self, secret: str) -> str | None:
        """The user behind a capability; None for any other text."""
        found = self._given.get(_hash(secret))
        return None if found is None else found.user

    def is_valid(self, secret: str, dataset_id: str) -> bool:
        """Whether `check` would let it pass; its time goes on."""
        found = self._given.get(_hash(secret))
        return found is not None and found.dataset_id == dataset_id and found.expires > self._clock()

    def author(self, secret: str) -> str | None:
        """The user behind a capability that allows to annotate; None for any other text."""
        found = self._given.get(_hash(secret))
        return found.user if found is not None and found.role != "view" else None

    def list(self) -> list[Capability]:
        """Those that are valid now."""
        self._drop_expired()
        return list(self._given.values())

    def revoke(self, key: str) -> bool:
        """End the capability of this key; False if there is none."""
        return self._given.pop(key, None) is not None

    def revoke_dataset(self, dataset_id: str) -> None:
        """End all capabilities for a dataset."""
        for capability in self.list():
            if capability.dataset_id == dataset_id:
                self.revoke(capability.key)

    def _drop_expired(self) -> None:
        now = self._clock()
        self._given = {key: kept for key, kept in self._given.items() if kept.expires > now}


def _hash(secret: str) -> str:
    # A plain hash will do: the secret has 256 random bits, so there is nothing to guess slowly.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
