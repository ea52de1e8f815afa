"""Files that are being opened: each by a process of its own, which `snapshot.prepare` is."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from .. import errors
from ..errors import CxgError, NotReady, Unpublishable
from ..snapshot.address import Address
from ..snapshot.catalog import Catalog
from ..snapshot.manifest import Progress
from ..snapshot.place import Place
from ..snapshot.prepare import Job
from ..snapshot.reading import AS_IT_IS, Reading

log = logging.getLogger(__name__)

GRACE = 3.0  # seconds to clear away what is half written
MAX_REMEMBERED = 100

# -P: the server's directory, where its user's files are, is no place to import from.
COMMAND = (sys.executable, "-P", "-m", "jupyter_cxg.snapshot.prepare")

Run = Callable[[Callable[[], None]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class File:
    """A file to be opened.

    Attributes
    ----------
    id
        Of its snapshot: `snapshot.identity.snapshot_id`.
    path
        Absolute, without links; or where it is elsewhere.
    shown
        The path as its user knows it.
    reading
        How it is read.
    """

    id: str
    path: Path | Address
    shown: str
    reading: Reading = AS_IT_IS

    @property
    def name(self) -> str:
        """The last part."""
        return self.shown.rpartition("/")[2]

    @property
    def whole_path(self) -> str:
        """For the process that reads it, with what is secret in an address."""
        return self.path.url if isinstance(self.path, Address) else str(self.path)

    @property
    def title(self) -> str:
        """Of the snapshot."""
        return self.reading.titled(self.name)

    @property
    def label(self) -> str:
        """As a list shows it."""
        return self.reading.titled(self.shown)


@dataclass(slots=True)
class Preparation:
    """A file that is being opened now."""

    file: File
    progress: Progress = field(default_factory=lambda: Progress("Waiting for other files", 0.0))
    started: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    task: asyncio.Task[None] | None = None


class Preparations:
    """Starts, watches and stops the processes; one per snapshot, and no more than so many at once.

    Used by the event loop alone, apart from `running` and `explain`.

    Parameters
    ----------
    place
        Where the snapshots go.
    run
        Runs what reads the disk.
    """

    def __init__(self, catalog: Catalog, place: Place, run: Run, *, at_once: int) -> None:
        self._catalog, self._place, self._run = catalog, place, run
        self._turns = asyncio.Semaphore(at_once)
        self._running: dict[str, Preparation] = {}
        self._failed: dict[str, CxgError] = {}
        self._closed = False

    def start(self, file: File) -> None:
        """Open a file, unless that is going on; what came of it before is forgotten."""
        if file.id in self._running or self._closed:
            return
        self._failed.pop(file.id, None)
        preparation = self._running[file.id] = Preparation(file)
        preparation.task = asyncio.get_running_loop().create_task(self._prepare(preparation))

    def running(self, id: str) -> Preparation | None:
        """How far a file is; None if it is not being opened."""
        return self._running.get(id)

    def list(self) -> list[Preparation]:
        """What is being opened, the newest first."""
        return list(reversed(self._running.values()))

    def explain(self, id: str) -> None:
        """Say why there is no such snapshot, if it is known here.

        Raises
        ------
        NotReady
            Its file is being opened.
        CxgError
            Why its file could not be opened.
        """
        if preparation := self._running.get(id):
            raise NotReady(f"{preparation.file.name} is being opened.")
        if error := self._failed.get(id):
            raise type(error)(str(error))  # a new one: each collects the traceback of its own request

    async def cancel(self, id: str) -> bool:
        """Stop opening a file and wait until nothing is left of it; False if nobody is at it."""
        preparation = self._running.get(id)
        if preparation is None or preparation.task is None:
            return False
        preparation.task.cancel()
        await asyncio.wait([preparation.task])
        return True

    async def close(self) -> None:
        """Stop them all, and start none any more."""
        self._closed = True
        for id in list(self._running):
            await self.cancel(id)

    async def _prepare(self, preparation: Preparation) -> None:
        file = preparation.file
        try:
            async with self._turns:
                await self._work(preparation)
        except asyncio.CancelledError:
            self._fail(file, Unpublishable(f"Opening {file.name} was cancelled: open it again."))
        except CxgError as error:
            self._fail(file, error)
        except Exception:
            log.exception("%s could not be opened.", file.shown)
            self._fail(file, _our_mistake(file))
        finally:
            del self._running[file.id]

    async def _work(self, preparation: Preparation) -> None:
        file, place = preparation.file, self._place
        preparation.progress = Progress("Starting", 0.0)
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl+C at the terminal is for the server
        )
        try:
            limits = (place.max_bytes, place.keep_seconds)
            job = Job(file.id, file.whole_path, file.shown, str(place.root), *limits, file.reading)
            said = await _follow(process, job, preparation)
        finally:
            await _end(process)
            if process.returncode != 0:
                await self._run(lambda: self._clear(file.id))
        if process.returncode != 0:
            raise said or _ended(file, process.returncode)

    def _clear(self, id: str) -> None:
        """Remove what a killed process left, unless another server has taken over."""
        with self._catalog.turn(id, wait=False) as ours:
            if ours:
                self._catalog.clear(id)

    def _fail(self, file: File, error: CxgError) -> None:
        self._failed[file.id] = error
        while len(self._failed) > MAX_REMEMBERED:
            del self._failed[next(iter(self._failed))]


async def _follow(process: asyncio.subprocess.Process, job: Job, preparation: Preparation) -> CxgError | None:
    """Listen until the process ends; what it says is why it failed."""
    assert process.stdin is not None  # noqa: S101 - asked for
    assert process.stdout is not None  # noqa: S101 - asked for
    with suppress(ConnectionError):  # it ended at once: its status says why
        process.stdin.write(job.to_line())
        await process.stdin.drain()
    error = None
    async for line in process.stdout:
        said = json.loads(line)
        if "error" in said:
            error = getattr(errors, said["error"])(said["message"])
        else:
            preparation.progress = Progress(said["label"], said["fraction"])
    await process.wait()
    return error


async def _end(process: asyncio.subprocess.Process) -> None:
    """Stop the process if it still runs, by force if it must be."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _ended(file: File, status: int | None) -> CxgError:
    """Why a process that said nothing is gone."""
    if status == -signal.SIGKILL:
        return Unpublishable(
            f"{file.name} was not opened: its process was killed, most likely because the memory ran out. "
            "Shut down what else runs here, then open it again."
        )
    if status is not None and status < 0:
        return Unpublishable(
            f"{file.name} was not opened: reading it ended with {signal.Signals(-status).name}. The file "
            "may be damaged: copy or download it again."
        )
    return _our_mistake(file)


def _our_mistake(file: File) -> CxgError:
    return Unpublishable(f"{file.name} was not opened, by a mistake of ours: the server's log has it.")
