"""Taking results in."""

from dataclasses import replace

import pytest

from torchgrade.grade.results import Confinement, SubmissionResult
from torchgrade.gradebook.recording import fingerprint, take_in
from torchgrade.late import Attempt

from ..late.samples import hours
from .samples import all_passed, check, facts, passed, reasons, result

FULL = check(
    "f_a", message="a\nb", rationale="r", misconception="m", belief="b", hint="h", alike=("x", "y"), seconds=0.25,
    visible=False,
)  # fmt: skip


def test_what_was_taken_in_comes_out_as_it_was(book):
    one = result('李, "O\'Neil"; DROP TABLE', FULL, passed("g"), notes=("one", "two"))
    bare = result("bare", status="unreadable", checks=(), confinement=Confinement("D", ()))
    for each in (one, bare):
        assert take_in(book, each).kind == "new"
    assert [attempt.grading.result for attempt in facts(book).attempts] == [one, bare]


def test_the_same_results_twice_change_nothing(book):
    first = [take_in(book, one).kind for one in (result("ada"), result("ben"))]
    before = facts(book)
    slower = replace(result("ada"), seconds=9.0, path="elsewhere/ada.py", confinement=Confinement("B", ()))
    again = [take_in(book, one).kind for one in (slower, result("ben"))]
    assert (first, again) == (["new", "new"], ["same", "same"])
    assert facts(book) == before


def test_another_outcome_is_a_regrade_and_the_old_one_is_kept_with_its_checks(book):
    take_in(book, result("ada"))
    assert take_in(book, all_passed("ada"), reason="too strict").kind == "again"
    assert reasons(book) == [(2.0, ""), (4.0, "too strict")]
    (attempt,) = facts(book).attempts
    assert [one.result for one in attempt.gradings] == [result("ada"), all_passed("ada")]


@pytest.mark.parametrize(
    "change",
    [{"points": 3.0}, {"status": "timeout"}, {"message": "other"}, {"misconception": "m"}, {"visible": False}],
)
def test_whatever_a_student_would_notice_makes_another_outcome(change):
    assert fingerprint(result("ada", check("f"))) != fingerprint(result("ada", replace(check("f"), **change)))


def test_points_are_numbers_whether_written_2_or_2_0(book):
    line = result("ada").to_json()
    take_in(book, SubmissionResult.from_json(line))
    assert take_in(book, SubmissionResult.from_json(line.replace("2.0", "2"))).kind == "same"


def test_an_older_outcome_does_not_come_back_unless_it_is_meant_to(book):
    for one in (result("ada"), all_passed("ada")):
        take_in(book, one)
    assert take_in(book, result("ada")).kind == "older"
    assert len(reasons(book)) == 2
    assert take_in(book, result("ada"), reason="the change was wrong").kind == "again"
    assert take_in(book, all_passed("ada"), fresh=True).kind == "again"
    assert reasons(book) == [(2.0, ""), (4.0, ""), (2.0, "the change was wrong"), (4.0, "")]


def test_other_files_under_the_same_name_are_another_attempt(book):
    take_in(book, result("ada"))
    assert take_in(book, all_passed("ada", digest="sha256:2")).kind == "new"
    assert [one.digest for one in facts(book).attempts] == ["sha256:1", "sha256:2"]
    back = take_in(book, result("ada"))
    assert (back.kind, back.later) == ("same", True)


def test_what_is_known_of_handing_in_is_kept_and_nobody_forgets_it(book):
    take_in(book, result("x1"), Attempt("ann", 1, hours(-5)))
    take_in(book, result("x1"))
    take_in(book, result("x1"), Attempt("x1"))  # a times.csv without this submission
    (attempt,) = facts(book).attempts
    assert (attempt.student, attempt.number, attempt.handed_in, attempt.form) == ("ann", 1, hours(-5), "py")
    assert set(facts(book).students) == {"ann"}


def test_a_time_that_is_put_right_is_told(book):
    take_in(book, result("ada"), Attempt("ada", None, hours(5)))
    moved = take_in(book, result("ada"), Attempt("ada", None, hours(-5))).moved
    assert moved == f"handed_in {hours(5)} → {hours(-5)}"
    assert facts(book).attempts[0].handed_in == hours(-5)


def test_the_form_of_the_files(book):
    for path in ("subs/a.ipynb", "subs/b", "subs/c.py"):
        take_in(book, result(path, path=path))
    assert [one.form for one in facts(book).attempts] == ["ipynb", "folder", "py"]


def test_what_no_database_holds_is_written_as_an_escape(book):
    take_in(book, result("a\0b\ud800", check("f", message="\0\udcff"), notes=("\0",)))
    (attempt,) = facts(book).attempts
    assert attempt.submission == "a\\x00b\\ud800"
    assert attempt.grading.result.checks[0].message == "\\x00\\udcff"
    assert take_in(book, result("a\0b\ud800", check("f", message="\0\udcff"), notes=("\0",))).kind == "same"


def test_accents_written_in_two_ways_are_one_student(book):
    take_in(book, result("Zoe\u0301"))
    take_in(book, result("Zo\u00e9", digest="sha256:2"))
    assert set(facts(book).students) == {"Zo\u00e9"}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), "2", None, True])
def test_a_number_that_is_none_is_refused_and_nothing_is_written(book, number):
    with pytest.raises(ValueError, match=r"the result of 'ada' has .* where points or seconds belong"):
        take_in(book, replace(result("ada"), checks=(replace(check("f"), score=number),)))
    assert facts(book).attempts == ()
    assert facts(book).students == {}
