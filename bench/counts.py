"""A seeded model of sparse counts: what a sequencer sees of cells of several types, one block at a time.

Each transcript is one point of a Poisson process over the genes laid end to end, so that counts, dropouts and
library sizes go together as in real data: the molecules of a cell are drawn, not its zeros.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

TYPES = 40
BLOCK = 1_250
"""Cells per block: some 15 MB of values and indices."""
THREADS = 2
TARGET = 1e4
"""Values are log(1 + count * TARGET / counts of the cell)."""

_GUIDES = 1 << 14
_GAPS = 1 << 16
_SPREAD = 0.45  # of the library sizes, as the logarithm's standard deviation
_SKEW = 2.0  # of the genes' popularity, likewise

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large an AnnData to make, and how full."""

    n_obs: int
    n_vars: int = 20_000
    density: float = 0.09
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Some cells: CSR arrays whose rows ascend, and the counts per cell."""

    start: int
    data: Array  # float32, log-normalized
    indices: Array  # int32
    lengths: Array  # (cells,) int64
    totals: Array  # (cells,) int64


class Counts:
    """The model of one shape; the same shape gives the same cells, whatever part of them is asked for.

    Attributes
    ----------
    types
        (n_obs,) int8: of which type each cell is. Some types are common, some rare.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        rng = np.random.default_rng(shape.seed)
        share = 1 / np.arange(1, TYPES + 1) ** 0.7
        self.types = rng.choice(TYPES, shape.n_obs, p=share / share.sum()).astype(np.int8)
        popularity = rng.lognormal(sigma=_SKEW, size=shape.n_vars)
        # in each type, one gene in ten is far more or far less active than elsewhere
        factor = rng.normal(scale=1.5, size=(TYPES, shape.n_vars)) * (rng.random((TYPES, shape.n_vars)) < 0.1)
        rates = popularity * np.exp(factor)
        rates /= rates.sum(axis=1, keepdims=True)
        self._depth = _depth_for(rates, share / share.sum(), shape.density)
        self._ends = np.cumsum(rates, axis=1)
        grid = np.arange(_GUIDES) / _GUIDES
        self._guides = np.stack([np.searchsorted(ends, grid, "right") for ends in self._ends]).astype(
            np.int32
        )
        self._gaps = -np.log((np.arange(_GAPS) + 0.5) / _GAPS)

    def blocks(self) -> Iterator[Block]:
        """All cells in order; some blocks ahead are made by other threads meanwhile."""
        with ThreadPoolExecutor(THREADS) as pool:
            ahead: deque[Future[Block]] = deque()
            for start in range(0, self.shape.n_obs, BLOCK):
                ahead.append(pool.submit(self.block, start, min(start + BLOCK, self.shape.n_obs)))
                if len(ahead) > THREADS:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def block(self, start: int, stop: int) -> Block:
        """The cells from ``start`` to ``stop``."""
        rng = np.random.default_rng((self.shape.seed, start))
        depths = self._depth * rng.lognormal(-(_SPREAD**2) / 2, _SPREAD, stop - start)
        expected = int((stop - start) * self.shape.n_vars * self.shape.density * 1.1)
        seed = np.uint64(rng.integers(1 << 63))
        return Block(
            start,
            *_draw(self.types[start:stop], depths, self._ends, self._guides, self._gaps, expected, seed),
        )


def _depth_for(rates: Array, share: Array, density: float) -> float:
    """How many transcripts a cell must have on average, so that so many genes are seen."""
    sizes = np.exp(_SPREAD * np.array([-1.5, -0.5, 0.5, 1.5]) - _SPREAD**2 / 2)
    low, high = 1.0, 1e7
    for _ in range(24):
        middle = (low * high) ** 0.5
        seen = np.mean([share @ -np.expm1(-middle * size * rates).mean(axis=1) for size in sizes])
        low, high = (middle, high) if seen < density else (low, middle)
    return high


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]  # numba has no types
def _draw(
    types: Array, depths: Array, all_ends: Array, guides: Array, gaps: Array, expected: int, seed: int
) -> tuple[Array, Array, Array, Array]:
    n_vars, n_guides = all_ends.shape[1], guides.shape[1]
    room = expected + n_vars
    data, indices = np.empty(room, np.float32), np.empty(room, np.int32)
    lengths, totals = np.zeros(len(types), np.int64), np.zeros(len(types), np.int64)
    state, filled = np.uint64(seed), 0
    bits, left = np.uint64(0), 0
    for cell in range(len(types)):
        if filled + n_vars > len(data):
            data = np.concatenate((data[:filled], np.empty(filled // 4 + n_vars, np.float32)))
            indices = np.concatenate((indices[:filled], np.empty(filled // 4 + n_vars, np.int32)))
        ends, guide, first = all_ends[types[cell]], guides[types[cell]], filled
        last, position, total = -1, 0.0, 0
        while True:
            if left == 0:  # splitmix64: four gaps from 64 bits
                state += np.uint64(0x9E3779B97F4A7C15)
                bits = state
                bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                bits ^= bits >> np.uint64(31)
                left = 4
            position += gaps[bits & np.uint64(0xFFFF)] / depths[cell]
            bits >>= np.uint64(16)
            left -= 1
            if position >= ends[-1] or position >= 1.0:
                break
            gene = max(last, guide[int(position * n_guides)])
            while ends[gene] <= position:
                gene += 1
            if gene == last:
                data[filled - 1] += 1
            else:
                data[filled], indices[filled] = 1, gene
                filled += 1
                last = gene
            total += 1
        for entry in range(first, filled):
            data[entry] = np.log1p(data[entry] * (TARGET / total))
        lengths[cell], totals[cell] = filled - first, total
    return data[:filled], indices[:filled], lengths, totals
