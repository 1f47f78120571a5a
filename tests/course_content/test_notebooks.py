"""The sample submissions, and further right answers, earn as notebooks what they earn as files."""

import json
import sys
from pathlib import Path

import pytest

from torchgrade.cli import main

from .notebooks import as_notebook

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPOSITORY = Path(__file__).parents[2]
SAMPLES = REPOSITORY / "fixtures" / "submissions" / "01-tensors"
ALTERNATIVES = REPOSITORY / "fixtures" / "alternatives" / "01-tensors"
EXPECTED = tomllib.loads((SAMPLES / "expected.toml").read_text(encoding="utf-8"))
# What ends or stops the import of a file is, in a notebook, work that no function needs: it is not done.
AT_IMPORT = {"import_raises", "import_exits", "import_sys_exit", "import_never_returns"}
NOT_TEXT = {"not_utf8"}
NAMES = sorted({Path(name).stem for name in EXPECTED} - AT_IMPORT - NOT_TEXT)
RIGHT = ("careful_beginner", "through_numpy")


def grade(folder, out):
    assert (
        main(["grade", "01-tensors", str(folder), "--course", str(REPOSITORY), "--out", str(out), "--jobs", "2"]) == 0
    )
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["submission"]: record for record in map(json.loads, lines)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade all of them once as notebooks."""
    folder = tmp_path_factory.mktemp("notebooks")
    sources = {name: SAMPLES / f"{name}.py" for name in [*NAMES, *sorted(AT_IMPORT)]}
    sources |= {name: ALTERNATIVES / f"{name}.py" for name in RIGHT}
    for name, source in sources.items():
        (folder / f"{name}.ipynb").write_text(as_notebook(source.read_text(encoding="utf-8")), encoding="utf-8")
    return grade(folder, tmp_path_factory.mktemp("out"))


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gets_as_a_notebook_what_it_gets_as_a_file(graded, name):
    expected, record = EXPECTED[f"{name}.py"], graded[name]
    assert (record["status"], record["score"]) == (expected["status"], expected["score"])
    broken = expected.get("checks", {})
    found = {}
    for check in record["checks"]:
        found.setdefault(check["exercise"], []).append(check["status"])
    assert {exercise: broken.get(exercise, ["passed"] * len(statuses)) for exercise, statuses in found.items()} == found
    hints = {check["exercise"]: check["misconception"] for check in record["checks"] if check["misconception"]}
    assert expected.get("hint", {}).items() <= hints.items()


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_keeps_its_points_in_a_notebook(graded, name):
    assert graded[name]["score"] == graded[name]["max_score"]


@pytest.mark.parametrize("name", sorted(AT_IMPORT))
def test_what_no_function_needs_is_not_run(graded, name):
    assert graded[name]["score"] == graded[name]["max_score"]


def test_lines_are_those_of_a_cell(graded):
    lost = [check for check in graded["syntax_error"]["checks"] if check["status"] != "passed"]
    assert [check["exercise"] for check in lost] == ["scalar_value", "scalar_value"]
    assert all("cell 5, line 2: SyntaxError" in check["message"] for check in lost)
    assert graded["syntax_error"]["notes"] == ["tensors.ipynb, cell 5, line 2: SyntaxError: expected ':'."]
