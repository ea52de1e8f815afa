"""The only threads of compute: a kernel over blocks of rows, with progress and cancel."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Condition, Lock

ROWS = 1 << 18
"""Rows per block: some 10 ms of work; two threads share a large matrix, and a small one stays whole."""


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The caller no longer wants the result."""


def row_blocks(n_rows: int, rows: int = ROWS) -> Iterator[tuple[int, int]]:
    """``(start, stop)`` of consecutive blocks of at most ``rows`` rows; together all of them."""
    for start in range(0, n_rows, rows):
        yield start, min(start + rows, n_rows)


def each_block(work: Callable[[int, int], None], n_rows: int, *, rows: int = ROWS, threads: int = 1) -> None:
    """Call ``work(start, stop)`` for all blocks of rows, which must not depend on each other."""
    blocks = list(row_blocks(n_rows, rows))
    if threads == 1 or len(blocks) <= 1:
        for start, stop in blocks:
            work(start, stop)
        return
    with ThreadPoolExecutor(min(threads, len(blocks)), "cxg-block") as pool:
        for future in [pool.submit(work, start, stop) for start, stop in blocks]:
            future.result()


def in_order(
    work: Callable[[int, int], None],
    n_rows: int,
    *,
    rows: int,
    advance: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> None:
    """Call ``work(start, stop)`` for the blocks of rows one after the other.

    Parameters
    ----------
    advance
        Told the fraction that is done, after each block.

    Raises
    ------
    Cancelled
        ``cancelled()`` was true before some block.
    """
    for start, stop in row_blocks(n_rows, rows):
        if cancelled():
            raise Cancelled
        work(start, stop)
        advance(stop / n_rows)


def nobody(done: float) -> None:
    """For `in_parts`: nobody wants to know how far it is."""


def never() -> bool:
    """For `in_parts`: the result stays wanted."""
    return False


def in_parts(
    work: Callable[[int, int, int], None],
    parts: list[tuple[int, int]],
    *,
    rows: int,
    advance: Callable[[float], None] = nobody,
    cancelled: Callable[[], bool] = never,
) -> None:
    """Call ``work(part, start, stop)`` for all blocks of all parts, each part in a thread of its own.

    The blocks of one part come in order, so what a part adds up does not depend on who was faster.

    Parameters
    ----------
    parts
        ``(start, stop)`` of each.
    rows
        Rows per block.
    advance
        Told the fraction that is done, after each block, one thread at a time.

    Raises
    ------
    Cancelled
        ``cancelled()`` was true before some block.
    """
    done, total, lock = 0, max(1, sum(stop - start for start, stop in parts)), Lock()

    def run(part: int) -> None:
        nonlocal done
        first, last = parts[part]
        for start, stop in row_blocks(last - first, rows):
            if cancelled():
                raise Cancelled
            work(part, first + start, first + stop)
            with lock:
                done += stop - start
                advance(done / total)

    if len(parts) == 1:
        run(0)
        return
    with ThreadPoolExecutor(max(1, len(parts)), "cxg-part") as pool:
        for future in [pool.submit(run, part) for part in range(len(parts))]:
            future.result()


def in_window(
    work: Callable[[int, int], None],
    first: int,
    last: int,
    *,
    ahead: int,
    threads: int,
    finished: Callable[[int], None],
    cancelled: Callable[[], bool] = never,
) -> None:
    """Call ``work(worker, item)`` for the items ``first`` to ``last``, each worker in a thread of its own.

    Parameters
    ----------
    ahead
        An item begins only when all that come ``ahead`` places before it are done.
    finished
        Told before which item all are done, whenever that grows; one thread at a time.

    Raises
    ------
    Cancelled
        ``cancelled()`` was true before some item.
    """
    state = Condition()
    coming, done_before, done, failed = first, first, set[int](), False

    def take() -> int | None:
        nonlocal coming
        with state:
            state.wait_for(lambda: failed or coming >= last or coming < done_before + ahead)
            if failed or coming >= last:
                return None
            if cancelled():
                raise Cancelled
            coming += 1
            return coming - 1

    def note(item: int) -> None:
        nonlocal done_before
        with state:
            done.add(item)
            while done_before in done:
                done.remove(done_before)
                done_before += 1
            finished(done_before)
            state.notify_all()

    def run(worker: int) -> None:
        nonlocal failed
        try:
            while (item := take()) is not None:
                work(worker, item)
                note(item)
        except BaseException:
            with state:
                failed = True  # the others end after what they are at
                state.notify_all()
            raise

    with ThreadPoolExecutor(threads, "cxg-window") as pool:
        for future in [pool.submit(run, worker) for worker in range(threads)]:
            future.result()
