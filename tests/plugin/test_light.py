"""What a student's run does not import: each of these costs time before the first result, and none is needed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PROBE = """
import json, sys
def pytest_unconfigure():
    with open("modules.json", "w") as file:
        json.dump(sorted(sys.modules), file)
"""
# torch._dynamo takes as long as torch itself; sympy comes with it.
HEAVY = {"torch._dynamo", "torch._inductor", "sympy", "rich", "jinja2", "nbformat", "nbconvert", "IPython"}
NOT_FOR_STUDENTS = ("cli", "export", "grade", "importing", "late", "pack", "report", "verify", "watch")


def modules_of_a_run(folder, slug, solved):
    """Run the visible checks as a student would, and return the modules that are loaded at the end."""
    place = shutil.copytree(REPOSITORY / "student_template" / slug, folder / slug)
    shutil.copytree(REPOSITORY / "student_template" / "fixtures", folder / "fixtures")
    if solved:
        (module,) = (file.stem for file in place.glob("*.ipynb"))
        shutil.copy(REPOSITORY / "assignments" / slug / "solution.py", place / f"{module}.py")
    (place / "probe.py").write_text(PROBE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "probe"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [*command, "-p", "torchgrade.plugin", "-p", "pytest_timeout"],
        cwd=place, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == (0 if solved else 1), done.stdout + done.stderr
    return set(json.loads((place / "modules.json").read_text()))


@pytest.mark.parametrize(
    ("slug", "solved"),
    [("01-tensors", False), ("01-tensors", True), ("08-modules-data", False)],
    ids=["nothing written yet", "all solved", "no training loop written yet"],
)
def test_a_students_run_loads_nothing_it_does_not_need(tmp_path, slug, solved):
    loaded = modules_of_a_run(tmp_path, slug, solved)
    assert "torchgrade.plugin.student" in loaded
    assert loaded & HEAVY == set()
    assert [name for name in NOT_FOR_STUDENTS if f"torchgrade.{name}" in loaded] == []
