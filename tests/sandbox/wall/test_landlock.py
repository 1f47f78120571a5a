"""Landlock in a child: outside is closed, inside is open."""

import os
from pathlib import Path

import pytest

from torchgrade.sandbox.wall.landlock import READ, READ_WRITE, abi, restrict

from .children import in_a_child, outcome

pytestmark = pytest.mark.skipif(abi() == 0, reason="a kernel without Landlock")


@pytest.fixture
def places(tmp_path):
    for name in ("read", "write", "hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    return tmp_path


def restricted(places: Path, act):
    def attempt():
        restrict([(f"{places}/read", READ), (f"{places}/write", READ_WRITE), ("/not/there", READ)], abi())
        return act()

    return in_a_child(attempt)


def test_reading(places):
    def act():
        return [outcome((places / name / "file").read_text) for name in ("read", "write", "hidden")]

    assert restricted(places, act) == ["read", "write", "EACCES"]


def test_listing(places):
    def act():
        return [outcome(lambda name=name: os.listdir(places / name)) for name in ("read", "write", "hidden", ".")]

    assert restricted(places, act) == [["file"], ["file"], "EACCES", "EACCES"]


def test_writing_and_making(places):
    def act():
        return [
            [
                outcome(lambda file=file: file.write_text("new"))
                for file in (places / name / "file", places / name / "b")
            ]
            for name in ("read", "write", "hidden")
        ]

    assert restricted(places, act) == [["EACCES", "EACCES"], [3, 3], ["EACCES", "EACCES"]]
    assert (places / "hidden" / "file").read_text() == "hidden"


def test_removing_moving_and_cutting(places):
    def act():
        return [
            outcome(lambda: os.unlink(places / "hidden" / "file")),
            outcome(lambda: os.rename(places / "hidden" / "file", places / "write" / "stolen")),
            outcome(lambda: os.link(places / "hidden" / "file", places / "write" / "stolen")),
            outcome(lambda: os.unlink(places / "write" / "file")),
        ]

    first, second, third, fourth = restricted(places, act)
    assert first == "EACCES"
    assert {second, third} <= {"EACCES", "EXDEV"}
    assert fourth is None
    assert os.listdir(places / "hidden") == ["file"]
    if abi() >= 3:
        assert restricted(places, lambda: outcome(lambda: os.truncate(places / "hidden" / "file", 0))) == "EACCES"


def test_a_symbolic_link_leads_nowhere(places):
    (places / "read" / "link").symlink_to(places / "hidden" / "file")
    assert restricted(places, lambda: outcome((places / "read" / "link").read_text)) == "EACCES"


@pytest.mark.skipif(abi() < 6, reason="before version 6 of Landlock signals are kept in by seccomp")
def test_signals_stay_inside(places):
    outside = os.getpid()
    assert restricted(places, lambda: outcome(lambda: os.kill(outside, 0))) == "EPERM"


def test_there_is_no_way_back(places):
    def act():
        restrict([("/", READ_WRITE)], abi())
        return outcome((places / "hidden" / "file").read_text)

    assert restricted(places, act) == "EACCES"
