"""Which known mistake a submission's is."""

import json

import pytest
import torch

from torchgrade.cli import main
from torchgrade.course import Course
from torchgrade.grade.replay import Replay, Tried
from torchgrade.grade.replay_match import Heard
from torchgrade.grade.results import CheckResult
from torchgrade.plugin.outcomes import Outcome
from torchgrade.submission import Transcript
from torchgrade.submission.transcript import Threw

FAILED, PASSED = Outcome("failed", "message", "because"), Outcome("passed")
HEAD = "import torch\n"
RIGHT_ZEROS = "def zeros_matrix(r, c): return torch.zeros(r, c)\n"
RIGHT_HALVE = "def halve(x): return x * 0.5\n"
MARK = "from torchgrade import misconception\n@misconception({!r}, 'Believed {}.', hint='Hint {}.')\n"


def wrong(exercise, name, body):
    """Write a misconception whose belief and hint hold its name."""
    return MARK.format(exercise, name, name) + f"def {name}({body}\n"


def heard(*answers, outcome=FAILED):
    """Make a run in which question 0, 1, ... got these answers."""
    transcript = Transcript()
    for place, answer in enumerate(answers):
        transcript.add(("call", "f", (place,)), answer)
    return Heard(transcript, outcome)


def tried(name, run):
    score = 1.0 if run.outcome.status == "passed" else 0.0
    result = CheckResult(name, "zeros_matrix", "title", 1.0, score, run.outcome.status, visible=False)
    return Tried(result, run)


class Runs:
    """Stand in for the grader: known runs of misconceptions, and a note of what was asked for."""

    def __init__(self, **runs):
        self.runs, self.asked = runs, []

    def __call__(self, check, program):
        name = program.replace[0][1].partition(":")[2]
        self.asked.append((name, check))
        return self.runs[name].get(check)


@pytest.fixture
def named(mini):
    """Write misconceptions with given runs, and name those of a submission's."""

    def name(runs, *checks):
        text = "".join(wrong("zeros_matrix", one, "r, c): ...") for one in runs.runs)
        (mini / "assignments" / "01-mini" / "misconceptions.py").write_text(text)
        replay = Replay(Course(mini).assignment("01-mini"), runs)
        results = replay.named(checks)
        assert results == replay.named(checks)
        return results

    return name


def test_the_same_answers_give_name_belief_and_hint(named):
    (found,) = named(Runs(one={"a": heard(1, 2)}, other={"a": heard(1, 3)}), tried("a", heard(1, 2)))
    assert (found.misconception, found.belief, found.hint) == ("one", "Believed one.", "Hint one.")
    assert found.alike == ()


@pytest.mark.parametrize(
    "run",
    [
        heard(1, 4),
        heard(1),
        heard(1, 2, 2),
        heard(1, 2.0),
        heard(1, (2,)),
        heard(1, Threw("TypeError")),
        heard(1, 2, outcome=Outcome("timeout")),
        heard(1, 2, outcome=Outcome("failed", "message", "another reason")),
    ],
)
def test_any_difference_is_no_match(named, run):
    (found,) = named(Runs(one={"a": heard(1, 2)}), tried("a", run))
    assert (found.misconception, found.hint) == (None, None)


def test_numbers_within_the_tolerance_of_their_dtype_are_the_same(named):
    told = torch.tensor([1.0, float("nan")])
    near, far = torch.tensor([1.0 + 1e-6, float("nan")]), torch.tensor([1.001, float("nan")])
    runs = Runs(one={"a": heard(told, 0.5)})
    assert named(runs, tried("a", heard(near, 0.5 + 1e-9)))[0].misconception == "one"
    assert named(runs, tried("a", heard(far, 0.5)))[0].misconception is None
    assert named(runs, tried("a", heard(near, 0.5 + 1e-5)))[0].misconception is None
    assert named(runs, tried("a", heard(near.double(), 0.5)))[0].misconception is None


def test_large_tensors_are_compared_by_samples_and_means(named):
    told = torch.randn(100, 1000, generator=torch.Generator().manual_seed(3))
    other_part = told.clone()
    other_part[50, 3:500] += 1
    runs = Runs(one={"a": heard(told)})
    assert named(runs, tried("a", heard(told + 1e-7)))[0].misconception == "one"
    assert named(runs, tried("a", heard(other_part)))[0].misconception is None


