from __future__ import annotations

import pytest

from torchgrade.report.text import BLOCK_LIMIT, BLOCK_LINES, code_spans, one_line, verbatim


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://example.org\x1b\\link", "link"),
        ("\x9b2Jgone", "gone"),
        ("\x1b]never ends\nnext", "next"),
        ("a\x00b\x08c", "a\\x00b\\x08c"),
        ("\u202eabc\u2066d\u2069", "\\u202eabc\\u2066d\\u2069"),
        ("zero\u200bwidth \ufeffmark \U000e0041tag", "zero\\u200bwidth \\ufeffmark \\U000e0041tag"),
        ("lone \ud800 surrogate", "lone \\ud800 surrogate"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("no\u00a0break", "no break"),
    ],
)
def test_nothing_acts_and_nothing_hides(text, shown):
    assert verbatim(text) == shown


def test_every_kind_of_line_end_is_a_line_end():
    assert verbatim("a\r\nb\rc\u2028d\x85e\x0cf") == "a\nb\nc\nd\ne\nf"


def test_indentation_and_tabs_stay_in_a_block():
    assert verbatim("\n  a\n\n\tb  \n\n") == "  a\n\n\tb"


def test_one_line_is_one_line_within_its_limit():
    assert one_line("  a\n\t b\u2029c ") == "a b c"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"


def test_long_blocks_are_cut_and_say_so():
    assert verbatim("x" * (BLOCK_LIMIT + 1500)).endswith("x\n… and 1,500 more characters")
    assert verbatim("x" * BLOCK_LIMIT) == "x" * BLOCK_LIMIT
    lines = verbatim("ab\n" * (BLOCK_LINES + 10)).split("\n")
    assert len(lines) == BLOCK_LINES + 1
    assert lines[-1] == "… and 30 more characters"


@pytest.mark.parametrize(
    ("line", "code"),
    [("use `x` and `y`", ["x", "y"]), ("one ` tick", []), ("```fence```", []), ("``two`` `one`", ["one"]), ("", [])],
)
def test_only_single_backticks_make_code(line, code):
    assert [part for is_code, part in code_spans(line) if is_code] == code
