"""Cells and their neighbors."""

import numpy as np

from ..model import Array, Sparse

_ROWS = 100_000


def with_neighbors(graph: Sparse, cells: Array) -> Array:
    """The cells, and all that their rows of a graph are not zero for.

    Parameters
    ----------
    graph
        (n, n); read a part at a time.
    cells
        (n,), bool.

    Returns
    -------
    (n,), bool.

    Examples
    --------
    >>> ring = Sparse((3, 3), "csr", np.ones(3), np.array([1, 2, 0]), np.array([0, 1, 2, 3]))
    >>> with_neighbors(ring, np.array([True, False, False])).tolist()
    [True, True, False]
    """
    found = cells.copy()
    for start in range(0, len(cells), _ROWS):
        stop = min(start + _ROWS, len(cells))
        if graph.layout == "csr" and not cells[start:stop].any():
            continue
        bounds = graph.indptr[start : stop + 1]
        part = slice(int(bounds[0]), int(bounds[-1]))
        linked = graph.data[part] != 0
        minor = graph.indices[part]
        major = np.repeat(np.arange(start, stop), np.diff(bounds))
        rows, columns = (major, minor) if graph.layout == "csr" else (minor, major)
        found[columns[linked & cells[rows]]] = True
    return found
