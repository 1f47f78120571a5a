import json
from dataclasses import replace

import pytest

from torchgrade.export.gradescope import gradescope

from .samples import NAMES, WISHES, a_check, a_result, mixed, right, unreadable, waiting

# From Gradescope's own description of results.json.
TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip
VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}


def record(result, **wishes):
    return json.loads(gradescope([result], replace(WISHES, **wishes)).text)


@pytest.mark.parametrize("result", [right(), mixed(), unreadable(), waiting(), a_result(), *map(right, NAMES)])
def test_it_keeps_to_the_description(result):
    found = record(result)
    assert set(found) <= TOP
    assert {found["visibility"], found["stdout_visibility"]} <= VISIBILITY
    for test in found["tests"]:
        assert set(test) <= TEST
        assert test["visibility"] in VISIBILITY
        assert test.get("status") in (None, "passed", "failed")
        assert isinstance(test["number"], str)
        assert all(isinstance(tag, str) for tag in test["tags"])


def test_nothing_is_lost_by_what_is_open():
    found = record(mixed())
    assert found["score"] == 2
    assert "2 points wait for a machine with a GPU." in found["output"]
    for test in found["tests"][3:]:
        assert not {"score", "max_score", "status"} & set(test)
    assert record(mixed(), scale=True)["score"] == pytest.approx(3.2)
    assert record(waiting(), scale=True)["score"] == 0


def test_a_hidden_check_is_as_visible_as_was_wished():
    assert [test["visibility"] for test in record(mixed())["tests"]] == ["visible"] * 5
    kinds = [test["visibility"] for test in record(mixed(), hidden="after_published")["tests"]]
    assert kinds == ["visible", "visible", "after_published", "visible", "visible"]


def test_an_unreadable_submission_has_its_cause_on_top():
    assert "SyntaxError: '(' was never closed" in record(unreadable())["output"]


def test_checks_are_numbered_by_exercise():
    numbers = [test["number"] for test in record(a_result(a_check(), a_check(), a_check(exercise="b")))["tests"]]
    assert numbers == ["1.1", "1.2", "2.1"]


def test_gradescopes_own_runner_writes_no_other_kind_of_value(tmp_path):
    runner = pytest.importorskip("gradescope_utils.autograder_utils.json_test_runner")
    from unittest import TestCase, TestSuite

    from gradescope_utils.autograder_utils.decorators import number, tags, visibility, weight

    class Theirs(TestCase):
        @weight(2)
        @number("1.1")
        @tags("zeros_matrix")
        @visibility("visible")
        def test_it(self):
            """A matrix."""

    with (tmp_path / "results.json").open("w") as stream:
        runner.JSONTestRunner(stream=stream, visibility="visible").run(TestSuite([Theirs("test_it")]))
    theirs = json.loads((tmp_path / "results.json").read_text())
    ours = record(a_result(a_check()))
    assert set(theirs["tests"][0]) - {"output"} <= set(ours["tests"][0])
    for key in set(theirs["tests"][0]) & set(ours["tests"][0]) - {"score", "max_score"}:
        assert type(theirs["tests"][0][key]) is type(ours["tests"][0][key]), key
