import json
import re
from dataclasses import replace

import pytest

from torchgrade.export.classroom50 import VARIABLES, classroom50

from .samples import NAMES, RUN, WISHES, a_check, a_result, mixed, right, unreadable, waiting

# What result-v1 asks for, and what its two validators compare.
REQUIRED = {
    "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review",
    "datetime", "score", "max-score", "tests",
}  # fmt: skip
OPTIONAL = {"graded_at", "submitted_by"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")


def record(result, **run):
    return json.loads(classroom50([result], replace(WISHES, run={**RUN, **run})).text)


@pytest.mark.parametrize("result", [right(), mixed(), unreadable(), waiting(), a_result(), *map(right, NAMES)])
def test_it_keeps_to_result_v1(result):
    found = record(result)
    assert REQUIRED <= set(found) <= REQUIRED | OPTIONAL
    assert all(isinstance(found[key], str) and found[key] for key in REQUIRED - {"score", "max-score", "tests"})
    assert found["schema"] == "classroom50/result/v1"
    assert found["assignment_type"] in ("individual", "group")
    assert found["submission"].startswith("submit/")
    assert INSTANT.fullmatch(found["datetime"])
    for row in (found, *found["tests"]):
        assert type(row["score"]) is type(row["max-score"]) is int
        assert 0 <= row["score"] <= row["max-score"]
    assert all(isinstance(test["passed"], bool) and test["test-name"] for test in found["tests"])
    assert found["score"] == sum(test["score"] for test in found["tests"])


def test_what_is_open_is_worth_nothing_of_nothing():
    assert (record(mixed())["score"], record(mixed())["max-score"]) == (2, 5)


def test_fractions_are_told_of():
    assert classroom50([right()], WISHES).notes == ("points are times 3: Classroom 50 knows whole points only",)
    assert classroom50([a_result(a_check())], WISHES).notes == ()


def test_the_runner_says_who_it_is():
    found = record(right(), OWNER="zoe", ASSIGNMENT_TYPE="group", REVIEW_URL="https://example.org/compare")
    assert (found["owner"], found["assignment_type"]) == ("zoe", "group")
    assert found["review"] == "https://example.org/compare"
    assert record(right())["review"] == RUN["COMMIT_URL"]


@pytest.mark.parametrize("name", VARIABLES)
def test_what_the_runner_did_not_say_is_asked_for(name):
    with pytest.raises(ValueError, match=f"sets {name};.*{name}="):
        record(right(), **{name: ""})


def test_a_tag_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="begin with submit/"):
        record(right(), SUBMISSION_TAG="v1")
