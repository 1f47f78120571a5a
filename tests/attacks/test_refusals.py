"""Where student code cannot be held as the course asks, hidden checks do not run."""

from __future__ import annotations

import json

import pytest

from torchgrade.cli import main

ANSWER = "import torch\ndef zeros_matrix(r, c): return torch.zeros(r, c)\ndef halve(x): return x * 0.5\n"


@pytest.fixture
def grade(mini):
    """Grade one submission in the grader's own process, which is level D; return the exit code and its checks."""

    def run(*options: str):
        (mini / "alice.py").write_text(ANSWER)
        out = mini / "OUT"
        arguments = ["grade", "01-mini", str(mini / "alice.py"), "--course", str(mini), "--out", str(out)]
        code = main([*arguments, "--isolation", "none", *options])
        results = out / "results.jsonl"
        return code, json.loads(results.read_text())["checks"] if results.exists() and results.stat().st_size else []

    return run


def test_hidden_checks_are_refused_below_the_least_level(grade, capsys):
    assert grade() == (2, [])
    said = capsys.readouterr().err
    assert "workers would be held at level D here, and hidden checks want C or better" in said
    assert "--allow-unconfined" in said


def test_visible_checks_are_not(grade):
    code, checks = grade("--visible-only")
    assert code == 0
    assert [(check["status"], check["visible"]) for check in checks] == [("passed", True)]


def test_who_asks_for_it_gets_hidden_checks_too(grade):
    code, checks = grade("--allow-unconfined")
    assert code == 0
    assert {check["visible"] for check in checks} == {True, False}


def test_a_course_may_ask_for_less(grade, mini):
    (mini / "pyproject.toml").write_text('[tool.torchgrade]\nleast_level = "D"\n')
    code, checks = grade()
    assert code == 0
    assert len(checks) > 1
