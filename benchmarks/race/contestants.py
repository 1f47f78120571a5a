"""Who takes part: how each is given the assignment and the submissions, its command, and where its scores are.

A contestant that grades one submission a process is started anew for each; one that grades a class gets all at once.
The notebook graders are in `race.notebooks`.
"""

from __future__ import annotations

import json
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from race.material import Material
from race.render import course_checks, pytest_file, unittest_file

__all__ = ["Contestant", "GradescopeUtils", "Pytest", "Torchgrade", "TorchgradeTwice", "Xdist", "results_of"]

Scores = dict[str, "float | None"]


class Contestant:
    """A grader in the race.

    Args:
        material: The assignment.
        folder: Where it may lay down what it needs of the assignment.
        python: The Python of its environment.
        environment: The variables that its commands see.

    Attributes:
        name: How it is chosen on the command line.
        title: How it is called in tables.
        packages: The key of its environment in `race.environments.PEERS`; None for the Python that runs.
        whole_class: Whether one command grades many submissions.
        shows: The distribution whose version is told.
    """

    name = title = shows = ""
    packages: str | None = None
    whole_class = False

    def __init__(self, material: Material, folder: Path, python: Path, environment: Mapping[str, str]) -> None:
        self.material, self.folder, self.python, self.environment = material, folder, python, environment

    def prepare(self) -> None:
        """Lay down the assignment, once; nobody times that."""

    def hand_in(self, submissions: list[Path], job: Path) -> list[str]:
        """Put submissions into an empty folder as the grader wants them; return the command that grades them there."""
        raise NotImplementedError

    def scores(self, submissions: list[Path], job: Path) -> Scores:
        """Return the points of each submission, by the name of its file; None where there is no result."""
        raise NotImplementedError

    def notes(self, job: Path) -> dict[str, str]:
        """Return what else should be told of a run that went well."""
        return {}

    def _student(self, submission: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        shutil.copyfile(submission, folder / f"{self.material.module}.py")


class Pytest(Contestant):
    """A pytest process for each submission; a file of tests imports the submission that lies beside it."""

    name, title, packages, shows = "pytest", "bare pytest", "pytest", "pytest"

    def hand_in(self, submissions: list[Path], job: Path) -> list[str]:
        """Put a folder for each submission, with the tests beside it."""
        text = pytest_file(self.material)
        for submission in submissions:
            self._student(submission, job / submission.stem)
            (job / submission.stem / f"test_{self.material.module}.py").write_text(text, encoding="utf-8")
        (job / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n", encoding="utf-8")
        return [str(self.python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junit-xml=results.xml"]

    def scores(self, submissions: list[Path], job: Path) -> Scores:
        """Add up the points of the tests that passed, by pytest's own report."""
        try:
            root = ElementTree.parse(job / "results.xml").getroot()
        except (OSError, ElementTree.ParseError):
            return dict.fromkeys((path.stem for path in submissions), None)
        return {path.stem: self._points(root, path.stem) for path in submissions}

    def _points(self, root: ElementTree.Element, student: str) -> float | None:
        cases = [one for one in root.iter("testcase") if student in (one.get("classname") or one.get("name") or "")]
        right = [one.get("name", "") for one in cases if len(one) == 0]
        points = [check.points for check, _ in self.material.checks]
        return float(sum(points[int(name.removeprefix("test_"))] for name in right)) if cases else None


class Xdist(Pytest):
    """One pytest session over all submissions, on two worker processes."""

    name, title, shows, whole_class = "xdist", "pytest-xdist, one session, -n 2", "pytest-xdist", True

    def hand_in(self, submissions: list[Path], job: Path) -> list[str]:
        """Put a folder for each submission, with the tests beside it."""
        return [*super().hand_in(submissions, job), "-n", "2"]


class GradescopeUtils(Contestant):
    """A unittest with gradescope-utils' decorators, as its sample autograder runs it."""

    name, title, packages, shows = "gradescope", "gradescope-utils", "gradescope", "gradescope-utils"
    RUN = (
        "import unittest\n\nfrom gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner\n\n"
        'suite = unittest.defaultTestLoader.discover("tests")\n'
        'with open("results.json", "w") as out:\n    JSONTestRunner(visibility="visible", stream=out).run(suite)\n'
    )

    def hand_in(self, submissions: list[Path], job: Path) -> list[str]:
        """Put the submission beside run_tests.py, and the tests in a folder below."""
        shutil.copyfile(submissions[0], job / f"{self.material.module}.py")
        (job / "tests").mkdir()
        (job / "tests" / "test_submission.py").write_text(unittest_file(self.material), encoding="utf-8")
        (job / "run_tests.py").write_text(self.RUN, encoding="utf-8")
        return [str(self.python), "run_tests.py"]

    def scores(self, submissions: list[Path], job: Path) -> Scores:
        """Read results.json as Gradescope does: a score for the whole stands above those of the tests."""
        try:
            found = json.loads((job / "results.json").read_text(encoding="utf-8"))
            total = found["score"] if "score" in found else sum(test.get("score", 0) for test in found["tests"])
            return {submissions[0].stem: float(total)}
        except (OSError, ValueError, KeyError, TypeError):
            return {submissions[0].stem: None}


class Torchgrade(Contestant):
    """The engine of this checkout, with the wall."""

    name, title, shows, whole_class = "torchgrade", "torchgrade, --jobs 1", "torchgrade", True
    jobs = 1

    def prepare(self) -> None:
        """Make a course of it: the assignment's own folder, with the checks of the race."""
        slug, source = self.material.slug, self.material.reference.parent
        shutil.copytree(source, self.folder / "assignments" / slug)
        shutil.copytree(source.parents[1] / "fixtures" / "shared", self.folder / "fixtures" / "shared")
        checks = self.folder / "graders" / slug
        checks.mkdir(parents=True)
        (checks / "test_race.py").write_text(course_checks(self.material), encoding="utf-8")

    def hand_in(self, submissions: list[Path], job: Path) -> list[str]:
        """Put all into one folder."""
        (job / "class").mkdir()
        for submission in submissions:
            shutil.copy(submission, job / "class")
        where = ["class", "--course", str(self.folder), "--out", "OUT", "--jobs", str(self.jobs)]
        return [sys.executable, "-m", "torchgrade", "grade", self.material.slug, *where]

    def scores(self, submissions: list[Path], job: Path) -> Scores:
        """Read results.jsonl."""
        found = {line["submission"]: line["score"] for line in results_of(job)}
        return {path.stem: found.get(path.stem) for path in submissions}

    def notes(self, job: Path) -> dict[str, str]:
        """Return the level at which every submission was held; "none" would be no race with the wall on."""
        levels = {line["confinement"]["level"] for line in results_of(job)}
        return {"level": ", ".join(sorted(levels))}


class TorchgradeTwice(Torchgrade):
    """The same with two graders at a time."""

    name, title, jobs = "torchgrade-2", "torchgrade, --jobs 2", 2


def results_of(job: Path) -> list[dict[str, Any]]:
    """Return the lines of torchgrade's results."""
    try:
        lines = (job / "OUT" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [json.loads(line) for line in lines]
