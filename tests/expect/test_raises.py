"""`expect.raises` counts what the student's code raises, and nothing else."""

import pytest

from torchgrade import expect
from torchgrade.errors import AuthorError, CheckFailed, Verdict

from .situations import student_raises


def test_the_asked_exception_passes_and_is_handed_on():
    with expect.raises(ValueError) as caught:
        student_raises(ValueError("empty"))
    assert str(caught.value) == "empty"
    with expect.raises((TypeError, LookupError)):
        student_raises(KeyError("a"))


def test_another_exception_of_the_students_fails_and_names_its_line():
    with (
        pytest.raises(CheckFailed, match="line 12: no such") as caught,
        expect.raises(ValueError, because="Empty input."),
    ):
        student_raises(KeyError("no such"))
    assert caught.value.because == "Empty input."
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "error", [ValueError("the check's own mistake"), AuthorError("no"), CheckFailed("no"), Verdict("timeout", "slow")]
)
def test_what_the_student_did_not_raise_goes_its_way(error):
    with pytest.raises(type(error)) as caught, expect.raises((ValueError, AssertionError, AuthorError)):
        raise error
    assert caught.value is error


def test_a_stub_has_not_raised_a_runtime_error():
    with pytest.raises(CheckFailed), expect.raises(RuntimeError):
        student_raises(NotImplementedError("TODO: mean_of"))
    with expect.raises(NotImplementedError):
        student_raises(NotImplementedError("no such mode"))


def test_the_value_is_there_only_after_the_block():
    with pytest.raises(AuthorError), expect.raises(ValueError) as caught:
        assert caught.value
