"""PUT …/annotations/obs, GET and PUT …/genesets, and /cxg/d/{id}/history: what users write."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypedDict

from jupyter_server.auth.decorator import allow_unauthenticated

from ...annotations.copies import Kind
from ...annotations.store import GeneSets as Stored
from ...annotations.store import Store
from ...engine.shelf import Opened
from ...errors import Conflict, Unavailable
from ...wire import gene_sets, negotiate
from ...wire.negotiate import FLATBUFFERS, JSON
from .. import access, annotating, annotating_edits, params
from ..bodies import EditsBody, GeneSetsBody, RestoreBody, Version
from ..copies import KINDS
from ..handler import DataHandler
from ..schemas import Also
from ..spec import Answer, Query, document, json_body, spec
from .data import Answers

MAX_ANNOTATIONS = 32_000_000
MAX_GENE_SETS = 8_000_000
CSV = "text/csv"


class RestoredDocument(TypedDict):
    """The version that it has become."""

    version: int


Save = Callable[[Store, Opened, str, bytes, params.Saving], Any]
STORE = (Conflict, Unavailable)
WHERE = (
    Query(
        "annotation-collection-name",
        "Where to save; left out: where the last save went.",
        Annotated[str, Also(pattern=r"^[A-Za-z0-9_-]{1,200}$")],
    ),
    Query("version", "What the client has seen, which must be the newest.", Version),
)


def saving(kind: Kind, save: Save, most: int) -> Callable[[DataHandler, str], Awaitable[None]]:
    """The verb that replaces something of the user's by what is in the body, of ``most`` bytes at most."""

    @allow_unauthenticated  # access.check_annotator says who asks
    async def put(self: DataHandler, dataset_id: str) -> None:
        """All of them, in place of those there were."""
        self.context.limits.check_saving(kind)
        user = await access.check_annotator(self, dataset_id)
        asked, body = params.saving(self.request.query), self.small_body(most)
        answer = await self.context.annotate(
            dataset_id, lambda store, opened: save(store, opened, user, body, asked), user=user, saves=True
        )
        self.note_activity()
        self.send_json(answer)

    return put


class AnnotationsObs(Answers):
    """annotations/obs also takes the user's annotations."""

    put = spec(
        "Replace the annotations of who asks by those of a Matrix, deflated by zlib",
        "own",
        document("They are saved.", annotating.SavedDocument),
        query=WHERE,
        body={FLATBUFFERS.media_type: bytes},
        errors=STORE,
    )(saving("annotations", annotating.save_annotations, MAX_ANNOTATIONS))


class Annotations(Answers):
    """All annotations at once, and edits of some."""

    @spec(
        "Change some annotations of who asks",
        "own",
        document("They are saved.", annotating_edits.EditedDocument),
        body=json_body(EditsBody),
        errors=STORE,
    )
    @allow_unauthenticated  # access.check_annotator says who asks
    async def post(self, dataset_id: str) -> None:
        """The columns in the body, and no others."""
        self.context.limits.check_saving("annotations")
        user = await access.check_annotator(self, dataset_id)
        edits = annotating_edits.edits_body(self.small_body(MAX_ANNOTATIONS))
        answer = await self.context.annotate(
            dataset_id,
            lambda store, opened: annotating_edits.save(store, opened, user, edits),
            user=user,
            saves=True,
        )
        self.note_activity()
        self.send_json(answer)


class GeneSets(DataHandler):
    """The user's gene sets."""

    methods = "GET, PUT, OPTIONS"

    @spec(
        "The gene sets of who asks",
        "data",
        Answer("In order.", {JSON.media_type: gene_sets.GeneSetsDocument, CSV: str}),
        errors=STORE,
    )
    @allow_unauthenticated  # access.check says who asks
    async def get(self, dataset_id: str) -> None:
        """As JSON, or as a file."""
        await access.check(self, dataset_id)
        user = await access.annotator(self)
        encoding = negotiate(self.request.headers.get("Accept", ""), ("application/json", CSV))
        found: Stored = await self.context.annotate(
            dataset_id,
            lambda store, opened: annotating.gene_sets(store, opened, user),
            guest=self.guest,
            user=user,
        )
        self.note_activity()
        if encoding.media_type != CSV:
            self.send_json(gene_sets.to_document(found.sets, found.tid))
            return
        self.set_header("Content-Type", CSV)
        self.set_header("Content-Disposition", "attachment; filename=genesets.csv")
        self.finish(gene_sets.to_csv(found.sets).encode("utf-8", "replace"))

    put = spec(
        "Replace the gene sets of who asks",
        "own",
        document("They are saved.", annotating.SavedDocument),
        query=WHERE,
        body=json_body(GeneSetsBody),
        errors=STORE,
    )(saving("gene_sets", annotating.save_gene_sets, MAX_GENE_SETS))


class History(DataHandler):
    """The edits of the user's annotations and gene sets."""

    methods = "GET, POST, OPTIONS"

    @spec(
        "The edits of the annotations and gene sets of who asks",
        "own",
        document("Newest first.", annotating.HistoryDocument),
        errors=STORE,
    )
    @allow_unauthenticated  # access.check_annotator says who asks
    async def get(self, dataset_id: str) -> None:
        """Newest first."""
        user = await access.check_annotator(self, dataset_id)
        self.send_json(
            await self.context.annotate(
                dataset_id,
                lambda store, opened: annotating.history_document(store, opened, user),
                user=user,
            )
        )

    @spec(
        "Make all as it was after an earlier edit",
        "own",
        document("It is saved.", RestoredDocument),
        body=json_body(RestoreBody),
        errors=STORE,
    )
    @allow_unauthenticated  # access.check_annotator says who asks
    async def post(self, dataset_id: str) -> None:
        """Make all as it was after an earlier edit."""
        user = await access.check_annotator(self, dataset_id)
        asked = params.restore_body(self.small_body())
        for kind in KINDS:
            if asked.only in (None, kind):
                self.context.limits.check_saving(kind)
        version = await self.context.annotate(
            dataset_id,
            lambda store, opened: store.restore(
                annotating.key_of(opened, user),
                asked.restore,
                version=asked.version,
                annotations_only=asked.only == "annotations",
            ),
            user=user,
            saves=True,
        )
        self.send_json({"version": version})
