"""The little of YAML that otter-grader's settings are written in."""

from __future__ import annotations

import ast
import re
from typing import Any

__all__ = ["read_settings"]

_ENTRY = re.compile(r"(\s*)([A-Za-z_][\w -]*?)\s*:(?:\s+(.*))?$")
_WORDS = {"true": True, "yes": True, "false": False, "no": False, "null": None, "~": None, "": None}


def read_settings(text: str) -> dict[str, Any]:
    """Read ``key: value`` lines; a key's own table or list stands indented below it.

    What is none of these is passed over: anchors, text over several lines, and so on.
    """
    return _table([line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")])


def _table(lines: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    at = 0
    while at < len(lines):
        entry = _ENTRY.match(lines[at])
        at += 1
        if not entry:
            continue
        below = at
        while below < len(lines) and (_indent(lines[below]) > len(entry[1]) or _in_list(lines[below], entry[1])):
            below += 1
        found[entry[2]] = _below(lines[at:below]) if below > at else _scalar(entry[3] or "")
        at = below
    return found


def _in_list(line: str, indent: str) -> bool:
    return _indent(line) == len(indent) and line.lstrip().startswith("- ")


def _below(lines: list[str]) -> Any:
    if lines[0].lstrip().startswith("-"):
        return [_scalar(line.lstrip()[1:]) for line in lines if line.lstrip().startswith("-")]
    return _table(lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _scalar(text: str) -> Any:
    text = re.sub(r"\s+#.*$", "", text).strip()
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if text.startswith("{") and text.endswith("}"):
        return _table([part.strip() for part in text[1:-1].split(",")])
    if text.startswith("[") and text.endswith("]"):
        return [_scalar(part) for part in text[1:-1].split(",") if part.strip()]
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
