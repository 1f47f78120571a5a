"""From results and the times of handing in to the points that count: no file is read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..course.due import Due
from ..grade.results import SubmissionResult
from .charge import Charge, charge_for

__all__ = ["Attempt", "Extension", "Settled", "StudentScore", "UnknownOrder", "in_order", "settle"]

JUDGED = frozenset({"passed", "failed", "timeout", "crashed", "memory"})
Standing = Literal["counts", "not the best", "not the last", "too many", "closed", "unreadable"]


@dataclass(frozen=True)
class Attempt:
    """Whose a submission is, and when it was handed in.

    Attributes:
        student: Whose.
        number: The how manyth it is; None where only the times tell.
        time: When, with a timezone; None where it is not known.
    """

    student: str
    number: int | None = None
    time: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """A later deadline for one student.

    Attributes:
        until: The deadline, with a timezone.
        reason: For the instructor; not for the page.
    """

    until: datetime
    reason: str = ""


@dataclass(frozen=True)
class Settled:
    """One attempt and what became of it.

    Attributes:
        result: What grading found.
        attempt: When it was handed in.
        charge: What that costs.
        points: What it is worth after that.
        standing: Whether it counts, and if not why.
    """

    result: SubmissionResult
    attempt: Attempt
    charge: Charge
    points: float
    standing: Standing = "counts"

    @property
    def waiting(self) -> float:
        """Points that are neither earned nor lost: a GPU was missing, or the grader could not tell."""
        return round(sum(check.points for check in self.result.checks if check.status not in JUDGED), 6)


@dataclass(frozen=True)
class StudentScore:
    """What counts for one student.

    Attributes:
        student: Whose it is.
        due: The assignment's rules; None where nothing is due.
        attempts: All attempts, in order.
        place: Which of them counts, or would if any could: from 0.
        extension: The extension that was applied.
        unused: Whether there is an extension that would have lowered the score, and so was not applied.
        may_rise: Places of attempts that could still overtake the one that counts, once their points are known.
    """

    student: str
    due: Due | None
    attempts: tuple[Settled, ...]
    place: int
    extension: Extension | None = None
    unused: bool = False
    may_rise: tuple[int, ...] = ()

    @property
    def chosen(self) -> Settled:
        """The attempt that counts."""
        return self.attempts[self.place]

    @property
    def points(self) -> float:
        """The points that count, rounded to two decimals."""
        return self.chosen.points


class UnknownOrder(ValueError):
    """Nobody can tell which of a student's attempts came last."""


def settle(
    results: Iterable[SubmissionResult],
    due: Due | None,
    attempts: Mapping[str, Attempt],
    extensions: Mapping[str, Extension],
) -> list[StudentScore]:
    """Return what counts for each student, ordered by name.

    Args:
        results: What grading found; each submission once.
        due: The assignment's rules; None where nothing is due.
        attempts: By submission; one that is not here is its own student's only attempt, at an unknown time.
        extensions: By student.

    Raises:
        UnknownOrder: Attempts of one student have neither numbers nor times that tell their order.
    """
    found = {result.submission: result for result in results}
    mine: dict[str, dict[str, Attempt]] = {}
    for name in found:
        attempt = attempts.get(name) or Attempt(name)
        mine.setdefault(attempt.student, {})[name] = attempt
    settled = []
    for student in sorted(mine):
        pairs = [(found[name], mine[student][name]) for name in in_order(student, mine[student])]
        settled.append(_student(student, due, pairs, extensions.get(student)))
    return settled


def in_order(student: str, attempts: Mapping[str, Attempt]) -> list[str]:
    """Return the submissions of one student in order: by their numbers if all have one, else by their times.

    Raises:
        UnknownOrder: Neither tells.
    """
    if len(attempts) < 2:
        return list(attempts)
    numbers = {attempt.number: name for name, attempt in attempts.items()}
    if len(numbers) == len(attempts) and None not in numbers:
        return [name for _, name in sorted(numbers.items(), key=lambda pair: pair[0] or 0)]
    times = {attempt.time: name for name, attempt in attempts.items()}
    if len(times) == len(attempts) and None not in times:
        return [name for _, name in sorted(times.items(), key=lambda pair: pair[0].timestamp() if pair[0] else 0.0)]
    names = ", ".join(map(repr, attempts))
    raise UnknownOrder(
        f"nobody can tell the order of {student}'s attempts {names}: give each a time of its own, or each a number"
    )


def _student(
    student: str, due: Due | None, found: Sequence[tuple[SubmissionResult, Attempt]], extension: Extension | None
) -> StudentScore:
    """Settle with and without the extension: it can let a worse attempt in, and must not hurt."""
    plain = _settled(student, due, found, None)
    if extension is None:
        return plain
    extended = _settled(student, due, found, extension)
    if extended.points >= plain.points:
        return extended
    return StudentScore(student, due, plain.attempts, plain.place, None, unused=True, may_rise=plain.may_rise)


def _settled(
    student: str, due: Due | None, found: Sequence[tuple[SubmissionResult, Attempt]], extension: Extension | None
) -> StudentScore:
    of, best = (due.of, due.attempts == "best") if due else ("score", False)
    until = extension.until if extension else None
    charged = []
    for result, attempt in found:
        charge = charge_for(due, attempt.time, until)
        charged.append(Settled(result, attempt, charge, charge.points(result.score, result.max_score, of)))
    # What cannot be read and what comes too late replaces nothing, and uses up no attempt.
    fit = [place for place, one in enumerate(charged) if _standing(one) == "counts"]
    counting = fit[: due.most_attempts] if due else fit
    place = _chosen(charged, counting, best)
    said: list[Settled] = []
    for index, one in enumerate(charged):
        standing = _standing(one)
        if standing == "counts" and index != place:
            standing = "too many" if index not in counting else "not the best" if best else "not the last"
        said.append(Settled(one.result, one.attempt, one.charge, one.points, standing))
    rising = (index for index in counting if best and index != place)
    may_rise = tuple(index for index in rising if _at_most(charged[index], of) > charged[place].points)
    return StudentScore(student, due, tuple(said), place, extension, may_rise=may_rise)


def _standing(one: Settled) -> Standing:
    if one.result.status == "unreadable":
        return "unreadable"
    return "closed" if one.charge.kind == "closed" else "counts"


def _chosen(charged: list[Settled], counting: list[int], best: bool) -> int:
    if not counting:
        return len(charged) - 1
    if not best:
        return counting[-1]
    # Of equals the one that can still rise, then the earlier.
    return max(counting, key=lambda place: (charged[place].points, charged[place].waiting, -place))


def _at_most(one: Settled, of: str) -> float:
    return one.charge.points(one.result.score + one.waiting, one.result.max_score, of)
