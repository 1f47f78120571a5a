"""Text from outside, made fit for a page: nothing in it acts, nothing in it hides."""

from __future__ import annotations

import re
import unicodedata

from ..language import ngettext

__all__ = ["code_line", "code_spans", "one_line", "plain", "verbatim"]

LINE_LIMIT = 400
BLOCK_LIMIT = 4000
BLOCK_LINES = 120

_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours and cursor moves
    r"|\x1b[]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # titles, links and other strings for the terminal
    r"|\x1b[ -/]*[0-~]"
)
# Persian and Indic spelling and joined emoji need these two; neither changes the order of what is seen.
_JOINERS = "\u200c\u200d"
_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def plain(text: str) -> str:
    """Drop terminal escapes, and show as escapes what would be invisible or reorder the text around it."""
    if text.isprintable():  # nearly always; a class has a million lines
        return text
    text = _ANSI.sub("", _NEWLINES.sub("\n", text))
    return "".join(c if c.isprintable() or c in "\n\t" else _shown(c) for c in text)


def _shown(character: str) -> str:
    if character in _JOINERS:
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    return character.encode("unicode_escape").decode()


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Return ``text`` as one line of at most ``limit`` characters."""
    line = " ".join(plain(text).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def verbatim(text: str) -> str:
    """Return ``text`` line by line as it is, cut where it is longer than anyone reads; it says so."""
    whole = plain(text).strip("\n").rstrip()
    kept = "\n".join(whole[:BLOCK_LIMIT].split("\n")[:BLOCK_LINES])
    if len(kept) == len(whole):
        return whole
    cut = len(whole) - len(kept)
    rest = ngettext("… and {count} more character", "… and {count} more characters", cut).format(count=f"{cut:,}")
    return f"{kept.rstrip()}\n{rest}"


def code_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Return one line of code with its indentation, cut where it is longer than ``limit`` characters."""
    line = plain(text[: limit + 1]).rstrip("\n")
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def code_spans(line: str) -> list[tuple[bool, str]]:
    """Split a line at its `code` in backticks: pairs of whether it is code, and the text."""
    parts = _CODE.split(line)
    return [(place % 2 == 1, part) for place, part in enumerate(parts) if part]
