"""Final scores as results, for `torchgrade export`."""

import csv
import io

import pytest

from torchgrade.export import Wishes, format_named, read_results
from torchgrade.grade.results import SubmissionResult
from torchgrade.gradebook.corrections import Target, extend, override
from torchgrade.gradebook.counting import standings
from torchgrade.gradebook.facts import Student
from torchgrade.gradebook.final import final_results, raw_results
from torchgrade.gradebook.recording import take_in
from torchgrade.gradebook.roster import enrol
from torchgrade.late import Attempt

from ..late.samples import due, hours
from .samples import SLUG, all_passed, check, facts, passed, result

HAND = {"note": "secret", "by": "tutor"}


def fill(book):
    enrol(book, [Student(name, "", "", True) for name in ("ann", "ben", "gone", "paper")])
    take_in(book, all_passed("x1"), Attempt("ann", 1, hours(-5)))
    take_in(book, all_passed("x2"), Attempt("ann", 2, hours(30)))
    take_in(book, result("ben", passed("f_a"), check("f_b", status="deferred")), Attempt("ben", None, hours(1)))
    for name, points in (("ben", 3), ("paper", 4)):
        override(book, SLUG, name, Target(), points, **HAND, due=due())
    extend(book, SLUG, "ann", hours(24), **HAND)


def test_a_line_a_student_with_the_score_that_counts(book):
    fill(book)
    found = {one.submission: one for one in final_results(standings(facts(book), due()))}
    assert {name: (one.score, one.max_score, one.deferred) for name, one in found.items()} == {
        "ann": (3.6, 4, 0), "ben": (3, 4, 0), "paper": (4, 4, 0),
    }  # fmt: skip
    assert found["ann"].path == "subs/x2.py"
    assert any("10 % off" in note for note in found["ann"].notes)
    assert found["ben"].notes == ("The score was set by hand.",)
    lines = [one.to_json() for one in found.values()]
    assert "secret" not in "".join(lines)
    assert [SubmissionResult.from_json(line) for line in lines] == [*found.values()]


def test_a_platform_reads_them_and_nobody_with_a_score_is_left_out(book):
    fill(book)
    final = list(final_results(standings(facts(book), due())))
    written = format_named("moodle").write(final, Wishes(identity="ID number"))
    assert list(csv.reader(io.StringIO(written.text)))[1:] == [["ann", "3.6"], ["ben", "3"], ["paper", "4"]]
    assert written.complete


def test_what_is_settled_is_not_settled_again(book, tmp_path):
    fill(book)
    final, raw = tmp_path / "final.jsonl", tmp_path / "raw.jsonl"
    final.write_text("".join(f"{one.to_json()}\n" for one in final_results(standings(facts(book), due()))))
    raw.write_text("".join(f"{one.to_json()}\n" for one in raw_results(facts(book))))
    assert all(one.settled for one in read_results(final))
    assert not any(one.settled for one in read_results(raw, settled=False))
    with pytest.raises(ValueError, match=r"final.jsonl holds scores that are settled already"):
        read_results(final, settled=False)


def test_raw_is_every_attempt_as_it_was_graded(book):
    fill(book)
    assert [(one.submission, one.score, one.deferred) for one in raw_results(facts(book))] == [
        ("x1", 4, 0), ("x2", 4, 0), ("ben", 2, 2),
    ]  # fmt: skip
