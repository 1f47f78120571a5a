"""What nbgrader's cells become."""

import json
from pathlib import Path

from torchgrade.course import visible_source
from torchgrade.importing import import_notebook

HEAD = "def f(x):\n    '''What f is.'''\n"
SOLVED = ("code", HEAD + "    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION", {"solution": True})


def test_of(source, **more):
    return ("code", source, {"grade": True, "points": 2, "grade_id": "t", **more})


test_of.__test__ = False


def test_points_of_a_cell_are_shared_by_its_visible_and_hidden_part(bring, checks):
    hidden = "### BEGIN HIDDEN TESTS\nassert f(2) == 2\n### END HIDDEN TESTS"
    bring("nbgrader", SOLVED, test_of(f"assert f(0) == 0\nassert f(1) == 1\nassert f(3) == 3\n{hidden}"))
    text = checks()
    assert '@check("f", points=1.5, visible=True)' in text
    assert '@check("f", points=0.5)\n' in text
    assert text.index("f(2)") > text.index("test_f_hidden_1")


def test_what_prepares_a_hidden_test_stays_hidden_with_it(bring, checks):
    bring("nbgrader", SOLVED, test_of("x = 7\n### BEGIN HIDDEN TESTS\nassert f(x) == 7\n### END HIDDEN TESTS"))
    assert "visible=True" not in checks()
    assert "points=2)" in checks()


def test_a_hidden_message_is_kept_as_a_comment_only(bring, checks):
    bring("nbgrader", SOLVED, test_of("### BEGIN HIDDEN TESTS\nassert f(7) == 7, 'seven'\n### END HIDDEN TESTS"))
    assert "because" not in checks()
    assert "# it said: 'seven'" in checks()


def test_a_visible_check_takes_nothing_from_a_hidden_test(bring, checks):
    hidden = "### BEGIN HIDDEN TESTS\nx = 99\nassert f(x) == 99\n### END HIDDEN TESTS"
    bring("nbgrader", SOLVED, test_of(f"x = 1\nassert f(x) == 1\n{hidden}"), test_of("assert f(x) == 1"))
    released = visible_source(checks(), Path("test_made.py"))
    assert released.count("@check") == 2
    assert "99" not in released


def test_hidden_tests_that_were_not_carried_are_not_released(bring, checks):
    hidden = "### BEGIN HIDDEN TESTS\nassert unknown == 99\n### END HIDDEN TESTS"
    bring("nbgrader", SOLVED, test_of(f"assert f(1) == 1\n{hidden}"))
    assert "# assert unknown == 99" in checks()
    assert "99" not in visible_source(checks(), Path("test_made.py"))


def test_a_cell_without_markers_is_the_answer_as_a_whole(bring, master):
    whole = "def helper(x):\n    return x\n\ndef f(x): return helper(x)\n"
    bring("nbgrader", ("code", whole, {"solution": True}), test_of("assert f(1) == 1"))
    assert "# BEGIN SOLUTION\ndef helper(x):\n    return x\n# END SOLUTION" in master()
    assert '"""Write f as the handout says."""' in master()
    assert "    # BEGIN SOLUTION\n    return helper(x)\n    # END SOLUTION" in master()


def test_what_students_set_is_listed_with_its_cell(bring, checks):
    answer = ("code", "### BEGIN SOLUTION\nbest = f(3)\n### END SOLUTION", {"solution": True})
    done = bring("nbgrader", SOLVED, answer, test_of("assert best == 3"))
    assert done.found.refused[0][1].startswith("looks at best, which students set in cell 2")
    assert "# NOT CARRIED: cell 3 t, 2 points, visible: looks at best" in checks()
    assert "\n# assert best == 3\n" in checks()


def test_what_the_notebook_sets_comes_along_with_its_seed(bring, checks):
    given = ("code", "import torch\ntorch.manual_seed(3)\nrows = torch.randn(4)\nrows[0] = 1\nprint(rows)")
    bring("nbgrader", SOLVED, given, test_of("out = f(rows)\nassert out.shape == (4,)"))
    body = "    # from cell 2\n    torch.manual_seed(3)\n    rows = torch.randn(4)\n    rows[0] = 1\n"
    assert body + "    out = submission.f(rows)\n    expect(out).shape(4)" in checks()


