"""Grader processes: what they grade, and what happens when one dies."""

import os
import signal
import subprocess

import pytest

from torchgrade.errors import CourseError
from torchgrade.grade.pool import GraderFailed
from torchgrade.sandbox.program import Program, program_from
from torchgrade.verify.attempts import Attempt
from torchgrade.verify.load import busy_cores
from torchgrade.verify.workers import Workers

ANOTHER = '''"""More checks, in a module with a fixture of its own."""
import pytest
import torch
from torchgrade import check, expect

@pytest.fixture(scope="module")
def ones():
    return torch.ones(2)

@check("halve", points=1)
def test_ones(submission, ones):
    """Half of one."""
    expect(submission.halve(ones)).equal(ones / 2)
'''


def answer(mini, name="solution", **more):
    return Attempt("reference", name, "", program_from(mini / "assignments/01-mini/solution.py", "mini"), **more)


def test_attempts_choose_among_checks_of_several_files_and_stop_when_asked(mini):
    (mini / "graders/01-mini/test_another.py").write_text(ANOTHER, encoding="utf-8")
    source = b"def zeros_matrix(a, b): return None\ndef halve(x): return x * 2\n"
    bad = Program("mini", {"mini": source})
    attempts = [
        answer(mini),
        answer(mini, only=("halve",)),
        Attempt("mutant", "stops", "halve", bad, only=("halve",), stop=True),
        Attempt("mutant", "goes on", "halve", bad, only=("halve",)),
        Attempt("mutant", "no module", "halve", Program("mini", {"mini": b"import nothing_like_it"})),
    ]
    with Workers(mini, "01-mini", 1) as workers:
        trials = [trial for _, trial in workers.run(attempts)]
    statuses = [[check.status for check in trial.checks] for trial in trials]
    assert statuses[0].count("passed") == 6
    assert sorted(statuses[1]) == ["deferred", "passed", "passed"]
    assert statuses[2][-1] == "failed"
    assert statuses[2].count("failed") == 1
    assert statuses[3].count("failed") == 2
    assert (trials[4].status, trials[4].checks) == ("unreadable", ())
    assert "nothing_like_it" in trials[4].cause


def test_a_grader_that_dies_is_started_again(mini):
    with Workers(mini, "01-mini", 1) as workers:
        going = workers.run([answer(mini), answer(mini, only=("halve",))])
        next(going)
        os.kill(workers.all[0].process.pid, signal.SIGKILL)
        _, trial = next(going)
    assert not trial.lost


def test_one_that_dies_always_is_given_up(mini):
    (mini / "graders/01-mini/conftest.py").write_text("import os\nos._exit(3)\n", encoding="utf-8")
    with (
        Workers(mini, "01-mini", 1) as workers,
        pytest.raises(GraderFailed, match="died 3 times on reference solution"),
    ):
        list(workers.run([answer(mini)]))


def test_checks_that_cannot_be_collected_are_the_courses_mistake(mini):
    (mini / "graders/01-mini/test_mini.py").write_text("import nothing_like_it\n", encoding="utf-8")
    with Workers(mini, "01-mini", 1) as workers, pytest.raises(CourseError, match="cannot be collected"):
        list(workers.run([answer(mini)]))


def test_no_process_is_started_for_nothing(mini):
    with Workers(mini, "01-mini", 2) as workers:
        assert list(workers.run([])) == []
        assert workers.all == []


def test_cores_are_busy_only_inside_the_block(monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr("subprocess.Popen", lambda command: started.append(popen(command)) or started[-1])
    with busy_cores():
        assert len(started) >= 2
        assert all(process.poll() is None for process in started)
    assert all(process.poll() is not None for process in started)
