from pathlib import Path

import pytest

from torchgrade.course.parts import split_parts

FILE = Path("graders/01-tensors/test_tensors.py")


def part_of(text):
    (part,) = split_parts(text, FILE)
    return part


@pytest.mark.parametrize(
    ("text", "binds", "needs"),
    [
        ("A = B", {"A"}, {"B"}),
        ("A += 1", {"A"}, set()),
        ("A[0] = B", set(), {"A", "B"}),
        ("A, *C = [x + D for x in B]", {"A", "C"}, {"B", "D"}),
        ("import a.b, c as d", {"a", "d"}, set()),
        ("def f(x: T = D) -> R:\n    y = x + G\n    return [y for z in x]", {"f"}, {"T", "D", "R", "G"}),
        ("class K(Base, metaclass=M):\n    a = G\n    def m(self): return a", {"K"}, {"Base", "M", "G", "a"}),
        ("def f():\n    def g(): return x\n    x = 1\n    return g", {"f"}, set()),
        ("def f():\n    global N\n    N = 1", {"f"}, {"N"}),
        ("try:\n    import a\nexcept E:\n    a = None", {"a"}, {"E"}),
        ("f = lambda x, y=D: x + y + G", {"f"}, {"D", "G"}),
    ],
)
def test_what_a_statement_binds_and_needs(text, binds, needs):
    part = part_of(text)
    assert (part.binds, part.needs) == (binds, needs)


def test_a_part_begins_with_its_decorators():
    part = part_of("\n@pytest.fixture(\n    name='n',\n)\ndef f():\n    pass\n")
    assert (part.start, part.end, part.fixture, part.check) == (2, 6, "n", False)


@pytest.mark.parametrize(
    ("decorator", "asks"),
    [
        ("", {"s", "n", "m"}),
        ('@pytest.mark.parametrize("n", [1])', {"s", "m"}),
        ('@pytest.mark.parametrize("n, m", [(1, 2)])', {"s"}),
        ('@pytest.mark.parametrize(["n", "m"], [(1, 2)])', {"s"}),
        ('@pytest.mark.parametrize("n", ["large"], indirect=True)', {"s", "n", "m"}),
        ('@pytest.mark.usefixtures("quiet", "seeded")', {"s", "n", "m", "quiet", "seeded"}),
    ],
)
def test_a_check_asks_for_the_parameters_that_nothing_else_gives(decorator, asks):
    assert part_of(f'{decorator}\n@check("a")\ndef test_a(s, n, *, m): ...\n').asks == asks
    assert part_of("def helper(s, n): ...\n").asks == set()


def test_a_dotted_check_and_windows_line_ends_are_understood():
    part = part_of('@torchgrade.check("a", visible=True)\r\ndef test_a(s):\r\n    pass\r\n')
    assert (part.check, part.visible, part.end) == (True, True, 3)


BAD = {
    "syntax_error": ("def f(:\n", "line 1", "not Python"),
    "visible_variable": (
        '@check("a", visible=FLAG)\ndef test_a(s): ...\n',
        "test_a (line 2)",
        "cannot be read",
        "=True",
    ),
    "visible_number": ('@check("a", visible=1)\ndef test_a(s): ...\n', "test_a (line 2)", "cannot be read"),
    "visible_unpacked": ('@check("a", **options)\ndef test_a(s): ...\n', "test_a (line 2)", "no ** or variable"),
    "bare_check": ("@check\ndef test_a(s): ...\n", "test_a (line 2)", '@check("exercise", visible=True)'),
    "in_a_class": (
        'class TestA:\n    @check("a", visible=True)\n    def test_a(self, s): ...\n',
        "test_a (line 3)",
        "inside a class",
        "top level",
    ),
    "in_an_if": ('if GPU:\n    @check("a", visible=True)\n    def test_a(s): ...\n', "test_a (line 3)", "top level"),
    "shared_line": (
        "A = 1; B = 2\n" + '@check("a")\ndef test_a(s): ...\n',
        "line 1",
        "share a line",
        "one statement",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_told_from_the_source_is_refused_by_place(bad, refused):
    text, place, *words = BAD[bad]
    with refused(FILE, place, *words):
        split_parts(text, FILE)
