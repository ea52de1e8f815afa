"""``jupyter cxg`` and the table of its subcommands."""

import sys
from collections.abc import Sequence
from typing import Any

from jupyter_core.application import JupyterApp, NoStart
from traitlets import TraitError
from traitlets.config import Application

from .._version import __version__
from ..errors import BadQuery, CxgError, NotFound

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("jupyter_cxg.cli.serve.ServeApp", "Serve files to browsers, without Jupyter."),
    "prepare": ("jupyter_cxg.cli.prepare.PrepareApp", "Make snapshots of files, so that they open at once."),
    "list": ("jupyter_cxg.cli.snapshots.ListApp", "List the snapshots there are."),
    "remove": ("jupyter_cxg.cli.snapshots.RemoveApp", "Remove snapshots."),
    "binder": ("jupyter_cxg.cli.binder.BinderApp", "Make a repository of data open in Binder."),
}
_HELP = ("h", "help", "help-all", "version")


class Command(JupyterApp):
    """What the subcommands share: version, configuration file, and no patience with misspelled options."""

    version = __version__
    config_file_name = "jupyter_cxg_config"

    def parse_command_line(self, argv: Any = None) -> None:
        """As traitlets does, which would warn of an option that does not exist, or print all there are.

        Raises
        ------
        BadQuery
            There is no such option, or it lacks its value.
        """
        words = list(argv or ())
        for word, after in zip(words, [*words, "--"][1:], strict=True):
            if word == "--":
                break
            option, equals, _ = word.partition("=")
            name = option.lstrip("-")
            known = name in {*self.aliases, *self.flags, *_HELP} or (option.startswith("--") and "." in name)
            if word.startswith("-") and word != "-" and not known:
                raise BadQuery(f"There is no option {option}: see {self.name.replace('-', ' ')} --help.")
            if word.startswith("--") and name in self.aliases and not equals and after.startswith("--"):
                raise BadQuery(f"{option} needs a value.")
        super().parse_command_line(argv)

    def exit(self, exit_status: int | str | None = 0) -> None:
        """traitlets says 1 for options that make no sense."""
        sys.exit(2 if exit_status else 0)


class CxgApp(JupyterApp):
    """Dispatches to a subcommand."""

    name = "jupyter-cxg"
    version = __version__
    description = "Shows AnnData files in the browser."
    subcommands = SUBCOMMANDS

    def start(self) -> None:
        """Run the subcommand.

        Raises
        ------
        BadQuery
            There is none.
        """
        super().start()
        raise BadQuery(f"Say what to do: jupyter cxg COMMAND, with COMMAND one of {', '.join(SUBCOMMANDS)}.")


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments; its exit code.

    0: done. 1: it could not be done. 2: it was not asked for properly.
    """
    app = CxgApp()
    try:
        app.initialize(list(arguments))
        app.start()
    except NoStart:
        return 0
    except (CxgError, TraitError) as error:
        print(f"jupyter cxg: {error}", file=sys.stderr)
        return 2 if isinstance(error, BadQuery | NotFound | TraitError) else 1
    finally:
        forget(app)
    return 0


def forget(app: Application | None) -> None:
    """traitlets keeps each application it made for a subcommand as the only one that there may be."""
    while app is not None:
        type(app).clear_instance()
        app = app.subapp


def main() -> None:
    """The entry point."""
    sys.exit(run(sys.argv[1:]))
