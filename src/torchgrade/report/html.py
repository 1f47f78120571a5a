"""The feedback page in HTML: one file, without scripts, that asks the network for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ..course import Assignment
from ..grade.results import SubmissionResult
from ..language import _, ngettext
from .text import code_spans
from .view import MISTAKE, view_of

__all__ = ["feedback_html", "page_environment"]

LEAD_LINES = 12
LEAD_CHARACTERS = 1200


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
    """Return what makes pages of the templates: it escapes whatever it is given."""
    environment = Environment(
        loader=PackageLoader("torchgrade.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(prose=_prose, fold=_fold)
    environment.globals.update(_=_, ngettext=ngettext, mistake_words=MISTAKE)  # the words are looked up page by page
    return environment


def _prose(line: str) -> Markup:
    """Escape one line; code in backticks becomes an element."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if code else escape(part) for code, part in code_spans(line)
    )


def _fold(block: str) -> tuple[str, str]:
    """Split a block into what is shown at once and what a reader opens; a rest that is not worth a click stays."""
    lines = block.split("\n")
    lead = "\n".join(lines[:LEAD_LINES])[:LEAD_CHARACTERS]
    rest = block[len(lead) :]
    if len(lines) <= LEAD_LINES + 4 and len(rest) < LEAD_CHARACTERS // 4:
        return block, ""
    return lead, rest.removeprefix("\n")
