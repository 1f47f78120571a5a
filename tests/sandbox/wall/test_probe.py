"""The canaries do get out where nothing holds them: else their silence would mean nothing."""

import os

import pytest

from torchgrade.sandbox.wall import escapes, run_a_program

from .children import become, in_a_child


@pytest.fixture
def secret(tmp_path):
    (tmp_path / "canary").write_bytes(b"canary")
    return str(tmp_path / "canary")


def test_without_a_wall_every_canary_gets_out(secret, tmp_path):
    got_out = in_a_child(lambda: escapes(secret, os.getppid(), [str(tmp_path)]))
    expected = {
        "read a file outside", "list a folder outside", "write outside", "open a network socket", "signal the grader",
        f"list {tmp_path}",
    }  # fmt: skip
    assert expected <= set(got_out)
    assert {"mount", "trace the grader"} <= set(got_out) or os.getuid() != 0


def test_a_program_can_be_run_without_a_wall():
    pid = os.fork()
    if pid == 0:
        run_a_program()
        os._exit(1)
    assert os.waitpid(pid, 0)[1] == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can change users")
def test_permissions_alone_keep_some_of_them_in(secret, tmp_path):
    tmp_path.chmod(0o700)

    def attempt():
        become(65534)
        return escapes(secret, 1, [str(tmp_path)])

    assert set(in_a_child(attempt)) <= {"open a network socket", "mount"}


def test_a_process_is_not_taken_for_another_of_the_same_number(secret):
    assert "signal the grader" not in in_a_child(lambda: escapes(secret, os.getpid()))
