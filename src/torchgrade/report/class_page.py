"""The instructor's page about a class: one assignment, in one file that asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from jinja2 import Environment

from ..classroom import CheckFigures, ClassFigures
from ..course import Assignment
from ..course.points import points_text
from .charts import box_of, histogram_of
from .environment import environment
from .names import file_stem
from .status import status_words
from .text import code_line, one_line, verbatim

__all__ = ["Labels", "class_html", "instructor_pages", "labels_of"]

WEAK = 0.2
SLIDES, NAMED = 12, 40


@dataclass(frozen=True)
class Labels:
    """What the course says about an assignment, for whoever reads its figures.

    Attributes:
        slug: Its folder's name.
        title: What students read.
        exercises: The exercises' titles by their names.
        seconds: The time limit of a check; None where the course is not at hand.
    """

    slug: str
    title: str
    exercises: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None

    def exercise(self, name: str) -> str:
        """Return an exercise's title, or its name where nothing is known about it."""
        return self.exercises.get(name, name)


def labels_of(assignment: Assignment) -> Labels:
    """Return an assignment's labels."""
    titles = {one.name: one.title for one in assignment.exercises}
    return Labels(assignment.slug, assignment.title, titles, assignment.limits.seconds)


def class_html(
    figures: ClassFigures, labels: Labels, *, linked: bool, term: bool = False, notes: Sequence[str] = ()
) -> str:
    """Return the page about one assignment as a whole HTML document.

    Args:
        figures: What was counted.
        labels: What its parts are called.
        linked: Whether the students' pages stand beside it.
        term: Whether the term's page does.
        notes: Sentences for the top of the page, such as the rule for late work.
    """
    spread = figures.spread
    return (
        instructor_pages()
        .get_template("class.html")
        .render(
            figures=figures,
            labels=labels,
            linked=linked,
            term=term,
            notes=[one_line(note, 2000) for note in notes],
            histogram=histogram_of(figures.bins, spread, figures.max_score) if spread and figures.bins else None,
            remarks=list(_remarks(figures)),
            waiting=[row for row in figures.rows if row.waiting],
            unsure=[row for row in figures.rows if row.unsure],
            weak=WEAK,
            slides=SLIDES,
            named=NAMED,
        )
    )


@dataclass(frozen=True)
class _Remark:
    """Something an instructor should look at: a sentence, and the checks that it is about."""

    words: str
    checks: tuple[CheckFigures, ...] = ()


def _remarks(figures: ClassFigures) -> Iterator[_Remark]:
    if len(figures.worths) > 1:
        worths = " and ".join(map(points_text, figures.worths))
        yield _Remark(f"Not all were graded by the same checks (out of {worths} points): grade all again.")
    judged = figures.judged_checks
    for words, fits in _QUESTIONS:
        found = tuple(check for check in judged if check.judged > 1 and fits(check))
        if found:
            yield _Remark(words, found)


_QUESTIONS: tuple[tuple[str, Callable[[CheckFigures], bool]], ...] = (
    ("Nobody passes these: is the task clear, and the check right?", lambda one: one.rate == 0),
    ("Everyone passes these: they tell nothing about this class.", lambda one: one.rate == 1),
    (
        "Who does well elsewhere loses these more often than not: look at the check first.",
        lambda one: one.discrimination is not None and one.discrimination < 0,
    ),
    (
        "These tell strong and weak students hardly apart.",
        lambda one: one.discrimination is not None and 0 <= one.discrimination < WEAK,
    ),
)


@cache
def instructor_pages() -> Environment:
    """Return the environment of the pages for instructors."""
    script = files("torchgrade.report").joinpath("templates/tables.js").read_text(encoding="utf-8")
    made = environment(points=points_text, stem=file_stem, line=one_line, block=verbatim, whole=_whole, signed=_signed)
    made.filters.update(total=_total, words=status_words, code=code_line)
    made.globals["box_of"] = box_of
    made.globals["script"] = script
    # The policy names the script by its hash: no other one runs, whatever a student's text may hold.
    made.globals["script_hash"] = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return made


def _whole(share: float | None) -> str:
    """Write a share in whole per cent; almost all is not all, and hardly any is not none."""
    if share is None:
        return "–"
    return f"{min(max(round(100 * share), 1 if share > 0 else 0), 99 if share < 1 else 100)}"


def _signed(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}".replace("-", "−")


def _total(statuses: Mapping[str, int], names: Sequence[str]) -> int:
    return sum(statuses.get(name, 0) for name in names)
