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
_VALUED = ("--title", "--obs-names", "--var-names", "--embedding", "--port", "--diffexp-lfc-cutoff")
_CSV = "annotations and gene sets are kept in a database, and there are no CSV files to name"
_ELSEWHERE = {
    "--config-file": "write settings into jupyter_cxg_config.py, which jupyter cxg serve --help-all lists, "
    "and name it by --config",
    "--dump-default-config": "jupyter cxg serve --help-all lists all settings and their defaults",
    "--scripts": "the page runs no scripts but its own",
    "--annotations-file": _CSV,
    "--user-generated-data-dir": _CSV,
    "--gene-sets-file": _CSV,
    "--disable-annotations": "visitors annotate nothing with --auth none, so leave it away",
    "--disable-gene-sets-save": "visitors save nothing with --auth none, so leave it away",
    "--X-approximate-distribution": "numbers are exact for any distribution, so leave it away",
}
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
