import math

import pytest

from torchgrade.grade.results import CheckResult
from torchgrade.sandbox.program import Program
from torchgrade.verify.attempts import Attempt, Trial
from torchgrade.verify.statistics import figures_of, upper_bound

PROGRAM = Program("m", {"m": b""})


@pytest.mark.parametrize(
    ("failures", "runs", "confidence", "bound"),
    [
        (0, 20, 0.95, 0.139108),  # 1 - 0.05 ** (1 / 20)
        (1, 20, 0.95, 0.216106),  # tables of one-sided 95 % bounds: k = 1, n = 20
        (2, 20, 0.95, 0.282619),
        (5, 10, 0.95, 0.777559),
        (1, 10, 0.975, 0.445016),  # the upper end of the two-sided 95 % interval of 1 in 10
        (50, 100, 0.975, 0.601679),
    ],
)
def test_the_bound_is_that_of_clopper_and_pearson(failures, runs, confidence, bound):
    assert upper_bound(failures, runs, confidence) == pytest.approx(bound, abs=2e-6)


@pytest.mark.parametrize(("failures", "runs"), [(0, 7), (1, 7), (3, 50), (6, 7)])
def test_at_the_bound_so_few_failures_have_five_percent(failures, runs):
    rate = upper_bound(failures, runs)
    chance = sum(math.comb(runs, k) * rate**k * (1 - rate) ** (runs - k) for k in range(failures + 1))
    assert chance == pytest.approx(0.05)


def test_without_failures_it_is_the_rule_of_three():
    assert upper_bound(0, 1000) == pytest.approx(3 / 1000, rel=0.01)
    assert upper_bound(0, 100) < 3 / 100


def test_the_ends():
    assert upper_bound(0, 0) == 1
    assert upper_bound(5, 5) == 1
    assert 0 < upper_bound(3, 100_000) < 1e-3


def check(status: str, seconds: float, name: str = "a") -> CheckResult:
    return CheckResult(name, "e", "t", 1.0, 0.0, status, True, seconds=seconds)


def test_figures_count_failures_and_keep_load_apart():
    tried = [
        (
            Attempt("reference", "solution", "", PROGRAM),
            Trial("graded", "", (check("passed", 0.1), check("deferred", 0, "gpu"))),
        ),
        (Attempt("alternative", "x", "", PROGRAM), Trial("graded", "", (check("failed", 0.3),))),
        (Attempt("alternative", "x", "", PROGRAM), Trial("graded", "", (check("passed", 0.2),))),
        (Attempt("reference", "solution", "", PROGRAM, loaded=True), Trial("graded", "", (check("passed", 0.9),))),
    ]
    (figures,) = figures_of(tried)
    assert (figures.id, figures.runs, figures.failures) == ("a", 4, 1)
    assert (figures.median_seconds, figures.worst_seconds, figures.loaded_seconds) == (0.2, 0.3, 0.9)
    assert figures.flake_bound == upper_bound(1, 4)
