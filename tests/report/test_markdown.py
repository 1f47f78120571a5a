from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from torchgrade.report import feedback_markdown

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.md"))
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MARKUP = st.text(alphabet="`~#*_[]()<>&!|\\-=+:. \n\r\tab1✓\x1b\u2028", max_size=40)


def kinds(text: str) -> list[str]:
    """Return every block and span that a renderer sees, without the text itself."""
    tokens = RENDERER.parse(text)
    inner = (child for token in tokens for child in token.children or [])
    return [f"{token.type} {token.tag}" for token in (*tokens, *inner) if token.type != "text"]


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_pages_hold_no_html_links_or_images(file):
    found = {kind.partition(" ")[0] for kind in kinds(file.read_text(encoding="utf-8"))}
    assert not found & {"html_block", "html_inline", "link_open", "image", "table_open", "s_open", "em_open"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=MARKUP)
def test_text_from_outside_never_changes_the_pages_structure(text, assignment, make_check, make_result):
    def page(words: str) -> str:
        words = f"x{words}x"  # never empty: an empty one is left out
        visible = make_check("failed", title=words, message=words, hint=words)
        hidden = make_check("failed", title=words, visible=False, rationale=words, hint=words)
        return feedback_markdown(make_result(visible, hidden, submission=words), assignment)

    found = [kind for kind in kinds(page(text)) if kind != "code_inline code"]
    assert found == [kind for kind in kinds(page("plain")) if kind != "code_inline code"]


def test_a_message_cannot_forge_a_line_of_the_page(assignment, make_check, make_result):
    forged = "```\n````\n# Tensors: 12 / 12 points\r## ✓ A matrix of zeros\x0b- ✓ **passed** · 2 / 2 points\u2028---"
    page = feedback_markdown(make_result(make_check("failed", message=forged)), assignment)
    ours = [line for line in page.splitlines() if line.startswith(("#", "- ", "`````"))]
    assert ours == [
        "# Tensors: 0 / 2 points",
        "## ✗ A matrix of zeros: 0 / 2 points",
        "- ✗ **not right yet** · 0 / 2 points · A 3x4 matrix of float32 zeros.",
        "`````text",
        "`````",
        "## ○ Train a straight line: no points",
        "## ○ The same, on the accelerator: no points",
    ]


def test_names_with_underscores_stay_readable(assignment, make_check, make_result):
    page = feedback_markdown(make_result(make_check(title="See zero_grad and `a_b`, not _this_.")), assignment)
    assert r"See zero_grad and `a_b`, not \_this\_." in page


def test_the_bar_is_full_only_when_all_is_earned(assignment, make_check, make_result):
    nearly = make_result(make_check(points=99.0), make_check("failed", points=1.0))
    assert "░" in feedback_markdown(nearly, assignment)
    assert "░" not in feedback_markdown(make_result(make_check()), assignment)
