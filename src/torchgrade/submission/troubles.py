"""Why something of a submission is not there, in words for the student who wrote it."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable, Iterator, Sequence

from ..errors import Raised, raised_by_student
from ..language import _, retold
from ..sandbox.client import Trouble
from ..sandbox.program import Program
from ..sandbox.sentences import SENTENCES

__all__ = ["import_failure", "notes_of", "why_missing"]

MAX_NOTE, MAX_NOTES = 300, 20


def import_failure(error: BaseException, program: Program) -> str:
    """Say why a submission could not be loaded, naming the student's line."""
    last = _("The file cannot be imported until this is mended.")
    if program.cells:
        last = _("Nothing in it can be run until this is mended.")
    return f"{_told(error, program)}\n{last}"


def why_missing(name: str, program: Program, names: Iterable[str], troubles: Sequence[Trouble]) -> str:
    """Say why an exercise is not there: what kept it from being defined, or else that nothing of its name was found."""
    for trouble in troubles:
        if name in trouble.names:
            last = _("{name} cannot be run until this is mended.").format(name=name)
            return f"{_told(trouble.error, program)}\n{last}"
    sentence, close = _("There is no {name} in {file}."), difflib.get_close_matches(name, names, 1)
    if close:
        sentence = _("There is no {name} in {file}. There is {other}: did you mean that one?")
    broken = [_told(trouble.error, program) for trouble in troubles[:1]]
    return "\n".join([sentence.format(name=name, file=program.name, other="".join(close)), *broken])


def notes_of(program: Program, troubles: Iterable[Trouble]) -> Iterator[str]:
    """Yield a sentence for each part of a submission that was left out, or could not be run."""
    yield from (retold(note, SENTENCES) for note in program.notes)
    for trouble in itertools.islice(troubles, MAX_NOTES):
        text = _told(trouble.error, program, quote=False).replace("\n", " ")
        text = text if len(text) <= MAX_NOTE else text[: MAX_NOTE - 1] + "…"
        yield text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else _("{sentence}.").format(sentence=text)


def _told(error: BaseException, program: Program, quote: bool = True) -> str:
    raised = raised_by_student(error)
    if raised is None:
        return _("{file} could not be read: {error}").format(file=program.name, error=error)
    said = _at(raised).format(
        file=program.name,
        place=raised.place,
        kind=raised.kind,
        message=retold(str(error), SENTENCES) or _("no message"),
    )
    return f"{said}\n    {raised.source}" if raised.source and quote else said


def _at(raised: Raised) -> str:
    return _("{file}, {place}: {kind}: {message}") if raised.line else _("{file}: {kind}: {message}")
