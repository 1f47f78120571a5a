"""Strings that differ: where, and whether it is only a matter of capitals or blanks."""

from __future__ import annotations

from itertools import takewhile

from ..language import _
from .describe import quoted
from .difference import Difference, opening

__all__ = ["compare_texts"]

ROOM = 60
BLOCK = 4096


def compare_texts(came: str, asked: str, place: str) -> Difference | None:
    """Compare two strings."""
    if came == asked:
        return None
    start = _first_difference(came, asked)
    first, second = _around(came, start), _around(asked, start)
    sentence = _("the string {came} came, {asked} was asked for.").format(came=first, asked=second)
    lines = [opening(place, sentence)]
    if start:
        lines.append(_("They differ from character [{index}] on.").format(index=start))
    return Difference(place, first, second, "\n".join(lines), _text_help(came, asked))


def _first_difference(came: str, asked: str) -> int:
    block = 0
    while (
        came[block : block + BLOCK] == asked[block : block + BLOCK]
    ):  # blocks, since strings can have millions of characters
        block += BLOCK
    pairs = zip(came[block : block + BLOCK], asked[block : block + BLOCK], strict=False)
    return block + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _around(text: str, start: int) -> str:
    """Quote a string; of a long one the part where it differs."""
    if len(text) <= ROOM:
        return repr(str(text))
    begin = max(start - 10, 0)
    part = quoted(text[begin : begin + ROOM // 2], ROOM)
    return f"{'...' if begin else ''}{part}{'...' if begin + ROOM // 2 < len(text) else ''}"


def _text_help(came: str, asked: str) -> str:
    if came.lower() == asked.lower():
        return _("Only capital and small letters differ.")
    if came.split() == asked.split() or "".join(came.split()) == "".join(asked.split()):
        return _("Only blanks or line ends differ.")
    if not came:
        return _("The string that came is empty.")
    return ""
