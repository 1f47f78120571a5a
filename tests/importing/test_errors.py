"""What cannot be imported says file, place and remedy."""

import sys

import pytest

from torchgrade.errors import CourseError
from torchgrade.importing import import_notebook

SOLVED = ("code", "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION")
TESTED = ("code", "assert f(1) == 1", {"grade": True, "points": 1, "grade_id": "t"})


def refused(course, path, grader="nbgrader", slug="01-made"):
    with pytest.raises(CourseError) as error:
        import_notebook(course, grader, path, slug, trial=False)
    assert not list(course.root.glob("assignments/*/*"))
    return str(error.value)


def test_a_file_that_is_no_notebook(course, tmp_path):
    (tmp_path / "answers.py").write_text("x = 1")
    assert "is not a notebook" in refused(course, tmp_path / "answers.py")


def test_json_that_is_no_notebook(course, tmp_path):
    (tmp_path / "data.json").write_text("{}")
    assert "no key nbformat" in refused(course, tmp_path / "data.json")


def test_a_notebook_that_is_cut_off(course, notebook):
    path = notebook(SOLVED, TESTED)
    path.write_text(path.read_text()[:-40])
    said = refused(course, path)
    assert "line 1: is a notebook that is cut off" in said
    assert "save it again from Jupyter" in said


def test_a_notebook_with_cells_that_are_none(course, tmp_path):
    (tmp_path / "a.ipynb").write_text('{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": 3}')
    assert "damaged notebook" in refused(course, tmp_path / "a.ipynb")


def test_a_folder_names_its_notebooks(course, notebook):
    assert "name one of its notebooks: made.ipynb" in refused(course, notebook(SOLVED).parent)


def test_the_students_version_has_no_solution(course, notebook):
    said = refused(course, notebook(("markdown", "# Title"), ("code", "def f(x):\n    raise NotImplementedError")))
    assert "all 2 cells: nothing in it is marked as a solution of nbgrader" in said
    assert "the instructor's version" in said


def test_an_answer_that_is_a_variable_names_its_cell(course, notebook):
    path = notebook(("markdown", "# Title"), ("code", "answer = 3 # SOLUTION"))
    assert "cell 2: 1 answers are marked, and none of them is a function" in refused(course, path, "otter")


def test_a_solution_that_is_not_python_is_named(course, notebook):
    path = notebook(("code", "def f(x:\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"))
    assert "cell 1: no code cell holds a solution, and this cell is not Python (line 1" in refused(course, path)


def test_an_assignment_that_is_there_stays(course, notebook):
    path = notebook(SOLVED, TESTED)
    import_notebook(course, "nbgrader", path, "01-made", trial=False)
    with pytest.raises(CourseError, match="is there already"):
        import_notebook(course, "nbgrader", path, "01-made", trial=False)


def test_a_slug_of_another_form(course, notebook):
    assert "two digits, a dash" in refused(course, notebook(SOLVED), slug="Made")


def test_without_nbformat_it_says_what_to_install(course, notebook, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbformat", None)
    assert 'pip install "torchgrade[notebook]"' in refused(course, notebook(SOLVED, TESTED))


def test_a_name_that_no_exercise_can_have(course, notebook):
    path = notebook(("code", SOLVED[1].replace("f(x)", "make(x)")), ("code", "assert make(1) == 1", TESTED[2]))
    assert "cell 1: 'make' cannot be the name of an exercise" in refused(course, path)
