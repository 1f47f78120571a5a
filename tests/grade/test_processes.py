"""Processes that answer tasks, and what becomes of a task on which they die."""

import importlib

import pytest

from torchgrade.grade.processes import GraderFailed, Processes

ECHO = """
import os
from pathlib import Path

def echo(connection):
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        once = Path(task)
        if task == "dies" or (task.startswith("/") and not once.exists()):
            once.name and once.is_absolute() and once.touch()
            os._exit(3)
        connection.send(("failed" if task == "fails" else "result", task.upper()))
"""


@pytest.fixture
def echo(tmp_path, monkeypatch):
    """Give processes that answer with capitals, and die or fail where a task says so."""
    (tmp_path / "echo_in_capitals.py").write_text(ECHO)
    monkeypatch.syspath_prepend(tmp_path)
    target = importlib.import_module("echo_in_capitals").echo
    with Processes(target, (), 1, str) as processes:
        yield processes


def test_a_death_costs_a_task_nothing_and_many_cost_no_other(echo, tmp_path):
    once, answers = str(tmp_path / "once"), []
    with pytest.raises(GraderFailed, match=r"died 3 times on dies$"):
        answers.extend(echo.run(["a", "dies", once, "b"]))
    assert answers == [("a", "A"), (once, once.upper()), ("b", "B")]


def test_where_nothing_survives_not_every_task_is_tried(echo):
    left = iter(["dies"] * 3 + ["a"])
    with pytest.raises(GraderFailed, match=r"died 3 times on dies, dies, dies$"):
        list(echo.run(left))


def test_a_run_that_is_left_in_the_middle_leaves_no_answer_for_the_next(echo):
    run = echo.run(["a", "b", "c"])
    assert next(run) == ("a", "A")
    run.close()
    assert list(echo.run(["d"])) == [("d", "D")]


def test_what_a_process_says_of_itself_ends_the_run(echo):
    with pytest.raises(GraderFailed, match="FAILS"):
        list(echo.run(["fails", "a"]))
