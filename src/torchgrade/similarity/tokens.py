"""Code as a row of symbols that stay the same when names, comments and layout change.

Pygments takes text apart by regular expressions and never gives up: a file with syntax errors, or nested a hundred
thousand deep, is a row of symbols like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Name, String, Whitespace

__all__ = ["OTHER", "Part", "Symbol", "parts_of", "symbols_of"]

OTHER = ""  # the part of a file that is in no exercise
_DEFINING = frozenset({"async", "class", "def"})


class Symbol(NamedTuple):
    """One word of code.

    Attributes:
        text: What is compared: keywords, operators, numbers, builtins and names after a dot as they are; any other name
            is ``V`` and any string ``S``.
        line: The line that it is in; the first is 1.
        first: Whether it is the first thing on a line that begins at the margin.
        word: What stands there.
    """

    text: str
    line: int
    first: bool
    word: str


@dataclass(frozen=True)
class Part:
    """The symbols of one exercise, or of all that is in none."""

    exercise: str
    symbols: tuple[Symbol, ...]


def symbols_of(source: str) -> Iterator[Symbol]:
    """Yield the symbols of some code, without comments, docstrings and white space."""
    line, margin, before, last = 1, True, "", ""
    for _, kind, word in PythonLexer().get_tokens_unprocessed(source):
        text = _symbol(kind, word, before, last)
        if text and not (text == "S" == last):  # the pieces of one string are one symbol
            yield Symbol(text, line, margin, word)
            before, last = last, text
        line += word.count("\n")
        margin = word.endswith("\n")


def _symbol(kind: object, word: str, before: str, last: str) -> str:
    """Return what a token is compared as; empty for one that is not."""
    role = _role(kind)
    if role == "left out" or not word.strip():
        return ""
    if role == "string":
        return "S"
    if role == "name" and (last != "." or before == "self"):
        return "V"
    return word


@cache
def _role(kind: Any) -> str:
    """Return what is done with a kind of token, of which Pygments has some dozens."""
    if kind in Comment or kind in Whitespace or kind in String.Doc:
        return "left out"
    if kind in String:
        return "string"
    plain = kind in Name and kind not in Name.Builtin and kind not in Name.Namespace
    return "name" if plain else "word"


def parts_of(symbols: Iterable[Symbol], exercises: Iterable[str]) -> dict[str, Part]:
    """Split code at what is defined at the margin: a part for each exercise, and one for all the rest.

    Of an exercise that is defined twice both are in its part.
    """
    known = frozenset(exercises)
    found: dict[str, list[Symbol]] = {}
    current, defining = OTHER, False
    for one in symbols:
        if one.first and one.text not in ")]}":
            current, defining = OTHER, one.word in _DEFINING
        elif defining and one.word not in _DEFINING:
            current, defining = (one.word if one.word in known else OTHER), False
        found.setdefault(current, []).append(one)
    return {name: Part(name, tuple(symbols)) for name, symbols in found.items()}
