"""The formats there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..grade.results import SubmissionResult
from .canvas import canvas
from .check50 import check50
from .classroom50 import classroom50
from .github import github
from .gradescope import gradescope
from .junit import junit
from .model import Export, Wishes
from .moodle import moodle
from .nbgrader import nbgrader
from .overview import overview
from .spreadsheet import spreadsheet

__all__ = ["FORMATS", "Format", "format_named"]


@dataclass(frozen=True)
class Format:
    """A format.

    Attributes:
        name: As the command line has it.
        write: From results to text; a pure function.
        ending: What a file of it is called after the first dot.
        single: Whether a file is about one submission.
        help: What it is for, on one line.
        more: What somebody who uses it for the first time should know.
        example: How it is usually called.
    """

    name: str
    write: Callable[[Sequence[SubmissionResult], Wishes], Export]
    ending: str
    single: bool
    help: str
    more: str
    example: str


FORMATS = (
    Format(
        "gradescope", gradescope, "json", True, "results.json of a Gradescope autograder",
        "Hidden checks show their students what their page shows, and no more. Open points are no zero: such a check "
        "has no score, and the text on top says so.",
        "torchgrade export gradescope OUT --submission alice --out /autograder/results/results.json",
    ),
    Format(
        "github", github, "txt", True, "GitHub Actions: the Classroom reporter's result, a summary, annotations",
        "One of three texts: `result` is the line for $GITHUB_OUTPUT that the Classroom reporter reads, in whole "
        "points and without what is still open; `summary` is the student's page for $GITHUB_STEP_SUMMARY; "
        "`annotations` are workflow commands for the visible checks that failed, to be printed.",
        'torchgrade export github OUT --submission alice --part result >> "$GITHUB_OUTPUT"',
    ),
    Format(
        "classroom50", classroom50, "json", True, "result.json of a Classroom 50 autograder",
        "Reads CLASSROOM, ASSIGNMENT, SUBMISSION_TAG, COMMIT_URL, RELEASE_URL and, if set, REVIEW_URL, OWNER, USERNAME "
        "and ASSIGNMENT_TYPE from the environment, where Classroom 50's runner puts them. Points are whole numbers; "
        "what is open counts 0 of 0.",
        "torchgrade export classroom50 OUT --submission alice --out result.json",
    ),
    Format(
        "junit", junit, "xml", False, "JUnit XML for GitLab, Jenkins and Azure",
        "A suite for each submission; deferred checks are skipped. It is safe to show to students.",
        "torchgrade export junit OUT --out report.xml",
    ),
    Format(
        "nbgrader", nbgrader, "csv", False, "the CSV that `nbgrader export` writes",
        "Names and addresses come from a roster with nbgrader's columns (id, last_name, first_name, email), "
        "matched by id unless --match says otherwise.",
        "torchgrade export nbgrader OUT --out grades.csv",
    ),
    Format(
        "canvas", canvas, "csv", False, "a CSV for Canvas, Grades, Import",
        "Give --column the assignment's heading in Canvas's own export, such as 'Tensors (1234)', or Canvas makes "
        "a new assignment. With --roster, that same export, students are looked up there (by SIS Login ID unless "
        "--match says otherwise); without, the submission's name goes into --id-column. Who is left out keeps the "
        "grade that Canvas has.",
        "torchgrade export canvas OUT --roster gradebook.csv --column 'Tensors (1234)' --out import.csv",
    ),
    Format(
        "moodle", moodle, "csv", False, "a CSV for Moodle, Grades, Import",
        "Two columns: --id-column says who it is (Moodle asks which of its fields it is: email address, ID number, "
        "username), --column is the grade. Moodle refuses a file with a student that it does not know: a --roster "
        "keeps those out (matched by the column of --id-column unless --match says otherwise).",
        "torchgrade export moodle OUT --id-column 'ID number' --column Tensors --out import.csv",
    ),
    Format(
        "check50", check50, "json", True, "check50's JSON report",
        "passed is null where nothing is known yet; points are in data.",
        "torchgrade export check50 OUT --submission alice",
    ),
    Format(
        "csv", spreadsheet, "csv", False, "everything, in rows, for a spreadsheet (for the instructor)",
        "A row for each submission, or with --rows checks for each check, messages of hidden checks included. No cell "
        "is a formula: where a text begins like one an apostrophe is put before it.",
        "torchgrade export csv OUT --bom --out class.csv",
    ),
    Format(
        "markdown", overview, "md", False, "a class as a table (for the instructor), or one student's page",
        "With --submission, or where there is but one, the page that is meant for the student.",
        "torchgrade export markdown OUT --submission alice",
    ),
)  # fmt: skip


def format_named(name: str) -> Format:
    """Return the format of that name.

    Raises:
        KeyError: There is none.
    """
    return {one.name: one for one in FORMATS}[name]
