"""`torchgrade grade --gradebook`: results go into the gradebook as each submission ends."""

from __future__ import annotations

import argparse
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from ..grade.results import SubmissionResult
from ..gradebook import open_gradebook
from ..late import HandedIn
from .booking import address_of

if TYPE_CHECKING:
    from ..gradebook.book import Gradebook
    from ..gradebook.recording import Taken

__all__ = ["Keeper", "add_option", "take"]


def add_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--gradebook``."""
    parser.add_argument(
        "--gradebook", dest="db", nargs="?", const="", metavar="PATH|URL",
        help="write each result into the gradebook as well (default: the one that `torchgrade gradebook` uses)",
    )  # fmt: skip


def take(book: Gradebook, result: SubmissionResult, late: HandedIn, reason: str = "", *, fresh: bool = False) -> Taken:
    """Take in a result, with what is known of when it was handed in and of its student's extension."""
    from ..gradebook.corrections import extend
    from ..gradebook.recording import take_in

    known = late.attempts.get(result.submission)
    taken = take_in(book, result, known, reason, fresh=fresh)
    given = late.extensions.get(known.student if known else result.submission)
    if given is not None:
        extend(book, result.assignment, taken.student, given.until, note=given.reason, by="--extensions", once=True)
    return taken


class Keeper:
    """Writes into the gradebook, where one was asked for; its trouble never stops the grading.

    Args:
        options: With ``db``: None for no gradebook.
        late: Whose each submission is, and when it was handed in.

    Attributes:
        lost: How many results it could not write.

    Raises:
        ValueError: There is no such gradebook to be had, said before anything is graded.
    """

    def __init__(self, options: argparse.Namespace, late: HandedIn) -> None:
        self.book = None if options.db is None else open_gradebook(address_of(options), make=True)
        self.late, self.lost = late, 0

    def __enter__(self) -> Keeper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.book is not None:
            self.book.close()
        if self.lost:
            remedy = "results.jsonl has them: torchgrade gradebook add takes them in"
            print(f"torchgrade: {self.lost} results are not in the gradebook; {remedy}", file=sys.stderr)

    def add(self, result: SubmissionResult, *, fresh: bool = True) -> None:
        """Write a result.

        Args:
            result: What grading found.
            fresh: Whether it was graded just now, and not found in ``results.jsonl``.
        """
        if self.book is None:
            return
        try:
            take(self.book, result, self.late, fresh=fresh)
        except ValueError as error:
            if not self.lost:
                print(f"torchgrade: {error}", file=sys.stderr)
            self.lost += 1
