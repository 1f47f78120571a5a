"""Lateness, attempts and extensions, and the course's titles, in what is exported."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from torchgrade.course import Assignment, Due, Exercise, Limits
from torchgrade.export import format_named
from torchgrade.late import Attempt, Extension, settle

from .samples import WISHES, a_check, a_result

AT = datetime(2026, 11, 30, 23, 59, tzinfo=timezone(timedelta(hours=1)))
DUE = Due(AT, penalty_per_day=0.1, closes="7 days", attempts="best")
EXERCISES = (Exercise("zeros_matrix", "A matrix: of zeros", "Hint."), Exercise("never_graded", "Never", "Hint."))
COURSE = Assignment("01-tensors", "Tensors", "tensors", EXERCISES, Limits(), Path(), DUE)
HALF = a_result(a_check(), a_check("failed"), submission="ada")
FULL = a_result(a_check(), a_check(), submission="ada-2")
OPEN = a_result(a_check(), a_check("deferred"), submission="ben")


def wishes(*results, due=DUE, extensions=None, hours=None, **changes):
    """Settle: `ada-2` is ada's second attempt; a submission is handed in so many hours after it was due."""
    hours = hours or {"ada": -1, "ada-2": 30, "ben": 2}
    attempts = {
        one.submission: Attempt(one.submission.partition("-")[0], None, AT + timedelta(hours=hours[one.submission]))
        for one in results
    }
    return replace(WISHES, assignment=COURSE, scores=settle(results, due, attempts, extensions or {}), **changes)


def rows(name, *results, **changes):
    export = format_named(name).write(results, wishes(*results, **changes))
    return list(csv.reader(io.StringIO(export.text, newline=""))), export.notes


def test_nbgrader_gets_times_and_penalty():
    (_, row), notes = rows("nbgrader", HALF, FULL)
    assert row == [
        "01-tensors", "2026-11-30 22:59:00", "2026-12-02 04:59:00", "ada", "", "", "", "4", "0.8", "3.2", "4",
    ]  # fmt: skip
    assert notes == ()


def test_an_extension_is_in_the_due_date_and_in_the_score():
    until = Extension(AT + timedelta(hours=48))
    (_, row), _ = rows("nbgrader", FULL, extensions={"ada": until})
    assert row[1:3] == ["2026-12-02 22:59:00", "2026-12-02 04:59:00"]
    assert row[7:] == ["4", "0", "4", "4"]


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_gradebooks_have_a_row_for_each_student_with_what_counts(name):
    table, _ = rows(name, HALF, FULL)
    graded = [row for row in table if "3.2" in row]
    assert len(graded) == 1
    assert "ada" in graded[0]
    assert not any("ada-2" in row for row in table)


def test_what_counts_after_closing_is_nothing():
    table, _ = rows("moodle", FULL, hours={"ada-2": 24 * 9})
    assert table[1] == ["ada", "0"]


def test_open_points_wait_or_are_scaled_before_anything_is_taken_off():
    table, notes = rows("moodle", OPEN)
    assert len(table) == 1
    assert "'ben'" in notes[0]
    table, _ = rows("moodle", OPEN, scale=True)
    assert table[1] == ["ben", "3.6"]


def test_an_attempt_that_may_be_overtaken_waits_too():
    waiting = a_result(a_check("deferred"), a_check("deferred"), submission="ada-2")
    table, notes = rows("moodle", HALF, waiting)
    assert len(table) == 1
    assert "'ada'" in notes[0]


def test_gradescope_takes_it_off_the_total_and_says_why():
    export = format_named("gradescope").write([FULL], wishes(FULL))
    record = json.loads(export.text)
    assert record["score"] == 3.2
    assert "20 % off" in record["output"]
    assert sum(test["score"] for test in record["tests"]) == 4


def test_a_spreadsheet_has_every_attempt():
    (header, first, second), _ = rows("csv", HALF, FULL)
    columns = ["submission", "score", "student", "percent_off", "points_left", "standing", "counts"]
    places = [header.index(name) for name in columns]
    assert [first[place] for place in places] == ["ada", "2", "ada", "0", "2", "not the best", ""]
    assert [second[place] for place in places] == ["ada-2", "4", "ada", "20", "3.2", "counts", "3.2"]


def test_the_table_and_the_page_say_what_counts():
    table = format_named("markdown").write([HALF, FULL], wishes(HALF, FULL)).text
    assert "| ada-2 | 4 / 4 | 3.2 |" in table
    assert "| ada | 2 / 4 |  |" in table
    page = format_named("markdown").write([FULL], wishes(FULL)).text
    assert "20 % off" in page


def test_exercises_have_the_titles_of_the_course():
    known = replace(WISHES, assignment=COURSE)
    record = json.loads(format_named("gradescope").write([HALF], known).text)
    assert record["tests"][0]["name"] == "A matrix: of zeros: A 3x4 matrix of float32 zeros."
    page = format_named("markdown").write([HALF], known).text
    assert page.startswith("# Tensors: 2 / 4 points")
    assert "A matrix: of zeros" in page
    assert "Never" not in page


def test_without_the_course_they_keep_the_names_of_the_functions():
    record = json.loads(format_named("gradescope").write([HALF], WISHES).text)
    assert record["tests"][0]["name"].startswith("zeros_matrix: ")


def test_junit_keeps_the_names_of_the_functions():
    text = format_named("junit").write([HALF], replace(WISHES, assignment=COURSE)).text
    assert 'classname="ada.zeros_matrix"' in text
