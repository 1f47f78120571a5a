"""Turning a master into the stub that students fill in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import CourseError
from .markers import Block, find_blocks
from .syntax import lines_of

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
    lines, kept, at = lines_of(source), list[str](), 0
    for begin, end, put in _replacements(find_blocks(source, file), lines, file):
        kept += lines[at : begin - 1] + put
        at = end
        while not put and at < len(lines) and not "".join([*kept[-1:], lines[at]]).strip():
            at += 1  # what left nothing leaves no double gap either
    stub = "\n".join(kept + lines[at:])
    _must_be_a_module(stub, file)
    return stub


def _replacements(blocks: list[Block], lines: list[str], file: Path) -> Iterator[tuple[int, int, list[str]]]:
    """Yield first line, last line and new lines of each part of the master to replace."""
    waiting = iter(blocks)
    for block in waiting:
        if block.kind == "PROMPT":
            solution = next(waiting, None)
            between = lines[block.end : solution.begin - 1] if solution else []
            if solution is None or solution.kind == "PROMPT" or "".join(between).strip():
                problem = "PROMPT is not followed by a SOLUTION"
                remedy = "put # BEGIN SOLUTION right below # END PROMPT"
                raise CourseError(file, f"line {block.begin}", problem, remedy)
            yield block.begin, solution.end, _uncommented(block, lines, file)
        else:
            _must_fit(block, lines, file)
            yield block.begin, block.end, _todo(block)


def _todo(block: Block) -> list[str]:
    if not block.owners:
        return []
    return [f'{block.indent}raise NotImplementedError("TODO: {".".join(block.owners)}")']


def _uncommented(block: Block, lines: list[str], file: Path) -> list[str]:
    put = []
    for number, line in enumerate(lines[block.begin : block.end - 1], block.begin + 1):
        text = line.lstrip()
        if text and not text.startswith("#"):
            remedy = "put # before it: the master itself must not run the prompt"
            raise CourseError(file, f"line {number}", "a line of the PROMPT is not commented out", remedy)
        indent = line[: len(line) - len(text)]
        put.append((indent + text[1:].removeprefix(" ")).rstrip())
    return put


def _must_fit(block: Block, lines: list[str], file: Path) -> None:
    """Refuse a solution whose stub would raise while the file is imported: every other exercise would fail with it."""
    code = (line for line in lines[block.begin : block.end - 1] if line.strip() and line.lstrip()[0] != "#")
    first = next(code, block.indent)
    if block.owners and first[: len(first) - len(first.lstrip())] != block.indent:
        problem, remedy = "the marker is not indented like the code below it", "indent both markers like that code"
    elif block.in_class:
        problem = "a solution in a class's own body would raise when the file is imported"
        remedy = "mark the solution inside each method, or put a # BEGIN PROMPT … # END PROMPT block above it"
    else:
        return
    raise CourseError(file, f"line {block.begin}", problem, remedy)


def _must_be_a_module(stub: str, file: Path) -> None:
    """Refuse a stub that does not parse, or in which an uncommented prompt brought a marker back."""
    remedy = "a solution must be whole statements, and its prompt able to stand in their place, without markers"
    try:
        left = find_blocks(stub, file)
    except CourseError as error:
        raise CourseError(file, f"{error.place} of the stub", error.problem, remedy) from None
    if left:
        problem = f"a {left[0].kind} marker is left in the stub"
        raise CourseError(file, f"line {left[0].begin} of the stub", problem, remedy)
