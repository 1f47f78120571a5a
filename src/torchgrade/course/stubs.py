"""Turning a master into the stub that students fill in."""

from __future__ import annotations

import ast
from pathlib import Path

from ..errors import CourseError
from .files import parse_python
from .markers import Block, find_blocks

__all__ = ["stub_source"]


def stub_source(source: str, file: Path) -> str:
    """Replace every solution in a master by its prompt, or by a line that raises.

    Args:
        source: The text of ``solution.py``.
        file: Where it came from, for the errors.

    Returns:
        Python without markers. A solution at module level (imports that only the answers need) leaves nothing.

    Raises:
        CourseError: A marker is misplaced, or what is left would not be a module; it names file and line.
    """
    blocks = find_blocks(source, file)
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    at = 0
    prompt: Block | None = None
    for block in blocks:
        if prompt is not None:
            _must_follow(prompt, block, lines, file)
        elif block.kind == "SOLUTION":
            _must_fit(block, lines, file)
        kept += lines[at : block.begin - 1] if prompt is None else []
        if block.kind == "PROMPT":
            kept += _uncommented(block, lines, file)
        elif prompt is None:
            kept += _todo(block)
        at = _resume(block, lines, kept)
        prompt = block if block.kind == "PROMPT" else None
    if prompt is not None:
        _must_follow(prompt, None, lines, file)
    return _checked("\n".join(kept + lines[at:]), file)
