"""The list of students."""

import pytest

from torchgrade.errors import CourseError
from torchgrade.gradebook.facts import Student
from torchgrade.gradebook.recording import take_in
from torchgrade.gradebook.roster import enrol, read_roster

from .samples import facts, result, standing


@pytest.fixture
def sheet(tmp_path):
    def write(text, encoding="utf-8"):
        (tmp_path / "roster.csv").write_bytes(text.encode(encoding))
        return tmp_path / "roster.csv"

    return write


def test_names_with_commas_quotes_and_other_alphabets(book, sheet):
    file = sheet('ID,Name,Group,other\nada,"Student, ""First""",A,x\nбен,李小龍,,\nZoe\u0301,,B,\n', "utf-8-sig")
    assert enrol(book, read_roster(file)).new == ("Zo\u00e9", "ada", "бен")
    assert facts(book).students == {
        "ada": Student("ada", 'Student, "First"', "A", True), "бен": Student("бен", "李小龍", "", True),
        "Zo\u00e9": Student("Zo\u00e9", "", "B", True),
    }  # fmt: skip


def test_a_platforms_own_columns_and_semicolons(sheet):
    file = sheet("Student;SIS Login ID;Section\nOne;ada;S1\n")
    assert read_roster(file, "SIS Login ID", "Student", "Section") == [Student("ada", "One", "S1", True)]


def test_a_newer_roster_changes_and_adds_and_removes_nobody(book, sheet):
    take_in(book, result("cleo"))
    enrol(book, read_roster(sheet("id,name\nada,One\nben,Two\n")))
    found = enrol(book, read_roster(sheet("id,name\nada,Another\nzoe,Three\n")))
    assert (found.new, found.changed, found.missing, found.unknown) == (("zoe",), ("ada",), ("ben",), ("cleo",))
    assert sorted(facts(book).students) == ["ada", "ben", "cleo", "zoe"]
    assert facts(book).students["ada"].name == "Another"
    again = enrol(book, read_roster(sheet("id,name\nada,Another\nzoe,Three\n")))
    assert (again.new, again.changed) == ((), ())


def test_who_is_on_no_roster_is_kept_and_flagged_once_there_is_one(book, sheet):
    take_in(book, result("cleo"))
    assert standing(book, "cleo").remarks == ()
    enrol(book, read_roster(sheet("id\nada\n")))
    assert standing(book, "cleo").remarks == ("not on the roster",)
    assert (standing(book, "ada").points, standing(book, "cleo").points) == (None, 2)
    enrol(book, read_roster(sheet("id\ncleo\n")))
    assert standing(book, "cleo").remarks == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,name\nada,One\nben,Two\nada,Three\n", "line 4: 'ada' stands in line 2 too"),
        ("id\nZoe\u0301\nZo\u00e9\n", "line 3: 'Zo\u00e9' stands in line 2 too"),
        ("login\nada\n", r"line 1: has no column 'id'\n  fix: .*--id-column"),
        ("id,name\n,One\n", "line 2: has nothing under 'id'"),
        ('id\n"ada\n', "is not CSV"),
        ("", "has no column"),
    ],
)
def test_what_is_wrong_names_the_line(sheet, text, words):
    with pytest.raises(CourseError, match=words):
        read_roster(sheet(text))
