"""The options of ``cellxgene launch``: those spelled in another way here, and those that are not here."""

from collections.abc import Iterator, Sequence

from ..errors import BadQuery

_SPELLED = {
    "-t": "--title",
    "-obs": "--obs-names",
    "-var": "--var-names",
    "-e": "--embedding",
    "-p": "--port",
    "-o": "--open",
    "-v": "--verbose",
    "-d": "--debug",
    "-b": "--backed",
    "-de": "--diffexp-lfc-cutoff",
    "-c": "--config-file",
    "-s": "--scripts",
    "--annotations-dir": "--user-generated-data-dir",
}
# what takes a value of its own, in the next word
_VALUED = (
    "--title",
    "--obs-names",
    "--var-names",
    "--embedding",
    "--port",
    "--diffexp-lfc-cutoff",
    "--annotations-file",
    "--user-generated-data-dir",
    "--gene-sets-file",
    "--config-file",
)
_ELSEWHERE = {"--scripts": "the page runs no scripts but its own"}
# what is so anyway
_NOTHING = ("--backed", "--no-upgrade-check", "--upgrade-check")


def translated(words: Sequence[str]) -> list[str]:
    """The same options as `ServeApp` spells them.

    Raises
    ------
    BadQuery
        One has no meaning here; the sentence says what to use instead.
    """
    return list(_translated(words))


def _translated(words: Sequence[str]) -> Iterator[str]:
    waiting = ""
    for at, word in enumerate(words):
        if word == "--":
            yield from words[at:]
            return
        if waiting:
            yield f"{waiting}={word}"
            waiting = ""
            continue
        name, equals, value = word.partition("=")
        glued = _SPELLED.get(word[:2])
        if name not in _SPELLED and glued in _VALUED:  # -p5005
            name, equals, value = glued, "=", word[2:]
        name = _SPELLED.get(name, name)
        if name in _ELSEWHERE:
            raise BadQuery(f"There is no {name} here: {_ELSEWHERE[name]}.")
        if name in _NOTHING:
            continue
        if name in _VALUED and not equals:
            waiting = name
            continue
        yield f"{name}{equals}{value}"
    if waiting:
        raise BadQuery(f"{waiting} needs a value.")
