"""An answer about a submission is a claim of the worker's: its form is checked before anything is made of it."""

import pytest

from torchgrade.sandbox.protocol import Ended, Failure, read_loaded
from torchgrade.wire import WireError

RAISED = ("raised", ("ValueError",), "no", 3, "x", None)


def test_names_and_troubles_are_read():
    names, troubles = read_loaded((["f"], [(["g"], RAISED), ([], ("ended", "SystemExit"))]))
    assert names == ["f"]
    assert [missing for missing, _ in troubles] == [["g"], []]
    assert isinstance(troubles[0][1], Failure)
    assert troubles[1][1] == Ended("SystemExit")


@pytest.mark.parametrize(
    "value",
    [
        ["f"],
        (["f"],),
        [["f"], []],
        ([1], []),
        (["f"], [["g", RAISED]]),
        (["f"], [([1], RAISED)]),
        (["f"], [(["g"], ("raised",))]),
        (["f"], [(["g"], "no")]),
        (["f"], None),
        None,
    ],
)
def test_anything_else_is_refused(value):
    with pytest.raises(WireError):
        read_loaded(value)
