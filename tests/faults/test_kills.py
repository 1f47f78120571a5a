"""Whatever is killed, and whenever: the results are those of a quiet run.

``TORCHGRADE_KILLS`` says how many workers, zygotes and grading processes are killed altogether; the command itself is
killed a third as often, since each time it has to start again. Where there are many the class is larger, too, and is
graded by one process as well as by two.
"""

import itertools
import json
import math
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from .classes import lines_of, results_of, start_grading, write_class
from .processes import family_of, kill, wait_until_gone

pytestmark = [
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]
MINI = Path(__file__).parent.parent / "samples" / "mini"
KILLS = int(os.environ.get("TORCHGRADE_KILLS", "6"))
AT_ONCE = 24  # kills in one test: more of them are spread over several, which may run side by side
SEEDS = range(math.ceil(KILLS / AT_ONCE))
SIZE, JOBS = (12, [2]) if KILLS <= AT_ONCE else (30, [1, 2])
VICTIMS = ["workers", "waiters", "workers", "children", "graders"]
RUN_SECONDS = 300
LEAST_GAP = 0.15
TRIES = 3  # torchgrade.grade.grading.TRIES: a check that loses its worker so often has failed


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The small course with a class."""
    return write_class(shutil.copytree(MINI, tmp_path_factory.mktemp("faults") / "course"), SIZE)


@pytest.fixture(scope="module")
def quiet(course):
    """The results when nothing happens."""
    assert start_grading(course, course / "quiet", "--jobs", "1").wait(RUN_SECONDS) == 0
    found = results_of(course / "quiet")
    assert len(found) == SIZE
    assert {check["status"] for record in found for check in record["checks"]} == {
        "passed", "failed", "timeout", "crashed", "memory", "deferred",
    }  # fmt: skip
    return found


def kills_in(seed):
    """How many kills fall to one of the tests."""
    return min(AT_ONCE, KILLS - seed * AT_ONCE)


def disturb(process, out, jobs, names, rng, most):
    """Kill processes of a run until it ends; return how many.

    A check that loses its worker three times has failed, and so has a zygote or a grading process that cannot start
    three times: no submission may meet with more than two kills.
    """
    killed, met = 0, Counter()
    while killed < most and process.poll() is None:
        time.sleep(rng.uniform(LEAST_GAP, 3 * LEAST_GAP))
        kind = VICTIMS[killed % len(VICTIMS)]
        family = family_of(process.pid)
        choice = getattr(family, kind) or family.everyone  # without namespaces there are two generations only
        exposed = at_work(out, jobs, names)
        if choice and all(met[name] < TRIES - 1 for name in exposed) and kill(rng.choice(choice)):
            killed += 1
            met.update(exposed)
    return killed


def at_work(out, jobs, names):
    """Return the submissions that may be graded now, and those that come next and may find a zygote dead."""
    done = {json.loads(line)["submission"] for line in lines_of(out)}
    return [name for name in names if name not in done][: 2 * jobs]


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("seed", SEEDS)
def test_killing_processes_while_a_class_is_graded_changes_no_result(course, quiet, seed, jobs, tmp_path):
    rng = random.Random(f"{seed} {jobs}")
    left, names = math.ceil(kills_in(seed) / len(JOBS)), [record["submission"] for record in quiet]
    for number in itertools.count():
        out = tmp_path / f"OUT-{number}"
        process = start_grading(course, out, "--jobs", str(jobs))
        left -= disturb(process, out, jobs, names, rng, left)
        assert process.wait(RUN_SECONDS) == 0, (course / "log").read_text()[-4000:]
        assert results_of(out) == quiet, f"seed {seed}, {jobs} jobs, run {number}"
        if left <= 0:
            break


def moment(process, out, rng):
    """Wait for a random moment: while the grader starts, or some results later."""
    known, wanted = len(lines_of(out)), rng.choice([0, 0, 1, 2, 3, 5, 8])
    if wanted == 0:
        time.sleep(rng.uniform(0, 3))
    while wanted and process.poll() is None and len(lines_of(out)) < known + wanted:
        time.sleep(0.002)
    time.sleep(rng.uniform(0, 0.1))


def end_abruptly(process, whole_group):
    """Kill the grader, alone or with its process group; nothing of it stays."""
    before = family_of(process.pid).everyone
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
    process.wait()
    assert wait_until_gone(before, 60) == []


def keep_what_was(before, after):
    """Say that each line is still there, as it was."""
    assert set(before) <= set(after), "a result that was written has gone, or has been graded again"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_grader_goes_on_where_it_was(course, quiet, seed, tmp_path):
    rng = random.Random(seed)
    left = math.ceil(kills_in(seed) / 3)
    for number in itertools.count():
        out = tmp_path / f"OUT-{number}"
        left -= kill_and_resume(course, out, 1 + seed % 2, rng, left)
        assert results_of(out) == quiet, f"seed {seed}, run {number}"
        assert list((course / "scratch").iterdir()) == []
        if left <= 0:
            break


def kill_and_resume(course, out, jobs, rng, most):
    """Grade a class with a grader that is killed again and again; return how often it was."""
    killed, lines = 0, []
    while True:
        process = start_grading(course, out, "--jobs", str(jobs))
        if killed < most:
            moment(process, out, rng)
        if killed < most and process.poll() is None:
            end_abruptly(process, whole_group=rng.random() < 0.7)
            killed += 1
        elif process.wait(RUN_SECONDS) == 0:
            keep_what_was(lines, lines_of(out))
            return killed
        else:
            pytest.fail((course / "log").read_text()[-4000:])
        keep_what_was(lines, lines_of(out))
        lines = lines_of(out)
        assert len(lines) == len({line.split('"submission": ')[1].split(",")[0] for line in lines}), "graded twice"
