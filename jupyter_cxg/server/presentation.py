"""What a standalone server shows of its datasets, and under which name; nothing of it touches the data."""

from dataclasses import dataclass, replace

from ..model import Schema


@dataclass(frozen=True, slots=True)
class Presentation:
    """How datasets are shown.

    Attributes
    ----------
    title
        Empty: the dataset's own.
    about
        Address of a page about it; empty: none.
    embeddings
        The ones to show, in this order; empty: all.
    custom_colors
        Whether colors in ``uns`` count.
    """

    title: str = ""
    about: str = ""
    embeddings: tuple[str, ...] = ()
    custom_colors: bool = True

    def of(self, schema: Schema) -> Schema:
        """The schema with the embeddings that are shown; all, should none of them be there."""
        there = {embedding.name: embedding for embedding in schema.embeddings}
        chosen = dict.fromkeys(name.removeprefix("X_") for name in self.embeddings)
        shown = tuple(there[name] for name in chosen if name in there)
        return replace(schema, embeddings=shown) if shown else schema


PLAIN = Presentation()
