"""Run the measurements, or those named, and write docs/benchmarks.md: ``python -m bench [name …]``.

``--all`` includes those of `SLOW`, which take many minutes.
"""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import diffexp, genes, index, large, load, paint, pan, publish, report, selecting, tab

RESULTS = Path(__file__).parents[1] / "build" / "bench.json"

MEASUREMENTS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "publish_10k": lambda home: publish.run(home, 10_000),
    "publish_100k": lambda home: publish.run(home, 100_000),
    "paint_10k": lambda home: paint.run(home, 10_000),
    "paint_100k": lambda home: paint.run(home, 100_000),
    "genes_100k": genes.run,
    "index_100k": index.run,
    "diffexp_100k": diffexp.run,
    "wilcoxon_100k": lambda home: {
        "n_obs": 100_000,
        "wilcoxon": diffexp.compare(home, 100_000, "wilcoxon"),
    },
    "load_100k": load.run,
    "large_1m": large.run,
    "pan_1m": lambda _home: pan.run(),
    "selecting_1m": lambda _home: selecting.measure(),
    "tab_1m": tab.run,
}

SLOW = {"wilcoxon_100k"}
"""scanpy alone takes four minutes."""


def main(names: list[str]) -> None:
    """Measure, keep the raw numbers in build/bench.json, and write the table."""
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() and names else {}
    if names == ["--all"]:
        names, results = list(MEASUREMENTS), {}
    for name in names or [name for name in MEASUREMENTS if name not in SLOW]:
        print(f"{name} …", flush=True)
        with tempfile.TemporaryDirectory(prefix="cxg-bench-") as home:
            results[name] = MEASUREMENTS[name](Path(home))
        print(f"  {json.dumps(results[name])}", flush=True)
        save(results)


def save(results: dict[str, Any]) -> None:
    """After each measurement, so that a later one that fails costs only itself."""
    results["machine"] = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "date": datetime.now(UTC).date().isoformat(),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1))
    report.write(results)


if __name__ == "__main__":
    main(sys.argv[1:])
