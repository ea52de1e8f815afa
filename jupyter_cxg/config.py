"""Every setting of the server, once: set them as ``c.Cxg.… =`` in ``jupyter_server_config.py``."""

import os
from collections.abc import Mapping
from pathlib import Path

from traitlets import Float, Int, Unicode
from traitlets.config import Configurable

from .snapshot.place import Place, default_place


class Cxg(Configurable):
    """Settings of jupyter_cxg.

    The first three concern the kernels too: where they are set, kernels that this server starts inherit
    them as the environment variables that `jupyter_cxg.snapshot.place` reads; otherwise those
    variables, or their defaults, hold here as well.
    """

    snapshot_dir = Unicode(
        "",
        help="Directory of the user's snapshots, on a local disk, of mode 0700. "
        "Empty: $CXG_SNAPSHOT_DIR, else jupyter_cxg-{uid} in the temporary directory.",
    ).tag(config=True)
    max_bytes = Int(
        None,
        allow_none=True,
        help="What all snapshots of the user may take together, in bytes. "
        "None: $CXG_MAX_BYTES, else half of what is free when one is published.",
    ).tag(config=True)
    keep_hours = Float(
        None,
        allow_none=True,
        help="How long a snapshot stays unread once its kernel is gone, in hours. "
        "None: $CXG_KEEP_HOURS, else 24.",
    ).tag(config=True)
    threads = Int(
        min(4, os.cpu_count() or 1),
        min=1,
        help="Threads that answer questions; more wait for their turn.",
    ).tag(config=True)
    cache_bytes = Int(
        256 * 2**20,
        min=0,
        help="Memory for answers that are kept: columns, embeddings, genes.",
    ).tag(config=True)
    capability_minutes = Float(
        120.0,
        help="How long an open viewer may be idle before it must be loaded again. Each question starts "
        "the time anew.",
    ).tag(config=True)
    max_columns = Int(32, min=1, help="Columns or genes that one request may ask for.").tag(config=True)
    max_category_items = Int(
        1000,
        min=1,
        help="Categories of a column that a viewer shows one by one; it folds the rest into one.",
    ).tag(config=True)

    def place(self) -> Place:
        """Where snapshots lie and how much room they get, the environment's word included."""
        usual = default_place()
        return Place(
            root=Path(self.snapshot_dir).expanduser().absolute() if self.snapshot_dir else usual.root,
            max_bytes=usual.max_bytes if self.max_bytes is None else self.max_bytes,
            keep_seconds=usual.keep_seconds if self.keep_hours is None else 3600 * self.keep_hours,
        )

    def environment(self) -> Mapping[str, str]:
        """What kernels must have in their environment to publish where this server looks."""
        place = self.place()
        chosen = {
            "CXG_SNAPSHOT_DIR": str(place.root) if self.snapshot_dir else None,
            "CXG_MAX_BYTES": None if self.max_bytes is None else str(self.max_bytes),
            "CXG_KEEP_HOURS": None if self.keep_hours is None else str(self.keep_hours),
        }
        return {name: value for name, value in chosen.items() if value is not None}

    def hand_down(self) -> None:
        """Put `environment` into the environment of this process, which its kernels inherit."""
        os.environ.update(self.environment())
