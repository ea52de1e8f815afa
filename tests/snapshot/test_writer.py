"""Publishing: what `anndata.read_zarr` gives back, in two stages, whatever is thrown at it."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from jupyter_cxg.errors import NotFound, NotReady, TooLarge, Unpublishable
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.manifest import Progress
from jupyter_cxg.snapshot.writer import Publication, publish
from tests.reference.example import tiny_adata
from tests.reference.same import assert_same

KINDS = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "csr": sparse.csr_matrix,
    "csc": sparse.csc_matrix,
    "csr_array": sparse.csr_array,
}


def small(n_obs: int = 5, n_vars: int = 3) -> AnnData:
    adata = AnnData(np.arange(n_obs * n_vars, dtype=np.float32).reshape(n_obs, n_vars))
    adata.obsm["X_umap"] = np.arange(n_obs * 2.0).reshape(n_obs, 2)
    return adata


def stored(catalog: Catalog, adata: AnnData) -> tuple[AnnData, Publication]:
    publication = Publication.begin(adata, catalog, title="it")
    publication.finish()
    return anndata.read_zarr(publication.store), publication


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return Catalog(tmp_path_factory.mktemp("shared") / "snapshots")


@settings(max_examples=25, database=None)
@given(data=st.data())
def test_read_zarr_gives_the_object_back(shared: Catalog, data: st.DataObject) -> None:
    n_obs, n_vars = data.draw(st.integers(1, 30)), data.draw(st.integers(1, 9))
    dtype = data.draw(st.sampled_from(["f2", "f4", "f8", "i1", "i4", "i8", "u2", "?"]))
    kind = data.draw(
        st.sampled_from([kind for kind in KINDS if dtype != "f2" or len(kind) == 1])
    )  # no sparse half
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    values = ((rng.random((n_obs, n_vars)) < 0.5) * rng.integers(0, 99, (n_obs, n_vars))).astype(dtype)
    adata = AnnData(
        KINDS[kind](values),
        obs=pd.DataFrame({"text": rng.choice(["b", "a"], n_obs), "number": rng.random(n_obs)}),
        layers={"counts": KINDS[data.draw(st.sampled_from(["C", "csc"]))](values.astype("i4"))},
        obsm={"X_umap": KINDS[data.draw(st.sampled_from(["C", "F"]))](rng.random((n_obs, 3)))},
        varm={"loadings": rng.random((n_vars, 2))},
        obsp={"neighbors": sparse.random(n_obs, n_obs, 0.5, "csr", random_state=1)},
        uns={"colors": np.array(["red"]), "nested": {"number": 1.5, "text": "a"}},
    )
    adata.obs_names, adata.var_names = adata.obs_names.astype(str), adata.var_names.astype(str)
    if data.draw(st.booleans()):
        adata.raw = adata
    expected = adata.copy()
    if data.draw(st.booleans()):
        adata = adata[rng.random(n_obs) < 2, :]  # a view
    read, publication = stored(shared, adata)
    expected.strings_to_categoricals()
    assert_same(read, expected)
    publication.catalog.remove(publication.manifest.id)


@pytest.mark.parametrize("kind", KINDS)
def test_a_view_is_published_as_what_it_shows(catalog: Catalog, kind: str) -> None:
    adata = tiny_adata(x=KINDS[kind](np.arange(60 * 20.0).reshape(60, 20)))
    view = adata[adata.obs["batch"] == "one", ["GENE7", "GENE3"]]
    read, _ = stored(catalog, view)
    assert view.is_view
    np.testing.assert_array_equal(read.to_df(), view.to_df())
    assert list(read.var_names) == ["GENE7", "GENE3"]


@pytest.mark.parametrize("kind", ["C", "csr", "csc"])
@pytest.mark.parametrize("subset", [False, True], ids=["whole", "view"])
def test_a_backed_object_is_published_from_its_file(
    catalog: Catalog, tmp_path: Path, kind: str, subset: bool
) -> None:
    adata = tiny_adata(x=KINDS[kind](np.arange(60 * 20.0).reshape(60, 20)))
    adata.write_h5ad(tmp_path / "x.h5ad")
    backed = anndata.read_h5ad(tmp_path / "x.h5ad", backed="r")
    shown = backed[10:30] if subset else backed
    read, _ = stored(catalog, shown)
    assert_same(read, shown.to_memory())
    assert backed.isbacked


def test_without_x_there_are_no_genes_to_color_by(catalog: Catalog) -> None:
    adata = AnnData(
        obs=pd.DataFrame(index=["a", "b"]), var=pd.DataFrame(index=["g"]), obsm={"X_umap": np.eye(2)}
    )
    read, publication = stored(catalog, adata)
    assert read.X is None
    schema = catalog.open(publication.manifest.id).schema
    assert schema.layers == ()
    assert [item.where for item in schema.left_out] == ["X"]


# ── two stages ──


def test_the_viewer_can_open_before_x_is_copied(catalog: Catalog) -> None:
    publication = Publication.begin(tiny_adata(), catalog, title="it")
    snapshot = catalog.open(publication.manifest.id)
    assert snapshot.manifest.state == "publishing"
    assert snapshot.schema.layers == ("X", "raw", "counts")
    assert snapshot.embedding("umap").shape == (60, 2)
    assert len(snapshot.obs("louvain")) == 60
    with pytest.raises(NotReady):
        snapshot.matrix("X")
    anndata.read_zarr(publication.store)  # is a valid store already
    publication.finish()
    assert snapshot.matrix("X").shape == (60, 20)  # type: ignore[union-attr]  # sparse; known by the older manifest, too
    assert catalog.get(publication.manifest.id).state == "complete"


def test_progress_goes_up_to_the_end(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_cxg.snapshot.meter._EVERY", 0)
    publication = Publication.begin(tiny_adata(), catalog, title="it")
    seen: list[Progress] = []
    written: list[Progress | None] = []

    def listen(progress: Progress) -> None:
        seen.append(progress)
        written.append(catalog.get(publication.manifest.id).progress)

    publication.finish(listen)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] > 0.9
    assert seen[0].label == "Copying X"
    assert written == seen


def test_what_is_changed_afterwards_does_not_reach_the_snapshot(catalog: Catalog) -> None:
    adata = small()
    _, publication = stored(catalog, adata)
    adata.X[:] = -1
    adata.obsm["X_umap"][:] = -1
    snapshot = catalog.open(publication.manifest.id)
    assert snapshot.matrix("X").data[0, 1] == 1
    assert snapshot.embedding("umap")[0, 1] == 1


def test_publishing_changes_nothing_of_the_users(catalog: Catalog) -> None:
    adata = tiny_adata()
    adata.obs["text"] = ["a", "b"] * 30
    adata.uns["made"] = {1: [1, 2]}
    before = adata.copy()
    publish(adata, catalog, title="it")
    assert adata.obs["text"].dtype == object
    assert adata.uns["made"] == {1: [1, 2]}
    del adata.uns["made"], before.uns["made"]  # assert_equal wants text keys
    assert_same(adata, before)


def test_a_refresh_is_a_new_revision_of_the_same_snapshot(catalog: Catalog) -> None:
    adata = small()
    first = publish(adata, catalog, title="it")
    before = catalog.open(first.id)
    mapped = before.embedding("umap")
    adata.obsm["X_umap"] += 1
    second = publish(adata, catalog, title="it", id=first.id)
    assert (second.id, second.revision) == (first.id, 2)
    assert catalog.open(first.id).embedding("umap")[0, 1] == 2
    assert mapped[0, 1] == 1, "a map that is open keeps its revision"
    assert [path.name for path in (catalog.root / first.id).glob("r*")] == ["r2.zarr"]


# ── what can go wrong ──


@pytest.mark.parametrize(
    ("adata", "words"),
    [
        (AnnData(np.ones((3, 2))), ["sc.tl.umap(adata)", "(n_obs, 2)"]),
        (AnnData(np.ones((3, 2)), obsm={"X_one": np.ones((3, 1))}), ["X_one", "fewer than two columns"]),
        (AnnData(np.ones((3, 2)), obsm={"X_umap": np.full((3, 2), np.nan)}), ["NaN"]),
        (AnnData(np.ones((0, 2)), obsm={"X_umap": np.ones((0, 2))}), ["no cells"]),
        (AnnData(np.ones((3, 0)), obsm={"X_umap": np.ones((3, 2))}), ["no genes"]),
    ],
    ids=["no embedding", "one column", "all NaN", "no cells", "no genes"],
)
def test_what_cannot_be_drawn_is_refused_with_a_remedy(
    catalog: Catalog, adata: AnnData, words: list[str]
) -> None:
    with pytest.raises(Unpublishable) as refused:
        Publication.begin(adata, catalog, title="it")
    assert all(word in str(refused.value) for word in words)
    assert list(catalog.root.iterdir()) == []


def test_missing_and_constant_points_are_no_obstacle(catalog: Catalog) -> None:
    adata = small()
    adata.obsm["X_umap"][1, 0] = np.inf
    adata.obsm["X_umap"][2] = np.nan
    adata.obsm["constant"] = np.ones((5, 2), dtype=int)
    _, publication = stored(catalog, adata)
    snapshot = catalog.open(publication.manifest.id)
    assert [(item.name, item.n_missing) for item in snapshot.schema.embeddings] == [
        ("umap", 2),
        ("constant", 0),
    ]
    assert np.isnan(snapshot.embedding("umap")).all(axis=1).tolist() == [False, True, True, False, False]


def test_what_cannot_be_stored_is_left_out_and_said(catalog: Catalog) -> None:
    class Model:
        pass

    adata = small()
    adata.obs["when"] = pd.date_range("2020", periods=5)
    adata.obs["wave"] = np.arange(5) * 1j
    adata.uns.update({"model": Model(), "good": {1: "kept"}, "tuple": (1, 2)})
    adata.obsm["frame"] = pd.DataFrame({"x": np.ones(5)}, index=adata.obs_names)
    adata.layers["wave"] = adata.X * 1j
    adata.obs_names = ["a", "a", "b", "c", "d"]
    read, publication = stored(catalog, adata)
    said = {item.where: item.reason for item in publication.manifest.left_out}
    assert set(said) == {
        "obs['when']",
        "obs['wave']",
        "uns['model']",
        "obsm['frame']",
        "layers['wave']",
        "obs_names",
    }
    assert "Model" in said["uns['model']"]
    assert "obs_names_make_unique" in said["obs_names"]
    assert list(read.obs) == ["when"]
    assert read.uns["good"] == {"1": "kept"}
    assert list(read.obsm) == ["frame", "X_umap"] or list(read.obsm) == ["X_umap", "frame"]
    assert publication.manifest.all_matrices == ("X",)


def test_names_that_cannot_be_files_are_shown_as_they_are(catalog: Catalog) -> None:
    adata = small()
    adata.obsm["X_a/b"] = adata.obsm["X_umap"] + 1
    adata.obs["T/NK"] = [True] * 5
    adata.obs["T_NK"] = [False] * 5
    adata.obs[7] = 1.5
    adata.layers["log/norm"] = adata.X
    adata.layers["X"] = adata.X
    _, publication = stored(catalog, adata)
    snapshot = catalog.open(publication.manifest.id)
    assert [column.name for column in snapshot.schema.obs] == ["T/NK", "T_NK", "7"]
    assert snapshot.obs("T/NK").all()  # type: ignore[union-attr]  # an array
    assert not snapshot.obs("T_NK").any()  # type: ignore[union-attr]  # an array
    assert snapshot.embedding("a/b")[0, 0] == 1
    assert snapshot.schema.layers == ("X", "log/norm", "layers/X")
    assert snapshot.matrix("log/norm").data.shape == (5, 3)
    assert snapshot.matrix("layers/X").data.shape == (5, 3)


def test_too_large_names_the_sizes_and_the_setting(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "snapshots", max_bytes=50_000)
    with pytest.raises(TooLarge, match=r"4\.1 MB.* 50\.0 kB are left .*CXG_MAX_BYTES"):
        Publication.begin(small(1000, 1000), catalog, title="it")
    assert list(catalog.root.iterdir()) == []


def test_a_full_disk_leaves_the_picture(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    publication = Publication.begin(tiny_adata(), catalog, title="it")
    opened_before = catalog.open(publication.manifest.id)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("jupyter_cxg.snapshot.writer.write_matrix", full)
        with pytest.raises(TooLarge, match="is full"):
            publication.finish()
    manifest = catalog.get(publication.manifest.id)
    assert manifest.state == "complete"
    assert manifest.all_matrices == ()
    assert {"X", "raw", "counts"} <= {item.where for item in manifest.left_out}
    with pytest.raises(NotFound, match="could not be copied"):
        opened_before.matrix("X")
    assert catalog.open(manifest.id).embedding("umap").shape == (60, 2)
    assert not list((catalog.root / manifest.id).glob(".aside"))


def test_an_interrupt_leaves_what_was_copied(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_cxg.snapshot.meter._EVERY", 0)
    publication = Publication.begin(tiny_adata(), catalog, title="it")

    def interrupt(progress: Progress) -> None:
        if progress.label == "Copying raw":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publication.finish(interrupt)
    manifest = catalog.get(publication.manifest.id)
    assert manifest.state == "complete"
    assert manifest.all_matrices == manifest.matrices == ("X",)


KILLED = """
import sys
from pathlib import Path
from jupyter_cxg.snapshot import frames, matrices
from jupyter_cxg.snapshot.catalog import Catalog
from jupyter_cxg.snapshot.writer import publish
from tests.reference.example import tiny_adata

