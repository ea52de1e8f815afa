"""``jupyter cxg binder``: files and links for a repository of data."""

import json
import subprocess
from pathlib import Path

from jupyter_core.application import JupyterApp
from traitlets import Bool, Unicode

from .._version import __version__
from ..errors import BadQuery
from ..snapshot.reading import ENDINGS, KINDS
from .app import Command
from .binder_files import write_binder_files
from .binder_links import BINDER, Repository, badge, binder_link, pulled_link


class BinderInit(Command):
    """Write the files by which Binder builds a repository of data: jupyter cxg binder init [DIR]."""

    name = "jupyter-cxg-binder-init"
    description = __doc__
    examples = "jupyter cxg binder init\njupyter cxg binder init ../atlas --pull"
    pull = Bool(False, help="Add nbgitpuller, so that links can bring data from other repositories.").tag(
        config=True
    )
    force = Bool(False, help="Replace files that exist.").tag(config=True)
    aliases = {}  # noqa: RUF012 - as traitlets declares it
    flags = {  # noqa: RUF012
        "pull": (
            {"BinderInit": {"pull": True}},
            "Add nbgitpuller: links bring data from other repositories.",
        ),
        "force": ({"BinderInit": {"force": True}}, "Replace files that exist."),
    }

    def start(self) -> None:
        """Write them and say what comes next."""
        super().start()
        directory = Path(one(self.extra_args, "DIR", "."))
        for path in write_binder_files(directory, pull=self.pull, force=self.force):
            print(f"wrote {path}")
        print("Commit and push them; then `jupyter cxg binder link data/FILE.h5ad` prints the link.")


class BinderLink(Command):
    """Print link and badge of a file: jupyter cxg binder link PATH."""

    name = "jupyter-cxg-binder-link"
    description = __doc__
    examples = (
        "jupyter cxg binder link data/pbmc.h5ad\n"
        "jupyter cxg binder link data/pbmc.h5ad --repo 10.5281/zenodo.1234567\n"
        "jupyter cxg binder link pbmc.h5ad --repo https://github.com/lab/data --env https://github.com/lab/binder"
    )
    repo = Unicode(
        help="The repository with the file: https address, or DOI of a Zenodo record. Default: origin."
    )
    ref = Unicode("HEAD", help="Branch, tag or commit of it.")
    env = Unicode(help="Another repository that describes the environment, with nbgitpuller in it.")
    env_ref = Unicode("HEAD", help="Branch, tag or commit of that.")
    state = Unicode(help="The view to start with, as JSON: what viewer.state holds in a notebook.")
    binder = Unicode(BINDER, help="Address of the Binder.")
    aliases = {  # noqa: RUF012 - as traitlets declares it
        "repo": "BinderLink.repo",
        "ref": "BinderLink.ref",
        "env": "BinderLink.env",
        "env-ref": "BinderLink.env_ref",
        "state": "BinderLink.state",
        "binder": "BinderLink.binder",
    }
    flags = {}  # noqa: RUF012
    for _trait in (repo, ref, env, env_ref, state, binder):
        _trait.tag(config=True)

    def start(self) -> None:
        """Print both.

        Raises
        ------
        BadQuery
            They cannot be made of what was given.
        """
        super().start()
        path = data_path(one(self.extra_args, "PATH"))
        state = view_state(self.state)
        content = Repository(self.repo or origin(), self.ref)
        if self.env:
            environment = Repository(self.env, self.env_ref)
            link = pulled_link(environment, content, path, state=state, binder=self.binder)
        else:
            link = binder_link(content, path, state=state, binder=self.binder)
        print(f"{link}\n\n{badge(link, binder=self.binder)}")


class BinderApp(JupyterApp):
    """Make a repository of data open in Binder: jupyter cxg binder init|link."""

    name = "jupyter-cxg-binder"
    version = __version__
    description = __doc__
    subcommands = {  # noqa: RUF012
        "init": (BinderInit, "Write the files that Binder reads."),
        "link": (BinderLink, "Print link and badge of a file."),
    }

    def start(self) -> None:
        """Run the subcommand.

        Raises
        ------
        BadQuery
            There is none.
        """
        super().start()
        raise BadQuery("Say what to do: jupyter cxg binder init, or jupyter cxg binder link PATH.")


def one(arguments: list[str], name: str, default: str = "") -> str:
    """The only argument.

    Raises
    ------
    BadQuery
        There are several, or none where there must be one.
    """
    if len(arguments) > 1 or not (arguments or default):
        raise BadQuery(f"Give one {name}, not {len(arguments)}.")
    return arguments[0] if arguments else default


def data_path(text: str) -> str:
    """A path as it stands in a link.

    Raises
    ------
    BadQuery
        The server would refuse it.
    """
    path = text.removeprefix("./")
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or any(not part or part.startswith(".") for part in parts):
        raise BadQuery(f"{text!r} is no path inside of the repository, such as data/pbmc.h5ad.")
    if not path.endswith(ENDINGS):
        raise BadQuery(f"{text!r} is of another kind, and only {KINDS} open in the viewer.")
    return path


def view_state(text: str) -> str:
    """The state on one line, as short as JSON gets.

    Raises
    ------
    BadQuery
        It is no JSON object.
    """
    if not text:
        return ""
    try:
        state = json.loads(text)
    except ValueError as error:
        raise BadQuery(f"--state is no JSON: {error}.") from error
    if not isinstance(state, dict):
        raise BadQuery('--state is a JSON object, such as {"color": {"kind": "gene", "name": "LYZ"}}.')
    return json.dumps(state, separators=(",", ":"))


def origin() -> str:
    """The address of the repository that one stands in.

    Raises
    ------
    BadQuery
        It is not known.
    """
    command = ["git", "remote", "get-url", "origin"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise BadQuery("This is no git repository with an origin: say --repo URL.") from None
    return found.stdout.strip()
