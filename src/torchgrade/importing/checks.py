"""Tests of the notebook as checks of ours."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .pieces import Case
from .rewriting import STRICT, Rewriter
from .slicing import Slice, mentions, slice_of
from .statements import Statement, binds, chunks, uses

__all__ = ["Check", "Refused", "case_statements", "make_check"]

_COMMENT = re.compile(r"\s*#+\s*(.*?)[\s#]*$")
_HIDDEN_IN = {
    "get_ipython": "asks IPython",
    "globals": "looks at the notebook's variables",
    "locals": "looks at the notebook's variables",
    "inspect": "looks at the source of the student's code; see submission.banning and submission.observe",
    "capsys": "looks at what is printed; see submission.observe",
    "redirect_stdout": "looks at what is printed; see submission.observe",
}


class Refused(Exception):
    """A test that cannot be carried; its words say why."""


@dataclass(frozen=True)
class Check:
    """A test that can be carried.

    Attributes:
        case: What it was.
        name: The function's name.
        exercise: The exercise it belongs to.
        title: What students read.
        given: What must run before it.
        own: Its own statements.
        exercises: All that is the student's, by name.
        strictness: How much is written with `expect`: all that can be, all but ``==``, or nothing.
    """

    case: Case
    name: str
    exercise: str
    title: str
    given: Slice
    own: tuple[Statement, ...]
    exercises: Mapping[str, Statement]
    strictness: int = STRICT

    def loosened(self) -> Check:
        """Return it with more of its assertions as they were."""
        return replace(self, strictness=max(0, self.strictness - 1))

    @property
    def source(self) -> str:
        """The check as Python."""
        case, lines = self.case, list[str]()
        values = _students_values([*self.given.statements, *self.own], frozenset(self.exercises))
        rewriter = Rewriter(self.exercises, values, self.strictness, case.visible, case.because)
        cell = case.cell
        for one in self.given.statements:
            lines += [f"    # from cell {one.cell}"] * (one.cell not in (cell, case.cell)) + [
                rewriter.rewrite(one.text)
            ]
            cell = one.cell
        lines += [rewriter.rewrite(one.text) for one in self.own]
        visible = ", visible=True" if case.visible else ""
        head = f'@check("{self.exercise}", points={case.points:g}{visible})\ndef {self.name}(submission):\n'
        return head + f'    """{self.title}"""\n' + "\n".join(lines)


def case_statements(case: Case, first: int) -> list[Statement]:
    """Read a test.

    Raises:
        Refused: It is not Python.
    """
    try:
        body = ast.parse(case.source).body
    except SyntaxError as error:
        magic = re.search(r"^\s*[%!].*$", case.source, re.MULTILINE)
        why = f"line {error.lineno}: {error.msg}"
        raise Refused(f"uses IPython: {magic[0].strip()}" if magic else f"is not Python ({why})") from None
    lines, part = case.source.split("\n"), "test" if case.visible else "hidden"
    if any(before.end_lineno == after.lineno for before, after in itertools.pairwise(body)):
        lines = ast.unparse(ast.Module(body, [])).split("\n")  # x = 1; y = 2
        body = ast.parse("\n".join(lines)).body
    return [
        Statement(case.cell, order, node, "\n".join(lines[start:end]), part)
        for order, (node, start, end) in enumerate(chunks(lines, body), first)
    ]


def make_check(
    case: Case, own: Sequence[Statement], world: Sequence[Statement], exercises: Mapping[str, Statement]
) -> Check:
    """Make a check of a test; its name is left to be chosen.

    Args:
        case: The test.
        own: Its statements.
        world: All statements of the notebook.
        exercises: The student's functions and classes by name, the one nearest above the test first.

    Raises:
        Refused: It cannot be carried.
    """
    if case.trouble:
        raise Refused(case.trouble)
    if not own:
        raise Refused("holds no code")
    students = frozenset(exercises)
    seen = [one for one in world if not case.visible or one.part != "hidden"]
    needed = slice_of(seen, uses([one.node for one in own]), own[0].order, students)
    _refuse(own, needed, students)
    said = [one.node for one in (*own, *needed.statements)]
    called = [name for name in exercises if any(mentions(node, [name]) for node in said)]
    if not called:
        raise Refused("calls no function that students write")
    kept: Sequence[Statement] = [one for one in own if not isinstance(one.node, ast.Import | ast.ImportFrom)]
    needed = replace(needed, imports=(*needed.imports, *(one for one in own if one not in kept)))
    title, kept = _titled(case, called[0], kept)
    return Check(case, "", called[0], title, needed, tuple(kept), exercises)


def _refuse(own: Sequence[Statement], needed: Slice, students: frozenset[str]) -> None:
    for one in needed.statements:
        if one.part == "result":
            names = ", ".join(sorted(binds(one.node))) or ast.unparse(one.node)
            raise Refused(
                f"looks at {names}, which students set in cell {one.cell}; only functions and classes are called"
            )
        if one.part == "helper":
            raise Refused(f"calls {one.name}, a part of the answer in cell {one.cell} that is no exercise")
    if needed.unknown:
        raise Refused(f"uses {', '.join(sorted(needed.unknown))}, which nothing above it sets")
    for one in (*own, *needed.statements):
        again = binds(one.node) & students
        if again:
            raise Refused(f"sets {', '.join(sorted(again))} anew, which is an exercise")
        for word, why in _HIDDEN_IN.items():
            if mentions(one.node, [word]):
                raise Refused(why)


def _titled(case: Case, exercise: str, own: Sequence[Statement]) -> tuple[str, Sequence[Statement]]:
    """Return what students read, taken from the comment above a visible test; a hidden one's words stay hidden."""
    first, _, rest = own[0].text.partition("\n") if own else ("", "", "")
    found = _COMMENT.match(first) if case.visible else None
    words = found[1].replace("\\", " ").replace('"', "'") if found else ""
    if len(words) < 8:
        return f"{exercise}: {case.name or f'the test in cell {case.cell}'}.", own
    return words if words[-1] in ".?!" else f"{words}.", (replace(own[0], text=rest), *own[1:])


def _students_values(statements: Iterable[Statement], exercises: frozenset[str]) -> frozenset[str]:
    """Return the variables that come from the student's functions."""
    found = frozenset[str]()
    for one in statements:
        if mentions(one.node, exercises | found):
            found |= binds(one.node) - {one.name}
    return found
