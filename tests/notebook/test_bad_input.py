"""Bad input all the way: ``%cxg``, the snapshot, and every question that a viewer asks when it opens."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anndata
import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from scipy import sparse

from jupyter_cxg.engine.cache import Cache
from jupyter_cxg.engine.index import Indexer
from jupyter_cxg.engine.shelf import Opened, Shelf
from jupyter_cxg.server import questions
from jupyter_cxg.server.context import write
from jupyter_cxg.server.limits import Limits
from jupyter_cxg.snapshot.catalog import user_catalog
from jupyter_cxg.wire.negotiate import ARROW, FLATBUFFERS, JSON
from tests.reference.example import N_OBS, N_VARS, tiny_adata

LIMITS = Limits(max_columns=32, max_category_items=1000)
DOCUMENTS = ("schema", "config", "colors", "status", "default-layout", "default-color")


def show(shell: InteractiveShell, adata: Any) -> tuple[Any, str]:
    """The viewer that ``%cxg adata`` leaves, if any, and what the cell says."""
    shell.user_ns["adata"] = adata
    with capture_output() as captured:
        shell.run_line_magic("cxg", "adata")
    return shell.user_ns.get("viewer"), captured.stdout + captured.stderr


def answered(viewer: Any) -> Opened:
    """The dataset, after everything a viewer asks first has been answered in every encoding."""
    opened = Shelf(user_catalog(), Cache(2**24), Indexer(lambda work: None)).get(viewer._snapshot)
    schema = opened.dataset.schema
    asked = [(document, "") for document in DOCUMENTS]
    asked += [("layout/obs", urlencode({"layout-name": item.name})) for item in schema.embeddings]
    for axis, index, columns in (
        ("obs", schema.obs_index, schema.obs),
        ("var", schema.var_index, schema.var),
    ):
        names = [index, *(column.name for column in columns)]
        asked += [(f"annotations/{axis}", urlencode({"annotation-name": name})) for name in names]
    for layer in schema.layers:
        gene = str(opened.dataset.var_names(layer)[0])
        asked.append(("data/var", urlencode({f"var:{schema.var_index}": gene, "layer": layer})))
    for route, query in asked:
        found = questions.ask(route, query, LIMITS).find(opened)
        for encoding in (ARROW, FLATBUFFERS, JSON):
            write(found, encoding)
    return opened


def changed(change: Callable[[AnnData], Any]) -> Callable[[Path], AnnData]:
    """Makes the tiny AnnData with a change; the change may give another one."""

    def make(_: Path) -> AnnData:
        adata = tiny_adata()
        other = change(adata)
        return other if isinstance(other, AnnData) else adata

    return make


def put(where: str, key: Any, value: Any) -> Callable[[Path], AnnData]:
    """Makes the tiny AnnData with an item more in ``where``."""
    return changed(lambda adata: getattr(adata, where).__setitem__(key, value))


def put_all(mapping: Any, items: dict[Any, Any]) -> None:
    for key, value in items.items():
        mapping[key] = value


def index(axis: str, names: Any) -> Callable[[Path], AnnData]:
    """Makes the tiny AnnData with other names, which anndata did not get to convert."""
    return changed(lambda adata: setattr(getattr(adata, axis), "index", pd.Index(names)))


def on_disk(directory: Path) -> AnnData:
    tiny_adata().write_h5ad(directory / "x.h5ad")
    return anndata.read_h5ad(directory / "x.h5ad", backed="r")


def without_x(adata: AnnData) -> AnnData:
    return AnnData(obs=adata.obs, var=adata.var, obsm=dict(adata.obsm))


POINTS = np.ones((N_OBS, 2))

REFUSED = {
    "no embedding": (changed(lambda adata: delattr(adata, "obsm")), "sc.tl.umap(adata)"),
    "no embedding but a table": (
        changed(lambda a: setattr(a, "obsm", {"X_t": pd.DataFrame(POINTS, index=a.obs_names)})),
        "adata.obsm['X_t'] is a DataFrame; put its .to_numpy()",
    ),
    "nothing but NaN": (
        changed(lambda a: setattr(a, "obsm", {"X_umap": POINTS * np.nan})),
        "adata.obsm['X_umap'] has NaN or infinity",
    ),
    "no cells": (changed(lambda adata: adata[:0].copy()), "no cells (obs is empty)"),
    "no cells, as a view": (changed(lambda adata: adata[:0]), "no cells (obs is empty)"),
    "no genes": (changed(lambda adata: adata[:, :0].copy()), "no genes (var is empty)"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shown_is_one_sentence_with_a_remedy(
    shell: InteractiveShell, tmp_path: Path, case: str
) -> None:
    make, words = REFUSED[case]
    viewer, said = show(shell, make(tmp_path))
    assert viewer is None
    assert words in said
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert user_catalog().list() == []


# what is made of it → what the viewer lists as left out, and a word of the reason
WORKS: dict[str, tuple[Callable[[Path], AnnData], dict[str, str]]] = {
    "obs names twice": (index("obs", ["x"] * N_OBS), {"obs_names": "obs_names_make_unique()"}),
    "var names twice": (index("var", ["x"] * N_VARS), {"var_names": "var_names_make_unique()"}),
    "integer obs names": (index("obs", range(N_OBS)), {}),
    "numeric var names": (index("var", np.arange(N_VARS) / 2), {}),
    "dates as obs names": (index("obs", pd.date_range("2020", periods=N_OBS)), {}),
    "empty var names": (index("var", [""] * N_VARS), {"var_names": "20 names"}),
    "mixed obs names": (index("obs", [None, 1, "a"] * (N_OBS // 3)), {"obs_names": "60 names"}),
    "integer column name": (put("obs", 7, 1.0), {}),
    "integer obsm key": (put("obsm", 7, POINTS), {}),
    "tuple as obsm key": (put("obsm", ("a", 1), POINTS), {}),
    "None as layer key": (put("layers", None, np.ones((N_OBS, N_VARS))), {}),
    "integer varm key": (put("varm", 7, np.ones((N_VARS, 2))), {}),
    "obsm keys that read alike": (
        changed(lambda a: put_all(a.obsm, {7: POINTS, "7": POINTS})),
        {"obsm['7']": "rename one of the two"},
    ),
    "layer keys that read alike": (
        changed(lambda a: put_all(a.layers, {7: a.X, "7": a.X})),
        {"layers['7']": "rename one of the two"},
    ),
    "constant embedding": (put("obsm", "X_umap", POINTS), {}),
    "embedding of one point": (
        put("obsm", "X_umap", np.where(np.arange(N_OBS)[:, None] == 7, POINTS, np.nan)),
        {},
    ),
    "embedding with infinity": (put("obsm", "X_new", np.where(np.eye(N_OBS, 2), np.inf, 0)), {}),
    "one embedding of NaN": (put("obsm", "X_nan", POINTS * np.nan), {"obsm['X_nan']": "NaN or infinity"}),
    "sparse embedding": (
        put("obsm", "X_sparse", sparse.csr_matrix(POINTS)),
        {"obsm['X_sparse']": ".toarray()"},
    ),
    "X is None": (changed(without_x), {"X": "set adata.X"}),
    "X on disk": (on_disk, {}),
    "view of X on disk": (lambda directory: on_disk(directory)[::2], {}),
    "complex X": (changed(lambda a: setattr(a, "X", a.X.toarray() * 1j)), {"X": ".real"}),
    "X of objects": (
        changed(lambda a: AnnData(a.X.toarray().astype(object), a.obs, a.var, obsm=dict(a.obsm))),
        {"X": ".astype(float)"},
    ),
    "X of NaN": (changed(lambda a: setattr(a, "X", np.full((N_OBS, N_VARS), np.nan))), {}),
    "boolean X": (changed(lambda a: setattr(a, "X", a.X.astype(bool))), {}),
    "one cell": (changed(lambda adata: adata[:1].copy()), {}),
    "one gene": (changed(lambda adata: adata[:, :1].copy()), {}),
    "uns in itself": (put("uns", "f", print), {"uns['f']": "cannot be stored"}),
}


@pytest.mark.parametrize("case", WORKS)
@pytest.mark.filterwarnings("ignore:(Observation|Variable) names are not unique")
def test_what_can_be_shown_is_shown_and_the_rest_is_said(
    shell: InteractiveShell, tmp_path: Path, case: str
) -> None:
    make, left_out = WORKS[case]
    viewer, said = show(shell, make(tmp_path))
    assert said == ""
    found = {item.where: item.reason for item in answered(viewer).dataset.schema.left_out}
    assert set(found) == set(left_out)
    for where, word in left_out.items():
        assert word in found[where]
    viewer.selection = [0]
    assert viewer.selection_mask.sum() == len(viewer.selection) == 1


def halves(*values: Any, **keys: Any) -> pd.Series:
    """A column in which the values take turns."""
    return pd.Series(list(values) * (N_OBS // len(values)), **keys)


# column → how the viewer uses it, and a word of what is said about it
COLUMNS: dict[str, tuple[pd.Series, str | None, str]] = {
    "NaN and infinity": (halves(np.nan, np.inf, -np.inf, 1.0), "continuous", ""),
    "all NaN": (halves(np.nan), "continuous", ""),
    "constant": (halves(1.0), "continuous", ""),
    "int8": (halves(1, 2, dtype="int8"), "continuous", ""),
    "uint64": (halves(2**64 - 1, dtype="uint64"), "continuous", ""),
    "float16": (halves(1, 2, dtype="float16"), "continuous", ""),
    "bool": (halves(True, False), "boolean", ""),
    "Int64": (halves(1, None, dtype="Int64"), "continuous", ""),
    "Float32": (halves(1, None, dtype="Float32"), "continuous", ""),
    "boolean": (halves(True, None, dtype="boolean"), "categorical", ""),
    "string": (halves("a", None, dtype="string"), "categorical", ""),
    "datetime": (halves(pd.Timestamp("2020"), pd.NaT), "categorical", "dates and times, shown as text"),
    "with time zone": (halves(pd.Timestamp("2020", tz="UTC")), "categorical", "dates and times"),
    "timedelta": (halves(pd.Timedelta("1h"), pd.NaT), "categorical", "time spans"),
    "period": (halves(pd.Period("2020")), "categorical", "periods"),
    "interval": (pd.cut(pd.Series(range(N_OBS)), 5), "categorical", "intervals"),
    "date": (halves(datetime.date(2020, 1, 1)), "categorical", "dates"),
    "ordered": (halves("b", "a", dtype=pd.CategoricalDtype(["b", "a"], ordered=True)), "categorical", ""),
    "numeric categories": (halves(1.5, None, dtype="category"), "categorical", ""),
    "categories without values": (
        halves(None, dtype=pd.CategoricalDtype(["a"])),
        "categorical",
        "",
    ),
    "object bool": (halves(True, None, dtype=object), "categorical", ""),
    "object mixed": (halves(1, "a", None, 2.5), "categorical", "several types, shown as text"),
    "object lists": (halves([1], [2]), "categorical", "several types"),
    "object bytes": (halves(b"a", b"\xff"), "categorical", "bytes"),
    "huge integers": (halves(10**30), "continuous", ""),
    "surrogate": (halves("\ud800"), "categorical", ""),
    "markup": (halves("<script>", "a\nb"), "categorical", ""),
    "sparse": (pd.Series(pd.arrays.SparseArray([0, 1] * (N_OBS // 2))), "continuous", ""),
    "complex": (halves(1j), None, "keep .real or .imag"),
}


@pytest.fixture
def columns(shell: InteractiveShell) -> Opened:
    """An AnnData with all of `COLUMNS`, opened."""
    adata = tiny_adata()
    # one by one they would be, as pandas says, highly fragmented
    values = {name: values.set_axis(adata.obs_names) for name, (values, _, _) in COLUMNS.items()}
    adata.obs = pd.concat([adata.obs, pd.DataFrame(values)], axis=1)
    viewer, said = show(shell, adata)
    assert said == ""
    return answered(viewer)


def test_a_column_of_every_dtype_is_used_or_named_with_a_reason(columns: Opened) -> None:
    kinds = {column.name: column.kind for column in columns.dataset.schema.obs}
    said = {item.where: item.reason for item in columns.dataset.schema.left_out}
    assert {name: kinds.get(name) for name in COLUMNS} == {
        name: kind for name, (_, kind, _) in COLUMNS.items()
    }
    assert set(said) == {f"obs[{name!r}]" for name, (_, _, word) in COLUMNS.items() if word}
    for name, (_, _, word) in COLUMNS.items():
        assert word in said.get(f"obs[{name!r}]", "")


def test_five_thousand_categories_are_all_there(shell: InteractiveShell) -> None:
    n = 5000
    obs = pd.DataFrame(
        {"clone": pd.Categorical([f"c{i}" for i in range(n)] * 2)}, index=[f"{i}" for i in range(2 * n)]
    )
    adata = AnnData(sparse.csr_matrix((2 * n, 3)), obs, obsm={"X_umap": np.zeros((2 * n, 2))})
    viewer, said = show(shell, adata)
    assert said == ""
    (column,) = answered(viewer).dataset.schema.obs
    assert column.categories is not None
    assert (column.kind, len(column.categories)) == ("categorical", n)


@pytest.mark.parametrize(
    "colors",
    [
        ["red"],
        ["red", "greenish", "blue"],
        ["red", None, "blue"],
        [["red"], ["green"], ["blue"]],
        ["red", (0, 1, 0), "blue"],
        {"B cells": "red"},
        "red",
        3,
        None,
    ],
    ids=repr,
)
def test_colors_that_are_none_are_as_good_as_not_there(shell: InteractiveShell, colors: Any) -> None:
    viewer, said = show(shell, put("uns", "louvain_colors", colors)(Path()))
    assert said == ""
    assert "louvain" not in answered(viewer).dataset.colors
