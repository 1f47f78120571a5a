"""From what a hidden check raised to its student's page: nothing that the student's code said there gets through."""

from __future__ import annotations

import pytest

from torchgrade.errors import CheckFailed, Verdict, mark_raised
from torchgrade.errors import Raised as Where
from torchgrade.plugin.outcomes import outcome_of
from torchgrade.report import feedback_html, feedback_markdown
from torchgrade.sandbox.endings import Lost

SAID = "canary-48611"


def raised(error: Exception, kind: str = SAID, function: str = SAID) -> Exception:
    """Mark an exception as the worker's, with every word of its place the student's own."""
    mark_raised(error, Where(kind, 3, SAID, function))
    return error


ENDINGS = {
    "an exception": raised(ValueError(SAID)),
    "a stub, says the worker": raised(NotImplementedError(f"TODO: {SAID}"), kind="NotImplementedError"),
    "a failed assertion": AssertionError(f"assert '{SAID}' == 'item 7'"),
    "a matcher without a reason": CheckFailed(f"The result is {SAID}.", SAID),
    "an exit code": Verdict("crashed", f"Your code ended the whole program (exit code {SAID})."),
    "a signal": Verdict("crashed", f"Your code crashed the whole program (signal {SAID})."),
    "a lost worker": Lost("crashed", SAID),
    "a name that is missing": Verdict("failed", SAID, public=False),
    "an error in the check": TypeError(SAID),
}


@pytest.fixture
def check_after(make_check):
    """Give the result of a check that ended with an exception, as the grader makes it."""

    def after(error: BaseException, visible: bool):
        outcome = outcome_of(error)
        return make_check(outcome.status, visible=visible, message=outcome.message, rationale=outcome.rationale)

    return after


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_a_hidden_check_shows_nothing_that_was_said_there(render, ending, assignment, make_result, check_after):
    check = check_after(ENDINGS[ending], visible=False)
    assert SAID in check.message  # the instructor has it
    assert SAID not in render(make_result(check), assignment)


@pytest.mark.parametrize("ending", [name for name in ENDINGS if name != "an error in the check"])
def test_a_visible_check_shows_what_was_said(ending, assignment, make_result, check_after):
    assert SAID in feedback_html(make_result(check_after(ENDINGS[ending], visible=True)), assignment)


@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_a_stub_is_still_called_one(render, assignment, make_result, check_after):
    check = check_after(ENDINGS["a stub, says the worker"], visible=False)
    assert "This is not written yet." in render(make_result(check), assignment)


@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_sentences_of_the_engines_own_are_still_shown(render, assignment, make_result, check_after):
    said = check_after(Verdict("timeout", "This took longer than 2 seconds."), visible=False)
    asked = check_after(CheckFailed("1 is not 2.", because="Every element is tripled."), visible=False)
    page = render(make_result(said, asked), assignment)
    assert "This took longer than 2 seconds." in page
    assert "Every element is tripled." in page
    assert "1 is not 2." not in page
