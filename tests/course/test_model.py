import dataclasses

import pytest

from torchgrade.course import Course, read_manifest


def test_only_folders_with_a_manifest_are_assignments_in_sorted_order(course):
    for slug in ("10-last", "02-second"):
        (course.root / "assignments" / slug).mkdir()
        (course.root / "assignments" / slug / "assignment.toml").touch()
    (course.root / "assignments" / "03-started").mkdir()
    (course.root / "assignments" / "README.md").touch()
    assert course.slugs == ("01-tensors", "02-second", "10-last")


def test_the_folders_of_a_course(course):
    assert course.graders("01-tensors") == course.root / "graders" / "01-tensors"
    assert course.shared == course.root / "fixtures" / "shared"
    assert course.template == course.root / "student_template"


def test_an_assignment_and_its_files(course):
    assignment = course.assignment("01-tensors")
    assert assignment.slug == "01-tensors"
    assert assignment.solution.read_text(encoding="utf-8").startswith('"""Tensors')
    assert assignment.misconceptions.name == "misconceptions.py"
    assert assignment.handout.is_file()
    assert assignment.exercise_names == ("double",)
    assert assignment.exercise("double").title == "Twice as much"


def test_an_exercise_that_is_not_there_is_a_key_error(manifest):
    with pytest.raises(KeyError, match=r"no exercise 'nope'; it has zeros"):
        read_manifest(manifest).exercise("nope")


@pytest.mark.parametrize("slug", ["01-tensor", "tensors", "../assignments/01-tensors", ""])
def test_an_unknown_slug_names_the_known_ones(course, refused, slug):
    with refused(course.root / "assignments", slug, "no such assignment", "Known: 01-tensors"):
        course.assignment(slug)


def test_an_unknown_slug_brings_the_closest_one(course, refused):
    with refused(course.root / "assignments", "01-tesnors", "did you mean 01-tensors?"):
        course.assignment("01-tesnors")


def test_a_course_without_assignments_says_how_to_start_one(tmp_path, refused):
    with refused(tmp_path / "assignments", "x", "torchgrade new"):
        Course(tmp_path).assignment("x")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (None, "C"),
        ("", "C"),
        ("[tool.ruff]\nline-length = 100\n", "C"),
        ("[tool.torchgrade]\nother = 1\n", "C"),
        ('[tool.torchgrade]\nleast_level = "A"\n', "A"),
        ('[tool.torchgrade]\nleast_level = "D"\n', "D"),
    ],
)
def test_the_least_level(tmp_path, text, level):
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert Course(tmp_path).least_level == level


@pytest.mark.parametrize("value", ['"E"', '"a"', '""', '"AB"', "3", "true", "[]"])
def test_a_least_level_that_is_none_is_refused(tmp_path, refused, value):
    file = tmp_path / "pyproject.toml"
    file.write_text(f"[tool.torchgrade]\nleast_level = {value}\n", encoding="utf-8")
    with refused(file, "tool.torchgrade.least_level", '"A", "B", "C" or "D"'):
        _ = Course(tmp_path).least_level


def test_a_pyproject_with_a_syntax_error_names_the_line(tmp_path, refused):
    (tmp_path / "pyproject.toml").write_text("[tool\n", encoding="utf-8")
    with refused(tmp_path / "pyproject.toml", "line 1", "not TOML"):
        _ = Course(tmp_path).least_level


def test_what_was_read_cannot_be_changed(course):
    assignment = course.assignment("01-tensors")
    for thing in (course, assignment, assignment.limits, assignment.exercises[0]):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, dataclasses.fields(thing)[0].name, None)
