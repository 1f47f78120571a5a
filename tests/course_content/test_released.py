"""What students receive is what the masters give, and runs."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from torchgrade.course import Course, released_files

from ..conftest import graded_slugs

REPOSITORY = Path(__file__).parents[2]
COURSE = Course(REPOSITORY)


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_the_template_is_current(slug):
    for name, content in released_files(COURSE, slug).items():
        assert (COURSE.template / name).read_bytes() == content, name


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_the_notebook_is_the_stub_and_the_handout(slug):
    assignment, folder = COURSE.assignment(slug), COURSE.template / slug
    notebook = nbformat.read(folder / f"{assignment.module}.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.id == "setup" or cell.id.startswith("exercise-"))
    prose = "\n".join(cell.source for cell in notebook.cells if cell.id.startswith("handout-"))
    stub = (folder / f"{assignment.module}.py").read_text(encoding="utf-8")
    assert sorted(code.split()) == sorted(stub.split())
    assert prose.split() == (folder / "handout.md").read_text(encoding="utf-8").split()
    assert sum(cell.id.startswith("exercise-") for cell in notebook.cells) == len(assignment.exercises)


@pytest.mark.parametrize("slug", graded_slugs(COURSE.slugs))
def test_a_fresh_stub_has_no_points(slug):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    result = subprocess.run(command, cwd=COURSE.template / slug, capture_output=True, text=True, timeout=200)
    assert result.returncode == 1
    assert result.stdout.count("  to do ") + result.stdout.count("  wrong ") == len(COURSE.assignment(slug).exercises)
    assert "score: 0 of" in result.stdout
