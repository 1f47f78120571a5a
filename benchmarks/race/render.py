"""The same checks in each contestant's own words: a pytest file, a unittest, otter's tests, cells, a course."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from race.cases import Check
from race.material import Answer, Material

__all__ = ["HELPERS", "course_checks", "doctests", "function_lines", "pytest_file", "unittest_file"]

HELPERS = '''\
import numpy
import torch


def same(found, expected, rtol=0, atol=0):
    """See that an answer has the type and the value that were asked for; a torch.Size is a tuple."""
    assert isinstance(found, type(expected)), f"{type(found)} is not {type(expected)}"
    if isinstance(expected, torch.Tensor):
        torch.testing.assert_close(found, expected, rtol=rtol, atol=atol)
    elif isinstance(expected, (tuple, dict)):
        assert len(found) == len(expected), f"{len(found)} items"
        for key in expected if isinstance(expected, dict) else range(len(expected)):
            same(found[key], expected[key], rtol, atol)
    else:
        assert found == expected, f"{found!r} is not {expected!r}"


def refuses(function, *arguments):
    """See that a function raises ValueError."""
    try:
        function(*arguments)
    except ValueError:
        return
    raise AssertionError("ValueError was asked for")
'''

PLAIN = """\
def plain(value):
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return tuple(value) if isinstance(value, torch.Size) else value
"""

LOADING = """\
import importlib.util
from pathlib import Path

spec = importlib.util.spec_from_file_location({module!r}, Path(__file__).with_name("{module}.py"))
student = importlib.util.module_from_spec(spec)
spec.loader.exec_module(student)
"""


def pytest_file(material: Material) -> str:
    """Return a plain pytest file that imports the submission beside it."""
    parts = [HELPERS, LOADING.format(module=material.module), material.head]
    for number, (check, answers) in enumerate(material.checks):
        body = _indented(function_lines(check, answers, "student."))
        parts.append(f'def test_{number:02}():\n    """{check.title}."""\n{body}')
    return "\n\n".join(parts)


def unittest_file(material: Material) -> str:
    """Return a unittest for gradescope-utils; the submission is a module beside it."""
    parts = [
        "import unittest\n\nfrom gradescope_utils.autograder_utils.decorators import visibility, weight\n",
        HELPERS, f"import {material.module} as student\n", material.head, "class TestSubmission(unittest.TestCase):",
    ]  # fmt: skip
    for number, (check, answers) in enumerate(material.checks):
        marks = f'    @weight({check.points})\n    @visibility("{"visible" if check.visible else "hidden"}")\n'
        body = _indented(function_lines(check, answers, "student."), 8)
        parts.append(f'{marks}    def test_{number:02}(self):\n        """{check.title}."""\n{body}')
    return "\n\n".join(parts)


def doctests(material: Material) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of otter's test files, in its OK format: a file, and a question, for each check."""
    head = _prompted(f"{HELPERS}{material.head}")
    for number, (check, answers) in enumerate(material.checks):
        code = head + "".join(f">>> {line}\n" for line in function_lines(check, answers, ""))
        case = {"code": code, "hidden": not check.visible, "locked": False, "points": check.points}
        suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        test = {"name": f"q{number:02}", "points": None, "suites": [suite]}
        yield f"q{number:02}.py", f"OK_FORMAT = True\n\ntest = {test!r}\n"


def course_checks(material: Material) -> str:
    """Return torchgrade's checks."""
    parts = ["import numpy\nimport torch\n\nfrom torchgrade import check, expect\n", PLAIN, material.head]
    for number, (check, answers) in enumerate(material.checks):
        mark = f'@check("{check.exercise}", points={check.points}, visible={check.visible})\n'
        lines = [line for answer in answers for line in _expectation(check, answer)]
        parts.append(f'{mark}def test_{number:02}(submission):\n    """{check.title}."""\n{_indented(lines)}')
    return "\n\n".join(parts)


def function_lines(check: Check, answers: tuple[Answer, ...], prefix: str) -> list[str]:
    """Return a line of Python for each call; ``prefix`` stands before the function's name."""
    name, near = prefix + check.exercise, _tolerance(check)
    call: Callable[[Answer], str] = lambda one: (  # noqa: E731
        f"refuses({name}, {one.arguments})"
        if one.expected is None
        else f"same({name}({one.arguments}), {one.expected}{near})"
    )
    return [call(answer) for answer in answers]


def _expectation(check: Check, answer: Answer) -> Iterator[str]:
    call = f"submission.{check.exercise}({answer.arguments})"
    if answer.expected is None:
        yield "with expect.raises(ValueError):"
        yield f"    {call}"
    elif near := _tolerance(check):
        yield f"expect({call}).close({answer.expected}{near})"
    else:
        yield f"expect(plain({call})).equal({answer.expected})"


def _tolerance(check: Check) -> str:
    return f", rtol={check.tolerance[0]}, atol={check.tolerance[1]}" if check.tolerance else ""


def _indented(lines: list[str], by: int = 4) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in lines)


def _prompted(source: str) -> str:
    """Return source as a doctest writes it: definitions after ``...``, closed by an empty prompt."""
    lines = source.replace("\n\n\n", "\n").splitlines()
    return "".join(f"{'...' if line.startswith((' ', ')')) or not line else '>>>'} {line}\n" for line in lines)
