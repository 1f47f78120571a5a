from pathlib import Path

import pytest

from torchgrade.course import check_master, read_manifest
from torchgrade.errors import CourseError
from torchgrade.grade.wrong import declared_misconceptions

SOLUTION = '''def zeros(n):
    """Return n zeros."""
    # BEGIN SOLUTION
    return [0] * n
    # END SOLUTION
'''
MISCONCEPTIONS = """from torchgrade import misconception

def helper():
    return 1

@misconception("zeros", "Ones are zeros.", hint="0 is " "not 1.")
def ones(n):
    return [helper()] * n
"""


@pytest.fixture
def assignment(manifest: Path):
    (manifest.parent / "solution.py").write_text(SOLUTION, encoding="utf-8")
    (manifest.parent / "misconceptions.py").write_text(MISCONCEPTIONS, encoding="utf-8")
    return read_manifest(manifest)


def test_a_good_master_passes(assignment):
    check_master(assignment)


def test_an_assignment_may_have_no_misconceptions(assignment):
    assignment.misconceptions.unlink()
    check_master(assignment)


def test_a_class_with_the_markers_in_its_methods_passes(assignment):
    body = SOLUTION.replace("\n", "\n    ").replace("zeros", "forward")
    assignment.solution.write_text(f'class zeros:\n    """A module."""\n\n    {body}', encoding="utf-8")
    check_master(assignment)


def test_a_prompt_is_accepted_in_place_of_a_raise(assignment):
    text = SOLUTION.replace("    # BEGIN S", "    # BEGIN PROMPT\n    # return n\n    # END PROMPT\n    # BEGIN S")
    assignment.solution.write_text(text, encoding="utf-8")
    check_master(assignment)


BESIDE = """
# BEGIN SOLUTION
from torchgrade import misconception
@misconception("zeros", "Twos are zeros.", hint="2 is not 0.")
def twos(n):
    return [2] * n
# END SOLUTION
"""


def test_a_misconception_may_stand_beside_the_answer(assignment):
    assignment.solution.write_text(SOLUTION + BESIDE, encoding="utf-8")
    check_master(assignment)
    assert [(one.name, one.beside) for one in declared_misconceptions(assignment)] == [("ones", False), ("twos", True)]


def test_a_misconception_that_students_would_receive_is_refused(assignment, refused):
    bare = BESIDE.replace("# BEGIN SOLUTION", "").replace("# END SOLUTION", "")
    assignment.solution.write_text(SOLUTION + bare, encoding="utf-8")
    with refused(assignment.solution, "twos (line 10)", "students would receive", "# BEGIN SOLUTION"):
        check_master(assignment)


def test_one_name_in_both_files_is_refused(assignment, refused):
    assignment.solution.write_text(SOLUTION + BESIDE.replace("def twos", "def ones"), encoding="utf-8")
    with refused(assignment.solution, "ones (line 10)", "line 7 of misconceptions.py already", "rename"):
        check_master(assignment)


def test_a_mark_beside_the_answer_is_checked_as_well(assignment, refused):
    assignment.solution.write_text(SOLUTION + BESIDE.replace('"zeros"', '"zero"'), encoding="utf-8")
    with refused(assignment.solution, "twos (line 10)", "no exercise is called 'zero'", "did you mean zeros?"):
        check_master(assignment)


def test_nothing_is_imported(assignment):
    for file in (assignment.solution, assignment.misconceptions):
        file.write_text(file.read_text(encoding="utf-8") + "\nraise SystemExit(3)\n", encoding="utf-8")
    check_master(assignment)


def test_a_master_that_is_not_there_is_refused(assignment, refused):
    assignment.solution.unlink()
    with refused(assignment.solution, "", "cannot be read", "create the file"):
        check_master(assignment)


