"""The lines on when it was handed in, on both pages."""

import pytest

from torchgrade.report import feedback_html, feedback_markdown, write_feedback

LINES = ("Handed in 1 day 3 hours late: 20 % off, 8 of 10 points.", "Due <soon> *now*\n# 10 / 10 points")


@pytest.mark.parametrize(
    ("render", "shown"),
    [
        (feedback_markdown, "Due &lt;soon&gt; \\*now\\* \\# 10 / 10 points\n"),
        (feedback_html, '<p class="meta">Due &lt;soon&gt; *now* # 10 / 10 points</p>\n'),
    ],
    ids=["md", "html"],
)
def test_they_stand_on_the_page_as_plain_lines(render, shown, assignment, make_check, make_result):
    page = render(make_result(make_check()), assignment, LINES)
    assert LINES[0] in page
    assert shown in page
    assert "<soon>" not in page


def test_without_them_the_page_is_as_ever(assignment, make_check, make_result):
    result = make_result(make_check())
    for render in (feedback_markdown, feedback_html):
        assert render(result, assignment) == render(result, assignment, ())


def test_they_are_written(assignment, make_check, make_result, tmp_path):
    for file in write_feedback(make_result(make_check()), assignment, tmp_path, LINES):
        assert LINES[0] in file.read_text(encoding="utf-8")
