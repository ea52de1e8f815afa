"""Jobs: what may take longer than a request should, for whoever wants it."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Literal, NotRequired, TypedDict

from ..engine.watch import Cancelled, Watch
from ..errors import Conflict, CxgError, NotFound, TooMany, Unavailable, Unfinished
from ..model import Columns
from .documents import ProgressDocument
from .errors import answer_to
from .finished import Finished
from .tasks import Kind, Task, without_work
from .turns import Turns

log = logging.getLogger(__name__)

State = Literal["queued", "running", "done", "failed", "cancelled"]

TELL_EVERY = 0.1
GRACE = 5.0
LABELS = {"queued": "Waiting", "running": "Comparing cells"}


class JobDocument(TypedDict):
    """A job as its user sees it; ``position`` is 1 for the next in line."""

    job: str
    kind: Kind
    state: State
    position: int | None
    progress: ProgressDocument | None
    message: str | None
    code: NotRequired[str]
    revision: int
    created: str


Tell = Callable[[JobDocument], None]
Start = Callable[[Callable[[], Columns]], "asyncio.Future[Columns]"]


@dataclass(slots=True, eq=False)
class Run:
    """A task that is worked on, or will be, for all jobs that want it."""

    task: Task
    jobs: list["Job"] = field(default_factory=list)
    stop: Event = field(default_factory=Event)
    fraction: float = 0.0
    started: bool = False

    def work(self) -> Columns:
        """In a thread for jobs."""
        return self.task.run(Watch(self._advance, self.stop.is_set))

    def _advance(self, done: float) -> None:
        self.fraction = done


@dataclass(slots=True, eq=False)
class Job:
    """What one user wants of a run."""

    id: str
    user: str
    task: Task
    run: Run
    state: State = "queued"
    position: int | None = None
    error: CxgError | None = None
    result: Columns | None = None
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state not in ("queued", "running")

    def document(self) -> JobDocument:
        """What is said of it; from any thread."""
        state, error = self.state, self.error
        found: JobDocument = {
            "job": self.id,
            "kind": self.task.kind,
            "state": state,
            "position": self.position,
            "progress": {"label": LABELS[state], "fraction": self.run.fraction} if state in LABELS else None,
            "message": None if error is None else str(error),
            "revision": self.task.edition[0],
            "created": self.created,
        }
        if error is not None:
            found["code"] = answer_to(error)[1]
        return found


class Jobs:
    """The jobs of all users. Used by the event loop alone, apart from `get`, `result` and `list`.

    Parameters
    ----------
    start
        Runs something in a thread for jobs.
    at_once
        How many run together.
    each
        How many a user may have waiting or running.
    """

    def __init__(self, start: Start, *, at_once: int, each: int) -> None:
        self._start, self._each = start, each
        self._turns: Turns[Run] = Turns(at_once)
        self._jobs: dict[str, Job] = {}  # that are not over
        self._runs: dict[object, Run] = {}  # by the key of their task; that somebody wants
        self._finished: Finished[Job] = Finished()
        self._listeners: dict[tuple[str, str], list[Tell]] = {}
        self._working: set[asyncio.Task[None]] = set()
        self._closed = False

    # ── for users ──

    def submit(self, user: str, task: Task) -> Job:
        """A job of this user's for the task: a new one, unless there is one that did not come to nothing.

        Raises
        ------
        TooMany
            The user has as many as one may have.
        """
        if self._closed:
            raise Unavailable("This server is about to stop: ask again later.")
        there: tuple[Job, ...] = (*self._jobs.values(), *self._finished)
        for job in there:
            if job.user == user and job.task.key == task.key and job.state not in ("failed", "cancelled"):
                return job
        kept = (job.result for job in self._finished if job.task.key == task.key)
        result = next((result for result in kept if result is not None), task.known)
        run = self._runs.get(task.key) or Run(task)
        job = Job(secrets.token_hex(8), user, task, run)
        if result is not None:
            job.result = result
            self._end(job, "done")
            return job
        if sum(other.user == user for other in self._jobs.values()) >= self._each:
            raise TooMany(
                f"You have {self._each} jobs waiting or running, and one may have no more (Cxg.max_jobs): "
                "wait for one to end, or cancel one."
            )
        self._jobs[job.id] = job
        self._runs[task.key] = run
        run.jobs.append(job)
        if run.started:
            job.state = "running"
            self._tell(job)
        else:
            self._turns.add(user, run)
        self._fill()
        return job

    def get(self, user: str, dataset_id: str, id: str) -> Job:
        """A job.

        Raises
        ------
        NotFound
            This user has none of this id, or it has been over for too long.
        """
        job = self._jobs.get(id) or self._finished.get(id)
        if job is None or (job.user, job.task.dataset_id) != (user, dataset_id):
            raise NotFound("There is no such job here, or its result is not kept any more: ask for it again.")
        return job

    def list(self, user: str, dataset_id: str) -> list[Job]:
        """Those of a user about a dataset, the newest first."""
        every = (*tuple(self._finished), *tuple(self._jobs.values()))
        mine = [job for job in every if (job.user, job.task.dataset_id) == (user, dataset_id)]
        return sorted(mine, key=lambda job: job.created, reverse=True)

    def result(self, user: str, dataset_id: str, id: str) -> Columns:
        """What came of a job.

        Raises
        ------
        Unfinished
            It is not over.
        CxgError
            Why there is nothing.
        """
        job = self.get(user, dataset_id, id)
        if job.error is not None:
            raise type(job.error)(str(job.error))  # a new one: each collects the traceback of its own request
        if job.result is None:
            raise Unfinished(f"This job is {job.state}: wait until it is done.")
        return job.result

    def cancel(self, job: Job, reason: str = "This job was cancelled: ask again.") -> None:
        """End a job, unless it is over; what nobody else wants stops."""
        if job.is_over:
            return
        job.error = Conflict(reason)
        self._leave(job)
        self._end(job, "cancelled")
        self._fill()

    def end(self, dataset_id: str, user: str | None = None) -> None:
        """Cancel all jobs about a dataset that is gone, or those of a user who may no more."""
        for job in list(self._jobs.values()):
            if job.task.dataset_id == dataset_id and user in (None, job.user):
                self.cancel(job, "What this job is about is not there any more.")

    def listen(self, user: str, dataset_id: str, tell: Tell) -> Callable[[], None]:
        """Call ``tell`` whenever a job changes, until the function that comes back is called."""
        self._listeners.setdefault((user, dataset_id), []).append(tell)

        def leave() -> None:
            there = self._listeners.get((user, dataset_id), [])
            if tell in there:
                there.remove(tell)
            if not there:
                self._listeners.pop((user, dataset_id), None)

        return leave

    async def close(self) -> None:
        """Cancel all, take no more, and wait until the threads have noticed."""
        self._closed = True
        for job in list(self._jobs.values()):
            self.cancel(job, "The server was stopped.")
        if self._working:
            await asyncio.wait(self._working, timeout=GRACE)

    # ── within ──

    def _fill(self) -> None:
        """Begin what there is room for, and tell the others how far they are."""
        while (turn := self._turns.take()) is not None:
            user, run = turn
            run.started = True
            for job in run.jobs:
                self._turns.remove(job.user, run)
                job.state, job.position = "running", None
                self._tell(job)
            task = asyncio.get_running_loop().create_task(self._follow(user, run))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        places: dict[Run, int] = {}
        for run in self._turns.order():
            places.setdefault(run, len(places) + 1)
        for run, place in places.items():
            for job in run.jobs:
                if job.position != place:
                    job.position = place
                    self._tell(job)

    async def _follow(self, user: str, run: Run) -> None:
        """Tell how far a run is, and what comes of it."""
        working, told = self._start(run.work), 0.0
        while not (await asyncio.wait({working}, timeout=TELL_EVERY))[0]:
            if run.fraction != told:
                told = run.fraction
                for job in run.jobs:
                    self._tell(job)
        self._turns.end(user)
        self._finish(run, working)
        self._fill()

    def _finish(self, run: Run, working: "asyncio.Future[Columns]") -> None:
        if self._runs.get(run.task.key) is run:
            del self._runs[run.task.key]
        result, error = None, None
        try:
            result = working.result()
        except CxgError as found:
            error = found
        except (Cancelled, asyncio.CancelledError):
            error = Conflict("This job was cancelled: ask again.")
        except Exception:
            log.exception("A job failed: %s.", run.task.kind)
            error = CxgError("This job failed by a mistake of ours: the server's log has it.")
        for job in list(run.jobs):
            job.result, job.error = result, error
            self._leave(job)
            self._end(job, "failed" if error else "done")

    def _leave(self, job: Job) -> None:
        """Let a run be wanted by one job less."""
        run = job.run
        run.jobs.remove(job)
        self._jobs.pop(job.id, None)
        if not run.started:
            self._turns.remove(job.user, run)
        if not run.jobs:
            run.stop.set()
            if self._runs.get(run.task.key) is run:
                del self._runs[run.task.key]

    def _end(self, job: Job, state: State) -> None:
        job.state, job.position = state, None
        job.task = without_work(job.task)  # what it was about may be large
        job.run = Run(job.task)
        self._finished.add(job.id, job, job.user, job.result)
        self._tell(job)

    def _tell(self, job: Job) -> None:
        for tell in list(self._listeners.get((job.user, job.task.dataset_id), ())):
            tell(job.document())
