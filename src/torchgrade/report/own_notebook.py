"""A student's own work with each exercise's verdict beneath the cell that defines it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..language import N_, _
from .defined import defined_in
from .markdown import exercise_markdown, top_markdown
from .student_cells import StudentCell
from .view import ExerciseView, PageView

__all__ = ["Placed", "Verdict", "arranged"]

_SPLIT = N_("What follows is what you handed in. Cells like this one, with a bar on the left, are feedback.")
_ELSEWHERE = N_("These exercises are defined in no cell")


@dataclass(frozen=True)
class Verdict:
    """A cell of feedback.

    Attributes:
        markdown: Its text, for a notebook.
        status: The kind of its status, as `report.status` has them; empty for a cell that is about no exercise.
        exercise: What it is about; None for the one on top, and for a heading.
        words: What it says where it is a heading.
    """

    markdown: str
    status: str = ""
    exercise: ExerciseView | None = None
    words: str = ""


Placed = StudentCell | Verdict


def arranged(cells: Sequence[StudentCell], page: PageView, trouble: str = "") -> list[Placed]:
    """Return the student's cells with the verdicts among them.

    The last cell that defines an exercise has its verdict. What no cell defines stands at the end; where there are no
    cells at all, that is everything.

    Args:
        cells: What was handed in.
        page: What the student may see.
        trouble: Why the cells are not there, as a sentence.
    """
    exercises = () if page.unreadable else page.exercises
    said = [top_markdown(page), trouble or _(_SPLIT)]
    top = Verdict(_quoted("\n\n".join([*said, page.secrecy] if page.secrecy else said)))
    return [top, *_placed(cells, exercises)]


def _placed(cells: Sequence[StudentCell], exercises: Sequence[ExerciseView]) -> Iterator[Placed]:
    names = [defined_in(cell.source) if cell.kind == "code" else set[str]() for cell in cells]
    places = {name: place for place, found in enumerate(names) for name in found}
    for place, cell in enumerate(cells):
        yield cell
        yield from (_verdict(one) for one in exercises if places.get(one.name) == place)
    elsewhere = [one for one in exercises if one.name not in places]
    if elsewhere and cells:
        yield Verdict(_quoted(f"## {_(_ELSEWHERE)}"), words=_(_ELSEWHERE))
    yield from map(_verdict, elsewhere)


def _verdict(exercise: ExerciseView) -> Verdict:
    return Verdict(_quoted(exercise_markdown(exercise)), exercise.status.kind, exercise)


def _quoted(text: str) -> str:
    """Return Markdown as a quotation: a notebook shows a bar on its left."""
    return "\n".join(f"> {line}".rstrip() for line in [_("**torchgrade: feedback**"), "", *text.split("\n")])
