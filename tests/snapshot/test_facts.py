"""What a dataset says of itself in uns is read as text, and data is not taken for it."""

from pathlib import Path

import numpy as np
import pandas as pd

from jupyter_cxg.snapshot.facts import LONGEST, MOST, find_facts
from jupyter_cxg.snapshot.reader import Snapshot
from tests.reference.example import new_catalog, publish, tiny_adata


def test_single_values_and_short_lists_are_facts(tmp_path: Path) -> None:
    adata = tiny_adata()
    adata.uns = {
        "title": "Blood <b>of</b> somebody",
        "n": 3,
        "raw/x": np.float32(0.5),
        "done": True,
        "batches": ["a", "b"],
        "empty": "",
        "none of it": np.array([], str),
        "long": "x" * 5000,
        "louvain_colors": ["#ff0000", "#00ff00", "#0000ff"],
        "embedding": np.zeros((3, 2)),
        "many": np.arange(100),
        "frame": pd.DataFrame({"a": [1]}),
        "pca": {"variance": 1.0},
        "records": np.array([("a", 1)], [("x", "O"), ("y", "f4")]),
    }
    catalog = new_catalog(tmp_path)
    id = publish(adata, catalog)
    found = {fact.name: fact.value for fact in Snapshot(catalog.directory(id), catalog.get(id)).facts}
    assert found == {
        "title": "Blood <b>of</b> somebody",
        "n": "3",
        "raw/x": "0.5",
        "done": "True",
        "batches": "a, b",
        "long": "x" * LONGEST + "…",
    }


def test_there_are_not_too_many(tmp_path: Path) -> None:
    adata = tiny_adata()
    adata.uns = {f"fact {i:03}": i for i in range(100)}
    catalog = new_catalog(tmp_path)
    id = publish(adata, catalog)
    assert len(Snapshot(catalog.directory(id), catalog.get(id)).facts) == MOST


def test_a_dataset_that_says_nothing_has_none(tmp_path: Path) -> None:
    assert find_facts(tmp_path) == ()
