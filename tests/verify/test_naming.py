import pytest

from torchgrade.grade.results import CheckResult
from torchgrade.verify.naming import how_named, naming_problem, same_as


def check(name, *alike):
    return CheckResult(f"check of {name}", "f", "title", 1.0, 0.0, "failed", True, misconception=name, alike=alike)


@pytest.mark.parametrize(
    ("checks", "verdict", "same", "problem"),
    [
        ([check("mine"), check("mine")], "named", (), ""),
        ([check("mine"), check(None)], "named", (), ""),
        ([check("twin", "mine", "third")], "named", ("twin", "third"), ""),
        ([check("mine", "twin")], "named", ("twin",), ""),
        ([check(None)], "unnamed", (), ""),
        ([check("other")], "other", (), "other in check of other"),
        ([check("mine"), check("other", "third")], "other", (), "other in check of other"),
    ],
)
def test_a_misconception_goes_by_its_own_name(checks, verdict, same, problem):
    assert how_named("mine", checks) == verdict
    assert same_as("mine", checks) == same
    assert problem in naming_problem("mine", checks)
    assert bool(problem) == bool(naming_problem("mine", checks))
