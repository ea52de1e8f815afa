"""An AnnData onto the disk, in two stages: what the first picture needs, then the matrices.

Each element is written aside and renamed into place when it is whole, so readers and a kill -9 meet
all of it or nothing. The user's object is only read.
"""

import errno
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
import zarr
from anndata import AnnData
from anndata.experimental import write_dispatched

from ..errors import CxgError, TooLarge, Unpublishable
from ..model import Array, LeftOut
from .arrays import Advance, storable, write_array
from .catalog import Catalog
from .clean import clean_names
from .elements import NAMES, frame_columns
from .frames import Items
from .lazy import frame_of
from .manifest import Manifest, Progress, write_manifest
from .matrices import stored_dtype, write_matrix
from .meter import Meter
from .nodes import write_group
from .plan import Plan, check, plan
from .private import make_directory, seal, size_of
from .provenance import annotation_columns, fingerprint_of
from .schema import read_embeddings

Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a snapshot is made from.

    Attributes
    ----------
    id
        Of the snapshot: `identity.snapshot_id`; None for one that is a kernel's own.
    path
        As the user knows it; None likewise.
    left_out
        What of it could not be read.
    matrices
        As `plan.plan` takes them.
    check, meanwhile
        Of the `OpenFile`.
    """

    id: str | None
    path: str | None
    left_out: tuple[LeftOut, ...] = ()
    matrices: Mapping[str, Any] = field(default_factory=dict)
    check: Callable[[], None] = lambda: None
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext


class Publication:
    """An AnnData being published; the viewer can open it after `begin`, and is complete after `finish`.

    Attributes
    ----------
    catalog
        Holds the lock that says that this kernel lives.
    manifest
        As last written.
    obs_names, var_names
        The names that were published, str as object dtype, shapes (n_obs,) and (n_vars,).
    obs_columns, embeddings
        What was published of obs and obsm.
    """

    def __init__(
        self,
        adata: AnnData,
        catalog: Catalog,
        directory: Path,
        manifest: Manifest,
        planned: Plan,
        source: Source | None = None,
    ) -> None:
        self._adata, self._plan = adata, planned
        self._source = source or Source(None, None)
        self._directory = directory
        self.catalog = catalog
        self.manifest = manifest
        self.obs_names: Array = clean_names(adata.obs_names)
        self.var_names: Array = clean_names(adata.var_names)
        self.obs_columns = tuple(frame_columns(self.store / "obs"))
        self.embeddings = read_embeddings(self.store)

    @classmethod
    def begin(
        cls,
        adata: AnnData,
        catalog: Catalog,
        *,
        title: str,
        id: str | None = None,
        source: Source | None = None,
        progress: Tell | None = None,
    ) -> Self:
        """Publish obs, var, obsm and uns, so that the viewer can open.

        Parameters
        ----------
        id
            Of a snapshot of this kernel that gets a new revision; None for a new snapshot.
        source
            The file that the AnnData is in. Where that gives the snapshot its id, the caller has the `turn`.
        progress
            Told up to five times a second.

        Raises
        ------
        Unpublishable
            There is nothing to draw, or the disk cannot be written.
        TooLarge
            It does not fit.
        """
        check(adata, in_file=source is not None)
        planned = plan(adata, source.matrices if source else None)
        planned.left_out += source.left_out if source else ()
        catalog.check_room(planned.bytes)
        meanwhile = source.meanwhile() if source else nullcontext()
        with _explained(catalog.root), meanwhile:
            if id is not None:
                directory, revision = catalog.claim(id), catalog.get(id).revision + 1
                blank = _blank(adata, id, title, revision, planned)
                manifest = _write_first(adata, planned, directory, blank, progress)
                return cls(adata, catalog, directory, manifest, planned, source)
            new, hidden = catalog.reserve(source.id if source else None)
            try:
                blank = _blank(adata, new, title, 1, planned, source)
                manifest = _write_first(adata, planned, hidden, blank, progress)
                directory = catalog.reveal(new, hidden)
            except BaseException:
                catalog.abandon(new, hidden)
                raise
            return cls(adata, catalog, directory, manifest, planned, source)

    @property
    def store(self) -> Path:
        """The AnnData Zarr store of this revision."""
        return self._directory / f"r{self.manifest.revision}.zarr"

    def finish(self, progress: Tell | None = None) -> None:
        """Copy X, raw and layers, then the rest; afterwards the AnnData may change.

        Parameters
        ----------
        progress
            Told up to five times a second.

        Raises
        ------
        TooLarge
            The disk is full. What was copied until then stays visible, unless it came from a file: that
            can be opened again.
        """

        def tell(now: Progress) -> None:
            self._update(progress=now)
            if progress:
                progress(now)

        meter = Meter(max(1, self._plan.bytes - self._plan.first_bytes), tell)
        try:
            with _explained(self.catalog.root), self._source.meanwhile():
                self._copy_matrices(meter)
                self._copy_rest(meter)
            self._source.check()
        except BaseException as error:
            if self.manifest.source is None:
                self._give_up(error)
            raise
        self._update(state="complete", progress=None, bytes=size_of(self.store))
        for revision in range(1, self.manifest.revision):
            for ending in ("zarr", "index"):
                shutil.rmtree(self._directory / f"r{revision}.{ending}", ignore_errors=True)

    def _copy_matrices(self, meter: Meter) -> None:
        for name, planned in self._plan.matrices.items():
            meter.label = f"Copying {name}"
            is_raw = planned.path.parts[0] == "raw"
            items = Items(write_element, meter.advance)
            try:
                with _aside(self._directory, self.store / ("raw" if is_raw else planned.path)) as aside:
                    if is_raw:
                        _write_raw(items, aside, self._adata.raw, meter.advance)
                    else:
                        write_matrix(aside, planned.source, meter.advance)
            except Unpublishable as error:
                self._source.check()  # what does not come is no fault of the matrix
                self._drop(name, f"{error}, so it cannot be shown.")
            else:
                done = (*self.manifest.matrices, name)
                left_out = (*self.manifest.left_out, *items.left_out)
                self._update(matrices=done, left_out=left_out, bytes=size_of(self.store))

    def _copy_rest(self, meter: Meter) -> None:
        for name in ("varm", "obsp", "varp"):
            meter.label = f"Copying {name}"
            items = Items(write_element, meter.advance)
            with _aside(self._directory, self.store / name) as aside:
                items.write_aligned(aside, getattr(self._adata, name), name)
            self._update(left_out=(*self.manifest.left_out, *items.left_out))

    def _drop(self, name: str, reason: str) -> None:
        kept = tuple(other for other in self.manifest.all_matrices if other != name)
        self._update(all_matrices=kept, left_out=(*self.manifest.left_out, LeftOut(name, reason)))

    def _give_up(self, error: BaseException) -> None:
        """Leave what was copied so far as a snapshot of its own: the picture stays usable."""
        reason = str(error) if isinstance(error, CxgError) else "copying was interrupted; publish again."
        for name in set(self.manifest.all_matrices) - set(self.manifest.matrices):
            self._drop(name, reason)
        self._update(state="complete", progress=None, bytes=size_of(self.store))

    def _update(self, **changes: Any) -> None:
        self.manifest = replace(self.manifest, **changes)
        write_manifest(self._directory, self.manifest)


def publish(adata: AnnData, catalog: Catalog, *, title: str, id: str | None = None) -> Manifest:
    """Both stages of a `Publication` at once."""
    publication = Publication.begin(adata, catalog, title=title, id=id)
    publication.finish()
    return publication.manifest


def write_element(path: Path, element: Any, advance: Advance) -> None:
    """Write one element as anndata does, but numeric arrays raw."""

    def callback(
        write: Any, parent: zarr.Group, key: str, value: Any, *, dataset_kwargs: Any, iospec: Any
    ) -> None:
        plain = isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray)
        if plain and value.ndim and storable(value.dtype):
            about = {"encoding-type": iospec.encoding_type, "encoding-version": iospec.encoding_version}
            write_array(path.parent / parent.path / key, np.asarray(value), about, advance)
        else:
            write(parent, key, value, dataset_kwargs=dataset_kwargs)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about formats to come; the user asked for a picture
        group = zarr.open_group(str(path.parent), mode="a", zarr_format=3)
        write_dispatched(group, path.name, element, callback)


def _blank(
    adata: AnnData, id: str, title: str, revision: int, planned: Plan, source: Source | None = None
) -> Manifest:
    """The manifest before anything is written."""
    dtypes = [stored_dtype(matrix.source.dtype).name for matrix in planned.matrices.values()]
    fingerprint = fingerprint_of(adata.obs_names)
    return Manifest(
        id=id,
        title=title,
        revision=revision,
        state="publishing",
        progress=None,
        n_obs=adata.n_obs,
        n_vars=adata.n_vars,
        bytes=0,
        created=datetime.now(UTC).isoformat(),
        fingerprint=fingerprint,
        matrices=(),
        all_matrices=tuple(planned.matrices),
        left_out=(),
        x_dtype=dtypes[0] if dtypes else "float32",
        source=source.path if source else None,
        annotations=annotation_columns(adata, fingerprint),
    )


def _write_first(
    adata: AnnData, planned: Plan, directory: Path, manifest: Manifest, progress: Tell | None
) -> Manifest:
    """Write what the first picture needs, then the manifest that names it."""
    meter = Meter(max(1, planned.first_bytes), progress or (lambda _: None))
    meter.label = "Copying cells and embeddings"
    items = Items(write_element, meter.advance)
    store = directory / f"r{manifest.revision}.zarr"
    with _aside(directory, store) as aside:
        make_directory(aside)
        items.write_frame(aside / "obs", frame_of(adata.obs), "obs")
        items.write_frame(aside / "var", frame_of(adata.var), "var")
        items.write_aligned(aside / "obsm", adata.obsm, "obsm", embeddings=True)
        items.write_mapping(aside / "uns", adata.uns, "uns")
        renamed = {on_disk: name for on_disk, name in planned.layers.items() if on_disk != name}
        write_group(aside / "layers", {"encoding-type": "dict", "encoding-version": "0.1.0", NAMES: renamed})
        write_group(aside, {"encoding-type": "anndata", "encoding-version": "0.1.0"})
    _say_duplicates(items, adata)
    left_out = (*planned.left_out, *items.left_out)
    manifest = replace(manifest, left_out=left_out, bytes=size_of(store))
    write_manifest(directory, manifest)
    return manifest


def _write_raw(items: Items, path: Path, raw: Any, advance: Advance) -> None:
    make_directory(path)
    write_matrix(path / "X", raw.X, advance)
    items.write_frame(path / "var", frame_of(raw.var), "raw.var")
    items.write_aligned(path / "varm", raw.varm, "raw.varm")
    write_group(path, {"encoding-type": "raw", "encoding-version": "0.1.0"})


def _say_duplicates(items: Items, adata: AnnData) -> None:
    for axis, names in (("obs", adata.obs_names), ("var", adata.var_names)):
        if count := int(names.duplicated(keep=False).sum()):
            items.leave_out(
                f"{axis}_names",
                f"{count} names occur more than once, so a name can stand for several; "
                f"adata.{axis}_names_make_unique() makes them unique.",
            )


@contextmanager
def _aside(directory: Path, target: Path) -> Iterator[Path]:
    """A path to write at; owner-only and renamed to ``target`` when the block ends well."""
    aside = directory / ".aside"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        yield aside
        seal(aside)
        shutil.rmtree(target, ignore_errors=True)  # of a refresh that failed just after this
        aside.rename(target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


@contextmanager
def _explained(root: Path) -> Iterator[None]:
    """What the system says about the disk, as a sentence."""
    try:
        yield
    except OSError as error:
        remedy = "free some room (viewer.close() removes a snapshot), or set CXG_SNAPSHOT_DIR to another disk"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise TooLarge(f"The disk of {root} is full: {remedy}.") from error
        if error.errno is None:  # HDF5's, about the file that is read
            what = str(error).splitlines()[0]
            more = ", or give more memory (--memory)" if "filter" in what else ""  # it does not say which
            remedy = f"copy or download it again{more}"
            raise Unpublishable(f"The file cannot be read ({what}): {remedy}.") from error
        raise Unpublishable(f"The snapshot cannot be written in {root} ({error}): {remedy}.") from error
