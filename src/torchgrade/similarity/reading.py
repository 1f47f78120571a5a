"""Submissions as text. Nothing of theirs is run, and nothing is parsed that could not be any text at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..grade.submissions import Submission
from ..sandbox.program import program_from

__all__ = ["MOST_CHARACTERS", "Text", "read_texts"]

MOST_CHARACTERS = 100_000  # of one submission: the rest is not compared


@dataclass(frozen=True)
class Text:
    """One submission.

    Attributes:
        name: The submission's name.
        student: Whose it is: a student's own attempts are not compared.
        source: Its modules below one another; of a notebook, its cells. Lines end in a newline only.
        trouble: Why it is not compared, or not all of it; empty where it is.
    """

    name: str
    student: str
    source: str
    trouble: str = ""


def read_texts(submissions: Iterable[Submission], module: str, students: dict[str, str]) -> Iterator[Text]:
    """Read submissions one after the other.

    Args:
        submissions: Where they lie.
        module: Name of the assignment's module.
        students: Whose a submission is, by its name, where that is not its name.
    """
    for one in submissions:
        student = students.get(one.name, one.name)
        try:
            program = program_from(one.path, module)
        except (OSError, ValueError) as error:
            yield Text(one.name, student, "", str(error))
            continue
        source = "\n".join(part.decode("utf-8-sig", "replace") for part in program.files.values())
        source = source.replace("\r\n", "\n").replace("\r", "\n")
        cut = f"only its first {MOST_CHARACTERS:,} characters were compared" if len(source) > MOST_CHARACTERS else ""
        yield Text(one.name, student, source[:MOST_CHARACTERS], cut)
