"""A class on two workers, one of which is killed: the results are those of a local run."""

import sys
import time

import pytest

from .machines import Machines

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    running = Machines(tmp_path_factory.mktemp("machines"))
    yield running
    running.close()


def wait_for(there, seconds=60):
    deadline = time.monotonic() + seconds
    while not there() and time.monotonic() < deadline:
        time.sleep(0.05)
    return there()


def test_a_worker_that_is_killed_in_the_middle_changes_no_result(graded, machines):
    for name in ("first", "second"):
        machines.worker(name)
    process = graded.start("two", "--scheduler", machines.address)
    results = graded.root / "two" / "results.jsonl"
    wait_for(lambda: results.exists() and results.read_text().count("\n") >= 3, 300)
    assert process.poll() is None, "the run was over before a worker could be killed"
    machines.kill("first")
    words, _ = process.communicate()
    assert process.returncode == 0, words
    assert graded.results("two") == graded.results("local")
    assert len(list((graded.root / "two" / "feedback").glob("*.html"))) == len(graded.results("local"))
    left = machines.folder / "of-second"
    assert wait_for(lambda: not list(left.rglob("torchgrade-*"))), "the course stayed on the worker"


def test_another_version_is_refused_by_name(graded, machines, tmp_path):
    other = tmp_path / "torchgrade-9.9.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: torchgrade\nVersion: 9.9\n")
    machines.worker("other", PYTHONPATH=str(tmp_path))
    process = graded.start("other", "--scheduler", machines.address)
    words, _ = process.communicate()
    machines.kill("other")
    assert process.returncode == 1
    assert "torchgrade 9.9 (here: " in words
    assert not (graded.root / "other" / "results.jsonl").read_text()
