"""Canvas, Moodle and nbgrader: grades that an instructor uploads."""

import csv
import io
from dataclasses import replace

import pytest

from torchgrade.export import format_named
from torchgrade.export.roster import roster_of

from .samples import WISHES, mixed, right, small_class, unreadable, waiting

GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Tensors (1234)\n"
    "    Points Possible,,,,,8\n"
    '"Ångström, Zoë",17,s17,right,A,1\n'
    "Nobody Else,18,s18,idle,A,\n"
    "Bad Luck,19,s19,unreadable,B,\n"
)


def rows(name, results, **wishes):
    export = format_named(name).write(results, replace(WISHES, **wishes))
    return list(csv.reader(io.StringIO(export.text, newline=""))), export.notes


def canvas_reads(table):
    """Read a table as Canvas's importer does: where the assignments begin, and who is graded what."""
    header, *body = table
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert (header[2], header[3]) == ("SIS User ID", "SIS Login ID")
    assert "Section" in header[4]
    return header[5:], {
        row[1] or row[2] or row[3] or row[0]: row[5:] for row in body if "Points Possible" not in row[0]
    }


def test_canvas_finds_who_is_who():
    table, _ = rows("canvas", small_class(), column="Tensors (1234)")
    assert canvas_reads(table) == (["Tensors (1234)"], {"right": ["3.333333"], "unreadable": ["0"]})
    assert table[1] == ["    Points Possible", "", "", "", "", "8"]


@pytest.mark.parametrize(("identity", "place"), [("ID", 1), ("SIS User ID", 2), ("SIS Login ID", 3), ("", 3)])
def test_canvas_gets_the_name_where_it_is_wished(identity, place):
    table, _ = rows("canvas", [right()], identity=identity)
    assert [place for place, value in enumerate(table[2]) if value == "right"] == [0, place]


def test_canvas_takes_over_its_own_export():
    table, notes = rows(
        "canvas", [mixed(), right(), unreadable()], roster=roster_of(GRADEBOOK, "SIS Login ID"), scale=True
    )
    assert table[2:] == [
        ["Ångström, Zoë", "17", "s17", "right", "A", "3.333333"],
        ["Bad Luck", "19", "s19", "unreadable", "B", "0"],
    ]
    assert notes == ("left out, because they are not in the roster: 'mixed'",)


@pytest.mark.parametrize("name", ["canvas", "moodle", "nbgrader"])
def test_who_has_open_points_has_no_row(name):
    table, notes = rows(name, [mixed(), right(), waiting()])
    assert not any("mixed" in row or "waiting" in row for row in table)
    (note,) = notes
    assert note.startswith("left out, because points of theirs are still open: 'mixed', 'waiting'; grade them where")


@pytest.mark.parametrize("name", ["canvas", "moodle", "nbgrader"])
def test_scaled_grades_have_a_row_where_anything_is_known(name):
    table, notes = rows(name, [mixed(), waiting()], scale=True)
    assert [row for row in table if "mixed" in row and "3.2" in row]
    assert notes == ("left out, because points of theirs are still open: 'waiting'; nothing of theirs could be graded",)


def test_moodle_gets_two_columns():
    table, _ = rows("moodle", small_class(), identity="ID number", column="Tensors")
    assert table == [["ID number", "Tensors"], ["right", "3.333333"], ["unreadable", "0"]]


def test_moodle_takes_the_column_that_says_who_it_is():
    roster = roster_of("Username,Email address\nright,zoe@example.org\n", "Username")
    assert rows("moodle", [right()], roster=roster)[0][1] == ["zoe@example.org", "3.333333"]
    with pytest.raises(ValueError, match=r"nothing under 'ID number'; it has Username, Email address"):
        rows("moodle", [right()], roster=roster, identity="ID number")


def test_nbgrader_gets_names_from_a_roster():
    roster = roster_of("id,last_name,first_name,email\nright,O'Neill,Zoë,z@example.org\n", "id")
    table, _ = rows("nbgrader", [right()], roster=roster)
    assert table[1][:7] == ["01-tensors", "", "", "right", "O'Neill", "Zoë", "z@example.org"]


def test_nbgrader_itself_writes_the_same(tmp_path, monkeypatch):
    api = pytest.importorskip("nbgrader.api")
    from nbgrader.plugins.export import CsvExportPlugin

    monkeypatch.chdir(tmp_path)
    ours, _ = rows("nbgrader", [right(), unreadable()])
    with api.Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        book.add_assignment("01-tensors")
        book.add_notebook("p1", "01-tensors")
        book.add_grade_cell("cell", "p1", "01-tensors", max_score=float(ours[1][-1]), cell_type="code")
        for student in ("right", "unreadable"):
            book.add_student(student)
        book.add_submission("01-tensors", "right")
        book.find_grade("cell", "p1", "01-tensors", "right").manual_score = float(ours[1][-2])
        book.db.commit()
        plugin = CsvExportPlugin()
        plugin.to = "theirs.csv"
        plugin.export(book)
    theirs = list(csv.reader((tmp_path / "theirs.csv").open(encoding="utf-8", newline="")))
    assert theirs[0] == ours[0]
    texts = [theirs[0].index(name) for name in ("assignment", "duedate", "student_id", "last_name", "email")]
    numbers = [theirs[0].index(name) for name in ("raw_score", "late_submission_penalty", "score")]
    for mine, other in zip(ours[1:], theirs[1:], strict=True):
        assert [mine[place] for place in texts] == [other[place] for place in texts]
        assert [float(mine[place]) for place in numbers] == pytest.approx([float(other[place]) for place in numbers])


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("ID,Login\n1,a\n", "Mail", r"no column 'Mail'; it has ID, Login \(choose with --match\)"),
        ("", "Mail", "it has none"),
        ("ID,Login\n1,a\n2,a\n", "Login", "two rows with 'a' under 'Login'"),
    ],
)
def test_a_roster_that_does_not_help_says_so(text, column, said):
    with pytest.raises(ValueError, match=said):
        roster_of(text, column)


def test_names_match_however_their_accents_are_written():
    roster = roster_of("id\n Zoe\u0308 \n", "id")
    assert rows("nbgrader", [right("Zo\u00eb")], roster=roster)[1] == ()
