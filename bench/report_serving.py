"""Rows of docs/benchmarks.md about servers under load, and about a file of 9 GB."""

from typing import Any

Rows = list[list[str]]


def load(r: dict[str, Any]) -> Rows:
    """64 clients that ask for everything."""
    gene, loop = r["kinds"]["gene"], r["loop"]
    others = "; ".join(
        f"{name} p99 {kind['p99_ms']:.0f} ms" for name, kind in r["kinds"].items() if name != "gene"
    )
    case = f"{r['clients']} clients, mixed requests, {r['n_obs']:,} cells, `jupyter cxg serve`"
    return [
        [
            case,
            f"{r['answers_per_second']:,.0f} answers/s, {r['errors']} errors; "
            f"genes p50 {gene['p50_ms']:.0f} ms, p99 {gene['p99_ms']:.0f} ms ({others})",
            "bar: 0 errors, genes p99 ≤ 100 ms",
            f"{gene['p99_ms'] / 100:.2f} ×",
        ],
        [
            "the same: the longest step of its event loop",
            f"{loop['longest_step_ms']:.0f} ms (a timer, which waits behind all steps that are due: "
            f"p99 {loop['p99_ms']:.0f} ms late, {loop['worst_ms']:.0f} ms at worst)",
            "bar ≤ 30 ms",
            f"{loop['longest_step_ms'] / 30:.2f} ×",
        ],
        [
            "the same: anonymous memory of the server",
            f"{r['peak_anonymous_mb']:.0f} MB at most, preparing and the index included",
            f"the clients took {r['client_cpu_share']:.0%} of a core",
            "",
        ],
    ]


def large(r: dict[str, Any]) -> Rows:
    """A million cells."""
    size = f"{r['bytes'] / 1e9:.1f} GB .h5ad, {r['n_obs']:,} cells, {r['values'] / 1e9:.2f} G values"
    free, limited = r["free"], r["limited"]
    return [
        [
            f"`jupyter cxg prepare` of a {size}",
            f"{r['prepare_seconds']:.0f} s",
            f"plain copy of the file: {r['copy_seconds']:.0f} s",
            f"{r['prepare_seconds'] / r['copy_seconds']:.2f} ×",
        ],
        [
            "the same: anonymous memory",
            f"{r['prepare_mb']:.0f} MB at most",
            "bar ≤ 400 MB",
            f"{r['prepare_mb'] / 400:.2f} ×",
        ],
        [
            "its gene index, in the background",
            f"{r['index_seconds']:.0f} s, {r['index_mb']:.0f} MB of anonymous memory at most",
            f"plain copy of the file: {r['copy_seconds']:.0f} s",
            f"{r['index_seconds'] / r['copy_seconds']:.2f} ×",
        ],
        [
            f"serving it to {free['clients']} clients (genes, layouts, comparisons): anonymous memory",
            f"{free['peak_mb']:.0f} MB at most, {free['start_mb']:.0f} MB at the start",
            "bar ≤ 300 MB",
            f"{free['peak_mb'] / 300:.2f} ×",
        ],
        [
            f"the same, the process limited to {limited['limit'] / 2**20:.0f} MB of anonymous memory",
            f"{limited['errors']} errors, {limited['answers_per_second']:,.0f} answers/s, "
            f"{limited['peak_mb']:.0f} MB at most",
            f"unlimited: {free['answers_per_second']:,.0f} answers/s; bar: 0 errors",
            f"{limited['answers_per_second'] / free['answers_per_second']:.2f} ×",
        ],
        [
            f"a gene of {r['n_obs']:,} cells, one client, from request to answer",
            f"p50 {free['gene_p50_ms']:.1f} ms, p99 {free['gene_p99_ms']:.1f} ms",
            "bar ≤ 15 ms",
            f"{free['gene_p50_ms'] / 15:.2f} ×",
        ],
        [
            f"1,000 against 1,000 of {r['n_obs']:,} cells, all genes, from request to answer",
            f"{free['groups_ms']:.0f} ms",
            "bar ≤ 200 ms",
            f"{free['groups_ms'] / 200:.2f} ×",
        ],
    ]
