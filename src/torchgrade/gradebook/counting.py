"""What counts: the facts of a gradebook, settled by the rules in `torchgrade.late`. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..course import Due
from ..late import Attempt, Extension, StudentScore, UnknownOrder, settle
from ..late.charge import rounded
from ..late.settle import in_order
from .applying import corrected
from .facts import Facts, HandIn, Override, Student
from .remarks import remarks_on

__all__ = ["Standing", "standings"]


@dataclass(frozen=True)
class Standing:
    """Where a student stands in one assignment.

    Attributes:
        student: Who.
        slug: The assignment.
        score: What was settled, by hand-set points and by the rules; None where nothing was handed in.
        attempts: In order; the results in ``score`` are called by their ids.
        override: The score that somebody set, which holds whatever else says.
        remarks: What the instructor should look at, as sentences.
    """

    student: Student
    slug: str
    score: StudentScore | None
    attempts: tuple[HandIn, ...]
    override: Override | None
    remarks: tuple[str, ...]

    @property
    def attempt(self) -> HandIn | None:
        """The attempt that counts."""
        return self.attempts[self.score.place] if self.score else None

    @property
    def points(self) -> float | None:
        """The points that count, rounded to two decimals; None where nothing was handed in."""
        if self.override is not None:
            return rounded(self.override.new)
        return self.score.points if self.score else None

    @property
    def raw(self) -> float | None:
        """The points as they were graded, before anything else."""
        return self.attempt.grading.result.score if self.attempt else None

    @property
    def max_score(self) -> float | None:
        """Points there are."""
        return self.score.chosen.result.max_score if self.score else None

    @property
    def waiting(self) -> float:
        """Points that are neither earned nor lost."""
        return self.score.chosen.waiting if self.score and self.override is None else 0.0


def standings(facts: Facts, due: Due | None) -> list[Standing]:
    """Return where everybody stands who is on a roster, handed something in, or was given points, ordered by id.

    Args:
        facts: Of one assignment.
        due: Its rules; None where nothing is due.
    """
    rosters = any(student.listed for student in facts.students.values())
    mine: dict[str, list[HandIn]] = {}
    for attempt in facts.attempts:
        mine.setdefault(attempt.student, []).append(attempt)
    given = {one.student for one in (*facts.overrides, *facts.extensions) if one.withdrawn_at is None}
    return [
        _standing(facts, student, mine.get(name, []), due, rosters)
        for name, student in sorted(facts.students.items())
        if student.listed or name in mine or name in given
    ]


def _standing(facts: Facts, student: Student, attempts: list[HandIn], due: Due | None, rosters: bool) -> Standing:
    overrides = facts.overrides_of(student.id)
    whole = overrides.get((None, None, None))
    ordered, guessed = _ordered(student.id, attempts)
    score = _settled(facts, student.id, ordered, due, overrides) if ordered else None
    found = Standing(student, facts.slug, score, tuple(ordered), whole, ())
    remarks = remarks_on(found.attempts, found.attempt, tuple(overrides.values()), facts.extension_of(student.id))
    if rosters and not student.listed:
        remarks = ("not on the roster", *remarks)
    if guessed:
        remarks = (*remarks, "the order of the attempts is that in which they came in: nobody said another")
    return replace(found, remarks=remarks)


def _settled(
    facts: Facts,
    student: str,
    ordered: list[HandIn],
    due: Due | None,
    overrides: Mapping[tuple[int | None, str | None, str | None], Override],
) -> StudentScore:
    """Settle one student's attempts, each called by its id: two of them may have the same name."""
    results, attempts = [], {}
    for place, one in enumerate(ordered, 1):
        theirs = [override for override in overrides.values() if override.attempt == one.id]
        result = replace(corrected(one.grading.result, theirs), submission=str(one.id))
        results.append(result)
        attempts[result.submission] = Attempt(student, place, one.handed_in)
    granted = facts.extension_of(student)
    extensions = {student: Extension(granted.until, granted.note)} if granted else {}
    (score,) = settle(results, due, attempts, extensions)
    return score


def _ordered(student: str, attempts: list[HandIn]) -> tuple[list[HandIn], bool]:
    """Return attempts in order, and whether that had to be guessed: other files under the same name are later ones."""
    known = {str(one.id): Attempt(student, one.number, one.handed_in) for one in attempts}
    try:
        order = in_order(student, known)
    except UnknownOrder:
        return sorted(attempts, key=lambda one: one.id), len({one.submission for one in attempts}) > 1
    by_id = {str(one.id): one for one in attempts}
    return [by_id[key] for key in order], False
