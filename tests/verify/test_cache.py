import pytest

from torchgrade.course import Course
from torchgrade.grade.results import CheckResult
from torchgrade.sandbox.program import Program
from torchgrade.verify.attempts import Attempt, Trial
from torchgrade.verify.cache import Cache, surroundings

ATTEMPT = Attempt("reference", "solution", "", Program("m", {"m": b"x = 1"}))


def trial(status="passed"):
    return Trial("graded", "", (CheckResult("a", "e", "t", 1.0, 1.0, status, True, seconds=0.1),))


def opened(course, around="same", **options):
    return Cache(course, "01-mini", around, **options)


@pytest.fixture
def course(mini):
    return Course(mini)


def test_a_trial_is_found_again_in_another_run(course):
    cache = opened(course)
    assert cache.find(ATTEMPT) is None
    cache.add(ATTEMPT, trial())
    cache.close(complete=True)
    assert opened(course).find(ATTEMPT) == trial()


def test_git_is_told_to_leave_the_folder_alone(course):
    opened(course)
    assert (course.root / ".torchgrade" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_what_was_tried_before_a_kill_is_kept(course):
    cache = opened(course)
    cache.add(ATTEMPT, trial())  # and no close
    with cache.path.open("ab") as file:
        file.write(b'{"key": "torn')
    assert opened(course).find(ATTEMPT) == trial()


@pytest.mark.parametrize(
    "other",
    [
        Attempt("reference", "solution", "", Program("m", {"m": b"x = 2"})),
        Attempt("reference", "solution", "", ATTEMPT.program, shift=1),
        Attempt("reference", "solution", "", ATTEMPT.program, loaded=True),
        Attempt("reference", "solution", "", ATTEMPT.program, only=("e",)),
        Attempt("misconception", "w", "e", Program("m", {"m": b"x = 1"}, replace=(("e", "misconceptions:w"),))),
    ],
)
def test_another_attempt_is_not_taken_for_it(course, other):
    cache = opened(course)
    cache.add(ATTEMPT, trial())
    assert cache.find(other) is None


def test_other_surroundings_and_again_begin_anew(course):
    cache = opened(course)
    cache.add(ATTEMPT, trial())
    cache.close(complete=True)
    assert opened(course, "other").find(ATTEMPT) is None
    assert opened(course).find(ATTEMPT) is not None
    assert opened(course, again=True).find(ATTEMPT) is None


def test_a_mistake_of_the_grader_is_not_kept(course):
    cache = opened(course)
    cache.add(ATTEMPT, trial("error"))
    assert cache.find(ATTEMPT) is None


def test_a_complete_run_drops_what_it_did_not_ask_for(course):
    cache = opened(course)
    cache.add(ATTEMPT, trial())
    cache.close(complete=True)
    later = opened(course)
    later.close(complete=False)
    assert opened(course).find(ATTEMPT) is not None
    later = opened(course)
    later.close(complete=True)
    assert opened(course).find(ATTEMPT) is None


@pytest.mark.parametrize(
    ("file", "matters"),
    [
        ("graders/01-mini/test_mini.py", True),
        ("graders/01-mini/conftest.py", True),
        ("fixtures/shared/shapes.py", True),
        ("assignments/01-mini/assignment.toml", True),
        ("assignments/01-mini/handout.md", False),
        ("assignments/01-mini/equivalent.toml", False),
        ("fixtures/alternatives/01-mini/by_full.py", False),  # it is part of its own attempt
    ],
)
def test_the_surroundings_are_what_every_trial_depends_on(course, file, matters):
    assignment = course.assignment("01-mini")
    before = surroundings(course, assignment)
    with (course.root / file).open("a", encoding="utf-8") as text:
        text.write("\n# changed\n")
    assert (surroundings(course, assignment) != before) == matters
