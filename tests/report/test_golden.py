"""Whole pages, kept as files.

After a change that is meant: ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/report``, then read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from torchgrade.report import feedback_html, feedback_markdown

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = (
    "</pre><script>alert('gotcha')</script><img src=x onerror=alert(1)>\n"
    "```\n"
    "# Tensors: 12 / 12 points\n"
    "- ✓ **passed** · 2 / 2 points · everything\n"
    "``````\n"
    "\x1b[2J\x1b[31mred\x1b[0m \x1b]8;;http://example.org\x07link\x1b]8;;\x07 {{ 7 * 7 }} \u202etxet\u2028end\x00"
)
PROSE = '<b onmouseover="alert(1)">bold</b> [link](javascript:alert(1)) **strong** ![](x) `code <i>` # ~~no~~'


def all_passed(check: Any, result: Any) -> Any:
    return result(
        check(title="A 3x4 matrix of float32 zeros."),
        check(title="Any size, also 0.", visible=False),
        check(title="The weights come close to the line.", exercise="train_linear", points=1.0),
        check(title="It keeps to the device it is given.", exercise="on_device", points=1.0),
    )


def mixed(check: Any, result: Any) -> Any:
    return result(
        check(title="A 3x4 matrix of float32 zeros."),
        check(
            "failed",
            title="The result has the dtype `float32`.",
            message="The result must be of float32, whatever the default is.\n"
            "result: dtype torch.float64, expected torch.float32\n"
            "a factory function takes dtype=",
        ),
        check(
            "failed",
            title="Any size, also 0.",
            visible=False,
            points=0.67,
            message="result: expected shape (0, 7)",
            rationale="A matrix may have no rows.",
        ),
        check(
            "failed",
            exercise="train_linear",
            title="The weights come close to the line.",
            visible=False,
            message="weight: 17.25 is not close to 2.5",
            rationale="After training, the loss must be near the least that any line can reach.",
            misconception="keeps_gradients",
            belief="Gradients are not cleared between steps.",
            hint="`backward()` adds to `.grad`: clear it each step with `optimizer.zero_grad()`.",
        ),
        check(
            "failed",
            exercise="train_linear",
            title="It returns what it is asked for.",
            message="\n".join(f"line {number} of a long message" for number in range(1, 31)),
            misconception="returns_model",
            belief="A model and its `state_dict()` are the same thing.",
            hint="Return the weights, not the model.",
        ),
        check("failed", exercise="train_linear", title="No word about it.", visible=False, points=0.0),
        check("deferred", exercise="on_device", title="It runs on a real GPU.", visible=False),
    )


def stopped(check: Any, result: Any) -> Any:
    stop = "Stopped after 10 seconds, the limit for one check."
    return result(
        check("timeout", title="It ends.", message=stop, rationale=stop, visible=False),
        check("crashed", title="It survives.", visible=False, message="signal 11"),
        check("memory", title="It is modest.", message="It asked for more than 2048 MiB."),
        check("error", exercise="train_linear", title="The grader stumbles.", message="KeyError: 'secret'"),
        check("error", exercise="train_linear", title="It stumbles unseen.", visible=False, points=1.0),
        check("deferred", exercise="on_device", title="It runs on a real GPU.", points=1.0),
    )


def unreadable(check: Any, result: Any) -> Any:
    cause = "tensors.py could not be imported: SyntaxError: '(' was never closed\n  line 12: return torch.zeros(rows"
    names = ("zeros_matrix", "zeros_matrix", "train_linear", "on_device")
    checks = (check("failed", exercise=name, message=cause, visible=False) for name in names)
    return result(*checks, status="unreadable", submission="Zoë Ångström/tensors")


def hostile(check: Any, result: Any) -> Any:
    return result(
        check("failed", title=PROSE, message=HOSTILE, belief=PROSE, hint=PROSE),
        check("failed", title="Hidden.", visible=False, message=HOSTILE, rationale=PROSE, belief=HOSTILE, hint=HOSTILE),
        check("failed", exercise="train_linear", title=HOSTILE, message="x" * 20_000, rationale=HOSTILE),
        submission="</title><script>alert(1)</script> ``` \u202e\x1b[31m# 12 / 12\n\n# 12 / 12 points",
    )


SAMPLES = {make.__name__: make for make in (all_passed, mixed, stopped, unreadable, hostile)}


@pytest.mark.parametrize("render", [feedback_markdown, feedback_html], ids=["md", "html"])
@pytest.mark.parametrize("name", SAMPLES)
def test_page_is_as_kept(name, render, assignment, make_check, make_result):
    file = GOLDEN / f"{name}.{'md' if render is feedback_markdown else 'html'}"
    page = render(SAMPLES[name](make_check, make_result), assignment)
    if os.environ.get("TORCHGRADE_REWRITE_GOLDEN") == "1":
        file.write_bytes(page.encode())
    assert page == file.read_bytes().decode()
