"""Other graders' solution markers, rewritten as ours.

Theirs may stand anywhere: around functions, around single lines, behind a line. Ours stand inside a function, around
whole statements of one block.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass, field

from .pieces import Note, Piece
from .statements import Statement, chunks, plain_python

__all__ = ["Answers", "read_answers"]

_BEGIN = re.compile(r"\s*#+\s*BEGIN\s+SOLUTION\b", re.IGNORECASE)
_END = re.compile(r"\s*#+\s*END\s+SOLUTION\b", re.IGNORECASE)
_LINE = re.compile(r"#\s*(SOLUTION(\s+NO\s+PROMPT)?|SEED)\s*$")
_PROMPT = re.compile(
    r'^[ \t]*("""|\'\'\')[ \t]*#[ \t]*BEGIN PROMPT[^\n]*\n(.*?)^[ \t]*\1;?[ \t]*#[ \t]*END PROMPT[^\n]*$',
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\s*(pass|\.\.\.|return|return \.\.\.|\w+\s*=\s*\.\.\.)\s*")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Answers:
    """One code cell, read.

    Attributes:
        statements: Its statements; the text of definitions holds our markers.
        notes: What was changed or left out.
    """

    statements: list[Statement] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_answers(piece: Piece, first: int, asked: frozenset[str]) -> Answers:
    """Read a code cell.

    Args:
        piece: The cell.
        first: The place of its first statement among all.
        asked: The names that tests use: a function among them is an exercise, even where it is part of an answer.
    """
    found = Answers()
    source, prompts = _without_prompts(piece.source)
    try:
        source, magic = plain_python(source)
    except SyntaxError as error:
        why = f"is not Python (line {error.lineno}: {error.msg})"
        found.notes.append(Note(piece.cell, "code", why, text=piece.source))
        return found
    if magic:
        found.notes.append(Note(piece.cell, "magics", "only IPython understands these lines", text="\n".join(magic)))
    marking = _Marking(source.split("\n"), piece.whole, asked, prompts)
    tree = ast.parse(source)
    marking.read_marks(tree)
    for order, (node, start, end) in enumerate(chunks(marking.lines, tree.body), first):
        part = marking.part_of(node)
        text = marking.text(start, end) or ast.unparse(node)  # x = 1; y = 2
        found.statements.append(Statement(piece.cell, order, node, text, part))
    found.notes += [Note(piece.cell, what, why, lost=False) for what, why in marking.changed]
    why = "does not stand beside the answer in a function: students receive a line that raises in its place"
    found.notes += [Note(piece.cell, "prompt", why, text=text) for text in marking.prompts.values()]
    return found


