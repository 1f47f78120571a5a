"""Notebooks, cell by cell: what is run, what is left, and what an error costs."""

import time

import pytest

from torchgrade.errors import Verdict, raised_by_student
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.submission import Submission

NEVER = "import time\nwhile True:\n    time.sleep(60)\n"


def program(*cells, exercises=("f", "g")):
    """Return the program of a notebook that has these cells."""
    starts, line = [], 1
    for cell in cells:
        starts.append(line)
        line += cell.count("\n") + 1
    return Program("m", {"m": "\n".join(cells).encode()}, cells=tuple(starts), exercises=exercises)


def notebook(*cells, **more):
    return Submission(direct_client, program(*cells, **more), seed=0)


def test_functions_are_found_wherever_they_stand_and_the_last_one_wins():
    submission = notebook(
        "def f(): return 1", "if True:\n    def g(): return f() + base", "def f(): return 10", "base = 5"
    )
    assert (submission.f(), submission.g()) == (10, 15)


@pytest.mark.parametrize("cell", [NEVER, "for i in range(9):\n    train(10**9)", "losses = [f() for _ in NEVER]"])
def test_work_that_no_function_needs_is_not_done(cell):
    start = time.perf_counter()
    submission = notebook("def f(): return 1", cell, "def g():\n    losses = []\n    i = 2\n    return i")
    assert (submission.f(), submission.g()) == (1, 2)
    assert time.perf_counter() - start < 5


NEEDS = {
    "bound by an assignment": ("N = 3",),
    "bound through another name": ("M = 2", "N = M + 1"),
    "bound in a loop": ("for i in [1, 2]:\n    N = i + 1",),
    "bound by one branch": ("if M > 1:\n    N = 3", "M = 2"),
    "bound in a with": ("import contextlib\nwith contextlib.suppress(ValueError):\n    N = 3",),
    "bound by an import": ("from math import tau\nN = round(tau / 2)",),
    "changed in a part": ("T = [0]\nT[0] = 3\nN = T[0]",),
    "changed by a method": ("T = []\nT.append(1)\nT.extend([2, 3])\nN = len(T)",),
    "changed in a loop": ("T = {}\nfor i in range(3):\n    T[i] = i\nN = len(T)",),
    "grown": ("N = 1\nN += 2",),
    "set by a function": ("def prepare():\n    global N\n    N = 3", "prepare()"),
    "unpacked": ("(N, _), *rest = (3, 4), 5",),
    "defined below its use": ("N = three()", "def three(): return 3"),
    "bound twice": ("N = 1", "N = 3"),
    "at a cell's end": ("# a comment\n\n\nN = 3  # another",),
}


@pytest.mark.parametrize("name", NEEDS)
def test_what_a_function_needs_is_run(name):
    assert notebook(*NEEDS[name], "def f(): return N").f() == 3


def test_settings_are_made():
    cells = "import torch\ntorch.set_default_dtype(torch.float64)", "def f(): return torch.ones(1)"
    try:
        assert str(notebook(*cells).f().dtype) == "torch.float64"
    finally:
        notebook("import torch\ntorch.set_default_dtype(torch.float32)\ndef f(): return 1").f()


def test_a_default_value_and_a_decorator_are_needs_of_a_function():
    cells = "def twice(f): return lambda *a: f(*a) * 2", "@twice\ndef f(x=N): return x", "N = 4"
    assert notebook(*cells).f() == 8


def test_a_future_import_holds_for_the_cells_below():
    assert notebook("from __future__ import annotations", "def f(x: nothing_like_it = 1): return x").f() == 1


def test_display_is_there():
    assert notebook("def f():\n    display('x')\n    return 1").f() == 1


BROKEN = {
    "no Python": "def g(:\n    pass",
    "raises": "g = 1 / 0",
    "exits": "import sys\ng = sys.exit()",
    "a missing module": "import nothing_like_it\ng = nothing_like_it.g",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_cell_costs_its_own_exercise_and_is_named(name):
    submission = notebook("def f(): return 1", BROKEN[name], "x = 2")
    assert submission.f() == 1
    with pytest.raises(Verdict, match=r"cell 2, line|ended the program") as caught:
        submission.g()
    assert caught.value.status == "failed"
    assert "g cannot be run until this is mended" in str(caught.value)


def test_what_is_broken_in_the_same_cell_costs_no_more():
    submission = notebook("def f(): return 1\n\ndef g(:\n    pass\n\ndef h(): return 3", exercises=("f", "g", "h"))
    assert (submission.f(), submission.h()) == (1, 3)


def test_an_earlier_definition_stands_where_a_later_one_is_broken():
    assert notebook("def f(): return 1", "def f(:\n    return 2").f() == 1


def test_lines_are_counted_in_cells():
    submission = notebook("def f():\n    return 1\n", "# a\n\ndef g():\n    raise ValueError('no')\n")
    with pytest.raises(ValueError, match="no") as caught:
        submission.g()
    where = raised_by_student(caught.value)
    assert (where.cell, where.line, where.place) == (2, 4, "cell 2, line 4")
    assert where.source == "raise ValueError('no')"


def test_what_is_tried_again_does_not_undo_the_last_definition():
    assert notebook("def f(x=later): return x", "def f(x=1): return x", "later = 2").f() == 1


def test_a_notebook_with_nothing_that_is_asked_for_says_what_went_wrong_first():
    with pytest.raises(Verdict, match=r"m\.ipynb, cell 2, line 1: SyntaxError(.|\n)*Nothing in it can be run"):
        notebook("x = 1", "def f(:\n    pass").f()


def test_a_missing_function_is_told_with_what_could_not_be_read():
    submission = notebook("def f(): return 1", "x = (")
    with pytest.raises(Verdict, match=r"There is no g in m\.ipynb\.\nm\.ipynb, cell 2, line 1: SyntaxError"):
        submission.g()


def test_what_a_function_needs_is_bounded_by_the_clock_of_importing(sandbox):
    submission = Submission(
        lambda: sandbox.open(5.0, 0.5), program(NEVER + "N = 1", "while True: N = 1", "def f(): return N"), 0
    )
    with pytest.raises(Verdict, match=r"Importing your file took longer than 0\.5 seconds") as caught:
        submission.f()
    assert caught.value.status == "timeout"


def test_a_file_with_errors_is_run_in_the_same_way():
    source = b"import torch\nN = 2\ndef f(): return N\ndef g(:\n    pass\nprint(g())\n"
    submission = Submission(direct_client, Program("m", {"m": source}, exercises=("f", "g")), 0)
    assert submission.f() == 2
    with pytest.raises(Verdict, match=r"m\.py, line 4: SyntaxError") as caught:
        submission.g()
    assert "def g(:" in str(caught.value)


def test_a_file_without_errors_is_imported_whole():
    submission = Submission(direct_client, Program("m", {"m": b"def f(): return 1\n1 / 0\n"}, exercises=("f",)), 0)
    with pytest.raises(Verdict, match=r"m\.py, line 2: ZeroDivisionError(.|\n)*cannot be imported"):
        submission.f()
