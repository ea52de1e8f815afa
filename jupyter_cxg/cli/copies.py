"""The CSV files of ``jupyter cxg serve``: which there are, and whether they are what they should be."""

import logging
import os
from pathlib import Path

from ..config import Serve
from ..errors import BadQuery, CxgError, Unpublishable
from ..server.access import owner
from ..server.annotating_csv import check
from ..server.context import Context
from ..server.copies import KINDS, Plan
from ..server.preparing import File

log = logging.getLogger(__name__)

EVERYBODY = "visitor:everybody"


def plan_of(settings: Serve, *, alone: bool, most: int) -> Plan:
    """The files that are asked for; the folder is made if need be.

    Parameters
    ----------
    alone
        Whether there is one dataset.
    most
        Bytes that the files of visitors may take.

    Raises
    ------
    BadQuery
        They cannot be used.
    """
    annotations = _file("--annotations-file", settings.annotations_file)
    gene_sets = _file("--gene-sets-file", settings.gene_sets_file)
    if annotations or gene_sets:
        if settings.user_generated_data_dir:
            raise BadQuery("Name files or a folder for annotations and gene sets, not both.")
        if not alone:
            raise BadQuery(
                "One file for annotations or gene sets is for one dataset: name one, or a folder with "
                "--user-generated-data-dir."
            )
        if annotations == gene_sets:
            raise BadQuery("Annotations and gene sets cannot be in one file: name two.")
        # who nobody knows is not told the name of this account, and has a visitor's room
        plan = Plan(annotations, gene_sets, author=EVERYBODY if settings.auth == "none" else owner())
        _check(plan)
        return plan
    if not settings.user_generated_data_dir:
        return Plan()
    folder = Path(settings.user_generated_data_dir).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadQuery(f"The folder {folder} cannot be made ({error.strerror}).") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadQuery(f"The folder {folder} cannot be written to.")
    return Plan(directory=folder.resolve(), most=most if settings.auth == "none" else None)


async def take_up(context: Context, file: File, *, stay: bool) -> None:
    """Read the files for all, or make them, now that the dataset is there.

    Parameters
    ----------
    stay
        Go on if they do not fit: the log says why.

    Raises
    ------
    CxgError
        They do not.
    """
    if context.limits.copies.collection is None:
        return
    try:
        await context.run(lambda: context.copies.start(context.open(file.id)))
    except (CxgError, OSError) as error:
        why = f"The file with annotations or gene sets cannot be used: {_reason(error)}"
        if not stay:
            raise (BadQuery if isinstance(error, CxgError) else Unpublishable)(why) from error
        log.error("%s", why)


def _reason(error: Exception) -> str:
    return f"{error.filename}: {error.strerror}." if isinstance(error, OSError) else str(error)


def _file(option: str, name: str) -> Path | None:
    if not name:
        return None
    path = Path(name).expanduser().absolute()
    path = path if path.suffix else path.with_suffix(".csv")
    if path.suffix != ".csv":
        raise BadQuery(f"{option} {name!r} must end in .csv.")
    path = path.resolve()  # what a link leads to is written, not the link
    if path.exists() and not path.is_file():
        raise BadQuery(f"{option} {name!r} is not a file.")
    if not path.parent.is_dir():
        raise BadQuery(f"{option} {name!r}: there is no folder {path.parent}.")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise BadQuery(f"{option} {name!r}: the folder {path.parent} cannot be written to.")
    return path


def _check(plan: Plan) -> None:
    for kind in KINDS:
        path = plan.fixed(kind)
        if path is None or not path.exists():
            continue
        try:
            check(kind, path.read_bytes())
        except OSError as error:
            raise BadQuery(f"{path.name} cannot be read ({error.strerror}).") from None
        except CxgError as error:
            raise BadQuery(f"{path.name}: {error}") from None
