"""How far something is, for who sits at a terminal; elsewhere, a line for each that is done."""

import shutil
import time
from typing import TextIO

_WIDTH = 24
_NAME = 16  # characters of a name that are shown in any case


class Line:
    """One line that is written over and over.

    Parameters
    ----------
    out
        Where to; nothing is written over where that is no terminal.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()
        self._began = time.monotonic()

    def begin(self) -> None:
        """Something new begins."""
        self._began = time.monotonic()

    def show(self, name: str, label: str, fraction: float) -> None:
        """How far it is."""
        if not self._live:
            return
        full = round(_WIDTH * max(0.0, min(1.0, fraction)))
        bar = "█" * full + "░" * (_WIDTH - full)
        columns = shutil.get_terminal_size().columns - 1
        rest = f"  {bar} {fraction:4.0%}  {label}"
        text = _end_of(name, max(_NAME, columns - len(rest))) + rest
        self._write("\r" + text[:columns] + "\x1b[K")

    def done(self, text: str) -> None:
        """It ended; the line stays. ``{seconds}`` in it is how long it took."""
        start, end = ("\r", "\x1b[K\n") if self._live else ("", "\n")
        self._write(start + text.replace("{seconds}", f"{time.monotonic() - self._began:.1f} s") + end)

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _end_of(name: str, room: int) -> str:
    """Of a long path the last part says most."""
    return name if len(name) <= room else "…" + name[1 - room :]
