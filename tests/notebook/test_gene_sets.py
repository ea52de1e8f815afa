"""``viewer.gene_sets``: read and set from Python."""

from typing import Any

import pandas as pd
import pytest

from jupyter_cxg.errors import BadQuery
from jupyter_cxg.notebook.widget import CxgWidget


def test_they_are_what_the_viewer_says(viewer: CxgWidget, says: Any) -> None:
    assert viewer.gene_sets == {}
    says(_gene_sets=[{"name": "T", "description": "", "genes": ["CD3D", "LCK"], "about": {}}])
    assert viewer.gene_sets == {"T": ["CD3D", "LCK"]}


def test_to_set_them_asks_the_viewer(viewer: CxgWidget) -> None:
    viewer.gene_sets = {"T": pd.Series(["CD3D", "LCK"]), "empty": ()}
    (asked,) = [item["action"] for item in viewer._actions]
    sets = [{"name": "T", "genes": ["CD3D", "LCK"]}, {"name": "empty", "genes": []}]
    assert asked == {"type": "setGeneSets", "sets": sets}


@pytest.mark.parametrize("wrong", [{"T": "CD3D"}, {"T": [1]}, {1: ["CD3D"]}])
def test_anything_else_is_refused_at_once(viewer: CxgWidget, wrong: Any) -> None:
    with pytest.raises(BadQuery, match="list of names"):
        viewer.gene_sets = wrong
    assert viewer._actions == []
