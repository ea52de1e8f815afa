"""A file elsewhere as a file object that reads ahead, with no more in memory than its blocks.

HDF5 asks for a few bytes here and a chunk there. Each question to a server takes as long as a block, so
blocks are what is asked for, and where they are read one after the other, the next ones are on their way.
"""

import io
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

BLOCK = 2**20
BLOCKS = 64
_AHEAD = 16

Ask = Callable[[int, int], "Future[bytes]"]
"""Asks for the bytes from one position to another."""


class RangedFile(io.RawIOBase):
    """What `h5py.File` reads from.

    Parameters
    ----------
    blocks
        How many may be in memory.

    Attributes
    ----------
    failed
        Why a block did not come; HDF5 would say that in words of its own, and the libraries above leave
        out what they cannot read.
    """

    def __init__(self, ask: Ask, size: int, *, blocks: int = BLOCKS) -> None:
        super().__init__()
        self._ask, self._size = ask, size
        self._most = max(4, blocks)
        self._at = 0
        self._blocks: OrderedDict[int, Future[bytes]] = OrderedDict()
        self.failed: BaseException | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, unless the file ends before."""
        out = memoryview(buffer).cast("B")
        done = 0
        stop = min(self._at + len(out), self._size)
        while self._at < stop:
            number, offset = divmod(self._at, BLOCK)
            last = (stop - 1) // BLOCK
            part = memoryview(self._block(number, last))[offset : offset + stop - self._at]
            out[done : done + len(part)] = part
            done += len(part)
            self._at += len(part)
        return done

    def close(self) -> None:
        """Want nothing any more."""
        for future in self._blocks.values():
            future.cancel()
        self._blocks.clear()
        # Its frames hold HDF5's file, which holds this one where no garbage collection sees it: left over
        # at exit, HDF5 would ask for it when there is no Python any more.
        self.failed = None
        super().close()

    def _block(self, number: int, last: int) -> bytes:
        if self.failed is not None:
            raise OSError("the connection is lost")
        run = 0
        while run < _AHEAD and number - run - 1 in self._blocks:
            run += 1
        ahead = min(max(last - number, 2 * run), _AHEAD, self._most // 2)
        for wanted in range(number, number + ahead + 1):
            if wanted * BLOCK < self._size:
                self._want(wanted)
        try:
            return self._blocks[number].result()
        except BaseException as error:
            self.failed = error
            raise

    def _want(self, number: int) -> None:
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return
        while len(self._blocks) >= self._most:
            _, oldest = self._blocks.popitem(last=False)
            oldest.cancel()
        start = number * BLOCK
        self._blocks[number] = self._ask(start, min(start + BLOCK, self._size))
