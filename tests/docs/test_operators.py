"""docs/operators.md: the limits are the engine's, the levels are doctor's, and the cluster's scripts run."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from torchgrade.cli.doctoring import LAYERS, LEVELS
from torchgrade.course import Course, Limits
from torchgrade.course.files import read_toml

from .pages import DOCS, blocks_of

PAGE = DOCS / "operators.md"


def block(title: str) -> str:
    (text,) = (one.text for one in blocks_of(PAGE) if one.title == title)
    return text


def test_the_limits_are_those_that_hold_without_a_table(tmp_path):
    (tmp_path / "limits.toml").write_text(block("assignment.toml"), encoding="utf-8")
    assert read_toml(tmp_path / "limits.toml") == {"limits": asdict(Limits())}


def test_the_course_understands_the_least_level(tmp_path):
    (tmp_path / "pyproject.toml").write_text(block("pyproject.toml"), encoding="utf-8")
    assert Course(tmp_path).least_level == "A"


def test_every_level_and_layer_of_doctor_has_its_line():
    page = PAGE.read_text(encoding="utf-8")
    assert [level for level in LEVELS if f"\n| {level} |" not in page] == []
    assert [layer for layer in LAYERS if f"`{layer}`" not in page] == ["no-new-privs"]  # in every kernel since 2012


def test_the_workflow_is_one():
    job = yaml.safe_load(block(".github/workflows/course.yml"))["jobs"]["course"]
    assert [step["run"].split()[1] for step in job["steps"] if step.get("run", "").startswith("torchgrade")] == [
        "doctor",
        "release",
        "verify",
    ]


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_the_tasks_of_an_array_share_a_class(mini):
    right = (mini / "assignments" / "01-mini" / "solution.py").read_text(encoding="utf-8")
    for name in ("ada", "ben", "cleo"):
        (mini / "submissions" / name).mkdir(parents=True)
        (mini / "submissions" / name / "mini.py").write_text(right, encoding="utf-8")
    script = block("grade.sbatch").replace("01-tensors", "01-mini")
    for task in range(2):
        run(script, mini, SLURM_ARRAY_TASK_ID=task, SLURM_ARRAY_TASK_COUNT=2, SLURM_CPUS_PER_TASK=2)
    run(script, mini, SLURM_ARRAY_TASK_ID=5, SLURM_ARRAY_TASK_COUNT=6, SLURM_CPUS_PER_TASK=2)  # nothing is left for it
    run(block("join.sh"), mini)
    lines = map(json.loads, (mini / "OUT" / "results.jsonl").read_text(encoding="utf-8").splitlines())
    assert sorted((line["submission"], line["score"] + line["deferred"] == line["max_score"]) for line in lines) == [
        ("ada", True),
        ("ben", True),
        ("cleo", True),
    ]
    assert {page.name for page in (mini / "OUT" / "feedback").glob("*.md")} == {"ada.md", "ben.md", "cleo.md"}
    assert {part.name for part in (mini / "OUT").glob("part-*")} == {"part-0", "part-1"}


def run(script: str, course: Path, **words: int) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    set_here = {name: str(value) for name, value in words.items()}
    subprocess.run(["bash", "-c", script], cwd=course, env={**os.environ, "PATH": path, **set_here}, check=True)
