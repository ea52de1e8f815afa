"""What a snapshot holds: one small JSON file, swapped in by rename."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from ..errors import NotFound
from ..model import LeftOut
from .private import swap_in

FORMAT_VERSION = 1
_NAME = "manifest.json"
NO_MATRIX = LeftOut("X", "is None, and there are no layers, so no gene can be shown; set adata.X.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far publishing is: ``fraction`` of all bytes, from 0 to 1."""

    label: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a snapshot without opening it.

    Attributes
    ----------
    id
        16 hexadecimal digits.
    revision
        1, 2, …: a refresh publishes the next one under the same id.
    bytes
        On disk, of this revision, so far.
    created
        When this revision was published, ISO 8601, UTC.
    fingerprint
        blake2b of the obs names, hexadecimal: what belongs to the same cells has the same one.
    matrices
        The layers that can be read by now: ``"X"``, ``"raw"``, names of layers.
    all_matrices
        The layers there will be when ``state`` is ``"complete"``.
    x_dtype
        NumPy's name of the dtype of X; of the first other matrix when there is no X.
    source
        The file that it was made from, as its user knows it; None for an AnnData of a kernel.
    annotations
        The obs columns that a viewer has made of annotations: `provenance`.
    """

    id: str
    title: str
    revision: int
    state: Literal["publishing", "complete"]
    progress: Progress | None
    n_obs: int
    n_vars: int
    bytes: int
    created: str
    fingerprint: str
    matrices: tuple[str, ...]
    all_matrices: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    format_version: int = FORMAT_VERSION
    x_dtype: str = "float32"
    source: str | None = None
    annotations: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[LeftOut, ...]:
        """X and raw, where they are there and cannot be shown."""
        return tuple(item for item in self.left_out if item.where in ("X", "raw") and item != NO_MATRIX)


def read_manifest(directory: Path) -> Manifest:
    """The manifest of the snapshot in ``directory``.

    Raises
    ------
    NotFound
        There is none, it cannot be read, or a newer version of this package wrote it.
    """
    try:
        content = json.loads((directory / _NAME).read_bytes())
        if content["format_version"] != FORMAT_VERSION:
            raise NotFound(
                f"Snapshot {directory.name} has format {content['format_version']}, and this version of "
                f"jupyter_cxg reads format {FORMAT_VERSION}: publish it again."
            )
        return _from_json(content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotFound(f"There is no snapshot {directory.name}.") from error


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Swap in the manifest of the snapshot in ``directory``."""
    swap_in(directory / _NAME, json.dumps(asdict(manifest), ensure_ascii=False).encode("utf-8", "replace"))


def _from_json(content: dict[str, Any]) -> Manifest:
    content["progress"] = Progress(**content["progress"]) if content["progress"] else None
    content["left_out"] = tuple(LeftOut(**item) for item in content["left_out"])
    content["matrices"] = tuple(content["matrices"])
    content["all_matrices"] = tuple(content["all_matrices"])
    content["annotations"] = tuple(content.get("annotations", ()))
    known = {field.name for field in fields(Manifest)}  # a newer version may say more
    return Manifest(**{name: value for name, value in content.items() if name in known})
