"""What a student may see of a result, decided here once: the pages get nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..course import Assignment, Exercise
from ..course.points import plural_of, points_text, points_words
from ..grade.results import CheckResult, SubmissionResult
from ..language import N_, _, ngettext
from .status import NO_CHECKS, PARTLY, UNSURE, StatusWords, status_words
from .text import one_line, verbatim

__all__ = ["MISTAKE", "CheckView", "ExerciseView", "PageView", "check_view", "view_of"]

MISTAKE = N_("Your results are those of this misconception:")
_SECRECY = N_("Hidden checks run only on what is handed in; their details stay with your instructor.")
_REMEDY = N_(
    "Put this right, run the whole file in a fresh Python (a notebook: restart the kernel and run all cells), "
    "and hand in again."
)


@dataclass(frozen=True)
class CheckView:
    """One check, as its student sees it. All text is clean, but not yet escaped.

    Attributes:
        status: The status in words.
        title: What is checked.
        points: ``0 / 2 points``.
        hidden: Whether the student does not have the check.
        message: Lines to show as they are; always empty for a hidden check.
        why: A sentence; may be empty.
        mistake: The known mistake that gives the same results, as a sentence; may be empty.
        hint: A sentence; may be empty.
    """

    status: StatusWords
    title: str
    points: str
    hidden: bool
    message: str = ""
    why: str = ""
    mistake: str = ""
    hint: str = ""


@dataclass(frozen=True)
class ExerciseView:
    """One exercise with its checks.

    Attributes:
        title: What the student reads.
        name: The function or class.
        points: ``2 / 4 points``.
        status: ``good`` when all its checks passed, ``bad`` or ``partly`` when one is wrong, else why it is open.
        hint: The exercise's own hint, for a reader who asks; empty once it is solved.
        checks: In the order they ran.
    """

    title: str
    name: str
    points: str
    status: StatusWords
    hint: str
    checks: tuple[CheckView, ...]


@dataclass(frozen=True)
class PageView:
    """All that a page shows.

    Attributes:
        title: The assignment's title.
        submission: The submission's name.
        score: ``7 / 12 points``.
        solved: How many exercises are solved, as a sentence.
        notes: Sentences on points that are neither earned nor lost, and on what could not be run.
        earned: Share of the points that are earned, 0 to 1.
        pending: Share of the points that are neither earned nor lost, 0 to 1.
        unreadable: Whether no check could run at all.
        cause: Why not; lines to show as they are.
        remedy: What to do about it, as a sentence; empty for a readable submission.
        secrecy: What hidden checks are, as a sentence, where one of them did not pass; else empty.
        digest: The first digits of the submission's hash.
        exercises: In the assignment's order.
        handed_in: Lines on when it was handed in, what comes of it, and by which rule.
    """

    title: str
    submission: str
    score: str
    solved: str
    notes: tuple[str, ...]
    earned: float
    pending: float
    unreadable: bool
    cause: str
    remedy: str
    secrecy: str
    digest: str
    exercises: tuple[ExerciseView, ...]
    handed_in: tuple[str, ...] = ()


def view_of(result: SubmissionResult, assignment: Assignment, handed_in: Sequence[str] = ()) -> PageView:
    """Return what the student may see.

    Args:
        result: What grading found.
        assignment: Whose exercises give the order, the titles and the hints.
        handed_in: Lines on when it was handed in and what comes of it.
    """
    assignment = assignment.translated()
    unreadable = result.status == "unreadable"
    exercises = tuple(_exercise(one, checks, unreadable) for one, checks in _grouped(result, assignment))
    unsure = [check for check in result.checks if status_words(check.status) is UNSURE]
    solved = sum(one.status.kind == "good" for one in exercises)
    pending = result.deferred + _sum(check.points for check in unsure)
    earned = _share(result.score, result.max_score)
    return PageView(
        title=one_line(assignment.title),
        submission=one_line(result.submission, 120) or _("(no name)"),
        score=_of(result.score, result.max_score),
        solved=ngettext(
            "{solved} of {total} exercise solved", "{solved} of {total} exercises solved", len(exercises)
        ).format(solved=solved, total=len(exercises)),
        notes=(*_notes(result.deferred, unsure), *(one_line(note, 400) for note in result.notes)),
        earned=earned,
        pending=min(_share(pending, result.max_score), 1 - earned),
        unreadable=unreadable,
        cause=verbatim(result.cause),
        remedy=_(_REMEDY) if unreadable else "",
        secrecy=_(_SECRECY) if any(one.hidden and one.why for each in exercises for one in each.checks) else "",
        digest=one_line(result.digest.removeprefix("sha256:"), 13).rstrip("…"),
        exercises=exercises,
        handed_in=tuple(one_line(line, 1000) for line in handed_in),
    )


def _grouped(result: SubmissionResult, assignment: Assignment) -> Iterator[tuple[Exercise, list[CheckResult]]]:
    for exercise in assignment.exercises:
        yield exercise, [check for check in result.checks if check.exercise == exercise.name]
    # An old result may name an exercise that has gone since: its points are in the score, so it is shown.
    known = {exercise.name for exercise in assignment.exercises}
    for name in dict.fromkeys(check.exercise for check in result.checks if check.exercise not in known):
        yield Exercise(name, name, ""), [check for check in result.checks if check.exercise == name]


def _exercise(exercise: Exercise, checks: list[CheckResult], brief: bool) -> ExerciseView:
    status, points = _overall(checks), _sum(check.points for check in checks)
    return ExerciseView(
        title=one_line(exercise.title),
        name=one_line(exercise.name, 120),
        points=_of(_sum(check.score for check in checks), points) if points else _("no points"),
        status=status,
        hint="" if brief or status.kind == "good" else one_line(exercise.hint, 2000),
        checks=() if brief else tuple(check_view(check) for check in checks),
    )


def _overall(checks: list[CheckResult]) -> StatusWords:
    """Return the status that decides: what is wrong before what is open, that before what is right."""
    found = {words.kind: words for words in (status_words(check.status) for check in reversed(checks))}
    if "bad" in found and any(check.score > 0 for check in checks):
        return PARTLY
    for kind in ("bad", "unsure", "waiting", "good"):
        if kind in found:
            return found[kind]
    return NO_CHECKS


def check_view(check: CheckResult) -> CheckView:
    """Return what a student may see of a check. Of a hidden one, neither message nor id may go any further."""
    words = status_words(check.status)
    shared = CheckView(words, one_line(check.title), _earned(check), hidden=not check.visible)
    if words is UNSURE:
        return replace(shared, why=words.sentence)
    said = check.message if check.visible else check.rationale
    if words.kind == "waiting":
        return replace(shared, why=one_line(said, 2000) or words.sentence)
    message = verbatim(check.message) if check.visible else ""
    if words.kind == "good":
        return replace(shared, message=message)
    why = "" if message else one_line(check.rationale, 2000) or words.sentence
    mistake, hint = one_line(check.belief or "", 2000), one_line(check.hint or "", 2000)
    return replace(shared, message=message, why=why, mistake=mistake, hint=hint)


def _earned(check: CheckResult) -> str:
    if not check.points:
        return _("no points")
    kind = status_words(check.status).kind
    return points_words(check.points) if kind in ("waiting", "unsure") else _of(check.score, check.points)


def _notes(deferred: float, unsure: list[CheckResult]) -> Iterator[str]:
    if deferred:
        yield ngettext(
            "{points} point waits for a machine with a GPU.",
            "{points} points wait for a machine with a GPU.",
            plural_of(deferred),
        ).format(points=points_text(deferred))
    if unsure:
        yield ngettext(
            "The grader could not tell about {count} check ({points}). "
            "This is not counted against you; your instructor has been told.",
            "The grader could not tell about {count} checks ({points}). "
            "This is not counted against you; your instructor has been told.",
            len(unsure),
        ).format(count=len(unsure), points=points_words(_sum(check.points for check in unsure)))


def _sum(points: Iterable[float]) -> float:
    return round(sum(points), 6)


def _share(part: float, whole: float) -> float:
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0


def _of(score: float, points: float) -> str:
    return _("{score} / {points}").format(score=points_text(score), points=points_words(points))
