"""The contestants that grade notebooks: otter-grader and nbgrader. A submission becomes one cell of a notebook."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from race.contestants import Contestant, Scores
from race.render import HELPERS, doctests, function_lines

__all__ = ["Nbgrader", "Otter"]


class NotebookGrader(Contestant):
    """What both share."""

    def _must(self, command: list[str]) -> None:
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")


class Otter(NotebookGrader):
    """`otter run` for each submission, with an autograder.zip from `otter generate`; a question for each check."""

    name, title, packages, shows = "otter", "otter-grader, otter run", "otter", "otter-grader"

    def prepare(self) -> None:
        """Write the tests in OK format and pack them."""
        (self.folder / "tests").mkdir()
        for name, text in doctests(self.material):
            (self.folder / "tests" / name).write_text(text, encoding="utf-8")
        self._must([*self._otter(), "generate", "-t", "tests", "-o", "autograder.zip"])

    def hand_in(self, submissions: list[Path], job: Path) -> list[str]:
        """Write the submission's notebook."""
        cells = [_cell(submissions[0].read_text(encoding="utf-8"))]
        (job / "submission.ipynb").write_text(_notebook(cells), encoding="utf-8")
        where = ["-a", str(self.folder / "autograder.zip"), "-o", "out"]
        (job / "out").mkdir()
        return [*self._otter(), "run", "--no-logo", *where, "submission.ipynb"]

    def scores(self, submissions: list[Path], job: Path) -> Scores:
        """Add up the scores in results.json."""
        try:
            tests = json.loads((job / "out" / "results.json").read_text(encoding="utf-8"))["tests"]
            return {submissions[0].stem: float(sum(test.get("score") or 0 for test in tests))}
        except (OSError, ValueError, KeyError, TypeError):
            return {submissions[0].stem: None}

    def _otter(self) -> list[str]:
        return [str(self.python), "-m", "otter"]


class Nbgrader(NotebookGrader):
    """`nbgrader autograde` over the class; a graded cell for each check, of which the hidden ones hold hidden tests."""

    name, title, packages, shows = "nbgrader", "nbgrader autograde", "nbgrader", "nbgrader"
    whole_class = True
    ASK = (
        "import json\nfrom nbgrader.api import Gradebook\n"
        'with Gradebook("sqlite:///gradebook.db") as book:\n'
        '    print(json.dumps({one.student.id: one.score for one in book.assignment_submissions("race")}))\n'
    )

    def prepare(self) -> None:
        """Write the source notebook, and let nbgrader make the students' and the gradebook of it."""
        (self.folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "race"\n')
        source = self.folder / "source" / "race"
        source.mkdir(parents=True)
        (source / "answers.ipynb").write_text(_notebook(list(self._cells())), encoding="utf-8")
        self._must([*self._nbgrader(), "generate_assignment", "race"])

    def hand_in(self, submissions: list[Path], job: Path) -> list[str]:
        """Copy the course, and put the released notebook with the student's answer where nbgrader collects it."""
        for name in ("nbgrader_config.py", "gradebook.db", "source", "release"):
            made = self.folder / name
            shutil.copytree(made, job / name) if made.is_dir() else shutil.copy(made, job)
        released = json.loads((job / "release" / "race" / "answers.ipynb").read_text(encoding="utf-8"))
        for submission in submissions:
            released["cells"][0]["source"] = submission.read_text(encoding="utf-8")
            folder = job / "submitted" / submission.stem / "race"
            folder.mkdir(parents=True)
            (folder / "answers.ipynb").write_text(json.dumps(released), encoding="utf-8")
        return [*self._nbgrader(), "autograde", "race"]

    def scores(self, submissions: list[Path], job: Path) -> Scores:
        """Ask the gradebook, for those whose graded notebook is there."""
        ask = [self.python, "-c", self.ASK]
        done = subprocess.run(ask, cwd=job, env=self.environment, capture_output=True, text=True)
        found = json.loads(done.stdout) if done.returncode == 0 else {}
        graded = {
            path.stem: (job / "autograded" / path.stem / "race" / "answers.ipynb").exists() for path in submissions
        }
        return {name: found.get(name) if there else None for name, there in graded.items()}

    def _cells(self) -> Any:
        yield _cell("### BEGIN SOLUTION\n### END SOLUTION", _mark("answer", solution=True))
        yield _cell(f"{HELPERS}{self.material.head}", _mark("helpers"))
        for number, (check, answers) in enumerate(self.material.checks):
            text = "\n".join(function_lines(check, answers, ""))
            if not check.visible:
                text = f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS"
            yield _cell(text, _mark(f"q{number:02}", points=check.points))

    def _nbgrader(self) -> list[str]:
        return [str(self.python), "-m", "nbgrader"]


def _mark(name: str, points: int | None = None, solution: bool = False) -> dict[str, Any]:
    """Return what nbgrader notes of a cell: one to answer in, a graded one with points, or a locked one."""
    mark = {"grade_id": name, "schema_version": 3, "solution": solution, "locked": not solution, "task": False}
    return {"nbgrader": mark | ({"grade": False} if points is None else {"grade": True, "points": points})}


def _cell(source: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": metadata or {}, "source": source, "outputs": [], "execution_count": None}


def _notebook(cells: list[dict[str, Any]]) -> str:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    ids = [cell | {"id": f"cell{number:02}"} for number, cell in enumerate(cells)]
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": ids, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
