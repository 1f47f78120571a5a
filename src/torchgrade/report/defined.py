"""Where a student's code defines what, seen from its lines alone: nothing of it is parsed, and nothing is run.

A parser can be brought down by what it reads, so those of a student's code work in the student's process. To put
a verdict beneath a function it is enough to tell strings from statements, as `sandbox.magics` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..sandbox.magics import TOKEN, plain_python

__all__ = ["cut", "defined_in"]

_DEFINED = re.compile(r"[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
_BOUND = re.compile(r"[ \t]*([^\W\d]\w*)[ \t]*(?::[^=\n]*)?=(?!=)")
# At the margin these begin a statement even where a bracket was never closed.
_BEGINS = re.compile(r"(?:async[ \t]+def|def|class)[ \t]|@")


def defined_in(cell: str) -> set[str]:
    """Return the names that a cell binds at the top: functions, classes and variables, below an ``if`` as well."""
    found, owner = set[str](), -1
    for _, line in _statements(plain_python(cell)[0]):
        inside = len(line) - len(line.lstrip())
        if not line.strip() or line.lstrip().startswith("#") or inside > owner >= 0:
            continue
        owner = -1
        if match := _DEFINED.match(line):
            owner = inside
        if match := match or _BOUND.match(line):
            found.add(match[1])
    return found


def cut(source: str) -> list[tuple[int, str]]:
    """Cut a module into cells: one for each function and class at its top, and one for what stands between them.

    Returns:
        Of each the number of its first line, from 1, and its text.
    """
    places = [0, *_places(source), len(source)]
    found, line = list[tuple[int, str]](), 1
    for at, end in pairwise(places):
        text = source[at:end]
        above = len(text) - len(text.lstrip("\n"))
        if text.strip():
            found.append((line + above, text.strip("\n")))
        line += text.count("\n")
    return found


def _places(source: str) -> Iterator[int]:
    """Yield where a function or class begins, with decorators and comments above it, and where the next thing does."""
    waiting, defining = -1, False
    for at, line in _statements(source):
        if not line.strip() or line[0] in " \t)]}":
            continue
        begin = at if waiting < 0 else waiting
        if line[0] in "#@":  # it belongs to what follows
            waiting = begin
            continue
        defines = _DEFINED.match(line) is not None
        if defines or defining:
            yield begin
        waiting, defining = -1, defines


def _statements(source: str) -> Iterator[tuple[int, str]]:
    """Yield where each statement or blank line begins, and the text of it."""
    at, begin, depth = 0, 0, 0
    while at < len(source):
        token = TOKEN.match(source, at)
        assert token is not None  # its last branch takes anything
        at, kind = token.end(), token.lastgroup
        depth += (kind == "open") - (kind == "close" and depth > 0)
        if kind == "end" and (depth == 0 or _BEGINS.match(source, at)):
            yield begin, source[begin:at]
            begin, depth = at, 0
    if begin < len(source):
        yield begin, source[begin:]
