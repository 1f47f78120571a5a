"""`torchgrade similar`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..course import Assignment
from ..course.files import write_changed
from ..grade.submissions import Submission, find_submissions
from ..late import handed_in
from .courses import assignment_of, course_of

if TYPE_CHECKING:
    from ..similarity import Pair, Side, Text

__all__ = ["add_commands"]

TOP = 50


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    similar = commands.add_parser(
        "similar", parents=[shared], help="submissions that are alike: pairs to look at, never a verdict",
        description="Compare the submissions of a class, exercise by exercise, without what the task makes everyone "
        "write, and show the likest pairs side by side. Names, comments, layout and the order of functions make no "
        "difference. Submissions are only read as text. Nothing it finds proves anything: read both, and ask.",
        epilog="example: torchgrade similar 01-tensors submissions/ --out similar, then open similar/01-tensors.html; "
        "exit codes: 0 done, whatever was found; 2 the command or the course is wrong",
    )  # fmt: skip
    similar.add_argument("slug", metavar="SLUG", help="the assignment, such as 01-tensors")
    similar.add_argument(
        "submissions", nargs="+", type=Path, metavar="SUBMISSION",
        help="a .py or .ipynb file, a folder of such files, or a folder with a folder for each student",
    )  # fmt: skip
    similar.add_argument(
        "--out",
        type=Path,
        default=Path("similar"),
        metavar="DIR",
        help="where SLUG.html and SLUG.json go (default: similar)",
    )
    similar.add_argument(
        "--top", type=_top, default=TOP, metavar="N", help=f"show N pairs at the most (default: {TOP})"
    )
    similar.add_argument(
        "--known", type=Path, action="append", default=[], metavar="FILE",
        help="code that anyone may have, besides the stub, the reference and fixtures/alternatives: your slides, say; "
        "more than once if you like",
    )  # fmt: skip
    similar.add_argument(
        "--times", metavar="FILE",
        help="as for `torchgrade grade`: says which submissions are one student's attempts, so as not to compare those",
    )  # fmt: skip
    similar.set_defaults(run=_similar)


def _top(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r}: give a number of pairs, 1 to 1000")
    return int(text)


def _similar(options: argparse.Namespace) -> int:
    from ..similarity import compare, known_texts, record_of, sides_of

    course = course_of(options)
    assignment = assignment_of(course, options.slug)
    submissions = find_submissions(options.submissions)
    known = list(known_texts(course, assignment, options.known))
    texts = _texts(submissions, assignment, options.times)
    pairs = compare(_watched(texts), known, assignment.exercise_names, options.top)
    sources = {text.name: text.source for text in texts}
    sides = {
        (pair.first, pair.second): [
            sides_of(sources[name], pair.parts, assignment.exercise_names) for name in (pair.first, pair.second)
        ]
        for pair in pairs
    }
    _write(options.out, assignment, texts, pairs, sides)
    data = json.dumps(record_of(assignment.slug, texts, pairs, sides), ensure_ascii=False, indent=2)
    write_changed(options.out / f"{assignment.slug}.json", f"{data}\n".encode("utf-8", "backslashreplace"))
    _show(options.out / f"{assignment.slug}.html", len(texts), pairs)
    return 0


def _texts(submissions: list[Submission], assignment: Assignment, times: str | None) -> list[Text]:
    from ..similarity import read_texts

    students: dict[str, str] = {}
    if times:
        late = handed_in(assignment, {one.name: one.path for one in submissions}, times)
        students = {name: attempt.student for name, attempt in late.attempts.items()}
    return list(read_texts(submissions, assignment.module, students))


def _watched(texts: list[Text]) -> Any:
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(texts, "reading", console=console, transient=True, disable=not console.is_terminal)


def _write(
    folder: Path,
    assignment: Assignment,
    texts: Sequence[Text],
    pairs: Sequence[Pair],
    sides: dict[tuple[str, str], list[list[Side]]],
) -> None:
    from ..report.class_page import labels_of
    from ..report.similarity_page import similarity_html

    page = similarity_html(labels_of(assignment), texts, pairs, sides)
    write_changed(folder / f"{assignment.slug}.html", page.encode("utf-8", "backslashreplace"))


def _show(page: Path, number: int, pairs: Sequence[Pair]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Words

    from ..report.environment import percent
    from ..report.text import one_line
    from ..similarity.record import NO_VERDICT

    console = Console(highlight=False)
    table = Table("one", "other", "weight", "own and shared", "exercises")
    for pair in pairs[:20]:
        exercises = ", ".join(match.exercise or "outside the exercises" for match in pair.parts)
        cells = [one_line(pair.first), one_line(pair.second), f"{pair.score:.0f}", percent(pair.share), exercises]
        table.add_row(*map(Words, cells))
    if pairs:
        console.print(table)
    more = f", {len(pairs) - 20} more on the page" if len(pairs) > 20 else ""
    print(f"{number} submissions, {len(pairs)} pairs to look at{more}")
    print(NO_VERDICT)
    print(f"page: {page}", file=sys.stdout)
