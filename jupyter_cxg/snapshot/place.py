"""Where snapshots lie and how much room they get: the kernel's only settings, read here alone.

=================  ==================================================================  ==============
variable           meaning                                                             default
=================  ==================================================================  ==============
CXG_SNAPSHOT_DIR   directory of the user's snapshots, on a local disk                  see below
CXG_MAX_BYTES      what all snapshots of the user may take together, in bytes          half of what is free
CXG_KEEP_HOURS     how long a snapshot stays unread once its kernel is gone            24
CXG_SHARING        ``off``: no links to single views                                   on
CXG_MAX_LINK_DAYS  the longest that a link may live                                    90
=================  ==================================================================  ==============

The default directory is ``jupyter_cxg-{uid}`` below the temporary directory: on a local disk, never
on a network home by accident.
"""

import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadQuery

DEFAULT_MAX_LINK_DAYS = 90.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the kernel publishes; the fields are the arguments of `Catalog`."""

    root: Path
    max_bytes: int | None
    keep_seconds: float


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whether links may be made, and how long they may live at most."""

    allowed: bool
    max_days: float


def default_root() -> Path:
    """``$CXG_SNAPSHOT_DIR``, else ``jupyter_cxg-{uid}`` below the temporary directory."""
    chosen = os.environ.get("CXG_SNAPSHOT_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(tempfile.gettempdir()) / f"jupyter_cxg-{os.getuid()}"


def default_place() -> Place:
    """The settings of this process.

    Raises
    ------
    BadQuery
        A variable is set to something that is not a number.
    """
    max_bytes = _number("CXG_MAX_BYTES")
    hours = _number("CXG_KEEP_HOURS")
    return Place(
        root=default_root(),
        max_bytes=None if max_bytes is None else int(max_bytes),
        keep_seconds=3600 * (24 if hours is None else hours),
    )


def default_sharing() -> Sharing:
    """What the server said to this kernel; a server that says nothing asks itself when a link is opened.

    Raises
    ------
    BadQuery
        A variable is set to something that it cannot be.
    """
    text = os.environ.get("CXG_SHARING") or "on"
    if text not in ("on", "off"):
        raise BadQuery(f"The setting CXG_SHARING is {text!r}: it is on or off.")
    days = _number("CXG_MAX_LINK_DAYS")
    return Sharing(text == "on", DEFAULT_MAX_LINK_DAYS if days is None else days)


def _number(variable: str) -> float | None:
    text = os.environ.get(variable)
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise BadQuery(f"The setting {variable} is {text!r}: give a number, or unset it.")
    return number
