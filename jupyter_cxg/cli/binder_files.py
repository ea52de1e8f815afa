"""The files that make a data repository open in Binder."""

from pathlib import Path

from .._version import __version__
from ..errors import BadQuery, Conflict, NotFound

# Without a version of its own, repo2docker takes one that changes from year to year.
PYTHON = "3.11"

_REQUIREMENTS = f"""\
# What Binder installs. Pin exact versions for an image that stays as it is.
jupyter-cxg>={__version__}
jupyterlab>=4.2,<5
notebook>=7.2,<8
"""
_PULL = "nbgitpuller>=1.2 # so that links can bring data from other repositories\n"


def binder_files(*, pull: bool = False) -> dict[str, str]:
    """Path in the repository → content.

    Parameters
    ----------
    pull
        Whether links bring data from other repositories.
    """
    return {
        "binder/runtime.txt": f"python-{PYTHON}\n",
        "binder/requirements.txt": _REQUIREMENTS + (_PULL if pull else ""),
    }


def write_binder_files(repository: Path, *, pull: bool = False, force: bool = False) -> list[Path]:
    """Write them; returns where they are.

    Raises
    ------
    NotFound
        There is no such directory.
    Conflict
        One of them exists with another content, or the repository describes its environment elsewhere.
    BadQuery
        They cannot be written.
    """
    if not repository.is_dir():
        raise NotFound(f"There is no directory {repository}.")
    _check_others(repository)
    files = {repository / name: content for name, content in binder_files(pull=pull).items()}
    for path, content in files.items():
        if not force and path.exists() and path.read_text(encoding="utf-8") != content:
            raise Conflict(f"{path} exists and says something else: --force replaces it.")
    try:
        for path, content in files.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise BadQuery(f"{error.filename} cannot be written: {error.strerror}.") from error
    return list(files)


def _check_others(repository: Path) -> None:
    """repo2docker reads one place only: files elsewhere would stop counting, or hide ours."""
    if (repository / ".binder").is_dir():
        raise Conflict(f"{repository / '.binder'} exists, and Binder would read both: add jupyter-cxg there.")
    for name in ("environment.yml", "requirements.txt", "Dockerfile"):
        if (repository / name).is_file() and not (repository / "binder").is_dir():
            raise Conflict(
                f"{repository / name} describes the environment, and Binder overlooks it where there is a "
                "directory binder: add jupyter-cxg to that file."
            )
