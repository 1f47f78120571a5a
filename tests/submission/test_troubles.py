"""What a student reads where a part of a submission is not there."""

from torchgrade.errors import Raised, Verdict, mark_raised
from torchgrade.sandbox.client import Trouble
from torchgrade.sandbox.program import Program
from torchgrade.submission import import_failure, notes_of
from torchgrade.submission.troubles import why_missing

FILE = Program("m", {"m": b""})
NOTEBOOK = Program("m", {"m": b""}, cells=(1, 5), notes=("Cell 1, line 2, was left out: `!ls`",))


def trouble(message, *names, cell=None):
    error = ValueError(message)
    mark_raised(error, Raised("SyntaxError", 3, "x = (", None, cell))
    return Trouble(frozenset(names), error)


def test_an_import_that_fails_names_the_place():
    error = trouble("no", cell=2).error
    assert import_failure(error, FILE).startswith("m.py, cell 2, line 3: SyntaxError: no\n    x = (\nThe file cannot")
    assert import_failure(error, NOTEBOOK).startswith("m.ipynb, cell 2, line 3: ")
    assert "Nothing in it can be run" in import_failure(error, NOTEBOOK)


def test_what_is_missing_for_an_error_is_told_with_it():
    said = why_missing("f", FILE, ["g"], [trouble("other", "g"), trouble("mine", "f")])
    assert said == "m.py, line 3: SyntaxError: mine\n    x = (\nf cannot be run until this is mended."


def test_what_is_missing_for_no_known_reason_is_told_with_the_nearest_name():
    assert why_missing("zeros", FILE, ["zeroes"], []) == (
        "There is no zeros in m.py. There is zeroes: did you mean that one?"
    )


def test_notes_are_sentences_of_a_bounded_length_and_number():
    notes = list(notes_of(NOTEBOOK, [trouble("a\nb"), trouble("x" * 1000), *[trouble("y")] * 1000]))
    assert notes[:2] == ["Cell 1, line 2, was left out: `!ls`", "m.ipynb, line 3: SyntaxError: a b."]
    assert len(notes) < 30
    assert max(map(len, notes)) <= 300


def test_a_verdict_is_told_as_it_is():
    (note,) = notes_of(FILE, [Trouble(frozenset(), Verdict("memory", "Your code asked for more memory."))])
    assert note == "m.py could not be read: Your code asked for more memory."
