"""The figures of the tutorials come out of the reference solutions, or the table says why they do not."""

import re

import pytest

from torchgrade.course import Course
from torchgrade.sandbox.inprocess import torch_as_it_was

from ..conftest import REPOSITORY
from . import (
    figures_of_arithmetic,
    figures_of_autograd,
    figures_of_indexing,
    figures_of_numpy,
    figures_of_shapes,
    figures_of_tensors,
    figures_of_training,
)
from .figures import References, differences, figures, plain, recipes_in

FIGURES = list(figures())
REPRODUCED = [one for one in FIGURES if one.status == "reproduced"]
RECIPES = recipes_in(
    figures_of_arithmetic,
    figures_of_autograd,
    figures_of_indexing,
    figures_of_numpy,
    figures_of_shapes,
    figures_of_tensors,
    figures_of_training,
)
PAGE = REPOSITORY / "docs" / "figures.md"
ID = re.compile(r"\b(?:00\d|L|U)-\d\db?\b")


@pytest.mark.parametrize("figure", REPRODUCED, ids=lambda figure: figure.id)
def test_a_figure_comes_out_of_the_references(figure):
    references = References(figure.exercises)
    with torch_as_it_was():
        found = plain(RECIPES[figure.id](references))
    assert list(differences(found, figure.value, figure.tolerance)) == []
    assert references.unused == set()


def test_every_figure_is_computed_or_has_a_reason():
    assert len({one.id for one in FIGURES}) == len(FIGURES) > 170
    assert {one.id for one in REPRODUCED} == set(RECIPES)
    others = [one for one in FIGURES if one.status != "reproduced"]
    assert {one.status for one in others} == {"not"}
    assert [one.id for one in others if not one.reason or one.value is not None] == []


def test_every_figure_names_exercises_that_there_are():
    course = Course(REPOSITORY)
    known = {f"{slug}/{name}" for slug in course.slugs for name in course.assignment(slug).exercise_names}
    assert [one.id for one in REPRODUCED if not one.exercises or not known.issuperset(one.exercises)] == []


def test_the_page_lists_the_figures_of_the_table():
    rows = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    listed = {
        status: [name for row in rows if row[1].strip().startswith(start) for name in ID.findall(row[2])]
        for status, start in (("reproduced", "`"), ("not", "not: "))
    }
    for status, names in listed.items():
        assert sorted(names) == sorted(one.id for one in FIGURES if one.status == status)


@pytest.mark.parametrize(
    ("found", "expected"),
    [(2.5, 2.6), (2, 2.0), ([1, 2], [1, 2, 3]), ("float32", "float64"), ([True], [1]), (float("nan"), 1.0)],
)
def test_a_wrong_value_is_noticed(found, expected):
    assert list(differences(found, expected, 0.05)) != []


def test_a_recipe_gets_no_reference_that_the_table_does_not_name():
    with pytest.raises(AttributeError, match="names no exercise variance"):
        References(("02-arithmetic/dot",)).variance  # noqa: B018
