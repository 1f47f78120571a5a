import pytest

from torchgrade.course import read_manifest
from torchgrade.course.files import read_toml
from torchgrade.errors import CourseError
from torchgrade.verify.equivalents import entry_for, read_equivalents

ENTRY = '[[equivalent]]\nexercise = "halve"\nmutant = "halve-1"\nchange = "c"\nreason = "r"\n'


@pytest.fixture
def assignment(mini):
    return read_manifest(mini / "assignments" / "01-mini" / "assignment.toml")


def test_no_file_is_no_entry(assignment):
    assert read_equivalents(assignment) == ()


def test_entries_are_read(assignment):
    (assignment.folder / "equivalent.toml").write_text(ENTRY, encoding="utf-8")
    (entry,) = read_equivalents(assignment)
    assert (entry.exercise, entry.mutant, entry.change, entry.reason) == ("halve", "halve-1", "c", "r")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (ENTRY.replace('"halve"', '"double"'), "equivalent[0].exercise", "no exercise is called 'double'"),
        (ENTRY.replace('reason = "r"\n', ""), "equivalent[0].reason", "the key is missing"),
        (ENTRY.replace('"r"', '" "'), "equivalent[0].reason", "some text was expected"),
        (ENTRY.replace('"c"', "3"), "equivalent[0].change", "Expected str, got int"),
        (ENTRY + "why = 1\n", "equivalent[0].why", "unknown key"),
        ("[equivalence]\n", "equivalence", "unknown key"),
        (ENTRY * 2, "equivalent[1].mutant", "equivalent[0] too"),
        ("equivalent = 3\n", "equivalent", "Expected array"),
        ("equivalent = [3]\n", "equivalent[0]", "Expected object"),
        ("[[equivalent]\n", "line 1", "is not TOML"),
    ],
)
def test_a_mistake_names_file_key_and_remedy(assignment, text, place, words):
    file = assignment.folder / "equivalent.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        read_equivalents(assignment)
    assert caught.value.file == file
    assert caught.value.place == place
    assert words in caught.value.problem
    assert caught.value.remedy


def test_the_entry_to_paste_wants_a_reason(tmp_path):
    file = tmp_path / "equivalent.toml"
    file.write_text(entry_for("halve", "halve-1", 'f("a\\b") → g'), encoding="utf-8")
    (entry,) = read_toml(file)["equivalent"]
    assert entry == {"exercise": "halve", "mutant": "halve-1", "change": 'f("a\\b") → g', "reason": ""}
