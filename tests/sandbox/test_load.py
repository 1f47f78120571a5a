"""What the kernel says of a child: whether it ran, waited or slept."""

import os
import signal
import sys
import time

import pytest

from torchgrade.sandbox.load import load_of, waited_here

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not os.path.exists("/proc/self/schedstat"), reason="the kernel does not say who waited"
)


def child(act):
    pid = os.fork()
    if pid == 0:
        try:
            act()
        finally:
            os._exit(0)
    return pid


def end(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def spin():
    while True:
        pass


def watched(pid, seconds):
    time.sleep(seconds)
    load = load_of(pid)
    end(pid)
    return load


def test_one_that_sleeps_has_neither_run_nor_waited():
    load = watched(child(signal.pause), 0.5)
    assert load.cpu < 0.2
    assert not load.running


def test_one_that_spins_has_run_or_waited_all_the_time():
    load = watched(child(spin), 0.5)
    assert load.cpu + load.waited > 0.4
    assert load.running


def test_two_on_one_processor_wait_for_each_other():
    def alone():
        os.setsid()
        os.sched_setaffinity(0, {0})
        spin()

    other = child(alone)
    load = watched(child(alone), 1.0)
    end(other)
    assert load.waited > 0.2


def test_what_a_child_has_started_counts_with_it():
    def start():
        grandchild = child(lambda: (_die_with_parent(), spin()))
        os.waitpid(grandchild, 0)

    load = watched(child(start), 0.6)
    assert load.cpu + load.waited > 0.4
    assert load.running


def _die_with_parent():
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def test_one_that_is_gone_counts_as_nothing():
    pid = child(lambda: None)
    os.waitpid(pid, 0)
    load = load_of(pid)
    assert (load.cpu, load.waited, load.running) == (0.0, 0.0, False)


def test_this_thread_has_waited_for_some_time_or_none():
    assert 0 <= waited_here() < time.monotonic()
