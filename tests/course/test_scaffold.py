import subprocess
import sys

import pytest

from torchgrade.course import check_master, new_assignment, stub_source, visible_source
from torchgrade.misconceptions import misconceptions_in


def test_a_new_assignment_is_in_order(course):
    written = new_assignment(course, "03-linear-models")
    folder, graders = course.root / "assignments" / "03-linear-models", course.graders("03-linear-models")
    names = ["assignment.toml", "handout.md", "misconceptions.py", "solution.py"]
    assert sorted(written) == sorted([*(folder / name for name in names), graders / "test_linear_models.py"])
    assert all(path.is_file() for path in written)
    assert not [path for path in written if "$" in path.read_text(encoding="utf-8")]

    assignment = course.assignment("03-linear-models")
    assert (assignment.title, assignment.module) == ("Linear models", "linear_models")
    check_master(assignment)
    stub = stub_source(assignment.solution.read_text(encoding="utf-8"), assignment.solution)
    assert 'raise NotImplementedError("TODO: double")' in stub
    checks = written[3]
    released = visible_source(checks.read_text(encoding="utf-8"), checks)
    assert "def test_small_vector" in released
    assert "def test_argument_is_left_alone" not in released
    assert "def test_argument_is_left_alone" in checks.read_text(encoding="utf-8")


def test_its_misconception_can_be_imported(course):
    namespace = {}
    exec(course.assignment("01-tensors").misconceptions.read_text(encoding="utf-8"), namespace)
    assert [known.exercise for known in misconceptions_in(namespace)] == ["double"]


@pytest.mark.parametrize("slug", ["random", "2d", "import", "test-yourself", "torch"])
def test_a_name_that_no_module_can_have_gets_another(course, slug):
    new_assignment(course, f"04-{slug}")
    module = course.assignment(f"04-{slug}").module
    assert module == f"lesson_{slug.replace('-', '_')}"
    assert (course.graders(f"04-{slug}") / f"test_{module}.py").is_file()


@pytest.mark.parametrize(
    "slug",
    [
        "tensors",
        "1-tensors",
        "01-Tensors",
        "01_tensors",
        "01-",
        "01--a",
        "01-a-",
        "../01-a",
        "01-a/b",
        "٠١-a",
        "01-a\n",
    ],
)
def test_a_slug_of_another_form_is_refused_with_an_example(course, refused, slug):
    with refused(course.root / "assignments", slug, "no name for an assignment", "torchgrade new 03-linear-models"):
        new_assignment(course, slug)


def test_what_is_there_already_is_never_overwritten(course, refused):
    folder = course.root / "assignments" / "01-tensors"
    with refused(folder, "", "there already", "choose another name"):
        new_assignment(course, "01-tensors")
    (course.graders("05-nets")).mkdir()
    with refused(course.graders("05-nets"), "", "there already"):
        new_assignment(course, "05-nets")
    assert "05-nets" not in [path.name for path in (course.root / "assignments").iterdir()]


def test_authoring_loads_no_torch():
    code = "import torchgrade.course, sys; print([m for m in ('torch', 'numpy', 'pytest') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
