"""Why something of a submission is not there, in words for the student who wrote it."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable, Iterator, Sequence

from ..errors import Raised, raised_by_student
from ..sandbox.client import Trouble
from ..sandbox.program import Program

__all__ = ["import_failure", "notes_of", "why_missing"]

MAX_NOTE, MAX_NOTES = 300, 20


def import_failure(error: BaseException, program: Program) -> str:
    """Say why a submission could not be loaded, naming the student's line."""
    unit = "Nothing in it can be run" if program.cells else "The file cannot be imported"
    return f"{_told(error, program)}\n{unit} until this is mended."


def why_missing(name: str, program: Program, names: Iterable[str], troubles: Sequence[Trouble]) -> str:
    """Say why an exercise is not there: what kept it from being defined, or else that nothing of its name was found."""
    for trouble in troubles:
        if name in trouble.names:
            return f"{_told(trouble.error, program)}\n{name} cannot be run until this is mended."
    close = difflib.get_close_matches(name, names, 1)
    renamed = f" There is {close[0]}: did you mean that one?" if close else ""
    broken = "".join(f"\n{_told(trouble.error, program)}" for trouble in troubles[:1])
    return f"There is no {name} in {program.name}.{renamed}{broken}"


def notes_of(program: Program, troubles: Iterable[Trouble]) -> Iterator[str]:
    """Yield a sentence for each part of a submission that was left out, or could not be run."""
    yield from program.notes
    for trouble in itertools.islice(troubles, MAX_NOTES):
        text = _told(trouble.error, program, quote=False).replace("\n", " ")
        text = text if len(text) <= MAX_NOTE else text[: MAX_NOTE - 1] + "…"
        yield text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _told(error: BaseException, program: Program, quote: bool = True) -> str:
    raised = raised_by_student(error)
    if raised is None:
        return f"{program.name} could not be read: {error}"
    quoted = f"\n    {raised.source}" if raised.source and quote else ""
    return f"{program.name}{_at(raised)}: {raised.kind}: {str(error) or 'no message'}{quoted}"


def _at(raised: Raised) -> str:
    return f", {raised.place}" if raised.line else ""
