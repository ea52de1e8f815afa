"""Lay pbmc.h5ad beside the notebook: the same cells as a file, to be opened without a notebook."""

from pathlib import Path

FILE = Path(__file__).parent / "pbmc.h5ad"


def main() -> None:
    """Write it, if it is not there; the data ship inside scanpy."""
    if not FILE.exists():
        import scanpy

        scanpy.datasets.pbmc68k_reduced().write(FILE)


if __name__ == "__main__":
    main()
