"""All that a collection holds at one moment, by hashes: small enough to be kept for each edit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class State:
    """What a collection holds.

    Attributes
    ----------
    annotations
        Name → hash of the column, in order.
    gene_sets
        Name → (description, hash of the genes), in order.
    """

    annotations: Mapping[str, str] = field(default_factory=dict)
    gene_sets: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def hashes(self) -> set[str]:
        """What it refers to."""
        return {*self.annotations.values(), *(hash for _, hash in self.gene_sets.values())}

    @property
    def token(self) -> str:
        """Names what the annotations are, whatever the gene sets; nothing for none."""
        if not self.annotations:
            return ""
        written = json.dumps(list(self.annotations.items())).encode()
        return hashlib.blake2b(written, digest_size=12).hexdigest()

    def same(self, other: "State") -> bool:
        """Whether both say the same, in the same order."""
        return self.to_json() == other.to_json()

    def to_json(self) -> str:
        """For the history."""
        sets = [[name, *rest] for name, rest in self.gene_sets.items()]
        return json.dumps({"annotations": list(self.annotations.items()), "gene_sets": sets})

    def with_annotations(self, annotations: Mapping[str, str]) -> "State":
        """The same gene sets with other annotations."""
        return replace(self, annotations=annotations)

    def with_gene_sets(self, gene_sets: Mapping[str, tuple[str, str]]) -> "State":
        """The same annotations with other gene sets."""
        return replace(self, gene_sets=gene_sets)


def from_json(document: str) -> State:
    """What `State.to_json` wrote."""
    found = json.loads(document)
    sets = {name: (description, hash) for name, description, hash in found["gene_sets"]}
    return State(dict(found["annotations"]), sets)


def what_changed(before: State, after: State) -> str:
    """One line for the history: what was added, changed, removed."""
    return "; ".join(
        f"{label}: {changes}"
        for label, changes in (
            ("annotations", _changes(before.annotations, after.annotations)),
            ("gene sets", _changes(before.gene_sets, after.gene_sets)),
        )
        if changes
    )


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    marked = {
        "+": [name for name in after if name not in before],
        "~": [name for name in after if name in before and after[name] != before[name]],
        "-": [name for name in before if name not in after],
    }
    if not any(marked.values()) and list(before) != list(after):
        return "reordered"
    return ", ".join(f"{mark}{name}" for mark, names in marked.items() for name in names)
