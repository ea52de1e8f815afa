"""What was annotated in the viewer, in Python."""

import numpy as np
import pandas as pd

from jupyter_cxg.notebook.annotations import frame_of
from jupyter_cxg.notebook.widget import CxgWidget
from tests.reference.example import N_OBS

NAMES = pd.Index(["a", "b", "c"], dtype=object)


def column(name: str, labels: list[str], codes: list[int], width: int = 1) -> dict[str, object]:
    packed = memoryview(np.array(codes, f"<i{width}").tobytes())
    return {"name": name, "categories": labels, "width": width, "codes": packed}


def test_annotations_are_categorical_columns_by_cell() -> None:
    found = frame_of([column("kind", ["T", "B"], [1, -1, 0]), column("other", ["x"], [0, 0, 0], 4)], NAMES)
    assert found.index.equals(NAMES) and [*found.columns] == ["kind", "other"]
    assert found["kind"].cat.categories.tolist() == ["T", "B"]
    assert found["kind"].tolist()[::2] == ["B", "T"] and pd.isna(found["kind"].iloc[1])


def test_those_of_other_cells_are_left_out() -> None:
    assert frame_of([column("kind", ["T"], [0])], NAMES).shape == (3, 0)


def test_the_viewer_has_them(viewer: CxgWidget) -> None:
    assert viewer.annotations.shape == (N_OBS, 0)
    kind = column("mine", ["T"], [0] * N_OBS)
    content = {
        "method": "update",
        "state": {"_annotations": [{name: value for name, value in kind.items() if name != "codes"}]},
        "buffer_paths": [["_annotations", 0, "codes"]],
    }
    viewer._handle_msg({"content": {"data": content}, "buffers": [kind["codes"]]})
    assert viewer.annotations["mine"].tolist() == ["T"] * N_OBS
    assert [*viewer.annotations.index] == [f"cell-{i}" for i in range(N_OBS)]