def stop_here(*args, **kwargs):
    print("here", flush=True)
    sys.stdin.read()  # until the test kills this process

module, function = sys.argv[2].split(".")
setattr({"frames": frames, "matrices": matrices}[module], function, stop_here)
publish(tiny_adata(), Catalog(Path(sys.argv[1])), title="it")
"""


@pytest.mark.parametrize(
    ("point", "visible_before"),
    [("frames.write_group", False), ("matrices._canonical", True), ("matrices.write_group", True)],
    ids=["in obs", "at the start of X", "at the end of X"],
)
def test_kill_9_leaves_no_half_snapshot(catalog: Catalog, point: str, visible_before: bool) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(catalog.root), point],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    assert bool(catalog.list()) is visible_before, "what is there can be opened while its kernel lives"
    (left,) = catalog.root.iterdir()
    assert catalog.prune() == [], "a kernel that lives keeps what it writes"
    process.kill()
    process.communicate()
    assert catalog.list() == []
    with pytest.raises(NotFound):
        catalog.open(left.name.removeprefix(".").removesuffix(".new"))
    os.utime(left, (0, 0))  # long ago
    catalog.prune()
    assert list(catalog.root.iterdir()) == []


def test_everything_is_for_the_owner_only(catalog: Catalog) -> None:
    before = os.umask(0)
    try:
        publish(tiny_adata(), catalog, title="it")
    finally:
        os.umask(before)
    others = [path for path in catalog.root.rglob("*") if path.lstat().st_mode & 0o077]
    assert others == []
    assert catalog.root.stat().st_mode & 0o777 == 0o700


def test_publishing_warns_about_nothing(catalog: Catalog) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        publish(tiny_adata(), catalog, title="it")