def _without_prompts(source: str) -> tuple[str, dict[int, str]]:
    """Take prompts out; return those that say more than a placeholder, by the line where they began, from 1."""
    prompts = dict[int, str]()

    def replaced(match: re.Match[str]) -> str:
        code = [line for line in match[2].splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if not all(_PLACEHOLDER.fullmatch(line) for line in code):
            prompts[source.count("\n", 0, match.start()) + 1] = match[2]
        return "\n" * match[0].count("\n")

    return _PROMPT.sub(replaced, source), prompts


@dataclass
class _Marking:
    """The edits of one cell, by line."""

    lines: list[str]
    whole: bool
    asked: frozenset[str]
    prompts: dict[int, str]
    regions: list[tuple[int, int]] = field(default_factory=list)
    before: dict[int, list[str]] = field(default_factory=dict)
    after: dict[int, list[str]] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    replaced: dict[int, str] = field(default_factory=dict)
    single: set[int] = field(default_factory=set)
    changed: list[tuple[str, str]] = field(default_factory=list)

    def read_marks(self, tree: ast.Module) -> None:
        """Find the regions between markers, and the lines that are marked one by one; lines count from 1."""
        opened = 0
        for number, line in enumerate(self.lines, 1):
            if _BEGIN.match(line):
                opened = number
                self.dropped.add(number)
            elif _END.match(line):
                self.regions += [(opened, number)] if opened else []
                opened = 0
                self.dropped.add(number)
        for token in tokenize.generate_tokens(io.StringIO("\n".join(self.lines)).readline):
            if token.type == tokenize.COMMENT and (mark := _LINE.match(token.string)):
                number = token.start[0]
                self.single.add(number)
                self.replaced[number] = self.lines[number - 1][: token.start[1] + mark.start()].rstrip()

    def part_of(self, node: ast.stmt) -> str:
        """Mark the answers within a top-level statement, and tell who writes it."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            return "given"
        inside = self.whole or self.encloses(node)
        if isinstance(node, _Function | ast.ClassDef):
            if inside and node.name not in self.asked:
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                self.put(first, node.end_lineno or first, "")
                return "helper"
            return "answer" if self.define(node, inside) else "given"
        return "result" if inside or self.touched(node) else "given"

    def encloses(self, node: ast.stmt) -> bool:
        return any(begin < node.lineno and (node.end_lineno or 0) < end for begin, end in self.regions)

    def touched(self, node: ast.stmt) -> bool:
        end = node.end_lineno or node.lineno
        within = any(node.lineno <= begin <= end for begin, _ in self.regions)
        return within or any(node.lineno <= number <= end for number in self.single)

    def define(self, node: ast.stmt, inside: bool) -> bool:
        """Put markers into a function, or into the methods of a class; tell whether there was anything to mark."""
        if isinstance(node, ast.ClassDef):
            return self.define_class(node, inside)
        if not isinstance(node, _Function):
            return False
        if inside:
            self.enclose(node)
            return True
        last = node.end_lineno or node.lineno
        regions = [(b, e) for b, e in self.regions if node.lineno <= b <= last]
        for begin, end in regions:
            self.put(begin + 1, end - 1, self.indent_below(begin, end))
        for one in self.marked_alone(node.body):
            self.put(one[0], one[1], self.indent_of(one[0]))
        return bool(regions) or any(node.lineno <= number <= last for number in self.single)

    def define_class(self, node: ast.ClassDef, inside: bool) -> bool:
        found = False
        for child in node.body:
            within = inside or self.encloses(child)
            if isinstance(child, _Function | ast.ClassDef):
                found |= self.define(child, within)
            elif within and not isinstance(child, ast.Expr):
                said = f"{node.name}: {ast.unparse(child)}"
                self.changed.append(
                    (said, "stands in the class's own body, and STUDENTS SEE IT; move it into a method")
                )
        return found

    def enclose(self, node: _Function) -> None:
        """Mark a function's whole body; its head and docstring are what students receive."""
        self.changed.append((node.name, "the whole cell was the answer; students receive the head and the docstring"))
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        if not body:
            return
        if body[0].lineno == node.lineno:  # def f(x): return x
            kept = ast.unparse(node).split("\n")
            at = len(kept) - len(ast.unparse(ast.Module(body, [])).split("\n"))
            indent = " " * 4
            kept[at:] = [f"{indent}# BEGIN SOLUTION", *kept[at:], f"{indent}# END SOLUTION"]
            own = " " * node.col_offset
            self.before[node.lineno] = [own + line for line in kept]
            self.dropped |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            return
        first = node.body[0].end_lineno + 1 if len(body) < len(node.body) else body[0].lineno  # type: ignore[operator]
        while first < body[0].lineno and not self.lines[first - 1].strip():
            first += 1
        self.put(first, body[-1].end_lineno or first, " " * body[0].col_offset)

    def put(self, first: int, last: int, indent: str) -> None:
        prompt = self.prompt_beside(first, last) if indent else []
        self.before.setdefault(first, []).extend([*prompt, f"{indent}# BEGIN SOLUTION"])
        self.after.setdefault(last, []).append(f"{indent}# END SOLUTION")

    def prompt_beside(self, first: int, last: int) -> list[str]:
        """Take the prompt that touches some lines, and write it as ours: commented out, above the solution."""
        for at, text in self.prompts.items():
            between = range(last + 1, at) if at > last else range(at + text.count("\n") + 2, first)
            if all(not self.lines[number - 1].strip() or number in self.dropped for number in between):
                del self.prompts[at]
                lines = [_commented(line) for line in text.rstrip().split("\n")]
                indent = self.indent_of(first)
                return [f"{indent}# BEGIN PROMPT", *lines, f"{indent}# END PROMPT"]
        return []

    def marked_alone(self, body: list[ast.stmt]) -> list[tuple[int, int]]:
        """Return the runs of statements of one block in which a line is marked."""
        runs, going = list[tuple[int, int]](), False
        for node in body:
            last = node.end_lineno or node.lineno
            head = node.body[0].lineno - 1 if isinstance(node, _BLOCKS) else last
            if any(node.lineno <= number <= max(head, node.lineno) for number in self.single):
                runs[-1:] = [(runs[-1][0], last)] if going else [*runs[-1:], (node.lineno, last)]
                going = True
                continue
            going = False
            for inner in ("body", "orelse", "finalbody"):
                runs += self.marked_alone(getattr(node, inner, []))
        return runs

    def indent_below(self, begin: int, end: int) -> str:
        for number in range(begin + 1, end):
            if self.lines[number - 1].strip() and not self.lines[number - 1].lstrip().startswith("#"):
                return self.indent_of(number)
        return self.indent_of(begin)

    def indent_of(self, number: int) -> str:
        line = self.lines[number - 1]
        return line[: len(line) - len(line.lstrip())]

    def text(self, start: int, end: int) -> str:
        """Return some lines (from 0, end excluded) as they read now."""
        kept = list[str]()
        for number in range(start + 1, end + 1):
            kept += self.before.get(number, [])
            if number not in self.dropped:
                kept.append(self.replaced.get(number, self.lines[number - 1]))
            kept += self.after.get(number, [])
        return "\n".join(kept).strip("\n")


def _commented(line: str) -> str:
    text = line.lstrip()
    return f"{line[: len(line) - len(text)]}# {text}" if text else ""


_BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.Try)
