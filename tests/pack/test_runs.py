"""What `torchgrade pack run` leaves for GitHub and GitLab, called as their workflows call it."""

import json
import shutil
import subprocess
from base64 import b64decode

from .conftest import RIGHT, answers
from .test_repositories import bash, names_in, needs_gpg, pack


def steps_of(workflow, key):
    """Return the text of each block of shell in a workflow, by its first line's indentation."""
    found, lines = [], workflow.splitlines()
    for place, line in enumerate(lines):
        if line.strip().endswith(key):
            inside = len(line) - len(line.lstrip()) + 2
            block = []
            for after in lines[place + 1 :]:
                if after.strip() and len(after) - len(after.lstrip()) < inside:
                    break
                block.append(after[inside:])
            found.append("\n".join(block))
    return found


@needs_gpg
def test_a_push_is_graded_in_the_students_repository(mini, tmp_path, packed_python):
    """The workflow's own lines, in a repository whose files try to be imported before the grader's."""
    work, temp = tmp_path / "work", tmp_path / "temp"
    assert pack(mini, "github", work, "--encrypt", tmp_path / "key", "--in-student-repository") == 0
    shutil.rmtree(mini)
    (work / "01-mini").mkdir()
    (work / "01-mini" / "mini.py").write_text(answers(zeros_matrix="return torch.ones(3, 4)", halve="return x / 2"))
    for name in ("zipfile.py", "json.py", "torchgrade.py", "sitecustomize.py"):
        (work / name).write_text("raise SystemExit('imported')")
    temp.mkdir()
    (temp / "venv").symlink_to(packed_python.parent.parent)
    opening, grading = steps_of((work / ".github" / "workflows" / "grade-01-mini.yml").read_text(), "run: |")
    runner = {"GITHUB_WORKSPACE": str(work), "RUNNER_TEMP": str(temp)}
    secret = (tmp_path / "key").read_text().strip()
    done = bash("-e", "-c", opening, cwd=temp, TORCHGRADE_KEY=secret, **runner)
    assert done.returncode == 0, done.stderr
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    done = bash("-e", "-c", grading, cwd=temp, **runner, **files)
    assert done.returncode == 0, done.stderr
    result = json.loads(b64decode((tmp_path / "GITHUB_OUTPUT").read_text().removeprefix("result=")))
    assert result["status"] == "fail"
    assert sum(test["score"] for test in result["tests"]) * 5 == result["max_score"] * 2
    assert "2 / 6" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    assert "::error" in done.stdout
    told = done.stdout + (tmp_path / "GITHUB_STEP_SUMMARY").read_text() + json.dumps(result)
    assert "64" not in told
    assert "SECRET" not in told
    assert names_in(temp / "OUT") == ["feedback/submission.html", "feedback/submission.md"]  # no results.jsonl


def test_for_gitlab_a_run_leaves_a_report_and_pages(mini, tmp_path, capsys, packed_python):
    assert pack(mini, "gitlab", tmp_path / "to") == 0
    (tmp_path / "handed").mkdir()
    (tmp_path / "handed" / "mini.py").write_text(answers(**RIGHT))
    command = [packed_python, "-m", "torchgrade", "pack", "run", "gitlab", "--slug", "01-mini", "--bundle"]
    command += [tmp_path / "to" / "01-mini" / "grader", "--submission", tmp_path / "handed", "--out", tmp_path / "OUT"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert 'failures="0"' in (tmp_path / "OUT" / "report.xml").read_text()
    assert "5 / 6" in done.stdout
    wrong = subprocess.run([*command[:7], "02-other", *command[8:]], cwd=tmp_path, capture_output=True, text=True)
    assert wrong.returncode == 2
    assert "02-other was expected" in wrong.stderr
