"""What questions may ask for: the settings that they need, as plain values."""

from dataclasses import dataclass

from ..annotations.copies import Kind
from ..engine.source import Distribution
from ..errors import NotOffered
from .copies import NO_FILES, Plan
from .presentation import PLAIN, Presentation
from .terms import NO_TERMS, Terms


@dataclass(frozen=True, slots=True)
class Limits:
    """What questions may ask for, and what the config document says of it."""

    max_columns: int
    max_category_items: int
    diffexp: bool = True
    max_diffexp_cells: int | None = None
    diffexp_cutoff: float = 0.01
    presentation: Presentation = PLAIN
    annotating: bool = True
    saving_gene_sets: bool = True
    x_distribution: Distribution = "auto"
    max_genes: int = 1000
    copies: Plan = NO_FILES
    saving_views: bool = True
    terms: Terms = NO_TERMS

    def check_views(self) -> None:
        """Whether users may save views.

        Raises
        ------
        NotOffered
            It is switched off.
        """
        if not self.saving_views:
            raise NotOffered("Saving views is switched off on this server (Cxg.saved_views).")

    def check_saving(self, kind: Kind) -> None:
        """Whether users may save that.

        Raises
        ------
        NotOffered
            It is switched off.
        """
        if kind == "annotations" and not self.annotating:
            raise NotOffered("Annotations are switched off on this server (Cxg.annotating).")
        if kind == "gene_sets" and not self.saving_gene_sets:
            raise NotOffered("Saving gene sets is switched off on this server (Cxg.gene_sets_save).")
