"""The instructor's CSV files, and every way to get them wrong."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from torchgrade.errors import CourseError
from torchgrade.late.settle import Attempt
from torchgrade.late.sheets import read_extensions, read_times

from .samples import DUE, UTC, due, hours


@pytest.fixture
def sheet(tmp_path):
    def write(text):
        file = tmp_path / "sheet.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


def times(file, rule=DUE):
    return {name: attempt for name, (attempt, _) in read_times(file, rule).items()}


def extensions(file):
    return {name: (extension.until, extension.reason) for name, extension, _ in read_extensions(file, DUE)}


def test_times_with_two_columns(sheet):
    file = sheet("submission,time\nalice,2026-11-30T22:10:00+01:00\n\nböb,\n")
    moment = datetime(2026, 11, 30, 21, 10, tzinfo=UTC)
    assert times(file) == {"alice": Attempt("alice", None, moment), "böb": Attempt("böb")}


def test_times_with_students_and_attempts_as_a_spreadsheet_writes_them(sheet):
    text = "\ufeffTime; Student ;Submission;Attempt;Remark\r\n"
    text += "2026-11-30 22:10;Alice A.;x-1;1;\r\n;Alice A.;x-2;2;late?\r\n"
    moment = datetime(2026, 11, 30, 21, 10, tzinfo=UTC)
    assert times(sheet(text)) == {"x-1": Attempt("Alice A.", 1, moment), "x-2": Attempt("Alice A.", 2)}


def test_names_with_commas_and_quotes(sheet):
    assert list(times(sheet('submission,time\n"O\'Neill, ""Sam""",\n'))) == ['O\'Neill, "Sam"']


def test_extensions_until_and_by(sheet):
    file = sheet("student,until,by,reason\nalice,2026-12-02T23:59,,illness\nbob,,2 days,\ncleo,,12 hours,\n")
    assert extensions(file) == {"alice": (hours(48), "illness"), "bob": (hours(48), ""), "cleo": (hours(12), "")}


def test_an_extension_may_name_a_submission(sheet):
    assert extensions(sheet("submission,by\nalice-2,1 week\n")) == {"alice-2": (hours(7 * 24), "")}


TIMES = [
    ("", "line 1", "no column 'submission'", "submission,time"),
    ("student,time\na,\n", "line 1", "no column 'submission'", "submission,time"),
    ("submission,when\na,\n", "line 1", "neither a column 'time'", "submission,time"),
    ("submission,time,time\n", "line 1", "'time' twice", "submission,time"),
    ("submission,time\n,2026-11-30T10:00Z\n", "line 2", "names no submission", "results.jsonl"),
    ("submission,time\na,soon\n", "line 2", "'soon' is no date", "2026-11-30T22:10:00+01:00"),
    ("submission,time\n\na,30.11.2026\n", "line 3", "no date and time", "write it like"),
    ("submission,time\na,\na,\n", "line 3", "'a' stands in line 2 too", "column student"),
    ("submission,time\na,,x\n", "line 2", "3 cells, the header 2", "quotes"),
    ('submission,time\n"a,\n', "line 2", "not CSV", "save it as CSV"),
    ("submission,attempt\na,first\n", "line 2", "'first' is not the number", "write 1"),
    ("submission,attempt\na,-1\n", "line 2", "'-1' is not the number", "write 1"),
    (b"submission,time\n\xff,\n", "", "not UTF-8", "encoding UTF-8"),
]
EXTENSIONS = [
    ("name,by\na,1 day\n", "line 1", "no column 'submission'", "student,until"),
    ("student,reason\na,ill\n", "line 1", "neither a column 'until' nor 'by'", "student,until"),
    ("student,by\n,1 day\n", "line 2", "names no student", "whose extension"),
    ("student,by\na,soon\n", "line 2", "'soon' is no span", "2 days"),
    ("student,by,until\na,,\n", "line 2", "neither until nor by", "one of the two"),
    ("student,by,until\na,1 day,2026-12-02T10:00Z\n", "line 2", "both until and by", "one of the two"),
    ("student,until\na,2026-12-02\n", "line 2", "no date and time", "2026-11-30T22:10:00+01:00"),
    ("student,until\na,2026-11-29T10:00Z\n", "line 2", "before it is due", "later time"),
]


@pytest.mark.parametrize(("text", "place", "problem", "remedy"), TIMES)
def test_mistakes_in_times_are_named_with_line_and_remedy(sheet, text, place, problem, remedy):
    with pytest.raises(CourseError) as caught:
        read_times(sheet(text), DUE)
    assert (caught.value.place, caught.value.file.name) == (place, "sheet.csv")
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(("text", "place", "problem", "remedy"), EXTENSIONS)
def test_mistakes_in_extensions_are_named_with_line_and_remedy(sheet, text, place, problem, remedy):
    with pytest.raises(CourseError) as caught:
        read_extensions(sheet(text), DUE)
    assert caught.value.place == place
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


def test_without_a_zone_a_time_needs_its_offset(sheet):
    rule = due(zone=None)
    with pytest.raises(CourseError, match=r"line 2: '2026-11-30T22:10' has no offset(.|\n)*zone ="):
        read_times(sheet("submission,time\na,2026-11-30T22:10\n"), rule)
    with pytest.raises(CourseError, match=r"line 2(.|\n)*zone ="):
        read_extensions(sheet("student,until\na,2026-12-30T22:10\n"), rule)


def test_a_missing_file_has_a_remedy(tmp_path):
    with pytest.raises(CourseError, match="cannot be read"):
        read_times(tmp_path / "nowhere.csv", DUE)


PIECES = st.sampled_from(
    ["submission", "student", "time", "until", "by", "attempt", ",", ";", "\n", "\r\n", '"', "2026-11-30T22:10", "Z",
     "2 days", "9", "a", "\x00", "ü", "\u2028", " "]
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(PIECES, max_size=25).map("".join), read=st.sampled_from([read_times, read_extensions]))
def test_whatever_is_in_a_sheet_only_course_errors_come(sheet, text, read):
    header = "submission,time\n" if read is read_times else "student,until,by\n"
    for whole in (text, header + text):
        with suppress(CourseError):
            read(sheet(whole), DUE)
