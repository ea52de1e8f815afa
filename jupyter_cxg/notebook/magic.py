"""The magic ``%cxg``."""

import re
import shlex
import sys
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_magic, magics_class, no_var_expand

from ..errors import BadQuery, CxgError, NotFound
from ..snapshot.address import Address, address_of, is_address
from ..snapshot.reading import ENDINGS, Reading
from ..snapshot.sources import is_anndata
from .view import open_view

_OPTION = re.compile(r"--([a-z-]+)(?:\s*=\s*|\s+|$)")
_VALUE = re.compile(r"""("[^"]*"|'[^']*'|\S+)""")
_OPTIONS = ("allow-private", "as", "color", "embedding", "height", "modality", "no-write-obs", "title")
_FLAGS = ("no-write-obs",)
USAGE = "%cxg NAME [--as VAR] [--color C] [--embedding E] [--height PX] [--title T] [--no-write-obs]"


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed after ``%cxg``."""

    expression: str
    options: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> Line:
    """Split a line into an expression, which may contain spaces and quotes, and the options.

    Raises
    ------
    BadQuery
        An option that does not exist, or has no value.
    """
    rest, options, at = [], {}, 0
    while at < len(text):
        found = _OPTION.match(text, at) if not text[:at].strip() or text[at - 1].isspace() else None
        if found is None:
            end = _end_of_token(text, at)
            rest.append(text[at:end])
            at = end
            continue
        name = found[1]
        value = _VALUE.match(text, found.end())
        if name not in _OPTIONS:
            raise BadQuery(f"%cxg has no option --{name}: {USAGE}")
        if name in _FLAGS:
            if "=" in found[0]:
                raise BadQuery(f"The option --{name} takes no value: {USAGE}")
            options[name], at = "", found.end()
            continue
        if value is None:
            raise BadQuery(f"The option --{name} needs a value: {USAGE}")
        options[name] = shlex.split(value[1])[0] if value[1][0] in "\"'" else value[1]
        at = value.end()
    return Line("".join(rest).strip(), options)


def _end_of_token(text: str, start: int) -> int:
    """Where the bracket or string that starts here ends, or the next character."""
    closing = {"(": ")", "[": "]", "{": "}"}
    first = text[start]
    if first in "\"'":
        end = text.find(first, start + 1)
        return len(text) if end < 0 else end + 1
    if first not in closing:
        return start + 1
    at = start + 1
    while at < len(text) and text[at] != closing[first]:
        at = _end_of_token(text, at)
    return min(at + 1, len(text))


@magics_class
class CxgMagics(Magics):
    """``%load_ext jupyter_cxg`` brings these."""

    shell: InteractiveShell

    @no_var_expand
    @line_magic
    def cxg(self, line: str) -> None:
        """Show an AnnData in the notebook, and leave the viewer in the variable ``viewer``.

        ::

            %cxg NAME [--as VAR] [--color C] [--embedding E] [--height PX] [--title T] [--no-write-obs]

        NAME is a variable, any expression that gives an AnnData, or the path or address of a file or .zarr
        store; of an .h5mu file ``--modality M`` is shown. Without it, the only AnnData there is is shown,
        or those that there are are listed. What is annotated in the viewer lands in obs of the AnnData,
        unless ``--no-write-obs`` is there.

        Examples
        --------
        ::

            %cxg adata
            %cxg adata[adata.obs["louvain"] == "3", :] --color CD3D --as cluster3
            %cxg ~/data/pbmc.h5ad
        """
        try:
            self._show(parse(line))
        except CxgError as error:
            print(error, file=sys.stderr)

    def _show(self, line: Line) -> None:
        options = dict(line.options)
        variable = options.pop("as", "viewer")
        if not variable.isidentifier():
            raise BadQuery(f"--as {variable} is not a variable name.")
        height = options.pop("height", "450")
        if not height.isdigit():
            raise BadQuery(f"--height {height} is not a number of CSS pixels.")
        write_obs = options.pop("no-write-obs", None) is None
        expression = line.expression or self._only_one()
        if expression is None:
            return
        source = self._value(expression)
        private = tuple(filter(None, options.pop("allow-private", "").split(",")))
        reading = Reading(modality=options.pop("modality", ""), private=private)
        if not isinstance(source, Path | Address):
            options.setdefault("title", expression)
        viewer = open_view(source, height=int(height), reading=reading, write_obs=write_obs, **options)
        self.shell.user_ns[variable] = viewer  # before X is copied: that may be interrupted
        viewer.finish()

    def _value(self, expression: str) -> Any:
        path = expression.strip("\"'")
        if is_address(path):
            return address_of(path)
        if path.endswith(ENDINGS):
            return Path(path)
        try:
            return self.shell.ev(expression)  # type: ignore[no-untyped-call]  # IPython's
        except NameError as error:
            close = get_close_matches(error.name or expression, self._anndatas(), n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise NotFound(f"There is no variable {error.name or expression}{hint}") from error
        except Exception as error:  # the user's expression may raise anything
            raise BadQuery(f"{expression} gives no AnnData: {type(error).__name__}: {error}") from error

    def _only_one(self) -> str | None:
        """The name of the only AnnData; several are listed."""
        found = self._anndatas()
        if not found:
            raise NotFound(f"There is no AnnData yet: {USAGE}")
        if len(found) == 1:
            return next(iter(found))
        print("Which one? %cxg NAME shows it.")
        for name, adata in found.items():
            print(f"  {name}: {adata.n_obs:,} cells × {adata.n_vars:,} genes")
        return None

    def _anndatas(self) -> dict[str, Any]:
        """The AnnData objects of the namespace, each by its first name."""
        found: dict[str, Any] = {}
        for name, value in self.shell.user_ns.items():
            new = all(value is not other for other in found.values())
            if not name.startswith("_") and new and is_anndata(value):
                found[name] = value
        return found
