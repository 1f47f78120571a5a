"""Time one contestant: its memory first, which also warms the caches of files up, then its seconds."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from race.contestants import Contestant
from race.environments import python_of, versions
from race.material import Material
from race.measuring import Run, run

__all__ = ["Stable", "bare_computation", "time_contestant"]

LIMIT = 1800.0
Figures = dict[str, Any]


@dataclass(frozen=True)
class Stable:
    """A contestant with the assignment laid down, ready to run.

    Attributes:
        contestant: Who.
        folder: Its own folder; every job gets a new one in it.
    """

    contestant: Contestant
    folder: Path

    @classmethod
    def of(cls, kind: type[Contestant], material: Material, work: Path) -> Stable:
        """Make the environment and the material of a contestant, anew."""
        python = python_of(work, kind.packages) if kind.packages else Path(sys.executable)
        folder = work / "run" / kind.name / material.slug
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "made").mkdir(parents=True)
        contestant = kind(material, folder / "made", python, _environment(python, work))
        contestant.prepare()
        return cls(contestant, folder)

    def grade(
        self, submissions: list[Path], job: str, *, limit: float = LIMIT, watch: bool = False
    ) -> tuple[Run, Path]:
        """Grade submissions in a new folder; return how it went, and that folder."""
        folder = self.folder / job
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command = self.contestant.hand_in(submissions, folder)
        return run(command, folder=folder, environment=self.contestant.environment, limit=limit, watch=watch), folder

    def graded(self, submissions: list[Path], job: str) -> Run:
        """Grade right answers; return how it went."""
        return self.checked(submissions, job)[0]

    def checked(self, submissions: list[Path], job: str, *, watch: bool = False) -> tuple[Run, Path]:
        """Grade right answers; return how it went, and the folder.

        Raises:
            SystemExit: One lost points, so that figures could not be compared.
        """
        done, folder = self.grade(submissions, job, watch=watch)
        scores, full = self.contestant.scores(submissions, folder), float(self.contestant.material.points)
        if set(scores.values()) != {full}:
            raise SystemExit(f"{self.contestant.title}: {scores}, not {full:g} each:\n{done.output[-3000:]}")
        return done, folder


def time_contestant(stable: Stable, submissions: list[Path], repeats: int, tell: Callable[[str], None]) -> Figures:
    """Return a contestant's figures: medians, and each run's own.

    Args:
        stable: Whom.
        submissions: Right answers.
        repeats: How often a class is graded as a whole.
        tell: Called with what is being done.
    """
    whole = stable.contestant.whole_class
    tell("memory")
    watched, job = stable.checked(submissions[: 2 if whole else 1], "watched", watch=True)
    found = _whole_class(stable, submissions, repeats, tell) if whole else _one_by_one(stable, submissions, tell)
    return found | {
        **stable.contestant.notes(job),
        "title": stable.contestant.title,
        "peak_mb": watched.peak_mb,
        "version": _version(stable.contestant),
    }


def _one_by_one(stable: Stable, submissions: list[Path], tell: Callable[[str], None]) -> Figures:
    runs = []
    for number, submission in enumerate(submissions, 1):
        tell(f"submission {number} of {len(submissions)}")
        runs.append(stable.graded([submission], f"job{number:02}"))
    seconds, cpu = _medians(runs)
    return {"seconds": seconds, "cpu": cpu, "one_more": seconds, "runs": _each(runs)}


def _whole_class(stable: Stable, submissions: list[Path], repeats: int, tell: Callable[[str], None]) -> Figures:
    """Grade all in one command, and two of them, so that the difference is what one more submission costs."""
    count, all_, two = len(submissions), [], []
    for number in range(1, repeats + 1):
        tell(f"the class, {number} of {repeats}")
        all_.append(stable.graded(submissions, f"job{number:02}"))
        if count > 2:
            tell(f"two of the class, {number} of {repeats}")
            two.append(stable.graded(submissions[:2], f"two{number:02}"))
    seconds, cpu = _medians(all_)
    one_more = (seconds - _medians(two)[0]) / (count - 2) if two else None
    each = {"runs": _each(all_), "two": _each(two)}
    return {"seconds": seconds / count, "cpu": cpu / count, "one_more": one_more, **each}


def bare_computation(work: Path, submissions: Iterable[Path]) -> Figures:
    """Time the students' functions in a process of their own, without anything around them."""
    command = [sys.executable, "-m", "race.bare", *map(str, submissions)]
    environment = _environment(Path(sys.executable), work) | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the bare computation failed:\n{done.stderr[-3000:]}")
    found = json.loads(done.stdout).values()
    seconds, cpu, loading = (statistics.median(one[key] for one in found) for key in ("seconds", "cpu", "loading"))
    return {"title": "bare computation", "seconds": seconds, "cpu": cpu, "loading": loading, "one_more": seconds}


def _environment(python: Path, work: Path) -> dict[str, str]:
    """Return the variables for a contestant: a home of its own, one thread, its own programs first, no warnings.

    A right answer that warns would lose points with nbgrader.
    """
    home = work / "home"
    home.mkdir(parents=True, exist_ok=True)
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    plain = {"OMP_NUM_THREADS": "1", "LANG": "C.UTF-8", "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}
    return {"PATH": path, "HOME": str(home), **plain}


def _version(contestant: Contestant) -> str:
    return versions(contestant.python).get(contestant.shows, "")


def _medians(runs: list[Run]) -> tuple[float, float]:
    return statistics.median(one.seconds for one in runs), statistics.median(one.cpu for one in runs)


def _each(runs: list[Run]) -> list[dict[str, float]]:
    return [{"seconds": one.seconds, "cpu": one.cpu} for one in runs]
