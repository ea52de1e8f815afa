"""The one URL table."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from . import openapi
from .context import Context
from .handlers.annotations import Annotations, AnnotationsObs, GeneSets, History
from .handlers.ask import Ask
from .handlers.cancel import Cancel
from .handlers.catalog import Snapshot, Snapshots
from .handlers.csv_files import AnnotationsCsv, Backup, GeneSetsCsv
from .handlers.data import Answers, DataVar, SummarizeVar
from .handlers.diffexp import Diffexp, DiffexpObs
from .handlers.events import Events
from .handlers.figures import Figures
from .handlers.genes import Genes
from .handlers.jobs import Job, JobCancel, JobResult, Jobs, Markers
from .handlers.neighbors import Neighbors
from .handlers.open import Open
from .handlers.openapi import OpenApi
from .handlers.share import DatasetLink, DatasetLinks, Shared
from .handlers.static import Static
from .handlers.viewer import Viewer
from .handlers.views import DatasetView, DatasetViews

STATIC = Path(__file__).parents[1] / "static"
OPENAPI = r"/cxg/api/openapi\.json"

Route = tuple[str, type[Any], dict[str, Any]]

V02: dict[str, type[Answers]] = {
    "schema": Answers,
    "config": Answers,
    "colors": Answers,
    "annotations/obs": AnnotationsObs,
    "annotations/var": Answers,
    "layout/obs": Answers,
    "data/var": DataVar,
    "summarize/var": SummarizeVar,
}


def routes(context: Context, *, static: Path = STATIC) -> list[Route]:
    """All routes, relative to the server's base URL.

    Parameters
    ----------
    static
        Where the built viewer lies.
    """
    ours: dict[str, Any] = {"context": context}
    dataset = r"/cxg/d/([^/]+)"
    table: list[Route] = [
        (rf"{dataset}/?", Viewer, {**ours, "static": static}),
        (rf"{dataset}/ask", Ask, ours),
        (rf"{dataset}/status", Answers, {**ours, "route": "status"}),
        *((rf"{dataset}/api/v0\.2/{route}", kind, {**ours, "route": route}) for route, kind in V02.items()),
        (rf"{dataset}/api/v0\.2/diffexp/obs", DiffexpObs, ours),
        (rf"{dataset}/genes", Genes, ours),
        (rf"{dataset}/figures", Figures, ours),
        (rf"{dataset}/neighbors", Neighbors, ours),
        (rf"{dataset}/graphs", Answers, {**ours, "route": "graphs"}),
        (rf"{dataset}/diffexp", Diffexp, ours),
        (rf"{dataset}/markers", Markers, ours),
        (rf"{dataset}/rankings", Answers, {**ours, "route": "rankings"}),
        (rf"{dataset}/facts", Answers, {**ours, "route": "facts"}),
        (rf"{dataset}/image", Answers, {**ours, "route": "image"}),
        (rf"{dataset}/ranking", Answers, {**ours, "route": "ranking"}),
        (rf"{dataset}/jobs", Jobs, ours),
        (rf"{dataset}/jobs/([^/]+)", Job, ours),
        (rf"{dataset}/jobs/([^/]+)/result", JobResult, ours),
        (rf"{dataset}/jobs/([^/]+)/cancel", JobCancel, ours),
        (rf"{dataset}/events", Events, ours),
        (rf"{dataset}/api/v0\.2/genesets", GeneSets, ours),
        (rf"{dataset}/history", History, ours),
        (rf"{dataset}/annotations", Annotations, {**ours, "route": "annotations"}),
        (rf"{dataset}/annotations\.csv", AnnotationsCsv, ours),
        (rf"{dataset}/genesets\.csv", GeneSetsCsv, ours),
        (rf"{dataset}/backup", Backup, ours),
        (rf"{dataset}/views", DatasetViews, ours),
        (rf"{dataset}/views/([^/]+)", DatasetView, ours),
        (rf"{dataset}/cancel", Cancel, ours),
        (rf"{dataset}/links", DatasetLinks, ours),
        (rf"{dataset}/links/([^/]+)", DatasetLink, ours),
        (r"/cxg/s/([^/]+)/?", Shared, {**ours, "static": static}),
        (r"/cxg/open", Open, {**ours, "static": static}),
        (r"/cxg/api/snapshots", Snapshots, ours),
        (r"/cxg/api/snapshots/([^/]+)", Snapshot, ours),
        (r"/cxg/static/(.*)", Static, {"path": str(static)}),
    ]
    return described(context, table)


def described(context: Context, table: Sequence[Route]) -> list[Route]:
    """The table, with the route of the document that describes all of it."""
    found = [*table]
    build = cache(partial(openapi.build, found))
    found.append((OPENAPI, OpenApi, {"context": context, "build": build}))
    return found
