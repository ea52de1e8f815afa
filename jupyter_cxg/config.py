"""Every setting of the server, once: set them as ``c.Cxg.… =`` in ``jupyter_server_config.py``."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_core.paths import jupyter_data_dir
from traitlets import Bool, Enum, Float, Int, List, Unicode, default
from traitlets.config import Configurable

from .errors import BadQuery
from .snapshot.memory import bytes_of
from .snapshot.place import Place, default_place
from .snapshot.reading import Reading


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
        64 * 2**20,
        min=0,
        help="Memory for answers that are kept: columns, embeddings, genes.",
    ).tag(config=True)
    capability_minutes = Float(
        120.0,
        help="How long an open viewer may be idle before it must be loaded again. Each question starts "
        "the time anew.",
    ).tag(config=True)
    max_preparing = Int(
        2,
        min=1,
        help="Files that are opened at once, each by a process of its own; more wait for their turn.",
    ).tag(config=True)
    max_columns = Int(32, min=1, help="Columns or genes that one request may ask for.").tag(config=True)
    max_genes = Int(
        1000, min=1, help="Genes that one request may ask for in bulk, which are sent a few at a time."
    ).tag(config=True)
    max_category_items = Int(
        1000,
        min=1,
        help="Categories of a column that a viewer shows one by one; it folds the rest into one.",
    ).tag(config=True)
    diffexp = Bool(True, help="Whether groups of cells can be compared.").tag(config=True)
    max_diffexp_cells = Int(
        None,
        allow_none=True,
        min=1,
        help="Cells that one comparison may have in both groups together. None: no limit.",
    ).tag(config=True)
    max_jobs = Int(
        8,
        min=1,
        help="Jobs that one user may have waiting or running. The guests of one link are one user.",
    ).tag(config=True)
    max_running_jobs = Int(
        2,
        min=1,
        help="Jobs that are worked on at once; more wait, and their users take turns. Where it is more than "
        "one, no user has all of them.",
    ).tag(config=True)
    x_distribution = Enum(
        ("auto", "normal", "count"),
        "auto",
        help="Whether cellxgene's method of comparing takes X for counts, and so compares log(1 + x). auto: "
        "if its values span more than 24. Other methods take X as it is.",
    ).tag(config=True)
    diffexp_cutoff = Float(
        0.01,
        min=0.0,
        help="Genes whose means differ by no more than this are passed over by cellxgene's diffexp/obs, as "
        "long as others remain.",
    ).tag(config=True)

    annotations_url = Unicode(
        "",
        help="Where annotations and gene sets are stored: path of a SQLite file, or postgresql://… "
        "Empty: $DATABASE_URL if that is a PostgreSQL, else cxg/annotations.sqlite in Jupyter's data "
        "directory.",
    ).tag(config=True)
    max_annotation_bytes = Int(
        256 * 2**20,
        min=1,
        help="What the annotations and gene sets of a user may take, history included, in bytes. The oldest "
        "history makes room for what is new.",
    ).tag(config=True)

    annotating = Bool(True, help="Whether users may make annotations.").tag(config=True)
    terms_file = Unicode(
        "",
        help="File of terms that names of labels are completed from: OBO, such as cl.obo of the Cell "
        "Ontology, a table with a column name (and id, synonyms), or one name per line.",
    ).tag(config=True)
    gene_sets_save = Bool(True, help="Whether users may save gene sets.").tag(config=True)
    saved_views = Bool(True, help="Whether users may save views.").tag(config=True)
    max_visitors = Int(
        1000,
        min=0,
        help="Visitors of jupyter cxg serve --auth none who may store something. No more are let in then.",
    ).tag(config=True)
    max_visitor_bytes = Int(
        16 * 2**20,
        min=1,
        help="What the annotations and gene sets of such a visitor may take, history included, in bytes.",
    ).tag(config=True)
    max_visitors_bytes = Int(
        2**30,
        min=1,
        help="What those of all visitors together may take, in bytes; and once more their CSV files.",
    ).tag(config=True)

    sharing = Enum(
        ("auto", "on", "off"),
        "auto",
        help="Whether a user may make links that show one view to whoever holds them, without a login. "
        "auto: off under a JupyterHub, on elsewhere.",
    ).tag(config=True)
    max_link_days = Float(
        90.0,
        min=0.0,
        help="The longest that a link may live, in days.",
    ).tag(config=True)

    def sharing_allowed(self, *, by_hub: bool) -> bool:
        """Whether links work; ``by_hub``: a JupyterHub says who its users are."""
        return self.sharing == "on" or (self.sharing == "auto" and not by_hub)

    def place(self) -> Place:
        """Where snapshots lie and how much room they get, the environment's word included."""
        usual = default_place()
        return Place(
            root=Path(self.snapshot_dir).expanduser().absolute() if self.snapshot_dir else usual.root,
            max_bytes=usual.max_bytes if self.max_bytes is None else self.max_bytes,
            keep_seconds=usual.keep_seconds if self.keep_hours is None else 3600 * self.keep_hours,
        )

    def annotations_place(self) -> str:
        """Path or URL of the store of annotations."""
        url = os.environ.get("DATABASE_URL", "")
        usual = url if url.startswith("postgres") else ""  # what else it may say is for other programs
        return self.annotations_url or usual or str(Path(jupyter_data_dir()) / "cxg" / "annotations.sqlite")

    def visitor_key_place(self) -> Path:
        """Where the key is by which visitors are known: beside the store, if that is a file."""
        place = self.annotations_place()
        folder = Path(jupyter_data_dir()) / "cxg" if "://" in place else Path(place).expanduser().parent
        return folder.absolute() / "visitors.key"

    def environment(self) -> Mapping[str, str]:
        """What kernels must have in their environment to publish where this server looks."""
        place = self.place()
        chosen = {
            "CXG_SNAPSHOT_DIR": str(place.root) if self.snapshot_dir else None,
            "CXG_MAX_BYTES": None if self.max_bytes is None else str(self.max_bytes),
            "CXG_KEEP_HOURS": None if self.keep_hours is None else str(self.keep_hours),
        }
        return {name: value for name, value in chosen.items() if value is not None}

    def hand_down(self, *, sharing: bool) -> None:
        """Put `environment` into the environment of this process, which its kernels inherit.

        Parameters
        ----------
        sharing
            As `sharing_allowed` says; links are this server's to allow, whatever it inherited itself.
        """
        os.environ.update(self.environment())
        os.environ["CXG_SHARING"] = "on" if sharing else "off"
        os.environ["CXG_MAX_LINK_DAYS"] = str(self.max_link_days)


