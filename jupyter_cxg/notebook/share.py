"""Links to one view, made from Python.

What a cell displays is saved in the notebook, and a notebook is given away more readily than a link is
meant to be: so a link displays itself without its secret, and only ``link.url`` has it.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ..errors import SharingOff
from ..snapshot.catalog import Catalog
from ..snapshot.links import Links, StoredLink
from ..snapshot.place import default_sharing
from ..snapshot.wish import Wish

_LOOPBACK = re.compile(r"localhost|.*\.localhost|127(\.\d+){3}|::1")
_NOWHERE = "No view has told Python the address of its server yet: put that address in front of the url."


class Link:
    """A link to one view; ``print(link.url)`` shows the whole of it.

    Attributes
    ----------
    id
        Names it in lists; opens nothing.
    role
        ``"view"``: looking, and nothing else.
    expires
        When it ends, in UTC.
    note
        Yours; visitors do not see it.
    """

    def __init__(
        self, stored: StoredLink, dataset_id: str, links: Links, server: Callable[[], str], secret: str | None
    ) -> None:
        self.id = stored.id
        self.role = stored.role
        self.expires = datetime.fromisoformat(stored.expires)
        self.note = stored.note
        self._dataset_id, self._links, self._server, self._secret = dataset_id, links, server, secret

    @property
    def url(self) -> str | None:
        """What to send to somebody. It is known only to the link that `share` returned; None afterwards.

        Before a view has been open in a browser, it starts at ``cxg/``, below the address of the server.
        """
        return None if self._secret is None else f"{self._page}#k={self._secret}"

    @property
    def warning(self) -> str:
        """One sentence if the url does not work for everybody, with what would; else empty."""
        if self._secret is None:
            return ""
        return loopback_warning(self._page) if self._server() else _NOWHERE

    def revoke(self) -> None:
        """End it: the next request of whoever has it is refused.

        Raises
        ------
        NotFound
            It has ended already.
        """
        self._links.revoke(self._dataset_id, self.id)

    @property
    def _page(self) -> str:
        return f"{self._server()}cxg/s/{self._dataset_id}{self.id}"

    def __repr__(self) -> str:
        note = f" {self.note!r}" if self.note else ""
        until = f"{self.expires:%Y-%m-%d %H:%M} UTC"
        if self._secret is None:
            return f"<link {self.id}{note}, until {until}>"
        lines = [f"<link{note} to {self._page}#…, until {until}; print(link.url) shows the whole of it>"]
        return "\n".join(lines + [self.warning] * bool(self.warning))


class Sharing:
    """Makes and lists the links to one snapshot."""

    def __init__(self, catalog: Catalog, dataset_id: str, server: Callable[[], str]) -> None:
        self._catalog, self._dataset_id, self._server = catalog, dataset_id, server

    def create(self, wish: Wish, cells: Mapping[str, bytes]) -> Link:
        """A new link; see `CxgWidget.share`."""
        given = default_sharing()
        if not given.allowed:
            raise SharingOff
        links = Links(self._catalog, max_days=given.max_days)
        packed = {key: b64encode(bits).decode() for key, bits in cells.items()}
        stored, secret = links.create(self._dataset_id, replace(wish, cells=packed))
        return Link(stored, self._dataset_id, links, self._server, secret)

    def list(self) -> list[Link]:
        """Those that are valid, newest first, without their secrets."""
        links = Links(self._catalog)
        return [
            Link(stored, self._dataset_id, links, self._server, None)
            for stored in links.list(self._dataset_id)
        ]


def loopback_warning(url: str) -> str:
    """One sentence if only this machine can reach the url, with what would work; else empty."""
    place = urlsplit(url)
    if not place.hostname or not _LOOPBACK.fullmatch(place.hostname):
        return ""
    port = place.port or {"https": 443}.get(place.scheme, 80)
    return (
        f"{place.hostname} is everybody's own computer. For others this works once they have run "
        f"`ssh -N -L {port}:localhost:{port} USER@MACHINE` with a login on this one, or if the server "
        "runs on a JupyterHub or as `jupyter cxg serve --host 0.0.0.0`."
    )


def wanted_state(state: Mapping[str, Any], actions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The view as it will be when the viewer has done what Python asked for last."""
    wanted = dict(state)
    for action in actions:
        match action["type"]:
            case "colorBy":
                wanted["color"] = action["color"]
            case "setEmbedding":
                wanted["embedding"] = action["embedding"]
            case "setFilters":
                wanted["filters"] = action["filters"]
            case "clearFilters":
                wanted["filters"], wanted["subset"] = [], []
            case "selectCells":
                wanted["filters"] = [
                    {"kind": "cells", **{name: action[name] for name in ("key", "label", "count")}}
                ]
                wanted["subset"] = []
    return wanted
