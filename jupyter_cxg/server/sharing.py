"""What is said about links, and about who came by one."""

from collections.abc import Mapping
from typing import Any, TypedDict

from ..snapshot.links import StoredLink
from ..snapshot.manifest import Manifest


class LinkDocument(TypedDict):
    """A link in the list of the owner."""

    id: str
    role: str
    created: str
    expires: str
    note: str


class NewLinkDocument(LinkDocument):
    """A link that was just made."""

    url_path: str
    secret: str


class ViewDocument(TypedDict):
    """How somebody came here, and what to show at first; viewer/src/api/types.ts has the same."""

    link: Mapping[str, str] | None
    state: Mapping[str, Any]
    cells: Mapping[str, str]


def link_document(link: StoredLink) -> LinkDocument:
    """Without what it shows, and without the hash of its secret."""
    return {
        "id": link.id,
        "role": link.role,
        "created": link.created,
        "expires": link.expires,
        "note": link.note,
    }


def new_link_document(link: StoredLink, path: str, secret: str) -> NewLinkDocument:
    """With the way to it; ``path`` is that of its page."""
    return {**link_document(link), "url_path": f"{path}#k={secret}", "secret": secret}


def view_document(link: StoredLink | None, manifest: Manifest) -> ViewDocument:
    """The answer to the question ``view``; ``link`` is None when the owner asks."""
    if link is None:
        return {"link": None, "state": {}, "cells": {}}
    cells = link.cells_of(manifest.fingerprint)
    return {"link": {"expires": link.expires}, "state": link.state, "cells": cells}
