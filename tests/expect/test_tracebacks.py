"""Whoever reads a failure sees their own lines: never ours."""

import shutil
import subprocess
import sys

import pytest

from torchgrade.cli import main

from ..conftest import MINI

PLAIN = """
import torch
from torchgrade import expect

def test_value():
    expect(torch.ones(2)).equal(torch.zeros(2))  # line of test_value

def test_near():
    expect([1.0, 2.0]).near([1.0, 3.0], within=0.1)  # line of test_near

def test_curve():
    expect([1.0, 2.0]).descends()  # line of test_curve

def test_raises():
    with expect.raises(ValueError):  # line of test_raises
        pass

def test_fail():
    expect.fail("It is wrong.", "Look again.")  # line of test_fail
"""
TODO = 'raise NotImplementedError("TODO: zeros_matrix")'


@pytest.mark.parametrize("style", ["long", "short", "line", "native", "auto"])
def test_a_plain_test_that_uses_expect_ends_in_its_own_line(pytester, style):
    pytester.makepyfile(PLAIN)
    shown = pytester.runpytest_inprocess(f"--tb={style}", "-p", "no:randomly").stdout.str()
    assert "5 failed" in shown
    if style != "native":  # which hides nothing, by its name
        assert "torchgrade/expect" not in shown.replace("\\", "/")
    if style in ("long", "short", "auto"):
        for name in ("value", "near", "curve", "fail"):
            assert f"# line of test_{name}" in shown


def run(folder, *options):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    return done.stdout + done.stderr


ANSWERS = {
    "an exception": "return torch.zeros(rows, columns) + missing  # mine",
    "an exception inside torch": "return torch.zeros(rows, columns) @ torch.zeros(9, 9)  # mine",
    "a sparse tensor": "return torch.zeros(rows, columns).to_sparse()",
    "an object that raises": "return type('Odd', (), {'__getattr__': lambda self, name: 1 / 0})()",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What pytest shows a student for each of these answers."""
    folder = tmp_path_factory.mktemp("students")
    course = shutil.copytree(MINI, folder / "course")
    assert main(["release", "--course", str(course)]) == 0
    found = {}
    for name, answer in ANSWERS.items():
        own = shutil.copytree(course / "student_template", folder / name.replace(" ", "_")) / "01-mini"
        text = (own / "mini.py").read_text()
        assert TODO in text
        (own / "mini.py").write_text(text.replace(TODO, answer, 1))
        found[name] = run(own)
    return found


@pytest.mark.parametrize("name", ANSWERS)
def test_a_students_run_shows_no_line_of_ours(shown, name):
    text = shown[name].replace("\\", "/")
    assert "score: 0 of 2 points" in text
    assert "src/torchgrade" not in text
    assert "site-packages" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("name", [name for name in ANSWERS if name.startswith("an exception")])
def test_an_exception_ends_in_the_students_line(shown, name):
    assert "# mine" in shown[name]


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_told_of_an_exercise_is_short(shown, name):
    _, _, told = shown[name].partition("A 3x4 matrix of float32 zeros.")
    told = told.partition("score: ")[0]
    assert len(told.strip().splitlines()) <= 9, told
