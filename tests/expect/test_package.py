"""`expect` is callable whichever way it was imported."""

import subprocess
import sys

import torchgrade.expect
from torchgrade.expect import expect


def test_the_package_itself_can_be_called():
    assert torchgrade.expect(3).equal(3).value == 3
    assert torchgrade.expect.raises(ValueError)


def test_an_early_import_of_the_package_hides_nothing():
    code = (
        "import torchgrade.expect.compare\nfrom torchgrade import expect\nexpect(1).equal(1)\nexpect.raises(ValueError)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_failures_point_at_the_check_and_not_at_us(pytester):
    pytester.makepyfile("from torchgrade import expect\ndef test_one():\n    expect([1]).at(0).equal(2)\n")
    shown = pytester.runpytest_inprocess("-p", "no:randomly").stdout.str()
    assert "expect([1]).at(0).equal(2)" in shown
    assert "expectation.py" not in shown
    assert expect is not None