def test_tests_that_cannot_be_carried_say_why(bring):
    reasons = {
        "%time f(1)": "uses IPython",
        "assert 1 +": "is not Python",
        "assert f(unknown) == 1": "uses unknown, which nothing above it sets",
        "assert 1 == 1": "calls no function that students write",
        "f = 3\nassert f == 3": "sets f anew",
        "import inspect\nassert 'for' in inspect.getsource(f)": "looks at the source",
        "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS": "holds no code",
    }
    done = bring("nbgrader", SOLVED, *map(test_of, reasons))
    found = {case.cell: why for case, why in done.found.refused} | {
        note.cell: note.why for note in done.found.notes if note.lost
    }
    for cell, why in enumerate(reasons.values(), 2):
        assert why in found[cell]
    assert done.found.points == (0, 2 * len(reasons))


def test_a_written_answer_and_a_mark_scheme_stay_out_of_the_handout(bring, course):
    task = "Explain.\n\n=== BEGIN MARK SCHEME ===\nsecret one\n=== END MARK SCHEME ==="
    done = bring(
        "nbgrader", ("markdown", "# Reading\n\n![a](plot.png)"), SOLVED, test_of("assert f(1) == 1"),
        ("markdown", task, {"task": True, "points": 3}),
        ("markdown", "secret two", {"grade": True, "solution": True, "points": 4}),
    )  # fmt: skip
    handout = course.assignment("01-made").handout.read_text()
    assert handout.startswith("# Reading")
    assert "Explain." in handout
    assert "secret" not in handout
    assert done.found.points == (2, 9)
    assert any(note.what == "picture plot.png" for note in done.found.notes)


def test_the_last_definition_counts(bring, master):
    done = bring("nbgrader", ("code", "def f(x):\n    '''Old.'''\n    return 0"), SOLVED, test_of("assert f(1) == 1"))
    assert "Old" not in master()
    assert any(note.what == "earlier definition" and note.cell == 1 for note in done.found.notes)


def test_text_over_several_lines_is_not_indented(bring, checks):
    bring("nbgrader", SOLVED, test_of('assert f("""a\nb""") == "a\\nb"'))
    namespace = {}
    exec(checks().replace("@check", "#").replace("from torchgrade", "#"), namespace)
    asked = []
    namespace["expect"] = lambda value: type("E", (), {"equal": lambda self, other: asked.append((value, other))})()
    namespace["test_f_1"](type("S", (), {"f": staticmethod(lambda x: x)}))
    assert asked == [("a\nb", "a\nb")]


def test_a_notebook_of_format_3(course, tmp_path):
    def code(lines, **more):
        about = {"nbgrader": more}
        return {"cell_type": "code", "language": "python", "input": lines, "outputs": [], "metadata": about}

    cells = [code(SOLVED[1].splitlines(keepends=True)), code(["assert f(1) == 1"], grade=True, points=2)]
    heading = {"cell_type": "heading", "level": 1, "source": ["Old"], "metadata": {}}
    table = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [heading, *cells]}]}
    (tmp_path / "old.ipynb").write_text(json.dumps(table))
    done = import_notebook(course, "nbgrader", tmp_path / "old.ipynb", trial=False)
    assert done.slug == "01-old"
    assert course.assignment("01-old").title == "Old"
    assert done.found.points == (2, 2)


def test_arguments_given_by_name_take_their_places(bring, checks):
    solved = SOLVED[1].replace("f(x)", "f(x, scale=2.0, *, odd=0)").replace("return x", "return x * scale")
    source = "assert f(x=1) == 2.0\nout = f(1, scale=3.0)\nassert f(1, odd=3) == 2.0"
    bring("nbgrader", ("code", solved), test_of(source))
    assert "    expect(submission.f(1)).equal(2.0)\n    out = submission.f(1, 3.0)\n" in checks()
    assert "submission.f(1, odd=3)" in checks()  # has no place: the first trial takes such a check out
