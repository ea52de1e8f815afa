"""Every error a user can meet, as one tree.

CxgError
├── NotFound        a snapshot, column, gene or embedding that does not exist
├── BadQuery        a question that makes no sense
├── NotAcceptable   no encoding of ours is wanted by the client
├── Conflict        somebody else was faster
├── Forbidden       not allowed with this login or capability
│   ├── Expired     a capability or link that is over, was revoked, or never was
│   └── SharingOff  links to single views are switched off on this server
├── TooLarge        beyond a limit that a setting names
├── NotOffered      something that cellxgene knows and this server does not do
├── Unavailable     the store of annotations cannot be used now
├── NotReady        right question, but the data is still being copied
├── Unfinished      the result of a job that still waits or runs
├── TooMany         more at once than one user may have
└── Unpublishable   an AnnData that cannot be shown, and what to do about it

The message is one sentence for the person at the keyboard: what, where, remedy. No status code
lives here (`server/errors.py` knows them all).
"""


class CxgError(Exception):
    """Base of all our errors; ``str(error)`` is the sentence shown to the user."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of a traceback, which would only bury the sentence."""
        return [f"{type(self).__name__}: {self}"]


class NotFound(CxgError):
    """A snapshot, column, gene or embedding that does not exist."""


class BadQuery(CxgError):
    """A question that makes no sense."""


class NotAcceptable(CxgError):
    """No encoding of ours is wanted by the client."""


class Conflict(CxgError):
    """Somebody else was faster."""


class Forbidden(CxgError):
    """Not allowed with this login or capability."""


class Expired(Forbidden):
    """A capability or a link that is over, was revoked, or never was one."""


class SharingOff(Forbidden):
    """Links to single views are switched off on this server."""

    def __init__(self) -> None:
        super().__init__("Sharing by links is switched off on this server (Cxg.sharing).")


class TooLarge(CxgError):
    """Beyond a limit that a setting names."""


class NotOffered(CxgError):
    """Something that cellxgene knows, and that this server does not do or has switched off."""


class Unavailable(CxgError):
    """The store of annotations cannot be used now: its disk is full, its server away."""


class NotReady(CxgError):
    """The data asked for is still being copied; ask again shortly."""


class Unfinished(CxgError):
    """The result of a job that still waits or runs."""


class TooMany(CxgError):
    """More at once than one user may have; later there is room again."""


class Unpublishable(CxgError):
    """An AnnData that cannot be shown, and what to do about it."""
