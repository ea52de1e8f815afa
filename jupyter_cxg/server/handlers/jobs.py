"""/cxg/d/{id}/jobs and below, /cxg/d/{id}/markers — what may take longer than a request should."""

from functools import cache, partial
from typing import TypedDict

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.utils import url_path_join

from ...errors import Conflict, NotOffered, TooMany, Unfinished
from ...wire.negotiate import PRECISE
from .. import access, comparisons, params_jobs
from ..bodies import CapabilityBody, DiffexpJobBody, MarkersJobBody, Top
from ..handler import DataHandler
from ..jobs import JobDocument
from ..results import result_of
from ..spec import NOTHING, UNCHANGED, Query, columns, document, json_body, spec
from .diffexp import HOW, MAX_BODY

MAX_SIMPLE = 4_000_000
"""Of who is not known before the body is read: bitsets of some million cells."""


class JobsDocument(TypedDict):
    """The jobs of who asks, newest first."""

    jobs: list[JobDocument]


class JobHandler(DataHandler):
    """Knows who asks by login or header, and of simple requests by the capability in the body."""

    role = access.COMPUTE
    asker: str
    annotator: str | None

    @property
    def is_simple(self) -> bool:
        """As the sandboxed viewer sends it: see `handlers.ask`."""
        kind = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return (
            self.request.method == "POST"
            and kind == "text/plain"
            and access.HEADER not in self.request.headers
        )

    def check_xsrf_cookie(self) -> None:
        """Not needed where the body says who asks: no cookie is looked at then."""
        if not self.is_simple:
            super().check_xsrf_cookie()

    async def check(self, dataset_id: str) -> None:
        """Let who asks pass, or not, and note who it is.

        Raises
        ------
        Expired, Forbidden
            They may not.
        """
        if not self.is_simple:
            await access.check(self, dataset_id, self.role)
            self.asker, self.annotator = access.asker(self, dataset_id), await access.annotator(self)
            return
        # on the pool, and among the guests: it may be large, and from anybody
        read = partial(params_jobs.capability_of, self.small_body(MAX_SIMPLE))
        secret = await self.context.run(read, guest=True)
        self.guest = await self.context.admit(secret, dataset_id, self.role) is not None
        self.asker = self.context.asker(secret, dataset_id)
        self.annotator = self.context.annotator(secret)


class Jobs(JobHandler):
    """All of who asks."""

    methods = "GET, POST, OPTIONS"

    @spec("The jobs of who asks", "data", document("Newest first.", JobsDocument))
    @allow_unauthenticated  # check says who asks
    async def get(self, dataset_id: str) -> None:
        """Newest first."""
        await self.check(dataset_id)
        jobs = self.context.jobs.list(self.asker, dataset_id)
        found: JobsDocument = {"jobs": [job.document() for job in jobs]}
        self.send_json(found)

    @spec(
        "Have groups of cells compared, which may take long",
        "data",
        {
            200: document("The result is known already.", JobDocument),
            202: document("It waits, or is worked on.", JobDocument),
        },
        body=json_body(DiffexpJobBody | MarkersJobBody),
        errors=(NotOffered, TooMany),
    )
    @allow_unauthenticated  # check says who asks
    async def post(self, dataset_id: str) -> None:
        """A job; one that the user has already, if it is about the same."""
        await self.check(dataset_id)
        read = cache(partial(params_jobs.job_body, self.small_body(MAX_BODY)))
        task = await self.work(partial(self.context.task, dataset_id, read, self.annotator))
        if task is None:
            return
        job = self.context.jobs.submit(self.asker, task)
        self.note_activity()
        self.set_status(200 if job.state == "done" else 202)
        self.set_header("Location", url_path_join(self.base_url, "cxg/d", dataset_id, "jobs", job.id))
        self.send_json(job.document())


class Job(JobHandler):
    """One of them."""

    methods = "GET, DELETE, OPTIONS"

    @spec("How far a job is", "data", document("Its state.", JobDocument))
    @allow_unauthenticated  # check says who asks
    async def get(self, dataset_id: str, job_id: str) -> None:
        """Its state, and its place in line."""
        await self.check(dataset_id)
        self.send_json(self.context.jobs.get(self.asker, dataset_id, job_id).document())

    @spec("Cancel a job", "data", {204: NOTHING})
    @allow_unauthenticated  # check says who asks
    async def delete(self, dataset_id: str, job_id: str) -> None:
        """End it; nothing happens to one that is over."""
        await self.check(dataset_id)
        self.context.jobs.cancel(self.context.jobs.get(self.asker, dataset_id, job_id))
        self.set_status(204)
        self.finish()


class JobCancel(JobHandler):
    """What DELETE does, as a simple request."""

    methods = "POST, OPTIONS"

    @spec("Cancel a job", "data", document("Its state.", JobDocument), body=json_body(CapabilityBody))
    @allow_unauthenticated  # check says who asks
    async def post(self, dataset_id: str, job_id: str) -> None:
        """End it; nothing happens to one that is over."""
        await self.check(dataset_id)
        job = self.context.jobs.get(self.asker, dataset_id, job_id)
        self.context.jobs.cancel(job)
        self.send_json(job.document())


class JobResult(JobHandler):
    """What came of one."""

    @spec(
        "The result of a job",
        "data",
        columns("As diffexp or markers have it.", PRECISE),
        errors=(Unfinished, Conflict),
    )
    @allow_unauthenticated  # check says who asks
    async def get(self, dataset_id: str, job_id: str) -> None:
        """The table."""
        await self.check(dataset_id)
        jobs = self.context.jobs
        await self.reply(dataset_id, lambda _: result_of(jobs, self.asker, dataset_id, job_id))


class Markers(DataHandler):
    """All categories of a column, at once: for scripts, which may wait."""

    role = access.COMPUTE

    @spec(
        "The genes of the highest scores, for each category of a column against all other cells",
        "data",
        {200: columns("Category by category.", PRECISE), 304: UNCHANGED},
        query=(
            Query("column", "Of obs.", required=True),
            Query("top", "Genes per category; 50 if left out.", Top),
            *HOW,
        ),
        errors=(NotOffered,),
    )
    @allow_unauthenticated  # reply checks who asks
    async def get(self, dataset_id: str) -> None:
        """Compare all categories."""
        await self.reply(dataset_id, partial(comparisons.markers, self.request.query))
