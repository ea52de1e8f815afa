"""The ``zarr.json`` of arrays and groups, written and read by hand.

zarr itself would take a millisecond for each, and the first picture waits for all of them. A test
holds what is written here against what zarr writes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..errors import NotFound

Order = Literal["C", "F"]

_CHUNK_KEYS = {"name": "default", "configuration": {"separator": "/"}}
_TRANSPOSE = {"name": "transpose", "configuration": {"order": [1, 0]}}
_TEXT = {"name": "vlen-utf8", "configuration": {}}


def node(path: Path) -> dict[str, Any]:
    """The metadata of the array or group at ``path``.

    Raises
    ------
    NotFound
        There is none.
    """
    try:
        content: dict[str, Any] = json.loads((path / "zarr.json").read_bytes())
    except (OSError, ValueError) as error:
        raise NotFound(f"The snapshot has no {path.name}.") from error
    return content


def attributes(path: Path) -> dict[str, Any]:
    """The attributes of the array or group at ``path``."""
    found: dict[str, Any] = node(path).get("attributes", {})
    return found


def write_group(path: Path, attributes: Mapping[str, Any]) -> None:
    """Make a Zarr group of the directory at ``path``; attributes of ours that are empty are not written."""
    path.mkdir(parents=True, exist_ok=True)
    ours = {key: value for key, value in attributes.items() if not key.startswith("cxg_") or value}
    _write(path, {"zarr_format": 3, "node_type": "group", "attributes": ours})


def write_numbers_node(
    path: Path, shape: tuple[int, ...], dtype: np.dtype[Any], order: Order, attributes: Mapping[str, Any]
) -> None:
    """The metadata of a numeric array in one uncompressed, little-endian chunk."""
    wide = dtype.itemsize > 1
    bytes_codec: dict[str, Any] = {"name": "bytes"}
    if wide:
        bytes_codec["configuration"] = {"endian": "little"}
    codecs = [_TRANSPOSE, bytes_codec] if order == "F" else [bytes_codec]
    _write_array(path, shape, dtype.name, dtype.type(0).item(), codecs, attributes)


def write_text_node(path: Path, length: int, attributes: Mapping[str, Any]) -> None:
    """The metadata of a 1-d array of text in one uncompressed chunk."""
    _write_array(path, (length,), "string", "", [_TEXT], attributes)


def raw_order(meta: Mapping[str, Any]) -> Order | None:
    """In which order one file holds the values of a numeric array as a memory map wants them; or None."""
    codecs = meta["codecs"]
    kind = meta["data_type"]
    if not _in_one_chunk(meta) or not isinstance(kind, str):
        return None
    if not kind.startswith(("int", "uint", "float", "bool")):
        return None
    order: Order = "C"
    if len(codecs) == 2 and codecs[0] == _TRANSPOSE:
        order, codecs = "F", codecs[1:]
    if len(codecs) != 1 or codecs[0]["name"] != "bytes":
        return None
    return order if codecs[0].get("configuration", {}).get("endian", "little") == "little" else None


def is_plain_text(meta: Mapping[str, Any]) -> bool:
    """Whether one file holds the values of a 1-d array of text, uncompressed."""
    names = [codec["name"] for codec in meta["codecs"]]
    return _in_one_chunk(meta) and len(meta["shape"]) == 1 and names == ["vlen-utf8"]


def _in_one_chunk(meta: Mapping[str, Any]) -> bool:
    shape = meta["shape"]
    whole = [max(1, n) for n in shape]
    return (
        bool(shape)
        and meta["chunk_key_encoding"] == _CHUNK_KEYS
        and meta["chunk_grid"]["configuration"]["chunk_shape"] == whole
    )


def _write_array(
    path: Path,
    shape: tuple[int, ...],
    data_type: str,
    fill_value: object,
    codecs: list[dict[str, Any]],
    attributes: Mapping[str, Any],
) -> None:
    _write(
        path,
        {
            "shape": list(shape),
            "data_type": data_type,
            "chunk_grid": {
                "name": "regular",
                "configuration": {"chunk_shape": [max(1, n) for n in shape]},
            },
            "chunk_key_encoding": _CHUNK_KEYS,
            "fill_value": fill_value,
            "codecs": codecs,
            "attributes": dict(attributes),
            "zarr_format": 3,
            "node_type": "array",
            "storage_transformers": [],
        },
    )


def _write(path: Path, content: Mapping[str, Any]) -> None:
    (path / "zarr.json").write_text(json.dumps(content, indent=2))
