"""The feedback page in Markdown, readable as it is and safe in any renderer of CommonMark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..course import Assignment
from ..grade.results import SubmissionResult
from ..language import _
from .text import code_spans
from .view import MISTAKE, CheckView, ExerciseView, PageView, view_of

__all__ = ["exercise_markdown", "feedback_markdown", "fenced", "top_markdown"]

_BAR = 24
_TICKS = re.compile(r"`+")
# Entities for HTML, which every renderer knows; some know no backslash before "<".
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ACTIVE = re.compile(r"[\\`*\[\]#~]|(?<![^\W_])_|_(?![^\W_])")


def feedback_markdown(result: SubmissionResult, assignment: Assignment, handed_in: Sequence[str] = ()) -> str:
    """Return the page that tells a student how it went, as Markdown.

    Args:
        result: What grading found.
        assignment: Whose exercises give the order and the titles.
        handed_in: Lines on when it was handed in and what comes of it.
    """
    page = view_of(result, assignment, handed_in)
    parts = [*_head(page), *(part for one in page.exercises for part in _exercise(one))]
    return "\n\n".join([*parts, *_foot(page)]) + "\n"


def top_markdown(page: PageView) -> str:
    """Return what stands above the exercises: the score, and what else there is to say about the whole."""
    return "\n\n".join(_head(page))


def exercise_markdown(exercise: ExerciseView) -> str:
    """Return the verdict on one exercise, with its hint for a reader who asks; it is safe in any renderer."""
    parts = [*_exercise(exercise)]
    if exercise.hint:
        summary = _("A hint for this exercise")
        parts.append(f"<details><summary>{summary}</summary>\n\n{_prose(exercise.hint)}\n\n</details>")
    return "\n\n".join(parts)


def _head(page: PageView) -> Iterator[str]:
    yield "# " + _("{title}: {points}").format(title=_prose(page.title), points=page.score)
    yield _("Submission: {name}").format(
        name=_code(page.submission)
    )  # a line of its own: text from right to left moves its neighbours
    yield f"{_code(_bar(page))}  {page.solved}"
    yield from (_prose(line) for line in (*page.handed_in, *page.notes))
    if page.unreadable:
        yield "## " + _("Your submission could not be read")
        yield _("No check could run, so there are no points yet.")
        if page.cause:
            yield fenced(page.cause)
        yield _prose(page.remedy)


def _foot(page: PageView) -> Iterator[str]:
    yield "---"
    if page.secrecy:
        yield page.secrecy
    yield _("Graded submission: SHA-256 {digest}…").format(digest=_code(page.digest))


def _bar(page: PageView) -> str:
    earned = int(page.earned * _BAR)
    pending = min(round(page.pending * _BAR), _BAR - earned)
    return "█" * earned + "▒" * pending + "░" * (_BAR - earned - pending)


def _exercise(exercise: ExerciseView) -> Iterator[str]:
    heading = _("{title}: {points}").format(title=_prose(exercise.title), points=exercise.points)
    yield f"## {exercise.status.mark} {heading}"
    yield _code(exercise.name)
    listed: list[str] = []
    for check in exercise.checks:
        listed.append(_check(check))
        if check.message:
            yield "\n".join(listed)
            yield fenced(check.message)
            if check.mistake:
                yield f"**{_(MISTAKE)}** {_prose(check.mistake)}"
            if check.hint:
                yield _("**Hint:** {hint}").format(hint=_prose(check.hint))
            listed = []
    if listed:
        yield "\n".join(listed)


def _check(check: CheckView) -> str:
    facts = [f"**{check.status.label}**", check.points, *[_("hidden check")] * check.hidden, _prose(check.title)]
    lines = [f"- {check.status.mark} {' · '.join(facts)}"]
    if check.why:
        lines.append("  - " + _("Why: {reason}").format(reason=_prose(check.why)))
    if check.mistake and not check.message:
        lines.append(f"  - {_(MISTAKE)} {_prose(check.mistake)}")
    if check.hint and not check.message:
        lines.append("  - " + _("Hint: {hint}").format(hint=_prose(check.hint)))
    return "\n".join(lines)


def _prose(line: str) -> str:
    """Return one line as text in which only code in backticks is markup."""
    return "".join(
        _code(part) if code else _ACTIVE.sub(r"\\\g<0>", part.translate(_ENTITIES)) for code, part in code_spans(line)
    )


def _code(line: str) -> str:
    ticks = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fenced(block: str) -> str:
    """Return lines as a code block that nothing in them can end.

    They are indented as well: no line of theirs begins like one of ours, not even for a reader of the plain file.
    """
    ticks = "`" * max(3, _longest_run(block) + 1)
    return "\n".join([f"{ticks}text", *(f"    {line}".rstrip() for line in block.split("\n")), ticks])


def _longest_run(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)
