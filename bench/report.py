"""docs/benchmarks.md from the numbers of one run."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from bench import report_serving

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def write(results: dict[str, Any]) -> None:
    """Replace the page by one made of these results."""
    PAGE.write_text("\n".join(_lines(results)) + "\n", encoding="utf-8")


def _lines(results: dict[str, Any]) -> list[str]:
    machine = results["machine"]
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {machine['date']}: {machine['cores']} cores, no GPU (software WebGL), "
        f"{machine['system']}, Python {machine['python']}. Data: seeded random counts, 20,000 genes, "
        "9 % of the values present (5.5 % where there are a million cells), CSR float32. "
        "Each figure stands beside its reference from the same run.",
        "",
        "| case | measured | reference or bar | ratio |",
        "|---|---|---|---|",
    ]
    for name, row in ROWS.items():
        if name in results:
            with suppress(KeyError):  # measured before the row was what it is now
                lines += [f"| {' | '.join(cells)} |" for cells in row(results[name])]
    return [*lines, "", *NOTES]


def _publish(r: dict[str, Any]) -> list[list[str]]:
    return [
        [
            f"publish {r['n_obs']:,} cells ({r['bytes'] / 1e6:,.0f} MB)",
            f"{r['publish_seconds']:.2f} s (viewer can open after {r['first_stage_seconds'] * 1e3:.0f} ms)",
            f"plain copy of the same bytes: {r['copy_seconds']:.2f} s; bar ≤ 3 ×",
            f"{r['ratio']:.2f} ×",
        ]
    ]


def _paint(r: dict[str, Any]) -> list[list[str]]:
    return [
        [
            f"`%cxg` → first picture, {r['n_obs']:,} cells, JupyterLab",
            f"{r['paint_ms']:.0f} ms ({r['first_time_ms']:.0f} ms the first time)",
            f"the cell, X copied, returned after {r['cell_ms']:.0f} ms",
            f"{r['paint_ms'] / r['cell_ms']:.2f} ×",
        ],
        [
            f"gene → colors while the kernel computes, {r['n_obs']:,} cells, JupyterLab",
            f"p50 {r['busy_ms']:.0f} ms, p95 {r['busy_p95_ms']:.0f} ms",
            "bar p95 ≤ 200 ms",
            "",
        ],
    ]


def _tab(r: dict[str, Any]) -> list[list[str]]:
    return [
        [
            f"memory of the tab, {r['n_obs']:,} cells, above its columns",
            f"{r['bytes_per_cell']:.0f} bytes a cell (columns: {r['columns_per_cell']:.0f})",
            "bar ≤ 40 bytes a cell",
            f"{r['bytes_per_cell'] / 40:.2f} ×",
        ]
    ]


def _genes(r: dict[str, Any]) -> list[list[str]]:
    return [
        [
            f"16 clients, random genes of {r['n_obs']:,} cells, Jupyter server",
            f"{r['genes_per_second']:,.0f} genes/s, p50 {r['p50_ms']:.1f} ms, p99 {r['p99_ms']:.1f} ms",
            "bar ≥ 800 genes/s, p99 ≤ 60 ms",
            f"{r['genes_per_second'] / 800:.2f} ×",
        ],
        [
            f"the same server: gene index of {r['n_obs']:,} cells",
            f"{r['index_seconds']:.1f} s in the background",
            f"{r['server_rss_mb']:.0f} MB of anonymous memory afterwards",
            "",
        ],
    ]


def _index(r: dict[str, Any]) -> list[list[str]]:
    genes = f"one gene of {r['n_obs']:,} cells, median, {r['threads']} threads"
    return [
        [
            f"index of genes, {r['values'] / 1e6:.0f} M values, rows to columns, in files",
            f"{r['seconds']:.2f} s on {r['threads']} threads",
            f"scipy's `tocsc`, in memory: {r['scipy_seconds']:.2f} s; bar ≥ 3 ×",
            f"{r['scipy_seconds'] / r['seconds']:.1f} ×",
        ],
        [
            "the same: anonymous memory that it takes",
            f"{r['extra_mb']:.0f} MB",
            "bar ≤ 512 MB",
            f"{r['extra_mb'] / 512:.2f} ×",
        ],
        [f"{genes}, without index", f"{r['gene_ms']:.1f} ms", "bar ≤ 60 ms", f"{r['gene_ms'] / 60:.2f} ×"],
        [
            f"{genes}, with it",
            f"{r['indexed_gene_ms']:.2f} ms",
            "bar ≤ 3 ms",
            f"{r['indexed_gene_ms'] / 3:.2f} ×",
        ],
    ]


def _diffexp(r: dict[str, Any]) -> list[list[str]]:
    welch, ranked = r["welch"], r["wilcoxon"]
    return [
        [
            f"differential expression, half against half of {r['n_obs']:,} cells, all genes, Welch",
            f"{_ms(welch['seconds'])} on {welch['threads']} threads "
            f"(just published: {_ms(welch['published_seconds'])})",
            f"scanpy's t-test: {welch['scanpy_seconds']:.2f} s; bar ≥ 25 ×",
            f"{welch['scanpy_seconds'] / welch['seconds']:.0f} × "
            f"({welch['scanpy_seconds'] / welch['published_seconds']:.0f} ×)",
        ],
        [
            f"the same, {welch['values'] / 1e6:.0f} M values",
            f"{welch['values'] * 8 / welch['seconds'] / 1e9:.1f} GB/s",
            f"`np.sum` over the same bytes: {_ms(welch['read_seconds'])}; bar ≥ 40 %",
            f"{welch['read_seconds'] / welch['seconds']:.0%} "
            f"({welch['read_seconds'] / welch['published_seconds']:.0%})",
        ],
        [
            f"markers of {welch['categories']} categories, {r['n_obs']:,} cells, Welch",
            f"{_ms(welch['markers_seconds'])} (just published: {_ms(welch['published_markers_seconds'])})",
            "half against half; bar ≤ 1.5 ×",
            f"{welch['markers_seconds'] / welch['seconds']:.2f} × "
            f"({welch['published_markers_seconds'] / welch['published_seconds']:.2f} ×)",
        ],
        *_ranked(ranked, r["n_ranked"]),
    ]


def _wilcoxon(r: dict[str, Any]) -> list[list[str]]:
    return _ranked(r["wilcoxon"], r["n_obs"])


def _ranked(ranked: dict[str, Any], n_obs: int) -> list[list[str]]:
    return [
        [
            f"Wilcoxon with tie correction, half against half of {n_obs:,} cells",
            f"{ranked['seconds']:.2f} s (just published: {ranked['published_seconds']:.2f} s)",
            f"scanpy's: {ranked['scanpy_seconds']:.1f} s; bar ≥ 40 ×",
            f"{ranked['scanpy_seconds'] / ranked['seconds']:.0f} × "
            f"({ranked['scanpy_seconds'] / ranked['published_seconds']:.0f} ×)",
        ],
        [
            f"markers of {ranked['categories']} categories, {n_obs:,} cells, Wilcoxon",
            f"{ranked['markers_seconds']:.2f} s",
            "half against half",
            f"{ranked['markers_seconds'] / ranked['seconds']:.2f} ×",
        ],
    ]


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"


def _pan(r: dict[str, Any]) -> list[list[str]]:
    return [
        [
            "pan frame, 1,000,000 points, WebGL2",
            f"{r['webgl2_ms']:.0f} ms",
            f"bare draw of the same points: {r['bare_ms']:.0f} ms; bar ≤ 1.5 ×",
            f"{r['webgl2_ms'] / r['bare_ms']:.2f} ×",
        ],
        [
            "new colors, 1,000,000 points, WebGL2",
            f"{r['recolor_ms']:.0f} ms",
            f"upload of as many bytes and a bare draw: {r['upload_ms']:.0f} ms; bar ≤ 1.5 ×",
            f"{r['recolor_ms'] / r['upload_ms']:.2f} ×",
        ],
        [
            "pan frame, 1,000,000 points, CPU rasterizer",
            f"{r['cpu_ms']:.1f} ms",
            "bar ≤ 25 ms",
            f"{r['cpu_ms'] / 25:.2f} ×",
        ],
    ]


def _selecting(r: dict[str, Any]) -> list[list[str]]:
    rows = (
        ("brush, 1,000,000 cells, 20 columns counted", r["brush"]),
        ("lasso of half of 1,000,000 cells, until their points can be drawn", r["shown"]),
    )
    return [[what, f"{ms:.0f} ms", "bar ≤ 60 ms", f"{ms / 60:.2f} ×"] for what, ms in rows]


ROWS = {
    "publish_10k": _publish,
    "publish_100k": _publish,
    "paint_10k": _paint,
    "paint_100k": _paint,
    "genes_100k": _genes,
    "index_100k": _index,
    "diffexp_100k": _diffexp,
    "wilcoxon_100k": _wilcoxon,
    "load_100k": report_serving.load,
    "large_1m": report_serving.large,
    "pan_1m": _pan,
    "selecting_1m": _selecting,
    "tab_1m": _tab,
}

NOTES = [
    "The first picture is timed in the notebook page, from the key press that runs the cell until the",
    "viewer says that its points are on the screen; “the first time” includes loading the viewer's files",
    "and starting the server's threads. Clients and server share the two cores.",
    "",
    "What binds where a bar is missed, by profile:",
    "",
    "- The index: computing takes half of the time. The rest is the kernel, which finds and writes the pages",
    "  of the new file; two threads wait for each other at the file's lock.",
    "- Half against half: instructions, not memory: about four cycles a value with vectors of 256 bits, of",
    "  which the check that indices ascend takes a third.",
    "- 64 clients that never pause: the one thread that replies, with about 0.8 ms an answer. A quarter of",
    "  that is the kernel, which copies the 400 kB of a gene. With 8 clients its longest step is 12 ms.",
    "- A gene's colors while the kernel computes: of the two cores one is left, on which Chromium",
    "  takes 120 ms without a GPU to show one picture of the page, whatever has changed in it.",
    "- Memory of the tab, about half: the points in the order in which they are drawn (16 bytes a cell) and",
    "  their colors; the counting thread keeps one byte a cell for each column, and one for each filter.",
    "  Measured without Playwright, which makes Chromium keep a copy of every answer (16 bytes a cell).",
]
