"""Which runner is asked for what, with runners that are no processes."""

import queue
import time

import pytest

from torchgrade.watch.messages import Begun, Check, Done, Problem, Ready, Started
from torchgrade.watch.places import find_assignments
from torchgrade.watch.process import Ended, Printed, Told
from torchgrade.watch.session import Session

from .samples import NAMES, hand_out

CHECKS = [Check(f"{name}::{n}", name, f"{name} {n}") for name in NAMES for n in (1, 2)]
IDS = [check.id for check in CHECKS]


class FakeRunner:
    """Does what the test says."""

    def __init__(self, folder, inbox):
        self.folder, self.asked, self.killed = folder, [], False

    def ask(self, request):
        self.asked.append(request)

    def kill(self):
        self.killed = True


class Stage:
    """A session with its runners; ``runners[-1]`` is the newest."""

    def __init__(self, place):
        self.runners = []
        assignments, file = find_assignments(place)
        self.session = Session(assignments, assignments[0], file, queue.SimpleQueue(), self.start)

    def start(self, folder, inbox):
        self.runners.append(FakeRunner(folder, inbox))
        return self.runners[-1]

    def say(self, message, runner=None):
        self.session.take(Told(runner or self.runners[-1], message))

    def warm(self):
        """Have the newest runner get ready, and return it."""
        self.say(Ready(CHECKS))
        return self.runners[-1]

    def run(self, runner, *statuses):
        """Have a runner go through its first checks."""
        self.say(Begun("steps.py"), runner)
        order = runner.asked[0].order
        for name, status in zip(order, statuses, strict=False):
            self.say(Started(name), runner)
            if status != "hangs":
                self.say(Done(name, status, f"{name} {status}", untouched=False), runner)

    def end(self, runner, code=0):
        self.session.take(Ended(runner, code))


@pytest.fixture
def stage(handed_out):
    return Stage(handed_out)


def test_the_first_runner_is_asked_as_soon_as_it_is_ready_and_the_next_one_is_started(stage):
    first = stage.runners[0]
    assert first.asked == []
    stage.warm()
    assert [request.order for request in first.asked] == [IDS]
    assert stage.runners == [first]  # the run has the cores to itself
    stage.run(first, *["passed"] * 6)
    stage.end(first)
    assert len(stage.runners) == 2
    assert stage.session.progress.finished


def test_no_runner_is_asked_twice(stage, handed_out):
    for _ in range(3):
        runner = stage.warm()
        stage.run(runner, *["failed"] * 6)
        stage.end(runner)
        stage.session.saved(handed_out / "steps.py")
    assert [len(runner.asked) for runner in stage.runners] == [1, 1, 1, 0]


def test_a_run_that_goes_on_for_longer_has_a_spare_beside_it(stage, monkeypatch):
    monkeypatch.setattr("torchgrade.watch.session.SPARE_AFTER_SECONDS", 0)
    stage.warm()
    stage.session.tick()
    assert len(stage.runners) == 2


def test_a_save_ends_the_run_that_is_under_way(stage, handed_out):
    first = stage.warm()
    stage.run(first, "hangs")
    stage.session.saved(handed_out / "steps.py")
    assert first.killed
    second = stage.warm()
    assert second is not first
    stage.say(Done(IDS[0], "failed", "late news", untouched=False), first)
    assert stage.session.progress.said == {}
    assert second.asked[0].order == IDS


def test_a_crash_is_a_verdict_and_the_other_exercises_go_to_a_fresh_runner(stage):
    first = stage.warm()
    stage.run(first, "passed", "passed", "hangs")
    stage.end(first, -11)
    said = stage.session.progress.said["two::1"]
    assert said.status == "crashed"
    assert "SIGSEGV" in said.message
    second = stage.warm()
    assert second is not first
    assert second.asked[0].order == ["three::1", "three::2"]


