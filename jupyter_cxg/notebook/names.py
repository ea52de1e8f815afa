"""What the user may name: obs columns, genes, embeddings; with a helpful answer to what there is not."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import pandas as pd

from ..errors import BadQuery, NotFound
from ..model import Array, Embedding

ColorBy = Mapping[str, str]
"""``{"kind": "obs" | "gene", "name": …}``, as in viewer/src/state/state.ts."""


class Names:
    """The names of one revision.

    Parameters
    ----------
    obs_columns
        Those that were published.
    var_names
        Shape (n_vars,), str.
    """

    def __init__(
        self, obs_columns: tuple[str, ...], var_names: Array, embeddings: tuple[Embedding, ...]
    ) -> None:
        self.obs_columns = self._published = obs_columns
        self.embeddings = {item.name: item for item in embeddings}
        self._var_names = var_names

    def note(self, annotations: Iterable[str]) -> None:
        """These are there too: they were made in the viewer."""
        self.obs_columns = tuple(dict.fromkeys((*self._published, *annotations)))

    @cached_property
    def genes(self) -> pd.Index:
        """The names of the genes."""
        return pd.Index(self._var_names, dtype=object)

    def color_by(self, name: str) -> ColorBy:
        """What colors by this name: an obs column before a gene.

        Raises
        ------
        NotFound
            Neither has it.
        """
        if name in self.obs_columns:
            return {"kind": "obs", "name": name}
        if name in self.genes:
            return {"kind": "gene", "name": name}
        raise NotFound(
            f"{name!r} is neither an obs column nor a gene{_hint(name, (*self.obs_columns, *self.genes))}."
        )

    def embedding(self, name: str) -> str:
        """The name of an embedding, given that or its key in obsm.

        Raises
        ------
        NotFound
            There is none.
        """
        for item in self.embeddings.values():
            if name in (item.name, item.key):
                return item.name
        raise NotFound(f"There is no embedding {name!r}; there are: {', '.join(self.embeddings)}.")

    def filters(self, filters: Any, cell_keys: Iterable[str]) -> list[dict[str, Any]]:
        """Filters as plain JSON (``Filter`` in viewer/src/state/state.ts).

        Raises
        ------
        BadQuery
            One that the viewer would not understand.
        NotFound
            One that names a column, gene, embedding or set of cells that there is not.
        """
        if not isinstance(filters, Iterable) or isinstance(filters, str | Mapping):
            raise BadQuery("filters is a list of dicts; viewer.filters shows how they look.")
        return [self._filter(item, set(cell_keys)) for item in filters]

    def _filter(self, item: Any, cell_keys: set[str]) -> dict[str, Any]:
        try:
            match item["kind"]:
                case "categories":
                    return self._categories(**item)
                case "range":
                    source = self._source(**item["source"])
                    return {
                        "kind": "range",
                        "source": source,
                        "min": float(item["min"]),
                        "max": float(item["max"]),
                    }
                case "region":
                    return {
                        "kind": "region",
                        "embedding": self.embedding(item["embedding"]),
                        "steps": list(item["steps"]),
                    }
                case "group":
                    return self._group(item, cell_keys)
                case "cells" if item["key"] in cell_keys:
                    return dict(item)
                case "cells":
                    raise NotFound(f"There is no set of cells {item['key']!r}: set viewer.selection instead.")
                case other:
                    raise BadQuery(
                        f"A filter is of kind categories, range, region, cells or group, not {other!r}."
                    )
        except (KeyError, TypeError, ValueError) as error:
            raise BadQuery(f"The filter {item!r} cannot be understood: {_words(error)}.") from error

    def _group(self, item: Mapping[str, Any], cell_keys: set[str]) -> dict[str, Any]:
        op, inverted, filters = item.get("op", "any"), item.get("not", False), item["filters"]
        if op not in ("any", "all") or not isinstance(inverted, bool):
            raise BadQuery("A group of filters needs op 'any' or 'all', and not True or False.")
        inner = [self._filter(each, cell_keys) for each in filters]
        name = {"name": str(item["name"])} if item.get("name") is not None else {}
        return {"kind": "group", "op": op, "not": inverted, "filters": inner, **name}

    def _categories(self, kind: str, column: str, values: Any, mode: str = "include") -> dict[str, Any]:
        if column not in self.obs_columns:
            raise NotFound(f"There is no obs column {column!r}{_hint(column, self.obs_columns)}.")
        if mode not in ("include", "exclude") or isinstance(values, str):
            raise BadQuery(
                f"The filter of {column!r} needs mode 'include' or 'exclude' and a list of values."
            )
        texts = [None if value is None else str(value) for value in values]
        return {"kind": kind, "column": column, "mode": mode, "values": texts}

    def _source(self, kind: str, name: str) -> dict[str, str]:
        known = self.obs_columns if kind == "obs" else self.genes
        if kind not in ("obs", "gene") or name not in known:
            raise NotFound(f"There is no {kind} {name!r} to filter by{_hint(name, known)}.")
        return {"kind": kind, "name": name}


def gene_sets(sets: Mapping[str, Iterable[str]]) -> list[dict[str, Any]]:
    """Gene sets as the viewer takes them.

    Parameters
    ----------
    sets
        Name → names of genes: a ``dict`` of lists, arrays, Series.

    Raises
    ------
    BadQuery
        It is something else.
    """
    found = []
    for name, genes in dict(sets).items():
        names = [] if isinstance(genes, str) else [*genes]
        if isinstance(genes, str) or not all(isinstance(each, str) for each in (name, *names)):
            raise BadQuery(f"The gene set {name!r} must be a name with a list of names of genes.")
        found.append({"name": name, "genes": [str(each) for each in names]})
    return found


def _hint(name: str, known: Iterable[str]) -> str:
    names = list(known)
    same = [other for other in names if other.casefold() == name.casefold()]
    close = same or get_close_matches(name, names, n=3)
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""


def _words(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
