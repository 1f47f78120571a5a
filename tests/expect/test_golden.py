"""What students read, kept word for word in golden/, one file for each situation.

After a change of words, run ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/expect/test_golden.py`` and read the difference.
"""

import os
import re
from pathlib import Path

import pytest

from torchgrade.errors import CheckFailed
from torchgrade.language import speaking

from .call_situations import CALL_SITUATIONS
from .situations import SITUATIONS as VALUE_SITUATIONS
from .training_situations import TRAINING_SITUATIONS

SITUATIONS = VALUE_SITUATIONS | CALL_SITUATIONS | TRAINING_SITUATIONS

GOLDEN = Path(__file__).parent / "golden"
REWRITE = os.environ.get("TORCHGRADE_REWRITE_GOLDEN") == "1"


def failure_of(name: str) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        SITUATIONS[name]()
    return caught.value


@pytest.mark.parametrize("name", SITUATIONS)
def test_failure_says_what_its_golden_text_says(name):
    text = f"{failure_of(name)}\n"
    path = GOLDEN / f"{name}.txt"
    if REWRITE:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SITUATIONS)
def test_failure_is_short_and_shows_nothing_of_ours(name):
    error = failure_of(name)
    lines = str(error).splitlines()
    assert len(lines) <= 8
    assert max(map(len, lines)) <= 200
    assert error.rationale
    assert all(line.isprintable() for line in lines)
    assert not any(word in str(error) for word in ("Traceback", "torchgrade", ".py", "Mismatch", "Difference"))


# What the check's author, the student or Python said, which nobody translates.
SAID_BY_OTHERS = {
    "because", "fail", "raises_another", "raises_endless_message", "reaches_nan",
    "reaches_nothing_learned", "reaches_some", "reaches_too_low", "reaches_worse", "string_differs",
    "vectorised_by_numpy", "vectorised_loop_because",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SITUATIONS.keys() - SAID_BY_OTHERS))
def test_failure_can_be_told_in_chinese(name):
    with speaking("zh_CN"):
        text = str(failure_of(name))
    assert re.search("[\u4e00-\u9fff]", text)
    assert not re.search(r"[A-Za-z']{2,}(?: [A-Za-z']{2,}){2}|\{[a-z]\w*\}", text), text


def test_every_golden_text_belongs_to_a_situation():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(SITUATIONS)
