"""Every script and workflow reads as what it is."""

import re
import shutil
import subprocess

import pytest

from torchgrade.course.repository import repository_files
from torchgrade.pack import gradescope, repositories
from torchgrade.pack.bundle import Choice

from .conftest import unzip
from .test_repositories import needs_gpg
from .test_runs import steps_of


@pytest.fixture
def written(course, assignment, tmp_path):
    """All that packs and the students' repository hold."""
    unzip(gradescope.gradescope_pack(course, assignment, Choice()), tmp_path / "gradescope")
    for platform in repositories.PLATFORMS:
        files = repositories.grader_repository(platform, course, assignment, Choice())
        if shutil.which("gpg"):
            files |= {
                f"student/{name}": content
                for name, content in repositories.student_files(
                    platform, course, assignment, Choice(), "k" * 40
                ).items()
            }
        for name, content in files.items():
            (tmp_path / platform / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / platform / name).write_bytes(content)
    for name, text in repository_files().items():
        (tmp_path / "template" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "template" / name).write_text(text)
    return tmp_path


def scripts_in(folder):
    found = [path for path in folder.rglob("*") if path.suffix == ".sh" or path.name == "run_autograder"]
    assert len(found) > 10
    return found


def workflows_in(folder):
    found = [path for path in folder.rglob("*.yml") if "course" not in path.parts]
    assert len(found) >= 5
    return found


def test_bash_can_read_every_script(written):
    for path in scripts_in(written):
        done = subprocess.run(["bash", "-n", path], capture_output=True, text=True)
        assert done.returncode == 0, f"{path.name}: {done.stderr}"


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_has_nothing_to_say(written):
    done = subprocess.run(["shellcheck", "-x", *scripts_in(written)], capture_output=True, text=True)
    assert done.stdout == ""


@needs_gpg
def test_bash_can_read_every_step_of_a_workflow(written):
    blocks = [
        block
        for path in workflows_in(written)
        for key in ("run: |", "- |")
        for block in steps_of(path.read_text(), key)
    ]
    assert len(blocks) >= 4
    for block in blocks:
        done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
        assert done.returncode == 0, f"{block}\n{done.stderr}"


def test_workflows_are_yaml(written):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    for path in workflows_in(written):
        assert isinstance(yaml.safe_load(path.read_text()), dict), path


def test_no_workflow_puts_what_others_wrote_or_a_secret_into_a_shells_text(written):
    """What ``${{ }}`` stands for in a run block becomes part of the program: only variables may carry it there."""
    for path in workflows_in(written):
        text = path.read_text()
        for block in [*steps_of(text, "run: |"), *re.findall(r"run: ([^|\n].*)", text)]:
            assert "${{" not in block, path


def test_what_students_receive_names_no_secret():
    text = "".join(repository_files().values())
    assert "secrets." not in text
    assert "TORCHGRADE_KEY" not in text
    assert "persist-credentials: false" in text
