"""The feedback page in HTML: one file, without scripts, that asks the network for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment

from ..course import Assignment
from ..grade.results import SubmissionResult
from ..language import _, ngettext
from .environment import environment
from .view import MISTAKE, view_of

__all__ = ["feedback_html", "page_environment"]


def feedback_html(result: SubmissionResult, assignment: Assignment, handed_in: Sequence[str] = ()) -> str:
    """Return the page that tells a student how it went, as a whole HTML document.

    Args:
        result: What grading found.
        assignment: Whose exercises give the order, the titles and the hints.
        handed_in: Lines on when it was handed in and what comes of it.
    """
    return page_environment().get_template("feedback.html").render(page=view_of(result, assignment, handed_in))


@cache  # each template is compiled once: a class has hundreds of pages
def page_environment() -> Environment:
    """Return what makes students' pages of the templates: it escapes whatever it is given."""
    made = environment()
    made.globals.update(_=_, ngettext=ngettext, mistake_words=MISTAKE)  # the words are looked up page by page
    return made
