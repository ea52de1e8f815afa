"""The JSON documents of cellxgene's v0.2 API: schema and config, in its words."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from ..model import Array, Categorical, Column, Schema, Values


class ColumnDocument(TypedDict):
    """One obs or var column."""

    name: str
    type: str
    categories: NotRequired[list[Any]]
    writable: bool


class ImageDocument(TypedDict):
    """A tissue image in the unit square of its embedding, whose second axis then points down."""

    name: str
    width: int
    height: int
    left: float
    top: float
    right: float
    bottom: float
    spot: float | None


class SchemaDocument(TypedDict):
    """The answer to ``schema``."""

    schema: dict[str, Any]


class ConfigDocument(TypedDict):
    """The answer to ``config``."""

    config: dict[str, Any]


def schema_document(
    schema: Schema,
    obs_categories: Mapping[str, Array],
    var_categories: Mapping[str, Array],
    annotations: Mapping[str, Values],
) -> SchemaDocument:
    """What cellxgene calls the schema.

    Parameters
    ----------
    obs_categories, var_categories
        Categorical column → categories, as they are. Only text and bool are sent: cellxgene derives
        numbers from the values.
    annotations
        Columns of obs that who asks has written and may change.
    """
    obs = _axis(schema.obs_index, schema.obs, obs_categories)
    obs["columns"] += [_annotation(name, values) for name, values in annotations.items()]
    return {
        "schema": {
            "dataframe": {"nObs": schema.n_obs, "nVar": schema.n_vars, "type": _x_type(schema.x_dtype)},
            "annotations": {
                "obs": obs,
                "var": _axis(schema.var_index, schema.var, var_categories),
            },
            "layout": {
                "obs": [
                    {
                        "name": embedding.name,
                        "type": "float32",
                        "dims": [f"{embedding.name}_0", f"{embedding.name}_1"],
                    }
                    for embedding in schema.embeddings
                ]
            },
        }
    }


def config_document(
    schema: Schema,
    *,
    title: str,
    version: str,
    default_embedding: str,
    default_color: str | None,
    max_columns: int,
    max_category_items: int,
    diffexp: bool,
    max_diffexp_cells: int | None,
    diffexp_cutoff: float,
    annotating: bool,
    saving_gene_sets: bool,
    reading_gene_sets: bool,
    collection: str,
    fixed: bool,
    cells: str,
    about: str | None = None,
    custom_colors: bool = True,
    images: Mapping[str, Sequence[ImageDocument]] | None = None,
) -> ConfigDocument:
    """What cellxgene calls the config: what this server can do (so far: show), and ours beside it."""
    return {
        "config": {
            "displayNames": {"dataset": title, "engine": f"jupyter_cxg {version}"},
            "library_versions": {"jupyter_cxg": version},
            "links": {"about-dataset": about},
            "limits": {"column_request_max": max_columns, "diffexp_cellcount_max": max_diffexp_cells},
            "corpora_props": None,
            "parameters": {
                "default_embedding": default_embedding,
                "default_color": default_color,
                "max-category-items": max_category_items,
                "layout": [],
                "obs_names": schema.obs_index,
                "var_names": schema.var_index,
                "custom_colors": custom_colors,
                "backed": False,
                "diffexp_lfc_cutoff": diffexp_cutoff,
                "disable-diffexp": not diffexp,
                "diffexp-may-be-slow": False,
                "annotations": annotating,
                "annotations_file": None,
                "annotations_dir": None,
                "annotations-data-collection-is-read-only": not annotating or fixed,
                "annotations-data-collection-name": collection if annotating else None,
                "annotations-user-data-idhash": cells,
                "user_annotation_collection_name_enabled": annotating,
                "annotations_genesets": reading_gene_sets,
                "annotations_genesets_readonly": not saving_gene_sets,
                "annotations_genesets_name_is_read_only": not saving_gene_sets or fixed,
                "annotations_genesets_summary_methods": ["mean", "score_genes"],
            },
            "left_out": [{"where": item.where, "reason": item.reason} for item in schema.left_out],
            "missing": {embedding.name: embedding.n_missing for embedding in schema.embeddings},
            "layers": list(schema.layers),
            "images": dict(images or {}),
        }
    }


def _axis(index: str, columns: tuple[Column, ...], categories: Mapping[str, Array]) -> dict[str, Any]:
    first: ColumnDocument = {"name": index, "type": "string", "writable": False}
    return {"index": index, "columns": [first, *(_column(c, categories.get(c.name)) for c in columns)]}


def _column(column: Column, categories: Array | None) -> ColumnDocument:
    kind = _number_type(column.dtype) if column.kind == "continuous" else column.kind
    document: ColumnDocument = {"name": column.name, "type": kind, "writable": False}
    if categories is not None and categories.dtype.kind not in "iuf":
        document["categories"] = categories.tolist()
    return document


def _annotation(name: str, values: Values) -> ColumnDocument:
    if not isinstance(values, Categorical):
        return {"name": name, "type": "int32", "writable": True}
    document = _column(Column(name, "categorical", "category"), values.categories)
    document["writable"] = True
    return document


def _x_type(dtype: str) -> str:
    """As genes are sent: integers of fewer than 32 bits come as float32."""
    return "int32" if dtype in ("int32", "int64", "uint32", "uint64") else "float32"


def _number_type(dtype: str) -> str:
    return "int32" if dtype.startswith(("int", "uint")) else "float32"
