"""What students read, kept word for word in golden/, one file for each situation.

After a change of words, run ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/expect/test_golden.py`` and read the difference.
"""

import os
from pathlib import Path

import pytest

from torchgrade.errors import CheckFailed

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


def test_every_golden_text_belongs_to_a_situation():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(SITUATIONS)
