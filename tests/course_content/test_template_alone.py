"""The students' folder is a repository of its own: it needs torchgrade and nothing of the course around it."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from torchgrade.course import Course

from ..conftest import REPOSITORY

COURSE = Course(REPOSITORY)
SLUG = "01-tensors"
AUTHOR = ["-c", "user.name=A Student", "-c", "user.email=student@school.example"]


@pytest.fixture
def clone(tmp_path):
    """A fresh clone, with a first commit."""
    folder = shutil.copytree(
        COURSE.template, tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache")
    )
    git(folder, "init", "--quiet")
    commit(folder, "what was handed out")
    return folder


def git(folder, *words):
    subprocess.run(["git", *AUTHOR, *words], cwd=folder, check=True, capture_output=True)


def commit(folder, message):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def run(folder, *command):
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    kept = {name: word for name, word in os.environ.items() if not name.startswith(("PYTEST", "BEFORE"))}
    return subprocess.run(command, cwd=folder, env={**kept, "PATH": path}, capture_output=True, text=True, timeout=200)


def test_pytest_runs_in_an_assignment_with_a_stub_and_with_a_right_answer(clone):
    pytest_here = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
    stub = run(clone / SLUG, *pytest_here)
    assert stub.returncode == 1
    assert "score: 0 of" in stub.stdout
    assert "rootdir: " + str(clone) in stub.stdout
    shutil.copy(COURSE.assignment(SLUG).solution, clone / SLUG / "tensors.py")
    right = run(clone / SLUG, *pytest_here)
    assert right.returncode == 0, right.stdout
    assert "to do" not in right.stdout


def test_assignments_whose_checks_have_the_same_file_name_run_together(clone):
    done = run(
        clone, sys.executable, "-m", "pytest", "--collect-only", "--quiet", "03-shapes", "05-numpy-random-devices"
    )
    assert "03-shapes/test_memory.py" in done.stdout
    assert "05-numpy-random-devices/test_memory.py" in done.stdout
    assert done.returncode == 0, done.stdout


def test_the_workflows_script_checks_what_changed(clone):
    nothing = run(clone, "bash", "checks.sh", "none-at-all")
    assert nothing.returncode == 1
    (clone / "README.md").write_text("mine")
    commit(clone, "no assignment")
    quiet = run(clone, "bash", "checks.sh")
    assert (quiet.returncode, quiet.stdout) == (0, "no assignment has changed\n")
    shutil.copy(COURSE.assignment(SLUG).solution, clone / SLUG / "tensors.py")
    commit(clone, "an answer")
    done = run(clone, "bash", "checks.sh")
    assert done.returncode == 0, done.stdout
    assert re.findall(r"^== (\S+)$", done.stdout, re.MULTILINE) == [SLUG]


def test_nothing_hidden_and_no_pack_is_in_it(clone):
    names = [path.relative_to(clone).as_posix() for path in clone.rglob("*") if ".git/" not in f"{path}/"]
    assert not [name for name in names if name.endswith((".gpg", ".whl", ".key")) or "solution" in name]
    assert {"README.md", "requirements.txt", "pytest.ini", ".github/workflows/checks.yml", ".gitlab-ci.yml"} <= set(
        names
    )
