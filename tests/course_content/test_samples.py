"""The sample submissions get what their expected.toml says."""

import json
import sys
from pathlib import Path

import pytest

from torchgrade.cli import main

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPOSITORY = Path(__file__).parents[2]
SAMPLES = sorted(REPOSITORY.glob("fixtures/submissions/*/expected.toml"))
CASES = [(file.parent.name, name) for file in SAMPLES for name in tomllib.loads(file.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade each class of samples once; return its records by assignment and file name."""
    found = {}
    for slug in {slug for slug, _ in CASES}:
        out = tmp_path_factory.mktemp("out")
        folder = REPOSITORY / "fixtures" / "submissions" / slug
        assert main(["grade", slug, str(folder), "--course", str(REPOSITORY), "--out", str(out), "--jobs", "2"]) == 0
        for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found[slug, Path(record["path"]).name] = record
    return found


@pytest.mark.parametrize(("slug", "name"), CASES)
def test_a_sample_gets_what_it_must(graded, slug, name):
    file = REPOSITORY / "fixtures" / "submissions" / slug / "expected.toml"
    expected = tomllib.loads(file.read_text(encoding="utf-8"))[name]
    record = graded[slug, name]
    assert (record["status"], record["score"]) == (expected["status"], expected["score"])
    if record["status"] == "unreadable":
        assert all(check["status"] == "failed" for check in record["checks"])
    else:
        assert statuses(record) == expected_statuses(record, expected.get("checks", {}))
    for check in record["checks"]:
        assert check["status"] == "passed" or expected.get("says", "") in check["message"]


def statuses(record):
    return {exercise: tuple(of(record, exercise)) for exercise in exercises(record)}


def expected_statuses(record, broken):
    return {
        exercise: tuple(broken.get(exercise, ["passed"] * len(list(of(record, exercise)))))
        for exercise in exercises(record)
    }


def exercises(record):
    return dict.fromkeys(check["exercise"] for check in record["checks"])


def of(record, exercise):
    return (check["status"] for check in record["checks"] if check["exercise"] == exercise)
