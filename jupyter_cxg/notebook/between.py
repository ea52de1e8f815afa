"""Work that is done while no cell runs, so that no cell sees its data change under its hands.

Where JupyterLab talks to widgets by subshells, what a viewer says arrives in another thread, beside the cell
that runs; elsewhere between two cells.
"""

from collections.abc import Callable
from threading import current_thread, main_thread
from typing import Any

from IPython.core.getipython import get_ipython


class BetweenCells:
    """Calls ``work`` once, soon, after `soon` was called: at the latest before the next cell begins.

    Parameters
    ----------
    work
        Called in the thread that runs the cells. What it returns is printed by ``tell``.
    tell
        Called within the next cell, so that people see it: what is printed beside cells is in no output.
    """

    def __init__(self, work: Callable[[], list[str]], tell: Callable[[str], None]) -> None:
        self._work, self._tell = work, tell
        self._wanted = False
        self._unsaid: list[str] = []
        self._shell: Any = None
        self._in_cell = False

    def soon(self) -> None:
        """There is work; any thread may say so, but a cell must have been the first."""
        self._wanted = True
        if self._shell is None and (shell := get_ipython()) is not None:
            self._shell, self._in_cell = shell, True
            shell.events.register("pre_run_cell", self._begins)
            shell.events.register("post_run_cell", self._ends)
        loop = getattr(getattr(self._shell, "kernel", None), "io_loop", None)
        if current_thread() is main_thread() or loop is None:
            self._now()
        else:
            loop.add_callback(self._now)

    def close(self) -> None:
        """Nothing is done any more."""
        shell, self._shell, self._wanted = self._shell, None, False
        if shell is not None:
            shell.events.unregister("pre_run_cell", self._begins)
            shell.events.unregister("post_run_cell", self._ends)

    def _now(self) -> None:
        if self._in_cell or not self._wanted or current_thread() is not main_thread():
            return
        self._wanted = False
        self._unsaid += self._work()
        if self._shell is None:
            self._say()

    def _begins(self, _info: Any = None) -> None:
        if current_thread() is main_thread():  # else a subshell's, beside the cells of everybody
            self._in_cell = False
            self._now()
            self._say()
            self._in_cell = True

    def _ends(self, _result: Any = None) -> None:
        if current_thread() is main_thread():
            self._in_cell = False
            self._now()

    def _say(self) -> None:
        unsaid, self._unsaid = self._unsaid, []
        for sentence in unsaid:
            self._tell(sentence)
