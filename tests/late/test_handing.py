"""Where the times come from."""

import os
from datetime import datetime, timezone
from pathlib import Path

import pytest

from torchgrade.errors import CourseError
from torchgrade.late import Attempt, UnknownOrder, handed_in

from .samples import UTC, due, hours, result_of


def paths(*names):
    return {name: Path(f"subs/{name}.py") for name in names}


@pytest.fixture
def sheet(tmp_path):
    def write(text, name="sheet.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_by_default_nothing_is_known_whatever_the_names_say(assignment):
    found = handed_in(assignment(), paths("alice__2026-12-30T10-00-00Z", "bob__2"))
    assert (dict(found.attempts), found.notes) == ({}, ())
    assert [one.points for one in found.settle([result_of("bob__2", 7.0)])] == [7]


@pytest.mark.parametrize(
    ("name", "attempt"),
    [
        ("alice__2026-11-30T22-10-00+0100", Attempt("alice", None, datetime(2026, 11, 30, 21, 10, tzinfo=UTC))),
        ("alice__2026-11-30T22-10", Attempt("alice", None, datetime(2026, 11, 30, 21, 10, tzinfo=UTC))),
        ("alice__2", Attempt("alice", 2)),
        ("alice__2__2026-11-30T22-10-00Z", Attempt("alice", 2, datetime(2026, 11, 30, 22, 10, tzinfo=UTC))),
        ("ana__maría__03", Attempt("ana__maría", 3)),
        ("alice", Attempt("alice")),
        ("team__2026", Attempt("team__2026")),
        ("__2", Attempt("__2")),
    ],
)
def test_names_tell_student_attempt_and_time_when_asked(assignment, name, attempt):
    assert handed_in(assignment(), paths(name), "names").attempts == {name: attempt}


@pytest.mark.parametrize(
    ("name", "zone", "problem"),
    [("a__2026-13-30T10-00", "Europe/Berlin", "no date"), ("a__2026-11-30T10-00", None, "no offset")],
)  # fmt: skip
def test_a_name_that_cannot_be_understood_is_refused(assignment, name, zone, problem):
    with pytest.raises(CourseError, match=rf"{name}.py: its name: .*{problem}(.|\n)*rename it"):
        handed_in(assignment(due(zone=zone)), paths(name), "names")


def test_the_files_own_times_when_asked(assignment, tmp_path):
    file, folder = tmp_path / "alice.py", tmp_path / "bob"
    folder.mkdir()
    for path, seconds in ((file, 1_000_000), (folder / "mini.py", 2_000_000), (folder / "notes.txt", 9_000_000)):
        path.touch()
        os.utime(path, (seconds, seconds))
    found = handed_in(assignment(), {"alice": file, "bob": folder, "gone": tmp_path / "gone.py"}, "mtime")
    assert {name: one.time and one.time.timestamp() for name, one in found.attempts.items()} == {
        "alice": 1_000_000, "bob": 2_000_000, "gone": None,
    }  # fmt: skip
    assert all(one.time is None or one.time.tzinfo is timezone.utc for one in found.attempts.values())
    assert "'gone'" in found.notes[0]


def test_lines_about_nobody_and_submissions_without_a_line_are_reported(assignment, sheet):
    times = sheet("submission,time\nalice,2026-11-30T10:00Z\nalise,2026-11-30T10:00Z\n", "times.csv")
    granted = sheet("student,by\nbobb,2 days\n", "extensions.csv")
    found = handed_in(assignment(), paths("alice", "bob", "alice-2"), str(times), granted)
    assert [note.removeprefix(f"{times.parent}/") for note in found.notes] == [
        "times.csv, line 3: no submission 'alise' among the results, so the line is not used; did you mean 'alice'?",
        "no time of handing in, so nothing is taken off: 'bob', 'alice-2'",
        "extensions.csv, line 2: no student 'bobb' among the results, so the line is not used; did you mean 'bob'?",
    ]


def test_an_extension_may_be_written_by_student_or_by_submission(assignment, sheet):
    times = sheet("submission,student,attempt\nx1,alice,1\nx2,alice,2\n", "times.csv")
    for name in ("alice", "x1", "x2"):
        found = handed_in(assignment(), paths("x1", "x2"), str(times), sheet(f"student,by\n{name},2 days\n"))
        assert {student: one.until for student, one in found.extensions.items()} == {"alice": hours(48)}
    with pytest.raises(CourseError, match="line 3: 'alice' has an extension in line 2 too"):
        handed_in(assignment(), paths("x1", "x2"), str(times), sheet("student,by\nx1,2 days\nalice,1 day\n"))


def test_attempts_that_nobody_can_order_are_refused_before_anything_is_graded(assignment, sheet):
    times = sheet("submission,student,time\nx1,alice,\nx2,alice,2026-11-30T10:00Z\n")
    with pytest.raises(UnknownOrder, match="alice's attempts 'x1', 'x2'"):
        handed_in(assignment(), paths("x1", "x2"), str(times))
    own_name = sheet("submission,student,time\nx1,alice,2026-11-30T10:00Z\n", "own.csv")
    with pytest.raises(UnknownOrder, match="'alice', 'x1'"):
        handed_in(assignment(), paths("alice", "x1"), str(own_name))
    assert handed_in(assignment(), paths("x2"), str(times)).settle([result_of("x2")])[0].student == "alice"


def test_nothing_can_be_extended_where_nothing_is_due(assignment, sheet):
    with pytest.raises(CourseError, match=r"due: nothing is due(.|\n)*add \[due\]"):
        handed_in(assignment(None), paths("a"), None, sheet("student,by\na,2 days\n"))
