"""The autograder.zip, run as Gradescope runs it, on a tree that looks like its /autograder."""

import json
import os
import shutil
import subprocess

import pytest

from torchgrade.cli import main
from torchgrade.course.manifest import read_manifest
from torchgrade.export import Wishes
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult
from torchgrade.pack.bundle import Choice, Packed
from torchgrade.pack.handed_in import settled_by
from torchgrade.pack.running import _gradescope

from .conftest import RIGHT, answers, unzip


@pytest.fixture
def root(mini, tmp_path):
    """What Gradescope makes of the zip, with nothing handed in yet."""
    archive = tmp_path / "autograder.zip"
    assert main(["pack", "gradescope", "01-mini", "--course", str(mini), "--out", str(archive)]) == 0
    shutil.rmtree(mini)  # the pack must not need it
    root = tmp_path / "autograder"
    unzip(archive.read_bytes(), root / "source")
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    (root / "submission").mkdir()
    (root / "submission_metadata.json").write_text('{"id": 4711, "users": [{"email": "a@b.example"}]}')
    return root


def hand_in(root, text, name="mini.py"):
    file = root / "submission" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def run(root, python, **more):
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root), "TORCHGRADE_PYTHON": str(python), **more}
    done = subprocess.run(
        [root / "run_autograder"], cwd=root, env=environment, capture_output=True, text=True, timeout=200
    )
    return json.loads((root / "results" / "results.json").read_text(encoding="utf-8")), done


def test_a_right_answer_gets_its_points_from_the_packed_engine(root, packed_python):
    hand_in(root, answers(**RIGHT))
    results, done = run(root, packed_python)
    assert done.returncode == 0, done.stderr
    assert results["score"] == 5.0
    assert {test["name"]: test.get("score") for test in results["tests"]} == {
        "A matrix of zeros: A 3x4 matrix of float32 zeros.": 2.0,
        "A matrix of zeros: Matrices of other sizes.": pytest.approx(1 / 3),
        "A matrix of zeros: Matrices of other sizes. (2)": pytest.approx(1 / 3),
        "A matrix of zeros: Matrices of other sizes. (3)": pytest.approx(1 / 3),
        "Half of a tensor: Every element is halved and the argument stays.": 2.0,
        "Half of a tensor: The result stays on the GPU.": None,  # open, and no zero
    }
    assert results["extra_data"]["submission"] == "submission-4711"
    assert "a@b.example" not in json.dumps(results)
    assert str(root) not in json.dumps(results)


def test_a_whole_repository_can_be_handed_in_and_hidden_values_stay_hidden(root, packed_python):
    hand_in(root, answers(halve="return x * 3"), "01-mini/mini.py")
    hand_in(root, "import os; os._exit(3)", "torchgrade.py")
    hand_in(root, "import os; os._exit(3)", "json.py")
    results, _ = run(root, packed_python)
    assert results["score"] == 0.0
    outputs = {test["name"]: test["output"] for test in results["tests"]}
    assert "x itself must not change" in outputs["Half of a tensor: Every element is halved and the argument stays."]
    assert "64" not in json.dumps(outputs)


def test_nothing_handed_in_is_told_to_the_student(root, packed_python):
    results, _ = run(root, packed_python)
    assert results["score"] == 0.0
    assert "could not be read" in results["output"]
    assert "mini.py is not there" in results["output"]


@pytest.mark.parametrize("spoil", ["checks", "python", "bundle"])
def test_a_failure_of_the_grader_says_so_and_is_no_score(root, packed_python, spoil):
    hand_in(root, answers(**RIGHT))
    checks = root / "source" / "grader" / "course" / "graders" / "01-mini" / "test_mini.py"
    if spoil == "checks":
        checks.write_text("SECRET = ((")
    if spoil == "bundle":
        (root / "source" / "grader" / "pack.json").unlink()
    results, done = run(root, root / "gone" if spoil == "python" else packed_python)
    assert done.returncode == 0
    assert "the grader failed" in done.stdout
    assert "score" not in results
    assert results["tests"] == []
    assert "no fault of yours" in results["output"]
    assert results["stdout_visibility"] == "hidden"
    assert "SECRET" not in json.dumps(results)


