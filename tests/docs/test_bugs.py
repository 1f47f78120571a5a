"""Each bug of docs/bugs.md loses points in its exercise, and is called by its name and its belief."""

import re
from dataclasses import dataclass

import pytest

from torchgrade.course import Course
from torchgrade.grade.wrong import declared_misconceptions, with_misconception
from torchgrade.sandbox.program import program_from
from torchgrade.verify.attempts import Attempt, Trial
from torchgrade.verify.naming import how_named
from torchgrade.verify.workers import Workers

from ..conftest import REPOSITORY, graded_slugs

PAGE = REPOSITORY / "docs" / "bugs.md"
COURSE = Course(REPOSITORY)
OPEN = {7, 39}  # why is said on the page


@dataclass(frozen=True)
class Bug:
    number: int
    slug: str
    exercise: str
    misconceptions: tuple[str, ...]


def bugs_of(text: str) -> list[Bug]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [bug_of(*cells) for cells in rows if cells[0].isdecimal()]


def bug_of(number: str, bug: str, shows: str, place: str, names: str) -> Bug:
    assert bug
    assert shows
    slug, _, exercise = place.strip("`").partition("/")
    return Bug(int(number), slug, exercise, tuple(re.findall(r"`(\w+)`", names)))


BUGS = bugs_of(PAGE.read_text(encoding="utf-8"))
NAMED = [bug for bug in BUGS if bug.exercise]


def test_the_forty_bugs_stand_in_their_order():
    assert [bug.number for bug in BUGS] == list(range(1, 41))


def test_only_those_explained_as_open_have_no_misconception():
    assert {bug.number for bug in BUGS if not bug.misconceptions} == OPEN
    assert {bug.number for bug in BUGS if not bug.exercise} == OPEN
    explained = PAGE.read_text(encoding="utf-8").partition("## Open")[2]
    assert {int(number) for number in re.findall(r"^\*\*(\d+), ", explained, re.MULTILINE)} == OPEN


@pytest.mark.parametrize("bug", NAMED, ids=lambda bug: f"{bug.number}-{bug.slug}")
def test_what_the_page_names_is_there(bug):
    assert bug.slug in COURSE.slugs
    declared = [
        one.name for one in declared_misconceptions(COURSE.assignment(bug.slug)) if one.exercise == bug.exercise
    ]
    assert set(bug.misconceptions) <= set(declared)


@pytest.mark.parametrize("slug", graded_slugs(sorted({bug.slug for bug in NAMED})))
def test_a_bug_loses_points_and_is_called_by_its_name(slug):
    wrong = {(one.exercise, one.name): one for one in declared_misconceptions(COURSE.assignment(slug))}
    for attempt, trial in graded(slug):
        own = trial.lost
        which = f"{attempt.exercise}: {attempt.name}"
        assert trial.status == "graded", which
        assert trial.sound, which
        assert any(check.points for check in own), which
        assert how_named(attempt.name, own) == "named", which
        told = [check for check in own if check.misconception]
        assert [check.belief for check in told] == [wrong[attempt.exercise, one.misconception].belief for one in told]
        assert wrong[attempt.exercise, attempt.name].belief in [check.belief for check in told], which


def graded(slug: str) -> list[tuple[Attempt, Trial]]:
    """Grade the bugs of one assignment, each by the checks of its exercise alone, in one grader."""
    assignment = COURSE.assignment(slug)
    reference = program_from(assignment.solution, assignment.module)
    listed = {(bug.exercise, name) for bug in NAMED if bug.slug == slug for name in bug.misconceptions}
    wrong = [one for one in declared_misconceptions(assignment) if (one.exercise, one.name) in listed]
    assert len(wrong) == len(listed)
    programs = {one: with_misconception(assignment, reference, one) for one in wrong}
    with Workers(COURSE.root, slug, 1) as workers:
        attempts = [
            Attempt("misconception", one.name, one.exercise, program, only=(one.exercise,))
            for one, program in programs.items()
        ]
        return list(workers.run(attempts))
