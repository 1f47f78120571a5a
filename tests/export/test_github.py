import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.export.github import MESSAGES, VARIABLE, github
from torchgrade.export.settled import assignment_of
from torchgrade.report import feedback_markdown

from .samples import NAMES, WISHES, a_check, a_result, mixed, right, unreadable, waiting


def record(result):
    text = github([result], WISHES).text
    assert text.startswith("result=")
    assert text.count("\n") == 1
    return json.loads(base64.b64decode(text.removeprefix("result=").strip(), validate=True))


def annotations(result):
    return github([result], replace(WISHES, part="annotations")).text.splitlines()


@pytest.mark.parametrize("result", [right(), mixed(), unreadable(), waiting(), a_result(), *map(right, NAMES)])
def test_the_reporter_can_count_with_it(result):
    found = record(result)
    assert found["version"] == 3
    assert found["status"] in ("pass", "fail", "error")
    assert isinstance(found["max_score"], int)
    assert found["tests"]  # it divides by their number
    for test in found["tests"]:
        assert {"name", "status", "test_code", "task_id", "filename", "line_no", "duration", "score"} <= set(test)
        assert isinstance(test["score"], int)
        assert test["line_no"] == 0
        assert len(test.get("message", "")) <= MESSAGES[0]
    assert sum(test["score"] for test in found["tests"]) <= found["max_score"]


def test_what_is_open_is_told_and_not_counted():
    found = record(mixed())
    assert (found["max_score"], [test["score"] for test in found["tests"]]) == (5, [2, 0, 0])
    assert "2 points wait" in found["message"]


def test_full_points_so_far_pass():
    assert record(a_result(a_check(), a_check("deferred")))["status"] == "pass"
    assert record(a_result(a_check(), a_check("error")))["status"] == "error"
    assert record(waiting())["max_score"] == 0


@given(
    st.lists(st.sampled_from(["::", "##[", "error", " ", "\n", "\r", "\u2028", ":", "#", "["]), max_size=12).map(
        "".join
    )
)
def test_what_the_reporter_prints_is_no_command(message):
    (test,) = record(a_result(a_check("failed", message=f"x\n{message}")))["tests"]
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in test["message"].splitlines())


def test_a_long_result_still_fits_an_environment_variable():
    checks = [a_check("failed", title=f"Check {place}.", message="ß" * 900) for place in range(300)]
    text = github([a_result(*checks)], WISHES).text
    assert len(text) < VARIABLE
    assert all(test["message"] for test in record(a_result(*checks))["tests"])


def test_fractions_become_whole():
    assert (record(right())["max_score"], [test["score"] for test in record(right())["tests"]]) == (10, [6, 3, 1])


def test_the_summary_is_the_students_page():
    summary = github([mixed()], replace(WISHES, part="summary")).text
    assert summary == feedback_markdown(mixed(), assignment_of(a_result(), WISHES))


def test_annotations_are_of_visible_failures_with_file_and_line():
    first, *others = annotations(mixed())
    assert first.startswith("::error file=tensors.py,line=5,title=zeros_matrix%3A The result has the dtype float32.::")
    assert "100%25%0A  line 5" in first
    assert all(line.startswith("::notice title=01-tensors::") for line in others)
    assert len(others) == 2


def test_an_unreadable_submission_is_one_annotation():
    (line,) = annotations(unreadable())
    assert "SyntaxError" in line


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_can_begin_a_command_of_its_own(title, message):
    result = a_result(a_check("failed", title=title, message=f"{message}\n::error::x\r\n::set-output name=a::b"))
    lines = github([result], replace(WISHES, part="annotations")).text.split("\n")
    assert len(lines) == 2
    assert lines[0].startswith("::error title=")
    assert lines[0].count("::") - lines[0].partition("::")[2].partition("::")[2].count("::") == 2