def test_a_grader_that_takes_too_long_is_ended_before_gradescope_gives_a_zero(root, tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    results, done = run(root, slow, TORCHGRADE_SECONDS="1")
    assert "score" not in results
    assert "did not come to an end" in results["output"]
    assert "exit code 124" in done.stdout


def test_hidden_files_are_closed_to_other_users_and_what_workers_need_is_open(root, packed_python):
    hand_in(root, answers())
    course = root / "source" / "grader" / "course"
    (course / "fixtures" / "answers.csv").write_text("64")
    run(root, root / "gone")
    assert course.joinpath("fixtures", "answers.csv").stat().st_mode & 0o077 == 0
    assert course.joinpath("graders").stat().st_mode & 0o077 == 0
    assert course.joinpath("assignments", "01-mini", "solution.py").stat().st_mode & 0o077 == 0
    assert (root / "submission_metadata.json").stat().st_mode & 0o077 == 0
    assert course.joinpath("fixtures", "shared").stat().st_mode & 0o055 == 0o055


def test_the_clock_is_shorter_than_the_platforms(mini, tmp_path):
    for minutes, seconds in (("10", "555"), ("2", "75"), ("40", "2355")):
        file = tmp_path / "a.zip"
        assert (
            main(["pack", "gradescope", "01-mini", "--course", str(mini), "--out", str(file), "--minutes", minutes])
            == 0
        )
        unzip(file.read_bytes(), tmp_path / minutes)
        assert f"TORCHGRADE_SECONDS:-{seconds}" in (tmp_path / minutes / "run_autograder").read_text()


def record(*statuses):
    """A submission with a check of 2 points for each status."""
    checks = tuple(
        CheckResult(f"t::{place}", "halve", f"Title {place}", 2.0, 2.0 * (status == "passed"), status, False)
        for place, status in enumerate(statuses)
    )
    score = sum(check.score for check in checks)
    deferred = sum(check.points for check in checks if check.status == "deferred")
    result = SubmissionResult(
        "01-mini",
        "s",
        "mini.py",
        "sha256:",
        "graded",
        score,
        2.0 * len(checks),
        deferred,
        0.1,
        Confinement("A", ()),
        checks,
    )
    return json.loads(_gradescope(result, Packed(None, "01-mini", "mini", Choice())))


def test_points_that_the_grader_could_not_tell_are_not_lost():
    assert record("passed", "error")["score"] == 4.0
    assert record("passed", "failed", "error")["score"] == 3.0
    assert record("passed", "deferred")["score"] == 2.0


@pytest.mark.parametrize("status", ["error", "deferred"])
def test_where_nothing_is_known_there_is_no_score(status):
    assert "score" not in record(status, status)
    assert record("failed", "failed")["score"] == 0.0


DUE = "2026-11-30T23:59:00.000000-08:00"
RULE = '[due]\nat = 2026-11-30T23:59:00-08:00\npenalty_per_day = 0.1\ncloses = "3 days"\nattempts = "best"\n'


def assignment_due(tmp_path, rule=RULE):
    file = tmp_path / "assignment.toml"
    exercise = '[[exercise]]\nname = "f"\ntitle = "The function"\nhint = "Think."\n'
    file.write_text(f'format = 1\ntitle = "Mini"\nmodule = "mini"\n{rule}{exercise}')
    return read_manifest(file)


def late_results(tmp_path, metadata, rule=RULE):
    """What Gradescope reads about a submission with all of its 4 points."""
    file = tmp_path / "submission_metadata.json"
    file.write_text(metadata if isinstance(metadata, str) else json.dumps(metadata))
    check = CheckResult("x::y", "f", "Title.", 4.0, 4.0, "passed", True)
    result = SubmissionResult(
        "01-mini", "submission-1", "x", "sha256:", "graded", 4.0, 4.0, 0.0, 1.0, Confinement("A", ()), (check,)
    )
    assignment = assignment_due(tmp_path, rule)
    known = Wishes(assignment=assignment, scores=settled_by(file, result, assignment))
    return json.loads(_gradescope(result, Packed(tmp_path, "01-mini", "mini", Choice()), known))


@pytest.mark.parametrize(
    ("metadata", "score", "words"),
    [
        ({"created_at": "2026-11-30T20:00:00.365935-08:00"}, 4.0, "Handed in on time"),
        ({"created_at": "2026-12-02T01:00:00.365935-08:00"}, 3.2, "20 % off"),
        ({"created_at": "2026-12-09T01:00:00Z"}, 0.0, "after handing in had closed"),
        ({"created_at": "2026-12-02T01:00:00-08:00", "assignment": {"due_date": DUE}}, 3.2, "20 % off"),
        ({"created_at": "2026-12-02T01:00:00-08:00", "users": [{"assignment": {"due_date": "2026-12-05T00:00:00Z"}}]},
         4.0, "extended to"),
        ({"created_at": "2026-12-02T01:00:00-08:00", "users": [{"assignment": {"due_date": "2026-11-01T00:00:00Z"}}]},
         3.2, "20 % off"),
        ({"id": 1}, 4.0, "Nobody noted when"),
        ({"created_at": 3, "users": 4, "assignment": []}, 4.0, "Nobody noted when"),
        ("no JSON", 4.0, "Nobody noted when"),
        ("[]", 4.0, "Nobody noted when"),
    ],
)  # fmt: skip
def test_the_rule_on_lateness_goes_by_gradescopes_clock(tmp_path, metadata, score, words):
    results = late_results(tmp_path, metadata)
    assert results["score"] == score
    assert words in results["output"]
    assert "the last attempt counts" in results["output"]
    assert results["tests"][0]["name"] == "The function: Title."
    assert results["tests"][0]["score"] == 4.0


def test_where_nothing_is_due_nothing_is_said(tmp_path):
    results = late_results(tmp_path, {"created_at": "2026-12-02T01:00:00-08:00"}, rule="")
    assert results["score"] == 4.0
    assert "anded in" not in results["output"].partition("Hidden")[0]
