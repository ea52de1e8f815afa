"""What is said of jobs besides their own routes: their results, and the questions about them in ``ask``."""

from collections.abc import Mapping
from typing import Any

from ..engine.shelf import Opened
from ..errors import BadQuery, NotFound
from ..model import Columns
from ..wire.negotiate import PRECISE
from . import params
from .jobs import Jobs
from .questions import Question
from .tasks import check_edition


def result_of(jobs: Jobs, user: str, dataset_id: str, id: str) -> Question:
    """The result of a job, as long as the data is what it is about."""

    def find(opened: Opened) -> Columns:
        job = jobs.get(user, dataset_id, id)
        found = jobs.result(user, dataset_id, id)
        check_edition(opened, job.task.edition)
        return found

    return Question("", find, offered=PRECISE)


def about_jobs(jobs: Jobs, user: str, opened: Opened, route: str, query: str) -> Columns | Mapping[str, Any]:
    """The answer to ``jobs``, ``job?id=…`` or ``job/result?id=…`` within ``ask``.

    Raises
    ------
    BadQuery
        It does not say which job.
    CxgError
        There is no such job, or nothing came of it.
    """
    dataset_id = opened.manifest.id
    if route == "jobs":
        return {"jobs": [job.document() for job in jobs.list(user, dataset_id)]}
    ids = params.names(query, "id")
    if len(ids) != 1:
        raise BadQuery("Say which job, once: id=….")
    if route == "job":
        return {**jobs.get(user, dataset_id, ids[0]).document()}
    if route == "job/result":
        found = result_of(jobs, user, dataset_id, ids[0]).find(opened)
        assert isinstance(found, Columns)  # noqa: S101 - see above
        return found
    raise NotFound(f"There is no route {route[:40]!r}.")
