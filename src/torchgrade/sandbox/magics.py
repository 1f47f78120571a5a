"""What a notebook's cells hold besides Python: magics, shell lines and questions, done as IPython would or left out.

Text to text, in one pass: nothing is parsed and nothing is run, so the grader may do it with anybody's cells. None of
these lines can begin a statement of Python, so a line is only ever taken for one where a statement begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["TOKEN", "LeftOut", "plain_python"]

# Their rest is Python that IPython runs where it stands.
_RUN = frozenset({"time", "prun", "memit", "capture"})
# What they change is nothing that a check could see: not worth a word.
_QUIET = frozenset({"matplotlib", "load_ext", "reload_ext", "autoreload", "config", "time", "timeit", "capture"})
_MAGIC = re.compile(r"([ \t]*)(%%?|!!?|\?\??)[ \t]*(\w*)[ \t]*")
_ASSIGNED = re.compile(r"([ \t]*)[A-Za-z_][\w., \t]*=[ \t]*[%!](?!=)")
_QUESTION = re.compile(r"([ \t]*)%{0,2}[A-Za-z_*][\w.*]*(\[\w+\])*\?\??[ \t]*(?=\n|$)")
# Strings, comments, brackets and line ends: all it takes to see where a statement of Python ends.
TOKEN = re.compile(
    r"""
    (?P<string>\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z) | '''(?:[^\\]|\\.)*?(?:'''|\Z)
        | "(?:[^"\\\n]|\\.)*"? | '(?:[^'\\\n]|\\.)*'?)
    | (?P<comment>\#[^\n]*) | (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<joined>\\\n) | (?P<end>\n)
    | [^"'\#()\[\]{}\\\n]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class LeftOut:
    """A line that is not run.

    Attributes:
        line: Its number in the cell.
        text: What it says.
    """

    line: int
    text: str


def plain_python(cell: str) -> tuple[str, list[LeftOut]]:
    """Return a cell as Python, with as many lines, and what was left out of it."""
    text = _without_first_indent(cell.replace("\r\n", "\n").replace("\r", "\n"))
    head = re.match(r"\s*%%[ \t]*(\w+)[^\n]*", text)
    if head is None:
        return _lines(text, 1)
    above = text.count("\n", 0, head.end())
    if head[1] not in _RUN:
        note = [] if head[1] in _QUIET else [LeftOut(above + 1, head[0].strip())]
        return "\n" * text.count("\n"), note
    body, left_out = _lines(text[head.end() :], above + 1)
    return "\n" * above + body, left_out


def _without_first_indent(text: str) -> str:
    """Move a cell to the left as far as its first line of code stands in; IPython does so with pasted code."""
    first = re.search(r"^([ \t]+)\S|^\S", text, re.MULTILINE)
    return re.sub(rf"^{first[1]}", "", text, flags=re.MULTILINE) if first and first[1] else text


def _lines(text: str, line: int) -> tuple[str, list[LeftOut]]:
    parts, left_out = list[str](), list[LeftOut]()
    for part, magic in _logical_lines(text):
        put = part
        if magic is not None:
            put = _as_python(magic) + "\n" * part.count("\n")
            if _worth_a_word(magic):
                left_out.append(LeftOut(line, magic.strip()))
        parts.append(put)
        line += part.count("\n")
    return "".join(parts), left_out


def _logical_lines(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield each logical line with its line end, and once more if it is no Python."""
    at = 0
    while at < len(text):
        if (_MAGIC.match(text, at) or _ASSIGNED.match(text, at) or _QUESTION.match(text, at)) is not None:
            end = _end_of_command(text, at)
            yield text[at:end], text[at:end].rstrip("\n")
        else:
            end = _end_of_statement(text, at)
            yield text[at:end], None
        at = end


def _end_of_command(text: str, at: int) -> int:
    match = re.compile(r"(?:[^\\\n]|\\\n|\\)*\n?").match(text, at)
    return match.end() if match else len(text)


def _end_of_statement(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        token = TOKEN.match(text, at)
        assert token is not None  # its last branch takes anything
        at, kind = token.end(), token.lastgroup
        depth += (kind == "open") - (kind == "close" and depth > 0)
        if kind == "end" and depth == 0:
            return at
    return at


def _as_python(magic: str) -> str:
    found = _MAGIC.match(magic)
    if found and found[2] == "%" and found[3] in _RUN - {"capture"} and magic[found.end() :].strip():
        return found[1] + magic[found.end() :].replace("\\\n", " ")
    return magic[: len(magic) - len(magic.lstrip())] + "pass"


def _worth_a_word(magic: str) -> bool:
    found = _MAGIC.match(magic)
    if found is None:
        return not _QUESTION.match(magic)
    return found[2][0] != "?" and not (found[2][0] == "%" and found[3] in _QUIET | _RUN)
