"""PUT …/annotations/obs, GET and PUT …/genesets, and /cxg/d/{id}/history: what users write."""

from functools import partial

from jupyter_server.auth.decorator import allow_unauthenticated

from ...annotations.store import GeneSets as Stored
from ...wire import gene_sets, negotiate
from .. import access, annotating, params
from ..handler import DataHandler
from .data import Answers

MAX_ANNOTATIONS = 32_000_000
MAX_GENE_SETS = 8_000_000
CSV = "text/csv"


class AnnotationsObs(Answers):
    """annotations/obs also takes the user's annotations."""

    @allow_unauthenticated  # access.check_annotator says who asks
    async def put(self, dataset_id: str) -> None:
        """All of them, in place of those there were."""
        user = await access.check_annotator(self, dataset_id)
        name, version = params.collection(self.request.query), params.version(self.request.query)
        body = self.small_body(MAX_ANNOTATIONS)
        save = partial(annotating.save_annotations, collection=name, version=version)
        await self.context.annotate(dataset_id, lambda store, opened: save(store, opened, user, body))
        self.note_activity()
        self.send_json({"status": "OK"})


class GeneSets(DataHandler):
    """The user's gene sets."""

    methods = "GET, PUT, OPTIONS"

    @allow_unauthenticated  # access.check says who asks
    async def get(self, dataset_id: str) -> None:
        """As JSON, or as a file."""
        await access.check(self, dataset_id)
        user = await access.annotator(self)
        encoding = negotiate(self.request.headers.get("Accept", ""), ("application/json", CSV))
        found: Stored = await self.context.annotate(
            dataset_id, lambda store, opened: annotating.gene_sets(store, opened, user), guest=self.guest
        )
        self.note_activity()
        if encoding.media_type != CSV:
            self.send_json(gene_sets.to_document(found.sets, found.tid))
            return
        self.set_header("Content-Type", CSV)
        self.set_header("Content-Disposition", "attachment; filename=genesets.csv")
        self.finish(gene_sets.to_csv(found.sets).encode("utf-8", "replace"))

    @allow_unauthenticated  # access.check_annotator says who asks
    async def put(self, dataset_id: str) -> None:
        """All of them, in place of those there were."""
        user = await access.check_annotator(self, dataset_id)
        name, version = params.collection(self.request.query), params.version(self.request.query)
        body = self.small_body(MAX_GENE_SETS)
        save = partial(annotating.save_gene_sets, collection=name, version=version)
        await self.context.annotate(dataset_id, lambda store, opened: save(store, opened, user, body))
        self.note_activity()
        self.send_json({"status": "OK"})


class History(DataHandler):
    """The edits of the user's annotations and gene sets."""

    methods = "GET, POST, OPTIONS"

    @allow_unauthenticated  # access.check_annotator says who asks
    async def get(self, dataset_id: str) -> None:
        """Newest first."""
        user = await access.check_annotator(self, dataset_id)
        self.send_json(
            await self.context.annotate(
                dataset_id, lambda store, opened: annotating.history_document(store, opened, user)
            )
        )

    @allow_unauthenticated  # access.check_annotator says who asks
    async def post(self, dataset_id: str) -> None:
        """Make all as it was after an earlier edit."""
        user = await access.check_annotator(self, dataset_id)
        asked = params.restore_body(self.small_body())
        version = await self.context.annotate(
            dataset_id,
            lambda store, opened: store.restore(
                annotating.key_of(opened, user), asked.restore, version=asked.version
            ),
        )
        self.send_json({"version": version})
