"""What a student may not see reaches no format that students read."""

from dataclasses import replace

import pytest

from torchgrade.export import format_named
from torchgrade.export.github import PARTS

from .samples import STUDENT_FORMATS, WISHES, a_check, a_result

CANARY = "canary-48611"
DOORS = [(name, part) for name in STUDENT_FORMATS for part in (PARTS if name == "github" else ("result",))]


def shown(name, part, *checks, **changes):
    import base64

    text = format_named(name).write([a_result(*checks, **changes)], replace(WISHES, part=part)).text
    head, _, tail = text.partition("=")
    return base64.b64decode(tail).decode() if head == "result" else text


@pytest.mark.parametrize(("name", "part"), DOORS)
@pytest.mark.parametrize("status", ["passed", "failed", "timeout", "crashed", "memory", "deferred", "error"])
def test_message_id_misconception_and_time_of_a_hidden_check(name, part, status):
    check = a_check(status, visible=False, message=CANARY, id=CANARY, misconception=CANARY, seconds=48.611)
    text = shown(name, part, check)
    assert CANARY not in text
    assert "48.611" not in text  # a sleep could tell what a hidden check passed


@pytest.mark.parametrize(("name", "part"), DOORS)
@pytest.mark.parametrize("visible", [True, False])
def test_what_the_grader_says_of_its_own_error(name, part, visible):
    assert CANARY not in shown(name, part, a_check("error", visible=visible, message=CANARY, rationale=CANARY))


@pytest.mark.parametrize(("name", "part"), DOORS)
def test_where_the_submission_lay(name, part):
    check = a_check("failed", message="f raised ValueError\n  line 3: x")
    assert CANARY not in shown(name, part, check, path=f"/home/{CANARY}/tensors.py")
    assert CANARY not in shown(name, part, check, path=f"../{CANARY}/tensors.py")
    assert CANARY not in shown(name, part, check, path=f"C:\\{CANARY}\\tensors.py")


@pytest.mark.parametrize(("name", "part"), [door for door in DOORS if door != ("github", "annotations")])
def test_what_the_author_wrote_for_students_is_there(name, part):
    check = a_check("failed", visible=False, rationale="No rows, no sum.", belief="All have rows.", hint="Try 0 rows.")
    text = shown(name, part, check)
    assert all(words in text for words in ("No rows, no sum.", "All have rows.", "Try 0 rows."))


@pytest.mark.parametrize(("name", "part"), [door for door in DOORS if door != ("github", "annotations")])
def test_the_message_of_a_visible_check_is_there(name, part):
    assert "shape (3, 4)" in shown(name, part, a_check("failed", message="shape (3, 4) was asked for"))
