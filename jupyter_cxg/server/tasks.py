"""What a job does: a question about a dataset that may take long, and its name."""

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from ..engine.shelf import Opened
from ..engine.watch import Cancelled, Watch
from ..errors import Conflict
from ..model import Columns
from ..snapshot.manifest import Manifest
from . import comparisons
from .limits import Limits
from .params_jobs import JobAsked

Kind = Literal["diffexp", "markers"]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Work whose result is the same for all who want it.

    Attributes
    ----------
    key
        Two tasks with one key have one result.
    edition
        Of the dataset: see `edition_of`.
    run
        Gives the result; for a thread of its own.
    known
        The result, if it needs no work.
    """

    kind: Kind
    dataset_id: str
    edition: tuple[int, str]
    key: Hashable
    run: Callable[[Watch], Columns]
    known: Columns | None = None


def edition_of(manifest: Manifest) -> tuple[int, str]:
    """Revision, and when it was published: two with the same numbers have the same data."""
    return manifest.revision, manifest.created


def task_of(opened: Opened, asked: JobAsked, limits: Limits, reopen: Callable[[], Opened]) -> Task:
    """The task behind the body of ``POST jobs``; for the pool.

    Parameters
    ----------
    reopen
        Gives the dataset as it is when the work begins, and when it ends.

    Raises
    ------
    CxgError
        There will be no result: told now, and not by a job that fails.
    """
    edition, mine = edition_of(opened.manifest), opened.mine

    def run(watch: Watch) -> Columns:
        try:
            now = _same(reopen(), edition)
            found = comparisons.answer(replace(now, mine=mine, watch=watch), asked, limits)
        except Cancelled:
            raise
        except Exception:
            _same(reopen(), edition)  # its files went while they were read: that is why, and not what broke
            raise
        _same(reopen(), edition)
        return found

    key = comparisons.content_of(opened, asked, limits)
    known = None
    with suppress(Cancelled):
        known = comparisons.answer(replace(opened, watch=Watch(cancelled=lambda: True)), asked, limits)
    return Task(asked.kind, opened.manifest.id, edition, (asked.kind, key), run, known)


def without_work(task: Task) -> Task:
    """The same when it is over: nothing is held any more that it would need."""
    return replace(task, run=_over, known=None)


def _over(watch: Watch) -> Columns:
    raise Cancelled


def check_edition(opened: Opened, edition: tuple[int, str]) -> None:
    """Refuse to give a result of data that is no more.

    Raises
    ------
    Conflict
        It was published anew.
    """
    if edition_of(opened.manifest) != edition:
        raise Conflict("The data was published anew after this was asked: ask again.")


def _same(opened: Opened, edition: tuple[int, str]) -> Opened:
    check_edition(opened, edition)
    return opened