def test_a_check_that_takes_too_long_is_stopped_and_said(stage):
    first = stage.warm()
    stage.run(first, "hangs")
    stage.session.tick()
    assert not first.killed
    stage.session.run.since = time.monotonic() - 4.1
    stage.session.tick()
    assert first.killed
    stage.end(first, -9)
    assert stage.session.progress.said[IDS[0]].message == "This was stopped after 4 seconds. Does a loop never end?"


def test_a_file_that_ends_every_runner_is_not_tried_for_ever(stage):
    for _ in range(2):
        runner = stage.warm()
        stage.run(runner, "hangs")
        stage.end(runner, 1)
    assert not stage.session.busy
    spare = stage.warm()
    assert spare.asked == []
    assert {name: said.status for name, said in stage.session.progress.said.items()} == {
        "one::1": "crashed",
        "two::1": "crashed",
    }


def test_what_was_printed_belongs_to_its_check_before_or_after_the_verdict(stage):
    runner = stage.warm()
    stage.say(Begun("steps.py"))
    for place in (0, 1):
        stage.say(Started(IDS[place]), runner)
    stage.session.take(Printed(runner, 0, b"early", 5))
    stage.say(Done(IDS[0], "failed", "", untouched=False), runner)
    stage.say(Done(IDS[1], "failed", "", untouched=False), runner)
    stage.session.take(Printed(runner, 1, b"late", 99))
    said = stage.session.progress.said
    assert [(said[name].printed, said[name].size) for name in IDS[:2]] == [("early", 5), ("late", 99)]


def test_checks_that_cannot_be_collected_are_not_tried_again_before_a_file_changes(stage, handed_out):
    stage.say(Problem("test_steps.py cannot be read"))
    stage.end(stage.runners[0], 0)
    stage.session.tick()
    assert stage.session.problem == "test_steps.py cannot be read"
    assert len(stage.runners) == 1
    stage.session.saved(handed_out / "test_steps.py")
    assert len(stage.runners) == 2
    assert stage.session.problem == ""


def test_a_python_without_torch_says_what_it_printed(stage):
    runner = stage.runners[0]
    stage.session.take(Printed(runner, -1, b"Traceback\nModuleNotFoundError: No module named 'torch'\n", 50))
    stage.end(runner, 1)
    assert "No module named 'torch'" in stage.session.problem


def test_a_file_that_cannot_be_read_is_a_problem_until_the_next_save(stage, handed_out):
    runner = stage.warm()
    stage.say(Problem("steps.ipynb is cut off"), runner)
    stage.end(runner)
    assert stage.session.problem == "steps.ipynb is cut off"
    assert not stage.session.busy
    stage.session.saved(handed_out / "steps.ipynb")
    assert stage.warm().asked[0].file == "steps.ipynb"


def test_new_checks_need_a_new_runner(stage, handed_out):
    first = stage.warm()
    stage.run(first, *["failed"] * 6)
    stage.end(first)
    spare = stage.warm()
    stage.session.saved(handed_out / "test_steps.py")
    assert spare.killed
    assert len(stage.runners) == 3


def test_it_goes_where_the_student_saves(handed_out):
    other = hand_out(handed_out.parent / "02-more", "More")
    stage = Stage(handed_out.parent)
    first = stage.runners[0]
    assert other / "steps.py" in stage.session.paths()
    stage.session.saved(other / "steps.py")
    assert first.killed
    assert stage.runners[-1].folder == other
    assert stage.session.progress.assignment.title == "More"


def test_the_one_file_that_was_named_is_the_one_that_is_checked(handed_out):
    mine = handed_out / "mine.py"
    mine.write_text("")
    stage = Stage(mine)
    assert handed_out / "steps.py" not in stage.session.paths()
    assert stage.warm().asked[0].file == "mine.py"


def test_closing_ends_all_runners(stage, monkeypatch):
    monkeypatch.setattr("torchgrade.watch.session.SPARE_AFTER_SECONDS", 0)
    stage.warm()
    stage.session.tick()
    stage.session.close()
    assert [runner.killed for runner in stage.runners] == [True, True]
