"""What grading one submission found: the model that every report, export and gradebook starts from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["FORMAT", "CheckResult", "Confinement", "SubmissionResult", "readable"]

FORMAT = 1


@dataclass(frozen=True)
class Confinement:
    """How the student's process was held.

    Attributes:
        level: ``"A"`` (strongest) to ``"D"`` (a process and a clock only).
        layers: Names of the layers that held.
    """

    level: str
    layers: tuple[str, ...]


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check.

    Attributes:
        id: File and function, with parameters: ``graders/01-tensors/test_tensors.py::test_shape[3]``.
        exercise: The exercise it belongs to.
        title: What the student reads.
        points: What it is worth.
        score: What was earned.
        status: ``passed``, ``failed``, ``timeout``, ``crashed``, ``memory``, ``deferred`` or ``error``.
        visible: Whether students have the check.
        message: Everything there is to say, for the instructor.
        rationale: The part of it that the check's author wrote for students; safe to show for a hidden check.
        misconception: Name of the known wrong answer that this one behaves like.
        belief: What whoever writes it believes, in its author's words; safe to show for a hidden check.
        hint: What that misconception's author tells the student; safe as well.
        alike: Names of further misconceptions that no check of the exercise can tell from it.
        seconds: Wall-clock time.
    """

    id: str
    exercise: str
    title: str
    points: float
    score: float
    status: str
    visible: bool
    message: str = ""
    rationale: str = ""
    misconception: str | None = None
    belief: str | None = None
    hint: str | None = None
    alike: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class SubmissionResult:
    """The outcome of one submission.

    Attributes:
        assignment: The assignment's slug.
        submission: The submission's name.
        path: Where it was read.
        digest: ``sha256:`` and the hash of its files.
        status: ``graded``, or ``unreadable`` when it is no module at all.
        score: Points earned.
        max_score: Points there are, on any machine.
        deferred: Points of checks that wait for a GPU.
        seconds: Wall-clock time.
        confinement: How the student's process was held.
        checks: In the order of the exercises.
        notes: What was left out of it or could not be run, as sentences; not in the line where there are none.
        settled: Lateness, attempts and what people decided are in the score; not in the line where they are not.
    """

    assignment: str
    submission: str
    path: str
    digest: str
    status: str
    score: float
    max_score: float
    deferred: float
    seconds: float
    confinement: Confinement
    checks: tuple[CheckResult, ...] = field(default=())
    notes: tuple[str, ...] = ()
    settled: bool = False

    @property
    def cause(self) -> str:
        """Why an unreadable submission could not be read; empty for a graded one."""
        return self.checks[0].message if self.status == "unreadable" and self.checks else ""

    def to_json(self) -> str:
        """Return the line for ``results.jsonl``, without its newline."""
        record: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        for name in ("notes", "settled"):
            if not record[name]:
                del record[name]
        return json.dumps(record, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> SubmissionResult:
        """Read a line of ``results.jsonl``; keys that are not known are left out.

        Raises:
            ValueError: It is not JSON, or of another format.
        """
        record = json.loads(line)
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise ValueError(f"a line of format {FORMAT} was expected")
        checks = tuple(_check(one) for one in record.pop("checks", ()))
        confinement = Confinement(record["confinement"]["level"], tuple(record.pop("confinement")["layers"]))
        notes = tuple(record.pop("notes", ()))
        return cls(checks=checks, confinement=confinement, notes=notes, **_known(cls, record))


def readable(text: str) -> str:
    """Return text that every file and terminal can hold: halves of characters, as in undecodable names, are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def _check(record: dict[str, Any]) -> CheckResult:
    return CheckResult(**{**_known(CheckResult, record), "alike": tuple(record.get("alike", ()))})


def _known(kind: Any, record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name in kind.__dataclass_fields__}
