"""In the worker: source taken apart into statements, those that cannot be read among them.

A tolerant parser, made of Python's own: where the whole does not parse, each stretch that begins at the margin is tried
by itself, then together with the next ones, until it does. So it reads whatever this Python reads, and what it calls an
error is one. A stretch that never parses is left behind; the next is tried afresh.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import sentences as said

__all__ = ["UNREADABLE", "Broken", "statements"]

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # null bytes; nested without end
REACH = 1000
_BEGINS = re.compile(r"(?![\s#)\]}]|(?:else|elif|except|finally)\b)")
_NAMED = re.compile(
    r"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+(?P<defined>\w+)|(?P<bound>[^\W\d]\w*)[ \t]*(?::[^=\n]*)?=(?!=))",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Broken:
    """A stretch that is no Python.

    Attributes:
        names: What it would have defined, as far as can be told.
        error: Why not; of a SyntaxError the place is that in the whole source.
    """

    names: tuple[str, ...]
    error: Exception


def statements(source: str, first: int, filename: str) -> Iterator[ast.stmt | Broken]:
    """Yield the statements of a source, with the line numbers that they have in a larger one.

    Args:
        source: Some Python, with newlines for line ends.
        first: The number of its first line.
        filename: Name of the larger source, for errors.
    """
    lines = source.split("\n")
    begins = _margins(lines) if isinstance(_parsed(source), Exception) else [0]
    at = 0
    while at < len(begins):
        error: Exception | None = None
        for end in range(at + 1, min(at + REACH, len(begins)) + 1):
            last = begins[end] if end < len(begins) else len(lines)
            stretch = "\n".join(lines[begins[at] : last])
            found = _parsed(stretch)
            if not isinstance(found, Exception):
                yield from (_moved(one, first - 1 + begins[at]) for one in found)
                at = end
                break
            error = error or _placed(found, first - 1 + begins[at], filename, stretch)
        else:
            assert error is not None
            one = "\n".join(lines[begins[at] : begins[at + 1] if at + 1 < len(begins) else len(lines)])
            yield Broken(tuple(match["defined"] or match["bound"] for match in _NAMED.finditer(one)), error)
            at += 1


def _parsed(text: str) -> list[ast.stmt] | Exception:
    try:
        return ast.parse(text).body
    except UNREADABLE as error:
        return error


def _margins(lines: list[str]) -> list[int]:
    """Return the lines at which a statement may begin; what follows a decorator belongs to it."""
    begins, decorated = list[int](), False
    for number, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("#"):
            if not begins or (_BEGINS.match(line) and not decorated):
                begins.append(number)
            decorated = line.startswith("@") or (decorated and not line.startswith(("def ", "class ", "async ")))
    return begins


def _moved(node: ast.stmt, by: int) -> ast.stmt:
    return ast.increment_lineno(node, by) if by else node


def _placed(error: Exception, above: int, filename: str, text: str) -> Exception:
    if not isinstance(error, SyntaxError):
        words = said.CODE_TOO_DEEP if isinstance(error, (RecursionError, MemoryError)) else str(error)
        return SyntaxError(words, (filename, above + 1, None, text.split("\n")[0]))
    error.filename = filename
    error.lineno = (error.lineno or 1) + above
    return error