def test_an_exception_is_told_by_its_kind(named):
    runs = Runs(one={"a": heard(1, Threw("ValueError", "in my words"))})
    assert named(runs, tried("a", heard(1, Threw("ValueError", "in others"))))[0].misconception == "one"


def test_an_operation_that_torch_has_not_tells_a_mistake(named):
    run = heard(Threw("NotImplementedError", '"rand" not implemented for Long'))
    assert named(Runs(one={"a": run}), tried("a", run))[0].misconception == "one"


def test_where_nothing_but_exceptions_came_their_words_count(named):
    runs = Runs(one={"a": heard(Threw("TypeError", "expected a tensor"))})
    assert named(runs, tried("a", heard(Threw("TypeError", "f() takes 1 argument"))))[0].misconception is None
    assert named(runs, tried("a", heard(Threw("TypeError", "expected a tensor"))))[0].misconception == "one"


@pytest.mark.parametrize(
    "run",
    [
        heard(),
        heard(1, outcome=PASSED),
        heard(1, outcome=Outcome("deferred")),
        heard(1, outcome=Outcome("failed", untouched=True)),
        heard(Threw("NotImplementedError")),
        heard(Threw("NotImplementedError", "TODO: f")),
    ],
)
def test_a_stub_a_pass_and_silence_match_nothing_and_run_nothing(named, run):
    runs = Runs(one={"a": run})
    assert named(runs, tried("a", run))[0].misconception is None
    assert runs.asked == []


def test_whose_every_run_is_the_same_comes_first(named):
    first = {"a": heard(1), "b": heard(5, 6)}
    second = {"a": heard(1), "b": heard(5, 7)}
    found = named(Runs(first=first, second=second), tried("a", heard(1)), tried("b", heard(5, 7)))
    assert [one.misconception for one in found] == ["second", "second"]


def test_then_who_agrees_in_more_calls(named):
    first = {"a": heard(1), "b": heard(5, 6, 7)}
    second = {"a": heard(1), "b": heard(5, 8, 9)}
    found = named(Runs(first=first, second=second), tried("a", heard(1)), tried("b", heard(5, 8, 8)))
    assert [one.misconception for one in found] == ["second", None]


def test_then_who_loses_fewer_checks_then_who_stands_first(named):
    first = {"a": heard(1), "b": heard(6)}
    second = {"a": heard(1), "b": heard(7, outcome=PASSED)}
    assert named(Runs(first=first, second=second), tried("a", heard(1)), tried("b", heard(8)))[0].misconception == (
        "second"
    )
    (found,) = named(Runs(first={"a": heard(1)}, second={"a": heard(1)}), tried("a", heard(1)))
    assert (found.misconception, found.alike) == ("first", ("second",))


def test_each_misconception_runs_each_failed_check_once_and_no_other(mini):
    text = "".join(wrong("zeros_matrix", one, "r, c): ...") for one in ("one", "other"))
    (mini / "assignments" / "01-mini" / "misconceptions.py").write_text(text + wrong("halve", "third", "x): ..."))
    runs = Runs(one={"a": heard(1)}, other={"a": heard(2)})
    replay = Replay(Course(mini).assignment("01-mini"), runs)
    assert runs.asked == []
    for answer in (1, 2, 3, 1):
        replay.named([tried("a", heard(answer)), tried("b", heard(1, outcome=PASSED))])
    assert sorted(runs.asked) == [("one", "a"), ("other", "a")]


def test_a_lost_worker_is_no_answer_and_asked_again(mini):
    runs = Runs(from_numpy={"a": None})
    replay = Replay(Course(mini).assignment("01-mini"), runs)
    assert replay.named([tried("a", heard(1))])[0].misconception is None
    runs.runs["from_numpy"] = {"a": heard(1)}
    assert replay.named([tried("a", heard(1))])[0].misconception == "from_numpy"


def test_misconceptions_that_cannot_be_read_name_nothing(mini):
    (mini / "assignments" / "01-mini" / "misconceptions.py").write_text("def (:\n")
    replay = Replay(Course(mini).assignment("01-mini"), Runs())
    assert replay.named([tried("a", heard(1))])[0].misconception is None


