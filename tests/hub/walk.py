"""URLs that match the routes of a server, made of the patterns themselves."""

import re
from collections.abc import Mapping
from re import _constants as op  # type: ignore[attr-defined]  # the parser of re, which has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any


def example(pattern: str, given: Mapping[str, str]) -> str:
    """A string that the pattern matches in full.

    Parameters
    ----------
    given
        Name of a group → what it shall be.
    """
    parsed = parser.parse(pattern)
    names = {number: name for name, number in parsed.state.groupdict.items()}
    made = "".join(_made(item, names, given) for item in parsed)
    assert re.fullmatch(pattern, made), (pattern, made)
    return made


def _made(item: Any, names: Mapping[int, str], given: Mapping[str, str]) -> str:
    kind, value = item
    if kind is op.LITERAL:
        return chr(value)
    if kind in (op.NOT_LITERAL, op.ANY):
        return "x"
    if kind is op.IN:
        return _one_of(value)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, inner = value
        return max(least, min(1, most)) * "".join(_made(part, names, given) for part in inner)
    if kind is op.SUBPATTERN:
        if names.get(value[0]) in given:
            return given[names[value[0]]]
        return "".join(_made(part, names, given) for part in value[-1])
    if kind is op.BRANCH:
        return "".join(_made(part, names, given) for part in value[1][0])
    return ""  # the ends of the string, and what is looked ahead to


def _one_of(members: Any) -> str:
    """A character of a set: the first of these that is in it."""
    pattern = re.compile(parser_text(members))
    return next(letter for letter in "x1-_./AZ" if pattern.fullmatch(letter))


def parser_text(members: Any) -> str:
    """The set as a pattern of its own."""
    text = ""
    for kind, value in members:
        if kind is op.NEGATE:
            text += "^"
        elif kind is op.LITERAL:
            text += re.escape(chr(value))
        elif kind is op.RANGE:
            text += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif kind is op.CATEGORY:
            text += {
                op.CATEGORY_WORD: r"\w",
                op.CATEGORY_NOT_WORD: r"\W",
                op.CATEGORY_DIGIT: r"\d",
                op.CATEGORY_NOT_DIGIT: r"\D",
                op.CATEGORY_SPACE: r"\s",
                op.CATEGORY_NOT_SPACE: r"\S",
            }[value]
    return f"[{text}]"
