"""``jupyter cxg list`` and ``jupyter cxg remove``."""

import json
from collections.abc import Sequence

from jupyter_core.application import base_aliases, base_flags
from traitlets import Bool

from ..config import Cxg
from ..errors import BadQuery
from ..snapshot.catalog import Catalog
from ..snapshot.manifest import Manifest
from ..snapshot.private import size_text
from .app import Command

_HEADS = ("id", "title", "cells", "genes", "size", "state", "source")
_NUMBERS = (2, 3, 4)


class Snapshots(Command):
    """What the two commands share."""

    classes = [Cxg]  # noqa: RUF012 - as traitlets declares it
    aliases = {**base_aliases}  # noqa: RUF012

    def catalog(self) -> Catalog:
        """The user's."""
        place = Cxg(parent=self).place()
        return Catalog(place.root, max_bytes=place.max_bytes, keep_seconds=place.keep_seconds)


class ListApp(Snapshots):
    """List the snapshots there are: jupyter cxg list."""

    name = "jupyter-cxg-list"
    description = __doc__
    examples = "jupyter cxg list\njupyter cxg list --json"
    json = Bool(False, help="As JSON, with sizes in bytes.").tag(config=True)
    flags = {  # noqa: RUF012
        **base_flags,
        "json": ({"ListApp": {"json": True}}, "As JSON, with sizes in bytes."),
    }

    def start(self) -> None:
        """Print them, the newest first.

        Raises
        ------
        BadQuery
            There are arguments.
        """
        super().start()
        if self.extra_args:
            raise BadQuery("jupyter cxg list takes no arguments.")
        found = self.catalog().list()
        if self.json:
            print(json.dumps([document(manifest) for manifest in found], indent=2))
        elif found:
            print(table([_HEADS, *map(row, found)]))
        else:
            print("There are no snapshots.")


class RemoveApp(Snapshots):
    """Remove snapshots; the files that they were made from stay: jupyter cxg remove ID…"""

    name = "jupyter-cxg-remove"
    description = __doc__
    examples = "jupyter cxg remove 0123456789abcdef\njupyter cxg remove --all"
    all = Bool(False, help="Remove all of them.").tag(config=True)
    flags = {**base_flags, "all": ({"RemoveApp": {"all": True}}, "Remove all of them.")}  # noqa: RUF012

    def start(self) -> None:
        """Remove them; all that are named, or none.

        Raises
        ------
        BadQuery, NotFound
            None is named, or one is not there.
        """
        super().start()
        if bool(self.extra_args) == self.all:
            raise BadQuery("Say which: jupyter cxg remove ID…, or jupyter cxg remove --all.")
        catalog = self.catalog()
        there = catalog.list() if self.all else [catalog.get(id) for id in dict.fromkeys(self.extra_args)]
        for manifest in there:
            catalog.remove(manifest.id)
            print(f"removed {manifest.id} ({manifest.title})")


def document(manifest: Manifest) -> dict[str, object]:
    """As JSON."""
    return {
        "id": manifest.id,
        "title": manifest.title,
        "n_obs": manifest.n_obs,
        "n_vars": manifest.n_vars,
        "bytes": manifest.bytes,
        "state": manifest.state,
        "created": manifest.created,
        "source": manifest.source,
    }


def row(manifest: Manifest) -> Sequence[str]:
    """As text."""
    shape = (f"{manifest.n_obs:,}", f"{manifest.n_vars:,}")
    source = manifest.source or "a kernel"
    return (manifest.id, manifest.title, *shape, size_text(manifest.bytes), manifest.state, source)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns of the width that they need, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            text.rjust(width) if at in _NUMBERS else text.ljust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in rows
    )
    return "\n".join(line.rstrip() for line in lines)