class FileSettings(Configurable):
    """How files are read, by whichever command."""

    modality = Unicode(help="Which modality of an .h5mu file. Default: the only one.").tag(config=True)
    obs_names = Unicode(help="Column of obs with the names of the cells. Default: its index.").tag(
        config=True
    )
    var_names = Unicode(help="Column of var with the names of the genes. Default: its index.").tag(
        config=True
    )
    recipe = Bool(
        False,
        help="Where a file has no embedding, compute one: normalize, log1p, variable genes, PCA, neighbors, "
        "UMAP and Leiden, by scanpy.",
    ).tag(config=True)
    memory = Unicode(
        help="Memory that reading a file may take, such as 400M or 2G. Default: half of what this machine, "
        "or its container, has.",
    ).tag(config=True)
    allow_private = List(
        Unicode(),
        help="A host of this network, or host:port, that an address may lead to. Addresses are else those of "
        "the Internet.",
    ).tag(config=True)

    def reading(self) -> Reading:
        """As reading a file takes it."""
        memory = bytes_of(self.memory) if self.memory else None
        names = self.obs_names, self.var_names
        return Reading(self.modality, *names, self.recipe, memory, tuple(self.allow_private))


class Prepare(FileSettings):
    """Settings of ``jupyter cxg prepare``: each is an option of the command."""

    force = Bool(False, help="Make the snapshot anew, even if it is there.").tag(config=True)


