"""What otter-grader's cells become."""

import pytest

from torchgrade.importing.otter_tests import OtterTest, cases_of
from torchgrade.importing.settings import read_settings

SOLVED = ("code", "def f(x):\n    '''What f is.'''\n    return x # SOLUTION")
OPEN, CLOSE = (
    [("raw", "# BEGIN QUESTION\nname: q1\npoints: 2"), SOLVED, ("raw", "# BEGIN TESTS")],
    ("raw", "# END TESTS"),
)


def question(*tests):
    return [*OPEN, *tests, CLOSE, ("raw", "# END QUESTION")]


@pytest.mark.parametrize(
    ("source", "output", "check"),
    [
        ("f(3)", "3", "expect(submission.f(3)).equal(3)"),
        ("f(3) == 3", "True", "expect(submission.f(3)).equal(3)"),
        ("f(3) == 4", "False", "assert not (submission.f(3) == 4)"),
        ("f(3)", "tensor(3)", "expect(repr(submission.f(3))).equal('tensor(3)')"),
        ("y = f(3); print(y)", "3", "expect(str(y)).equal('3')"),
    ],
)
def test_a_saved_output_is_what_is_asked_for(source, output, check, bring, checks):
    bring("otter", *question(("code", source, output)))
    assert check in checks()


def test_a_test_that_was_never_run_is_not_carried(bring):
    done = bring("otter", *question(("code", "f(3)"), ("code", "assert f(3) == 3")))
    assert [(case.cell, "run the notebook" in why) for case, why in done.found.refused] == [(4, True)]
    assert len(done.found.checks) == 1


def test_hidden_by_a_comment_or_by_settings(bring, checks):
    settings = (
        '""" # BEGIN TEST CONFIG\npoints: 1.5\nhidden: true\nfailure_message: Look again.\n""" # END TEST CONFIG\n'
    )
    bring("otter", *question(("code", "# HIDDEN\nf(1)", "1"), ("code", settings + "f(2)", "2")))
    assert "visible=True" not in checks()
    assert "points=0.5)" in checks()
    assert "points=1.5)" in checks()
    assert "because='Look again.'" in checks()


def test_functions_that_raise_become_their_bodies(bring, checks):
    config = ("raw", "# ASSIGNMENT CONFIG\ntests:\n    ok_format: false")
    test = "def test_f(f, env):\n    assert f(1) == 1\n    assert env['f'](2) == 2\n\ntest_f(f, globals()) # IGNORE"
    bring("otter", config, *question(("code", test)))
    assert "    expect(submission.f(1)).equal(1)\n    expect(submission.f(2)).equal(2)" in checks()


@pytest.mark.parametrize(
    "fence", ["```otter\n# BEGIN QUESTION\nname: q1\n```", "```\nBEGIN QUESTION\nname: q1\n```\nDo it."]
)
def test_questions_in_markdown(fence, bring, checks, course):
    bring("otter", ("markdown", fence), SOLVED, ("code", "## Hidden Test ##\nf(1)", "1"))
    assert '@check("f", points=1)\n' in checks()
    assert "BEGIN QUESTION" not in course.assignment("01-made").handout.read_text()


def test_marked_lines_become_one_block(bring, master):
    lines = "def f(x):\n    '''F.'''\n    y = x # SOLUTION NO PROMPT\n    if y:\n        y = 2 # SOLUTION\n"
    lines += "    return y # SOLUTION\n"
    bring("otter", OPEN[0], ("code", lines), OPEN[2], ("code", "f(1)", "2"), CLOSE)
    assert "    # BEGIN SOLUTION\n    y = x\n    # END SOLUTION\n    if y:\n        # BEGIN SOLUTION\n" in master()


def test_a_prompt_beside_the_answer_is_carried(bring, master):
    prompt = '    """ # BEGIN PROMPT\n    y = x * ...\n    return y\n    """ # END PROMPT'
    solved = f"def f(x):\n    '''F.'''\n    # BEGIN SOLUTION NO PROMPT\n    return x\n    # END SOLUTION\n{prompt}"
    bring("otter", OPEN[0], ("code", solved), OPEN[2], ("code", "f(1)", "1"), CLOSE)
    assert "    # BEGIN PROMPT\n    # y = x * ...\n    # return y\n    # END PROMPT\n    # BEGIN SOLUTION" in master()


@pytest.mark.parametrize(
    ("points", "own", "shares"),
    [
        (None, [None, None], [0.5, 0.5]),
        (6, [2, None, None], [2, 2, 2]),
        (None, [2, None], [2, 0]),
        ({"each": 2}, [None, None], [2, 2]),
        ([0, 3], [None, None], [0, 3]),
        (1, [None, None, None], [0.33, 0.33, 0.34]),
    ],
)
def test_points_are_resolved_as_otter_does(points, own, shares):
    tests = [OtterTest(1, "assert True", False, one, "", "", True, "", ()) for one in own]
    assert [case.points for case in cases_of(tests, "q", points, False)[0]] == shares


def test_settings_are_read_with_tables_and_lists():
    text = "name: hw 1  # words\nmanual: true\npoints:\n    each: 0.5\nfiles:\n    - a.csv\n- b.csv\n"
    text += "seed: {variable: s, value: 3}"
    assert read_settings(text) == {
        "name": "hw 1", "manual": True, "points": {"each": 0.5}, "files": ["a.csv", "b.csv"],
        "seed": {"variable": "s", "value": 3},
    }  # fmt: skip
