"""annotations.csv, genesets.csv and backup: what users write, as files."""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import Annotated

from jupyter_server.auth.decorator import allow_unauthenticated

from ...annotations.store import Store
from ...engine.shelf import Opened
from .. import access, annotating_csv, archive
from ..handler import DataHandler
from ..schemas import Also
from ..spec import Answer, Query, document, spec
from .annotations import CSV, MAX_GENE_SETS, STORE, WHERE, saving

MAX_LABELS = 64_000_000
ZIP = "application/zip"
PIECE = 1 << 18
HOW = (*WHERE, Query("add", "true: keep what has other names.", Annotated[str, Also(enum=["true", "false"])]))


class File(DataHandler):
    """A file to be downloaded, of who may write."""

    methods = "GET, PUT, OPTIONS"

    async def send_text(self, dataset_id: str, name: str, write: Callable[[Store, Opened, str], str]) -> None:
        """Finish with what ``write`` gives."""
        user = await access.check_annotator(self, dataset_id)
        text = await self.context.annotate(
            dataset_id, lambda store, opened: write(store, opened, user).encode("utf-8", "replace"), user=user
        )
        self.note_activity()
        self.send_headers(CSV, name)
        self.finish(text)

    def send_headers(self, media_type: str, name: str) -> None:
        """Of a file that a browser saves, whatever it takes it for."""
        self.set_header("Content-Type", media_type)
        self.set_header("Content-Disposition", f"attachment; filename={name}")
        self.set_header("X-Content-Type-Options", "nosniff")


class AnnotationsCsv(File):
    """The annotations of who asks."""

    @spec("The annotations of who asks, as a file", "own", Answer("One line per cell.", {CSV: str}))
    @allow_unauthenticated  # access.check_annotator says who asks
    async def get(self, dataset_id: str) -> None:
        """As cellxgene has them, without comments."""
        await self.send_text(dataset_id, "annotations.csv", annotating_csv.current_annotations)

    put = spec(
        "Replace the annotations of who asks by those in a file",
        "own",
        document("They are saved.", annotating_csv.LabelsSavedDocument),
        query=HOW,
        body={CSV: str},
        errors=STORE,
    )(saving("annotations", annotating_csv.save_annotations, MAX_LABELS))


class GeneSetsCsv(File):
    """The gene sets of who asks."""

    @spec("The gene sets of who asks, as a file", "own", Answer("One line per gene.", {CSV: str}))
    @allow_unauthenticated  # access.check_annotator says who asks
    async def get(self, dataset_id: str) -> None:
        """As cellxgene has them, without comments."""
        await self.send_text(dataset_id, "genesets.csv", annotating_csv.current_gene_sets)

    put = spec(
        "Replace the gene sets of who asks by those in a file",
        "own",
        document("They are saved.", annotating_csv.GeneSetsSavedDocument),
        query=HOW,
        body={CSV: str},
        errors=STORE,
    )(saving("gene_sets", annotating_csv.save_gene_sets, MAX_GENE_SETS))


class Backup(File):
    """All of it."""

    methods = "GET, OPTIONS"

    @spec(
        "All collections of who asks, with their history",
        "own",
        Answer("A folder for each.", {ZIP: bytes}),
        errors=STORE,
    )
    @allow_unauthenticated  # access.check_annotator says who asks
    async def get(self, dataset_id: str) -> None:
        """A zip file, which is sent piece by piece."""
        user = await access.check_annotator(self, dataset_id)
        with SpooledTemporaryFile(archive.IN_MEMORY) as file:
            await self.context.annotate(
                dataset_id, lambda store, opened: archive.write(file, store, opened, user), user=user
            )
            self.note_activity()
            self.send_headers(ZIP, "annotations.zip")
            while piece := await self.context.run(lambda: file.read(PIECE)):
                self.write(piece)
                await self.flush()
        self.finish()
