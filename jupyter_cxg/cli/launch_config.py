"""Configuration files of ``cellxgene launch``: its YAML, as settings of ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from traitlets.config import Config

from ..config import Cxg, Serve
from ..errors import BadQuery, NotFound

MAX_BYTES = 1_000_000
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LaunchConfig:
    """What such a file says: settings, and the files to be served."""

    settings: Config
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Setting:
    """A key that is a setting of ours.

    Attributes
    ----------
    flipped
        Whether it says the opposite.
    """

    kind: type | tuple[type, ...]
    owner: str
    trait: str
    flipped: bool = False


_NUMBER = (int, float)
_SETTINGS: Mapping[str, _Setting] = {
    "server.app.host": _Setting(str, "Serve", "host"),
    "server.app.port": _Setting(int, "Serve", "port"),
    "server.app.open_browser": _Setting(bool, "Serve", "open_browser"),
    "server.app.flask_secret_key": _Setting(str, "Serve", "secret_key"),
    "server.single_dataset.obs_names": _Setting(str, "Serve", "obs_names"),
    "server.single_dataset.var_names": _Setting(str, "Serve", "var_names"),
    "server.single_dataset.about": _Setting(str, "Serve", "about"),
    "server.single_dataset.title": _Setting(str, "Serve", "title"),
    "server.limits.column_request_max": _Setting(int, "Cxg", "max_columns"),
    "server.limits.diffexp_cellcount_max": _Setting(int, "Cxg", "max_diffexp_cells"),
    "dataset.presentation.max_categories": _Setting(int, "Cxg", "max_category_items"),
    "dataset.presentation.custom_colors": _Setting(bool, "Serve", "custom_colors"),
    "dataset.user_annotations.enable": _Setting(bool, "Cxg", "annotating"),
    "dataset.user_annotations.local_file_csv.directory": _Setting(str, "Serve", "user_generated_data_dir"),
    "dataset.user_annotations.local_file_csv.file": _Setting(str, "Serve", "annotations_file"),
    "dataset.user_annotations.local_file_csv.gene_sets_file": _Setting(str, "Serve", "gene_sets_file"),
    "dataset.user_annotations.gene_sets.readonly": _Setting(bool, "Cxg", "gene_sets_save", flipped=True),
    "dataset.embeddings.names": _Setting(list, "Serve", "embedding"),
    "dataset.diffexp.enable": _Setting(bool, "Cxg", "diffexp"),
    "dataset.diffexp.lfc_cutoff": _Setting(_NUMBER, "Cxg", "diffexp_cutoff"),
    "dataset.X_approximate_distribution": _Setting(str, "Cxg", "x_distribution"),
}
_SECRET = [{"name": "CXG_SECRET_KEY", "path": ["server", "app", "flask_secret_key"], "required": False}]
# what has no meaning here: it may stand there with cellxgene's default, or with what is so anyway
_FIXED: Mapping[str, tuple[Any, ...]] = {
    "server.app.force_https": (False, True),  # not used there either
    "server.app.generate_cache_control_headers": (False,),
    "server.data_locator.s3.region_name": (True, False, None),
    "server.adaptor.anndata_adaptor.backed": (False, True),
    "dataset.app.scripts": ([],),
    "dataset.app.inline_scripts": ([],),
    "dataset.user_annotations.type": ("local_file_csv",),
    "dataset.diffexp.top_n": (10,),
    "external.environment": (_SECRET, [], None),
}
_FILE = "server.single_dataset.datapath"
_LOGGING = {"server.app.debug": "DEBUG", "server.app.verbose": "INFO"}


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # it ships no types
    """Without aliases: of an alias of an alias of an alias, a small file can make a large one."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases")
        return super().compose_node(parent, index)


def read(path: Path) -> LaunchConfig:
    """The file's settings; what it leaves out, or is null, is not set.

    Raises
    ------
    NotFound
        There is no such file.
    BadQuery
        It is no such YAML, or has a key that means nothing here.
    """
    try:
        text = path.read_bytes()[: MAX_BYTES + 1]
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except OSError as error:
        raise BadQuery(f"{path} cannot be read ({error.strerror}).") from None
    try:
        if len(text) > MAX_BYTES:
            raise BadQuery(f"{path} is no configuration of cellxgene launch: it is too large.")
        document = yaml.load(text, _Loader) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadQuery(f"{path} is no YAML ({type(error).__name__}).") from None
    found = Config()
    files: tuple[str, ...] = ()
    for key, value in _leaves(document):
        if value is None:
            continue
        if key == _FILE:
            files = (_checked(key, value, str),)
        elif key in _LOGGING:
            if _checked(key, value, bool):
                found.Application.log_level = _LOGGING[key]
        elif key in _SETTINGS:
            setting = _SETTINGS[key]
            given = _checked(key, value, setting.kind)
            found[setting.owner][setting.trait] = not given if setting.flipped else given
        elif value not in _FIXED.get(key, ()):
            raise BadQuery(_unknown(path, key))
    return LaunchConfig(found, files)


def defaults() -> str:
    """All keys that mean something here, with our defaults, as such a file."""
    classes = {"Serve": Serve.class_traits(), "Cxg": Cxg.class_traits()}
    document: dict[str, Any] = {}
    for key, setting in _SETTINGS.items():
        value = classes[setting.owner][setting.trait].default_value
        value = not value if setting.flipped else value
        # what is made at the start is left open
        _put(document, key, None if value == "" or key == "server.app.port" else _plain(value, setting))
    _put(document, _FILE, None)
    for key in _LOGGING:
        _put(document, key, False)
    return str(yaml.safe_dump(document, sort_keys=False, default_flow_style=False))


def _plain(value: Any, setting: _Setting) -> Any:
    return [] if setting.kind is list else value


def _put(document: dict[str, Any], key: str, value: Any) -> None:
    *groups, last = key.split(".")
    for group in groups:
        document = document.setdefault(group, {})
    document[last] = value


def _leaves(document: Any, above: _Key = ()) -> Iterator[tuple[str, Any]]:
    """Dotted key → value; what holds keys of ours is no value."""
    if not isinstance(document, dict):
        raise BadQuery(f"{'.'.join(above) or 'The file'} must hold keys and values.")
    for name, value in document.items():
        key = ".".join((*above, str(name)))
        if any(known.startswith(f"{key}.") for known in (*_SETTINGS, *_FIXED, *_LOGGING, _FILE)):
            if value is not None:
                yield from _leaves(value, (*above, str(name)))
        else:
            yield key, value


def _checked(key: str, value: Any, kind: type | tuple[type, ...]) -> Any:
    fits = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
    if not fits or (kind is list and not all(isinstance(item, str) for item in value)):
        names = {str: "a text", int: "a whole number", bool: "true or false", list: "a list of texts"}
        raise BadQuery(
            f"{key} must be {names.get(kind, 'a number') if isinstance(kind, type) else 'a number'}."
        )
    return value


def _unknown(path: Path, key: str) -> str:
    if key in _FIXED:
        why = "the page runs no scripts but its own" if "scripts" in key else "only its default has a meaning"
        return f"{path.name} sets {key[:80]}, which cannot be set here: {why}."
    return f"{path.name} has a key that is not known here: {key[:80]}; see --dump-default-config."