BAD_SOLUTIONS = {
    "syntax_error": ("def zeros(:\n", "line 1", "not Python", "correct the syntax"),
    "other_name": (SOLUTION.replace("zeros(", "zeroes("), "zeros", "no top-level function", "rename zeroes"),
    "nested": ("def outer():\n    def zeros():\n        pass\n", "zeros", "no top-level", "write def zeros(...)"),
    "no_docstring": (SOLUTION.replace('"""Return n zeros."""', "n"), "zeros (line 1)", "no docstring", "docstring"),
    "blank_docstring": (SOLUTION.replace("Return n zeros.", "  "), "zeros (line 1)", "no docstring"),
    "no_markers": (
        SOLUTION.replace("# BEGIN SOLUTION", "").replace("# END SOLUTION", ""),
        "zeros (line 1)",
        "students would receive the answer",
        "# BEGIN SOLUTION",
    ),
    "markers_elsewhere": (
        "# BEGIN SOLUTION\nimport math\n# END SOLUTION\n" + SOLUTION.replace("# BEGIN SOLUTION", "")[:60],
        "zeros (line 4)",
        "no solution markers",
    ),
    "end_only": (SOLUTION.replace("# BEGIN SOLUTION", ""), "line 5", "END SOLUTION without BEGIN"),
    "swallowed": (
        SOLUTION.replace("zeros", "first").replace("    # END SOLUTION\n", "")
        + SOLUTION.replace("    # BEGIN", "    # END SOLUTION\n    # BEGIN"),
        "zeros (line 5)",
        "not in the stub",
        "end that block",
    ),
}


@pytest.mark.parametrize("bad", BAD_SOLUTIONS)
def test_a_bad_master_is_refused(assignment, refused, bad):
    text, place, *words = BAD_SOLUTIONS[bad]
    assignment.solution.write_text(text, encoding="utf-8")
    with refused(assignment.solution, place, *words):
        check_master(assignment)


def test_a_null_byte_in_the_master_is_refused(assignment):
    assignment.solution.write_text(SOLUTION + "\0", encoding="utf-8")  # Python itself gives a line or none, by version
    with pytest.raises(CourseError, match="not Python"):
        check_master(assignment)


BAD_MARKS = {
    "unknown_exercise": (
        '@misconception("zeroes", "b", hint="h")',
        "no exercise is called 'zeroes'",
        "did you mean zeros?",
    ),
    "far_exercise": ('@misconception("linear", "b", hint="h")', "'linear'", "use one of: zeros"),
    "no_hint": ('@misconception("zeros", "b")', "no hint", "What helps."),
    "blank_hint": ('@misconception("zeros", "b", hint=" ")', "no hint"),
    "computed_hint": ('@misconception("zeros", "b", hint=HINT)', "no hint", "as a string"),
    "no_belief": ('@misconception("zeros", hint="h")', "no belief"),
    "number_for_exercise": ('@misconception(1, "b", hint="h")', "no exercise"),
    "without_arguments": ("@misconception", "no exercise"),
    "dotted": ("@torchgrade.misconception()", "no exercise"),
}


@pytest.mark.parametrize("bad", BAD_MARKS)
def test_a_bad_misconception_is_refused(assignment, refused, bad):
    mark, *words = BAD_MARKS[bad]
    assignment.misconceptions.write_text(f"\n{mark}\ndef wrong(n):\n    return n\n", encoding="utf-8")
    with refused(assignment.misconceptions, "wrong (line 3)", *words):
        check_master(assignment)


def test_two_misconceptions_of_one_name_are_refused(assignment, refused):
    again = MISCONCEPTIONS.partition("\n\n")[2]
    assignment.misconceptions.write_text(MISCONCEPTIONS + again, encoding="utf-8")
    with refused(assignment.misconceptions, "ones (line 13)", "line 7 of misconceptions.py already", "rename"):
        check_master(assignment)


def test_a_syntax_error_in_the_misconceptions_is_refused(assignment, refused):
    assignment.misconceptions.write_text("x = 1\ndef f(:\n", encoding="utf-8")
    with refused(assignment.misconceptions, "line 2", "not Python"):
        check_master(assignment)
