import ast

import pytest

from torchgrade.cli import main
from torchgrade.course import Exercise, check_master, new_assignment, new_exercise, released_files, stub_source

FLIP = Exercise("flip", 'Turned "around"', "See torch.flip, or $x[::-1] with a \\ in it.")


def text_of(file):
    return file.read_text(encoding="utf-8")


def test_a_frame_joins_what_is_there(course):
    before = {file: text_of(file) for file in course.root.rglob("*.*") if file.is_file()}
    written = new_exercise(course, "01-tensors", FLIP)
    assert sorted(file.name for file in written) == ["assignment.toml", "handout.md", "solution.py", "test_tensors.py"]
    assert written[-1].name == "assignment.toml"  # until it is written the course is as it was
    for file in written:
        if file.name != "solution.py":
            assert text_of(file).startswith(before[file].rstrip())
    assignment = course.assignment("01-tensors")
    assert assignment.exercise_names == ("double", "flip")
    assert assignment.exercise("flip") == FLIP
    check_master(assignment)


def test_students_receive_the_stub_and_nothing_of_the_misconception(course):
    new_exercise(course, "01-tensors", FLIP)
    source = course.assignment("01-tensors").solution
    stub = stub_source(text_of(source), source)
    assert 'raise NotImplementedError("TODO: flip")' in stub
    assert "misconception" not in stub
    assert "wrong" not in stub
    assert "\n\n\n\n" not in stub
    released = released_files(course, "01-tensors")
    assert b"def test_flip(" in released["01-tensors/test_tensors.py"]
    assert b"test_flip_hidden" not in released["01-tensors/test_tensors.py"]


def test_two_frames_share_one_import(course):
    new_exercise(course, "01-tensors", FLIP)
    new_exercise(course, "01-tensors", Exercise("roll", "Rolled", "torch.roll"))
    assert text_of(course.assignment("01-tensors").solution).count("import misconception") == 1
    check_master(course.assignment("01-tensors"))


@pytest.mark.parametrize(
    "head",
    ["", '"""Tensors."""\n', "import torch\n", "# BEGIN SOLUTION\nimport torch\n# END SOLUTION\n", "x = 1\n"],
)
def test_the_import_finds_its_place(course, head):
    solution = course.assignment("01-tensors").solution
    body = text_of(solution)[text_of(solution).index("def double") :].replace(": Tensor", "").replace(" -> Tensor", "")
    solution.write_text(f"{head}\n\n{body}", encoding="utf-8")
    new_exercise(course, "01-tensors", FLIP)
    check_master(course.assignment("01-tensors"))
    names = [getattr(node, "name", type(node).__name__) for node in ast.parse(text_of(solution)).body]
    assert names.index("ImportFrom") < names.index("double")


def test_a_new_assignment_may_begin_with_a_frame(course):
    written = new_assignment(course, "02-flips", FLIP)
    assert sorted(file.name for file in written) == ["assignment.toml", "handout.md", "solution.py", "test_flips.py"]
    assert course.assignment("02-flips").exercises == (FLIP,)
    check_master(course.assignment("02-flips"))


@pytest.mark.parametrize("name", ["observe", "make", "_hidden", "2d", "a b", "class", "é", ""])
def test_a_name_that_no_check_could_call_is_refused(course, refused, name):
    manifest = course.root / "assignments" / "01-tensors" / "assignment.toml"
    with refused(manifest, name, "cannot be the name of an exercise", "starting with a letter"):
        new_exercise(course, "01-tensors", Exercise(name, "Title", "Hint"))
    with refused(course.root / "assignments" / "02-flips" / "assignment.toml", name, "cannot be the name"):
        new_assignment(course, "02-flips", Exercise(name, "Title", "Hint"))
    assert not (course.root / "assignments" / "02-flips").exists()


def test_what_is_there_is_never_hidden_by_a_second_one(course, refused):
    assignment = course.assignment("01-tensors")
    with refused(assignment.solution, "double (line 8)", "is there already", "choose another name"):
        new_exercise(course, "01-tensors", Exercise("double", "Again", "Hint"))
    checks = course.graders("01-tensors") / "test_tensors.py"
    checks.write_text(text_of(checks) + "\n\ndef test_flip():\n    pass\n", encoding="utf-8")
    before = text_of(assignment.solution)
    with refused(checks, f"test_flip (line {len(text_of(checks).splitlines()) - 1})", "is there already"):
        new_exercise(course, "01-tensors", FLIP)
    assert text_of(assignment.solution) == before


def test_the_command_has_words_for_what_is_left_out(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    assert main(["new", "01-tensors", "flip_rows"]) == 0
    flip = course.assignment("01-tensors").exercise("flip_rows")
    assert (flip.title, flip.hint) == ("Flip rows", "Read the docstring of flip_rows once more.")
    assert "wrote assignments/01-tensors/solution.py\n" in capsys.readouterr().out
    assert main(["new", "02-flips", "--title", "Flips"]) == 2
    assert "name it, as in torchgrade new 03-rows centred" in capsys.readouterr().err
    assert course.slugs == ("01-tensors",)
