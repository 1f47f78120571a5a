from __future__ import annotations

import pytest

from torchgrade.report import feedback_html, feedback_markdown
from torchgrade.report.view import view_of

CANARY = "canary-5e1f"
STATUSES = ["passed", "failed", "timeout", "crashed", "memory", "deferred", "error", "of-another-version"]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_message_and_id_of_a_hidden_check_are_never_shown(render, status, assignment, make_check, make_result):
    check = make_check(status, visible=False, message=CANARY, id=CANARY, misconception=CANARY)
    page = render(make_result(check), assignment)
    assert check.title in page
    assert "canary" not in page


@pytest.mark.parametrize("visible", [True, False])
@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_of_an_error_only_our_own_sentence_is_shown(render, visible, assignment, make_check, make_result):
    check = make_check(
        "error", visible=visible, message=CANARY, rationale=CANARY, belief=CANARY, hint=CANARY, id=CANARY
    )
    page = render(make_result(check), assignment)
    assert "canary" not in page
    assert "not counted against you; your instructor has been told" in page


@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_where_the_submission_lay_is_never_shown(render, assignment, make_check, make_result):
    page = render(make_result(make_check()), assignment)
    assert "submissions/alice.py" not in page
    assert "landlock" not in page


@pytest.mark.parametrize("status", ["failed", "timeout", "crashed", "memory"])
@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_a_hidden_check_shows_what_its_author_wrote(render, status, assignment, make_check, make_result):
    check = make_check(
        status, visible=False, rationale="A matrix may have no rows.", belief="Rows come last.", hint="Ask numel first."
    )
    page = render(make_result(check), assignment)
    assert "Your results are those of this misconception" in page
    assert "Rows come last." in page
    assert "A matrix may have no rows." in page
    assert "Ask numel first." in page
    assert "hidden check" in page


@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_a_visible_check_shows_its_whole_message_and_hint(render, assignment, make_check, make_result):
    message = "The sizes differ.\nresult: shape (4, 3), asked for (3, 4)"
    page = render(make_result(make_check("failed", message=message, hint="Rows come first.")), assignment)
    for line in (*message.split("\n"), "Rows come first."):
        assert line in page


@pytest.mark.parametrize(
    ("status", "label"),
    [
        ("passed", "passed"),
        ("failed", "not right yet"),
        ("timeout", "took too long"),
        ("crashed", "crashed"),
        ("memory", "too much memory"),
        ("deferred", "waiting"),
        ("error", "not graded"),
        ("of-another-version", "not graded"),
    ],
)
def test_statuses_are_said_in_words(status, label, assignment, make_check, make_result):
    check = view_of(make_result(make_check(status)), assignment).exercises[0].checks[0]
    assert check.status.label == label
    assert check.why or status == "passed"


def test_points_are_written_as_people_write_them(assignment, make_check, make_result):
    checks = [make_check(points=2 / 3), make_check("failed", points=10.0), make_check("deferred", points=1.0)]
    page = view_of(make_result(*checks), assignment)
    assert page.score == "0.67 / 11.67 points"
    assert [check.points for check in page.exercises[0].checks] == ["0.67 / 0.67 points", "0 / 10 points", "1 point"]
    assert page.notes == ("1 point waits for a machine with a GPU.",)


def test_thirds_add_up(assignment, make_check, make_result):
    page = view_of(make_result(*[make_check(points=1 / 3)] * 3), assignment)
    assert page.exercises[0].points == "1 / 1 point"


@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_nothing_of_nothing_is_a_page(render, assignment, make_result):
    assert "0 / 0 points" in render(make_result(), assignment)


def test_shares_stay_within_the_bar(assignment, make_check, make_result):
    page = view_of(make_result(make_check(score=5.0), make_check("deferred", points=3.0)), assignment)
    assert page.earned == 1
    assert page.pending == 0


def test_exercises_come_in_the_assignments_order_and_none_is_lost(assignment, make_check, make_result):
    result = make_result(make_check(exercise="on_device"), make_check(exercise="gone"), make_check())
    names = [exercise.name for exercise in view_of(result, assignment).exercises]
    assert names == ["zeros_matrix", "train_linear", "on_device", "gone"]


@pytest.mark.parametrize(
    ("statuses", "kind"),
    [
        (["passed", "passed"], "good"),
        (["passed", "failed"], "partly"),
        (["failed", "error"], "bad"),
        (["passed", "deferred"], "waiting"),
        (["error", "deferred"], "unsure"),
        ([], "waiting"),
    ],
)
def test_an_exercise_is_what_its_worst_check_is(statuses, kind, assignment, make_check, make_result):
    result = make_result(*(make_check(status) for status in statuses))
    assert view_of(result, assignment).exercises[0].status.kind == kind


@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_an_unreadable_submission_says_why_once(render, assignment, make_check, make_result):
    checks = [make_check("failed", message="it ends too soon", visible=visible) for visible in (False, True, False)]
    page = render(make_result(*checks, status="unreadable"), assignment)
    assert page.count("it ends too soon") == 1
    assert "could not be read" in page
    assert "hand in again" in page


@pytest.mark.parametrize("render", [feedback_markdown, feedback_html])
def test_a_readable_submission_has_no_word_of_that(render, assignment, make_check, make_result):
    assert "could not be read" not in render(make_result(make_check("failed")), assignment)