def grade(course, *options, **sources):
    """Grade a class and return, by submission and check, what replay named."""
    folder = course / "subs"
    folder.mkdir(exist_ok=True)
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(HEAD + source)
    assert main(["grade", "01-mini", str(folder), "--course", str(course), "--out", str(course / "OUT"), *options]) == 0
    lines = (course / "OUT" / "results.jsonl").read_text().splitlines()
    records = {record["submission"]: record["checks"] for record in map(json.loads, lines)}
    return {name: [check["misconception"] for check in checks if check["points"]] for name, checks in records.items()}


def test_a_class_is_told_its_mistakes(mini):
    found = grade(
        mini,
        right=RIGHT_ZEROS + RIGHT_HALVE,
        otherwise_written="def zeros_matrix(r, c): return torch.zeros(r, c).double()\n" + RIGHT_HALVE,
        both="def zeros_matrix(r, c): return torch.zeros((r, c), dtype=torch.float64)\n"
        "def halve(x):\n    x *= 0.5\n    return x\n",
        of_its_own="def zeros_matrix(r, c): return torch.ones(r, c)\ndef halve(x): return x / 4\n",
        stub="def zeros_matrix(r, c): raise NotImplementedError('TODO: zeros_matrix')\n"
        "def halve(x): raise NotImplementedError\n",
        missing="",
        none="def zeros_matrix(r, c): pass\ndef halve(x): pass\n",
        ends="import os\ndef zeros_matrix(r, c): os._exit(0)\n" + RIGHT_HALVE,
    )
    nothing = [None] * 6
    assert found.pop("otherwise_written") == [*["from_numpy"] * 4, None, None]
    assert found.pop("both") == [*["from_numpy"] * 4, "in_place", None]
    assert set(found) == {"right", "of_its_own", "stub", "missing", "none", "ends"}
    assert all(names == nothing for names in found.values())
    page = (mini / "OUT" / "feedback" / "both.md").read_text()
    assert "Your results are those of this misconception: An in-place division returns a new tensor." in page
    assert "div\\_ writes into x." in page or "div_ writes into x." in page


def test_how_a_misconception_ends_is_part_of_it(mini):
    text = (
        wrong("zeros_matrix", "loops", "r, c):\n    while True: pass")
        + wrong("halve", "leaves", "x): import os; os._exit(3)")
        + "import torch\n"
        + wrong("halve", "greedy", "x): return torch.zeros(10**13)")
    )
    (mini / "assignments" / "01-mini" / "misconceptions.py").write_text(text)
    found = grade(
        mini,
        also_loops="def zeros_matrix(r, c):\n    while r: c += 1\n" + RIGHT_HALVE,
        also_leaves=RIGHT_ZEROS + "def halve(x): import sys, os; os._exit(4)\n",
        also_greedy=RIGHT_ZEROS + "def halve(x): return torch.ones(10**12, 8)\n",
    )
    assert found == {
        "also_loops": [*["loops"] * 4, None, None],
        "also_leaves": [None, None, None, None, "leaves", None],
        "also_greedy": [None, None, None, None, "greedy", None],
    }


def test_one_function_may_be_the_misconception_of_two_exercises(mini):
    mark = MARK.format("zeros_matrix", "a", "a").partition("\n")[2]
    text = (
        "from torchgrade import misconception\n" + mark + wrong("halve", "given_code", "*args):\n").partition("\n")[2]
    )
    text += "    import torch\n    return args[0] if len(args) == 1 else torch.ones(*args)\n"
    (mini / "assignments" / "01-mini" / "misconceptions.py").write_text(text)
    found = grade(mini, both="def zeros_matrix(r, c): return torch.ones(r, c)\ndef halve(x): return x\n")
    assert found == {"both": [*["given_code"] * 5, None]}


def test_misconceptions_that_cannot_be_imported_change_no_verdict(mini):
    file = mini / "assignments" / "01-mini" / "misconceptions.py"
    file.write_text("1 / 0\n" + file.read_text())
    found = grade(mini, wrong="def zeros_matrix(r, c): return torch.zeros(r, c).double()\n" + RIGHT_HALVE)
    assert found == {"wrong": [None] * 6}


def test_without_a_process_of_their_own_misconceptions_do_not_run(mini):
    found = grade(
        mini, "--isolation", "none", "--allow-unconfined",
        wrong="def zeros_matrix(r, c): return torch.zeros(r, c).double()\n" + RIGHT_HALVE,
    )  # fmt: skip
    assert found == {"wrong": [None] * 6}
