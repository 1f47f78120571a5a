"""The clock of a check: a stand-in for time, for the worker and for the machine's load."""

import contextlib
import math
import os
import socket
import sys
import time

import pytest

from torchgrade.errors import Verdict
from torchgrade.sandbox import patience
from torchgrade.sandbox.load import Load
from torchgrade.sandbox.patience import LATE_SECONDS, PATIENCE, Patience, PatientSocket
from torchgrade.sandbox.program import Program
from torchgrade.sandbox.transport import SocketTransport
from torchgrade.submission import Submission

LIMIT = 10.0
SLEEPS, SPINS = Load(0.01, 0.0, running=False), Load(LIMIT, 0.0, running=True)
QUEUES = Load(4.0, 6.0, running=True)


class Machine:
    """A clock that is set by hand, a worker whose load is told, and a grader that has waited for so long."""

    def __init__(self, load, *, patient=True):
        self.now, self.load, self.waited, self.asked = 100.0, load, 7.0, 0
        self.patience = Patience(LIMIT, self.tell if patient else None, lambda: self.now, lambda: self.waited)
        self.patience.start()

    def tell(self):
        self.asked += 1
        return self.load

    def after(self, seconds):
        self.now = 100.0 + seconds
        return self.patience.extend()


@pytest.mark.parametrize("load", [SLEEPS, SPINS, Load(LIMIT, 50.0, running=True)], ids=["sleeps", "spins", "fights"])
def test_who_slept_or_ran_all_the_time_gets_no_more(load):
    assert Machine(load).after(LIMIT) is False


def test_who_stood_in_line_gets_that_time_back():
    machine = Machine(QUEUES)
    assert machine.after(LIMIT)
    assert machine.patience.left() == pytest.approx(6.0)
    machine.load = Load(9.0, 7.0, running=True)
    assert machine.after(16.0)
    assert machine.patience.left() == pytest.approx(1.0)
    machine.load = Load(10.0, 7.0, running=True)
    assert machine.after(17.0) is False


def test_however_busy_the_machine_there_is_an_end():
    machine = Machine(Load(0.1, math.inf, running=True))
    assert machine.after(LIMIT)
    assert machine.patience.left() == pytest.approx((PATIENCE - 1) * LIMIT)
    assert machine.after(PATIENCE * LIMIT) is False


def test_processors_that_a_host_takes_away_count_where_the_worker_would_run():
    assert Machine(Load(2.0, 0.0, running=True)).after(LIMIT)
    assert Machine(Load(2.0, 0.0, running=False)).after(LIMIT) is False
    assert Machine(Load(6.0, 0.0, running=True)).after(LIMIT) is False


def test_what_the_grader_itself_has_waited_for_is_not_the_workers():
    machine = Machine(SLEEPS)
    machine.waited += 3.0
    assert machine.after(LIMIT)
    assert machine.patience.left() == pytest.approx(3.0)


def test_time_between_answers_is_not_counted_and_that_of_all_answers_together():
    machine = Machine(SLEEPS)
    machine.now += 4.0
    machine.patience.stop()
    machine.now += 100.0
    assert machine.patience.left() == pytest.approx(6.0)
    machine.patience.start()
    machine.now += 5.0
    assert machine.patience.left() == pytest.approx(1.0)


def test_processor_time_of_loading_is_not_the_calls():
    machine = Machine(Load(12.0, 6.0, running=True))
    assert machine.after(LIMIT) is False
    machine.patience.used_before = 5.0
    assert machine.after(LIMIT) is True


def test_where_nobody_knows_the_load_the_limit_is_the_limit():
    assert Machine(QUEUES, patient=False).after(LIMIT) is False


def test_nobody_is_asked_while_there_is_time():
    machine = Machine(QUEUES)
    machine.now += LIMIT - 0.1
    assert machine.patience.left() == pytest.approx(0.1)
    assert machine.asked == 0


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    patient = PatientSocket(fileno=ours.detach())
    with patient, theirs:
        yield patient, theirs


def test_an_answer_that_is_there_is_taken_by_a_grader_that_comes_late(pair):
    patient, theirs = pair
    machine = Machine(SLEEPS)
    patient.patience = machine.patience
    theirs.send(b"answer")
    machine.now += 4 * LIMIT
    buffer = bytearray(6)
    assert patient.recv_into(buffer) == 6
    with pytest.raises(TimeoutError):
        patient.recv_into(buffer)


def test_dripping_bytes_buy_no_time(pair):
    patient, theirs = pair
    machine = Machine(SLEEPS)
    patient.patience = machine.patience
    buffer, taken = bytearray(1), 0
    with contextlib.suppress(TimeoutError):
        while taken < 1000:
            theirs.send(b".")
            taken += patient.recv_into(buffer)
            machine.now += 1.0
    assert LIMIT <= taken <= LIMIT + LATE_SECONDS + 2


def test_sending_waits_no_longer_than_receiving(pair):
    patient, _ = pair
    patient.patience = Patience(0.05, lambda: SLEEPS)
    patient.patience.start()

    def fill():
        while True:
            patient.sendmsg([bytes(1 << 20)])

    with pytest.raises(TimeoutError):
        fill()


def test_a_worker_that_says_nothing_costs_its_check_and_is_ended():
    ours, theirs = socket.socketpair()
    ended = []
    transport = SocketTransport(ours, lambda died: ended.append(died), 0.05, 0.05, lambda: SLEEPS)
    with theirs, pytest.raises(Verdict) as caught:
        transport.exchange(b"", [], loading=False)
    assert caught.value.status == "timeout"
    assert "longer than 0.05 seconds" in str(caught.value)
    assert ended == [False]


SOURCE = """
import time
def works(seconds):
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass
    return "done"
def spins():
    while True:
        pass
def sleeps():
    time.sleep(100)
"""
SECONDS = 1.0


@pytest.fixture
def slow(sandbox):
    """A worker whose limit is one second, on a processor that it shares with three that never rest."""
    if sys.platform != "linux" or not os.path.exists("/proc/self/schedstat"):
        pytest.skip("the kernel does not say who waited")
    proxy = Submission(lambda: sandbox.open(SECONDS, 5.0), Program("m", {"m": SOURCE.encode()}), seed=1)
    assert proxy.works(0.0) == "done"
    crowd = [_spin() for _ in range(3)]
    for pid in [*_workers(sandbox), *crowd]:
        os.sched_setaffinity(pid, {0})
    yield proxy
    for pid in crowd:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    proxy._close()


def _spin():
    pid = os.fork()
    if pid == 0:
        os.setsid()  # where each session has its own share of the processors
        while True:
            pass
    return pid


def _workers(sandbox):
    """Return what the zygote, which may be within namespaces, has forked."""

    def children(pid):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(child) for child in file.read().split()]

    inside = any(name == "private-root" and on for name, on, _ in sandbox.report["layers"])
    (zygote,) = children(sandbox.process.pid) if inside else (sandbox.process.pid,)
    return children(zygote)


def test_a_right_answer_on_a_busy_machine_keeps_its_points(slow, monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE", 40)  # who else is at work here is not known
    start = time.monotonic()
    assert slow.works(0.6 * SECONDS) == "done"
    assert time.monotonic() - start > SECONDS  # else the machine was not busy


@pytest.mark.parametrize("name", ["spins", "sleeps"])
def test_an_endless_one_ends_in_time_on_a_busy_machine(slow, name):
    start = time.monotonic()
    with pytest.raises(Verdict) as caught:
        getattr(slow, name)()
    assert caught.value.status == "timeout"
    assert time.monotonic() - start < (PATIENCE + 10) * SECONDS
