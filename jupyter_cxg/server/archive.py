"""All that a user has written about a dataset, as one zip file. For the pool."""

import json
from dataclasses import replace
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from ..annotations.store import Store
from ..engine.shelf import Opened
from . import annotating, annotating_csv

IN_MEMORY = 4 << 20  # what is more lies on the disk


def write(file: IO[bytes], store: Store, opened: Opened, user: str) -> None:
    """``{collection}/annotations.csv``, ``genesets.csv``, ``history.json`` for each; then back to the start.

    One collection is in memory at a time.
    """
    key = annotating.key_of(opened, user)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in store.collections(key):
            mine = replace(opened, mine=store.annotations(key, name))
            archive.writestr(f"{name}/annotations.csv", _encoded(annotating_csv.annotations_text(mine)))
            sets = store.gene_sets(key, name).sets
            archive.writestr(f"{name}/genesets.csv", _encoded(annotating_csv.gene_sets_text(sets)))
            history = annotating.history_document(store, opened, user, name)
            archive.writestr(f"{name}/history.json", json.dumps(history, indent=1))
    file.seek(0)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
