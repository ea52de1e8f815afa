"""``jupyter cxg prepare FILE|URL…``."""

import asyncio
import signal
import sys
from contextlib import suppress

from jupyter_core.application import base_aliases, base_flags

from ..config import Cxg, Prepare
from ..errors import CxgError, NotFound, Unpublishable
from ..server.preparing import File, Preparations
from ..snapshot.catalog import Catalog
from ..snapshot.manifest import Manifest
from ..snapshot.private import size_text
from .app import Command
from .files import Broken, check_whole, the_files
from .progress import Line

_EVERY = 0.1  # seconds


class PrepareApp(Command):
    """Make snapshots of files, so that they open at once: jupyter cxg prepare FILE|URL…"""

    name = "jupyter-cxg-prepare"
    description = __doc__
    examples = (
        "jupyter cxg prepare pbmc.h5ad\n"
        "jupyter cxg prepare data/ --memory 2G\n"
        "jupyter cxg prepare multiome.h5mu --modality rna\n"
        "jupyter cxg prepare https://example.org/pbmc.h5ad\n"
        "jupyter cxg prepare filtered_feature_bc_matrix.h5 --recipe"
    )
    classes = [Prepare, Cxg]  # noqa: RUF012 - as traitlets declares it
    aliases = {  # noqa: RUF012
        **base_aliases,
        "memory": "Prepare.memory",
        "modality": "Prepare.modality",
        "obs-names": "Prepare.obs_names",
        "var-names": "Prepare.var_names",
        "allow-private": "Prepare.allow_private",
    }
    flags = {  # noqa: RUF012
        **base_flags,
        "force": ({"Prepare": {"force": True}}, "Make the snapshot anew, even if it is there."),
        "recipe": ({"Prepare": {"recipe": True}}, "Compute an embedding by scanpy where a file has none."),
    }

    def start(self) -> None:
        """Prepare one file after the other; go on with the next if one fails.

        Raises
        ------
        CxgError
            One could not be prepared, or none was named.
        """
        super().start()
        settings = Prepare(parent=self)
        usage = "jupyter cxg prepare FILE|URL…, or a folder of files"
        files = the_files(self.extra_args, settings.reading(), usage=usage)
        asyncio.run(prepare_all(files, Cxg(parent=self), force=settings.force))


async def prepare_all(files: tuple[File, ...], settings: Cxg, *, force: bool) -> None:
    """Prepare them all.

    Raises
    ------
    CxgError
        One failed, or it was stopped; of several files, how many did.
    """
    place = settings.place()
    catalog = Catalog(place.root, max_bytes=place.max_bytes, keep_seconds=place.keep_seconds)
    preparations = Preparations(catalog, place, asyncio.to_thread, at_once=1)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    line, failed = Line(sys.stdout), 0
    try:
        for file in files:
            try:
                manifest = await prepare_one(file, catalog, preparations, line, stopped, force=force)
                line.done(f"{file.label}: {about(manifest)}")
                check_whole(file, manifest)
            except CxgError as error:
                failed += 1
                if not isinstance(error, Broken):
                    line.done(f"{file.label}: not prepared")
                if stopped.is_set() or len(files) == 1:
                    raise
                print(f"jupyter cxg: {error}", file=sys.stderr)
    finally:
        await preparations.close()
    if failed:
        raise Unpublishable(f"{failed} of {len(files)} files could not be prepared as a whole.")


async def prepare_one(
    file: File,
    catalog: Catalog,
    preparations: Preparations,
    line: Line,
    stopped: asyncio.Event,
    *,
    force: bool,
) -> Manifest:
    """Prepare one file, unless it is prepared by now.

    Raises
    ------
    CxgError
        It cannot be prepared, or it was stopped.
    """
    line.begin()
    if force:
        with suppress(NotFound):
            catalog.remove(file.id)
    with suppress(NotFound):
        manifest = catalog.get(file.id)
        if manifest.state == "complete":
            catalog.touch(file.id)
            return manifest
    preparations.start(file)
    while running := preparations.running(file.id):
        line.show(file.label, running.progress.label, running.progress.fraction)
        if stopped.is_set():
            await preparations.cancel(file.id)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), _EVERY)
    preparations.explain(file.id)
    return catalog.get(file.id)


def about(manifest: Manifest) -> str:
    """What there is now."""
    size = size_text(manifest.bytes)
    return f"{manifest.n_obs:,} cells, {manifest.n_vars:,} genes, {size}, {manifest.id} ({{seconds}})"
