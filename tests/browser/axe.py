"""axe-core in a page: what it finds wrong, in a form that a failing test can show."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

SCRIPT = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

RUN = """async (within) => {
    // a tooltip repeats the name of what it stands beside, and is in no landmark
    const context = { include: within, exclude: [["[role=tooltip]"]] };
    const found = await axe.run(context, { resultTypes: ["violations"] });
    return found.violations.map(({ id, help, nodes }) => ({
        id, help, nodes: nodes.slice(0, 5).map(({ target, html, failureSummary }) =>
            `${target.join(" ")} ${html.slice(0, 160)} ${failureSummary.replace(/\\s+/g, " ")}`),
    }));
}"""


def violations(page: Page | Frame, *within: str) -> list[dict[str, Any]]:
    """All that axe finds by its default rules: WCAG 2.2 A and AA, and good practice.

    Parameters
    ----------
    within
        Selectors; the whole page without any.
    """
    if not page.evaluate("'axe' in window"):
        assert SCRIPT.exists(), "There is no axe-core: run npm ci"
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(RUN, [*within] or ["html"])
    return found
