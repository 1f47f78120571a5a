import pytest

from torchgrade.expect.margins import Margin
from torchgrade.grade.results import CheckResult
from torchgrade.sandbox.program import Program
from torchgrade.verify.attempts import Attempt, Trial
from torchgrade.verify.equivalents import Equivalent
from torchgrade.verify.findings import findings_of, judge_mutant
from torchgrade.verify.margins import margins_of
from torchgrade.verify.mutants import Mutant

PROGRAM = Program("m", {"m": b""})
MUTANT = Mutant("e-1", "e", ("e",), "constant", 3, ("-a", "+b"), "b", "b")
MARK = Equivalent("e", "e-1", "a → b", "They are the same.")


def check(status="failed", name="c", exercise="e", points=1.0, **more):
    return CheckResult(name, exercise, "t", points, points * (status == "passed"), status, True, **more)


def trial(*checks, margins=None):
    return Trial("graded", "", checks, margins or {})


def reference(shift=0, **more):
    return Attempt("reference", "solution", "", PROGRAM, shift, **more)


def wrong(name="w"):
    return Attempt("misconception", name, "e", PROGRAM)


def test_seeds_of_one_answer_are_one_finding():
    tried = [(reference(shift), trial(check("failed" if shift == 2 else "passed", message="m"))) for shift in range(4)]
    (finding,) = findings_of(tried)
    assert (finding.runs, finding.as_asked) == (4, 3)
    assert finding.problems == ("c does not pass (on 1 of 4 seeds: 2): failed: m",)


def test_a_failure_under_load_says_so():
    (finding,) = findings_of([(reference(7, loaded=True), trial(check("timeout")))])
    assert finding.problems == ("c does not pass (on 1 of 1 seeds: 7 under load): timeout",)


def test_a_wrong_answer_must_lose_points_and_no_others():
    tried = [
        (wrong("caught"), trial(check())),
        (wrong("unseen"), trial(check("passed"))),
        (wrong("informed"), trial(check(points=0.0))),
        (wrong("elsewhere"), trial(check(), check(name="d", exercise="other"))),
    ]
    problems = {finding.name: finding.problems for finding in findings_of(tried)}
    assert problems["caught"] == ()
    assert problems["unseen"] == problems["informed"] == ("it loses no points",)
    assert problems["elsewhere"] == ("it loses points in other too (d)",)


@pytest.mark.parametrize(
    ("checks", "marked", "verdict"),
    [
        ([check("passed"), check("failed")], None, "killed"),
        ([check("timeout")], None, "killed"),
        ([check("passed"), check("deferred")], None, "survived"),
        ([check("failed", points=0.0)], None, "survived"),
        ([check("passed")], MARK, "equivalent"),
        ([check("error")], None, "unclear"),
        ([check("failed")], MARK, "killed"),
    ],
)
def test_what_becomes_of_a_mutant(checks, marked, verdict):
    finding = judge_mutant(MUTANT, trial(*checks), marked)
    assert finding.verdict == verdict
    assert bool(finding.problem) == (verdict == "unclear" or (verdict == "killed" and marked is not None))


def test_names_that_replay_gives_are_kept_and_a_wrong_one_falls_short():
    tried = [
        (wrong("w"), trial(check(misconception="w"))),
        (wrong("v"), trial(check(misconception="w"))),
        (wrong("u"), trial(check())),
    ]
    named, misnamed, unnamed = findings_of(tried)
    assert [named.naming, misnamed.naming, unnamed.naming] == ["named", "other", "unnamed"]
    assert named.problems == unnamed.problems == ()
    assert "replay takes it for w" in misnamed.problems[0]
    assert misnamed.as_asked == 1  # it was caught all the same


def test_margins_are_the_worst_of_right_and_the_best_of_wrong_answers():
    def measured(loss, accuracy=0.95):
        return trial(check(), margins={"c": (Margin("loss", loss, 0.5), Margin("accuracy", 0.9 / accuracy, 1.0))})

    tried = [
        (reference(), measured(0.1)),
        (reference(1), measured(0.3, 0.99)),
        (wrong(), measured(2.0, 0.4)),
        (wrong("v"), measured(0.9, 0.6)),
        (wrong("u"), measured(0.2)),  # within both bounds: it failed for another reason
    ]
    loss, accuracy = margins_of(tried)
    assert (loss.name, loss.worst_right.value, loss.best_wrong.value) == ("loss", 0.3, 0.9)
    assert (accuracy.name, accuracy.worst_right.value, accuracy.best_wrong.value) == ("accuracy", 0.9 / 0.95, 0.9 / 0.6)
