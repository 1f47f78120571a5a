"""A whole source notebook of each grader, from file to verify."""

from pathlib import Path

import pytest

from torchgrade.cli import main
from torchgrade.course import Course, release

NOTEBOOKS = Path(__file__).parent.parent / "samples" / "notebooks"
WHOLE = {
    "nbgrader": ("linear-models", ("standardise", "mse", "Line"), 7, 11),
    "otter": ("gradients", ("slope", "step"), 5.66, 8),
}


@pytest.mark.parametrize("grader", WHOLE)
def test_the_reference_keeps_every_point_and_the_stub_none(grader, course, capsys, tmp_path):
    name, exercises, carried, total = WHOLE[grader]
    at = ["--course", str(course.root)]
    assert main(["import", grader, str(NOTEBOOKS / f"{name}.ipynb"), *at]) == 0
    said = capsys.readouterr().out
    assert f"{carried:g} of {total:g} points" in said
    assert "the reference passes every check, and the untouched stub none" in said

    slug = f"01-{name}"
    main(["verify", slug, "--seeds", "1", "--mutants", "0", "--jobs", "1", "--out", str(tmp_path / "OUT"), *at])
    shown = " ".join(capsys.readouterr().out.split())
    assert "reference" in shown
    assert "does not pass" not in shown
    assert "passes on the untouched stub" not in shown

    assert course.assignment(slug).exercise_names == exercises
    written = {path.name: path.read_text() for path in release(course, [slug], course.template)}
    assert f"{name.replace('-', '_')}.py" in written
    assert "IMPORT.md" not in written
    _no_answer_in("\n".join(written.values()))


def _no_answer_in(released: str) -> None:
    for answer in (
        "x.std(dim=0)",
        "** 2).mean()",
        "squeeze(-1)",
        "w - rate * g",
        "2 * x\n",
        "about as steep",
        "HIDDEN",
    ):
        assert answer not in released


def test_a_check_that_its_own_reference_fails_is_taken_out(course: Course, notebook, capsys):
    path = notebook(
        ("code", "def f(x):\n    '''One more.'''\n    ### BEGIN SOLUTION\n    return x + 1\n    ### END SOLUTION"),
        ("code", "assert f(1) == 2", {"grade": True, "points": 1, "grade_id": "right"}),
        ("code", "assert f(1) == 3", {"grade": True, "points": 1, "grade_id": "wrong"}),
        ("code", "try:\n    f(1)\nexcept Exception:\n    pass", {"grade": True, "points": 1, "grade_id": "idle"}),
    )
    assert main(["import", "nbgrader", str(path), "01-made", "--course", str(course.root)]) == 0
    said = capsys.readouterr().out
    assert "cell 3, test wrong: the reference fails it" in said
    assert "cell 4, test idle: passes on the untouched stub" in said
    checks = (course.graders("01-made") / "test_made.py").read_text()
    assert "\n    expect(submission.f(1)).equal(2)" in checks
    assert "# assert f(1) == 3" in checks
    record = (course.root / "assignments" / "01-made" / "IMPORT.md").read_text()
    assert "1 of 3 points" in record