class Serve(FileSettings):
    """Settings of ``jupyter cxg serve``: each is an option of the command."""

    host = Unicode(
        help="Address to listen at. Default: 127.0.0.1, which only this machine reaches; where $PORT is "
        "set, 0.0.0.0.",
    ).tag(config=True)
    port = Int(
        None,
        allow_none=True,
        help="Port to listen at. Default: $PORT, else 5005 or the next one that is free.",
    ).tag(config=True)
    base_url = Unicode("/", help="Path below which everything is served, for use behind a proxy.").tag(
        config=True
    )
    auth = Enum(
        ("token", "none", "hub"),
        "token",
        help="Who may look: who has the token, everybody (none), or whom a JupyterHub lets (hub).",
    ).tag(config=True)
    token = Unicode(help="The token of --auth token. Default: $CXG_TOKEN, else a random one.").tag(
        config=True
    )
    public = Bool(
        False,
        help="Visitors come from elsewhere, by whatever host name, and --auth none is meant.",
    ).tag(config=True)
    open_browser = Bool(False, help="Open the viewer in a browser.").tag(config=True)
    title = Unicode(help="Title of the page. Default: the name of the file.").tag(config=True)
    about = Unicode(help="Address of a page about the data, https://…").tag(config=True)
    embedding = List(
        Unicode(),
        help="The embeddings to show, in this order: umap, or X_umap as in obsm. Default: all.",
    ).tag(config=True)
    custom_colors = Bool(True, help="Use the colors of categories that are in uns.").tag(config=True)
    annotations_file = Unicode(
        help="CSV file that is kept in step with the annotations, which all who annotate share then."
    ).tag(config=True)
    gene_sets_file = Unicode(
        help="CSV file that is kept in step with the gene sets, which all who save some share then."
    ).tag(config=True)
    user_generated_data_dir = Unicode(
        help="Folder with CSV files of each user, kept in step with their annotations and gene sets."
    ).tag(config=True)
    secret_key = Unicode(
        help="What the cookies of visitors of --auth none are signed with, for servers that share no disk. "
        "Default: $CXG_SECRET_KEY, else a key beside the annotations.",
    ).tag(config=True)

    @default("host")
    def _default_host(self) -> str:
        return "0.0.0.0" if os.environ.get("PORT") else "127.0.0.1"  # noqa: S104 - platforms ask for it

    @default("port")
    def _default_port(self) -> int | None:
        given = os.environ.get("PORT", "")
        if not given:
            return None
        if not given.isdecimal():
            raise BadQuery(f"$PORT is {given!r}: it must be a number.")
        return int(given)

    @default("secret_key")
    def _default_secret_key(self) -> str:
        return os.environ.get("CXG_SECRET_KEY", "")

    @default("token")
    def _default_token(self) -> str:
        return os.environ.get("CXG_TOKEN", "")

    @property
    def on_a_platform(self) -> bool:
        """Whether something other than a person at a keyboard started this and watches it."""
        return self.auth == "hub" or bool(os.environ.get("PORT"))


@dataclass(frozen=True, slots=True)
class HubPlace:
    """What a JupyterHub says to the server that it spawns."""

    host: str
    port: int
    base_url: str
    owner: str


def hub_place() -> HubPlace:
    """Where the Hub that started this process expects it, and for whom.

    Raises
    ------
    BadQuery
        No Hub started it.
    """
    url = urlsplit(os.environ.get("JUPYTERHUB_SERVICE_URL", ""))
    if not url.scheme or not os.environ.get("JUPYTERHUB_API_TOKEN"):
        raise BadQuery("--auth hub is for a server that JupyterHub starts: use --auth token here.")
    return HubPlace(
        host=url.hostname or "",
        port=url.port or (443 if url.scheme == "https" else 80),
        base_url=os.environ.get("JUPYTERHUB_SERVICE_PREFIX") or "/",
        owner=os.environ.get("JUPYTERHUB_USER", ""),
    )
