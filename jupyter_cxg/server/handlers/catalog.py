"""/cxg/api/snapshots — the user's snapshots, for the pages of Jupyter itself."""

from typing import TypedDict

from ...snapshot.manifest import Manifest
from ..access import login_required
from ..handler import CxgHandler
from ..preparing import Preparation
from ..spec import NOTHING, document, spec

RESOURCE = "jupyter_cxg:snapshots"


class SnapshotDocument(TypedDict):
    """One snapshot in the list."""

    id: str
    title: str
    n_obs: int
    n_vars: int
    revision: int
    bytes: int
    state: str
    created: str
    source: str | None


class Snapshots(CxgHandler):
    """All of them."""

    @spec("All snapshots of the user", "login", document("Newest first.", list[SnapshotDocument]))
    @login_required("read", RESOURCE)
    async def get(self) -> None:
        """Newest first; what is still being opened comes before all others."""
        manifests = await self.context.run(self.context.catalog.list)
        there = {manifest.id for manifest in manifests}
        opening = [item for item in self.context.preparations.list() if item.file.id not in there]
        self.send_json([*map(_opening_document, opening), *map(_document, manifests)])


class Snapshot(CxgHandler):
    """One of them."""

    @spec("One snapshot", "login", document("What is known of it.", SnapshotDocument))
    @login_required("read", RESOURCE)
    async def get(self, dataset_id: str) -> None:
        """What is known of it."""
        manifest = await self.context.run(lambda: self.context.catalog.get(dataset_id))
        self.send_json(_document(manifest))

    @spec("Remove a snapshot, or stop opening its file", "login", {204: NOTHING})
    @login_required("write", RESOURCE)
    async def delete(self, dataset_id: str) -> None:
        """Remove it from the disk, and with it what could open it; stop opening it, if that goes on."""
        if not await self.context.preparations.cancel(dataset_id):
            await self.context.run(lambda: self.context.remove(dataset_id))
        self.context.capabilities.revoke_dataset(dataset_id)
        self.context.jobs.end(dataset_id)
        self.context.feeds.look_now(dataset_id)
        self.set_status(204)
        self.finish()


def _document(manifest: Manifest) -> SnapshotDocument:
    return {
        "id": manifest.id,
        "title": manifest.title,
        "n_obs": manifest.n_obs,
        "n_vars": manifest.n_vars,
        "revision": manifest.revision,
        "bytes": manifest.bytes,
        "state": manifest.state,
        "created": manifest.created,
        "source": manifest.source,
    }


def _opening_document(preparation: Preparation) -> SnapshotDocument:
    return {
        "id": preparation.file.id,
        "title": preparation.file.name,
        "n_obs": 0,
        "n_vars": 0,
        "revision": 0,
        "bytes": 0,
        "state": "opening",
        "created": preparation.started,
        "source": preparation.file.shown,
    }
