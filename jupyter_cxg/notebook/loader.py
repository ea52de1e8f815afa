"""The JavaScript of the widget: a few kB that open the viewer in an IFrame."""

from pathlib import Path

from ..errors import NotFound

WIDGET_JS = Path(__file__).parents[1] / "static" / "widget" / "widget.js"


def loader_source(path: Path = WIDGET_JS) -> str:
    """The text of the loader.

    Raises
    ------
    NotFound
        This is a source tree in which nothing was built yet.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(
            f"The viewer is not built: {path} is missing; run `make build`, or install a wheel."
        ) from None
