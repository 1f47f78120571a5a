import pytest

from torchgrade.similarity import Text, compare, sides_of
from torchgrade.similarity.compare import most_who_share

from .samples import COURSE, assignments, disguised, given, honest

NAMES = ("area", "volume")
ONE = """
import math

def area(shape):
    total = 0.0
    for index, (left, right) in enumerate(zip(shape, shape[1:] + shape[:1])):
        if index % 2 or left.x > right.x:
            total += math.copysign(left.x * right.y - right.x * left.y, index - 3)
        else:
            total -= abs(left.norm() ** 2 - right.norm()) / max(1, index)
    return abs(total) / 2
"""
OTHER = """
def area(points):
    pairs = list(zip(points, [*points[1:], points[0]]))
    return sum(p.cross(q) for p, q in pairs).abs().item() * 0.5
"""


def texts(**sources):
    return [Text(name, name, source) for name, source in sources.items()]


def found(*given_texts, known=(), **options):
    return [(pair.first, pair.second) for pair in compare(given_texts, known, NAMES, **options)]


@pytest.mark.parametrize("slug", assignments())
def test_a_disguised_copy_is_on_top_and_honest_answers_are_not_there(slug):
    assignment = COURSE.assignment(slug)
    answers = honest(slug)
    copy = Text("copy", "copy", disguised(answers[0].source))
    pairs = compare([*answers, copy], given(assignment), assignment.exercise_names)
    assert {pairs[0].first, pairs[0].second} == {answers[0].name, "copy"}
    assert pairs[0].share > 0.6
    assert pairs[0].score > 400
    assert all("copy" in (pair.first, pair.second) for pair in pairs)
    assert compare(answers, given(assignment), assignment.exercise_names) == []


def test_answers_that_are_known_count_for_nothing():
    same = texts(a=ONE, b=disguised(ONE), c=OTHER)
    assert found(*same) == [("a", "b")]
    assert found(*same, known=[ONE]) == []


def test_what_most_of_the_class_has_does_not_flood():
    crowd = [Text(f"s{number}", f"s{number}", ONE) for number in range(20)]
    assert found(*crowd) == []
    assert found(*crowd[: most_who_share(20)], *(Text(f"o{n}", f"o{n}", OTHER) for n in range(16))) != []


def test_functions_that_everyone_writes_alike_are_too_short_to_count():
    short = "def area(x):\n    return x.sum() / 2\n"
    assert found(*texts(a=short, b=short.replace("x", "value"))) == []


def test_a_students_own_attempts_are_not_a_pair():
    mine = [Text("a__1", "a", ONE), Text("a__2", "a", ONE), Text("b", "b", ONE)]
    assert found(*mine) == [("a__1", "b"), ("a__2", "b")]


def test_helpers_outside_the_exercises_are_compared_too():
    helper = ONE.replace("def area", "def my_helper") + "\ndef area(x):\n    return my_helper(x)\n"
    (pair,) = compare(texts(a=helper, b=disguised(helper)), [], NAMES)
    assert [match.exercise for match in pair.parts] == [""]


def test_only_the_same_exercise_is_compared():
    moved = ONE.replace("def area", "def volume")
    assert found(*texts(a=ONE, b=moved)) == []


def test_rarer_fragments_weigh_more():
    crowd = [
        Text(f"s{n}", f"s{n}", f"def area(x):\n    return [{n}, x.f{n}({n}, x, y={n}, z='a') ** {n}]\n")
        for n in range(60)
    ]
    few = compare(texts(a=ONE, b=ONE), [], NAMES)[0]
    many = compare([*texts(a=ONE, b=ONE), *crowd], [], NAMES)[0]
    assert (many.first, many.second) == ("a", "b")
    assert many.score > 3 * few.score


def test_the_order_does_not_depend_on_the_process_or_on_who_comes_first():
    same = texts(a=ONE, b=disguised(ONE), c=ONE + OTHER)
    forward, backward = compare(same, [], NAMES), compare(same[::-1], [], NAMES)
    assert [round(pair.score, 6) for pair in forward] == [round(pair.score, 6) for pair in backward]
    assert len(forward) == 3
    assert found(*same, top=1) == [(forward[0].first, forward[0].second)]


def test_the_lines_that_are_shared_are_marked_on_both_sides():
    added = ONE.replace("    return abs", "    print('mine', shape.name, 3.5, [1, 2], {})\n    return abs")
    (pair,) = compare(texts(a=ONE, b=added), [], NAMES)
    left, right = (sides_of(source, pair.parts, NAMES)[0] for source in (ONE, added))
    assert [line.text for line in left.lines] == ONE.rstrip().split("\n")[3:]
    assert {6, 7, 8, 10, 11} <= set(left.shared)
    unshared = [line.text.strip() for line in right.lines if not line.shared]
    assert unshared == ["print('mine', shape.name, 3.5, [1, 2], {})"]


@pytest.mark.parametrize(
    "source",
    [
        "def area(x:\n    return (((\n" + ONE,
        "(" * 20_000,
        "def area(x):\n" + "".join(f"{' ' * depth}if x:\n" for depth in range(400)),
        "\n" * 20_000,
        "f'{" * 20_000,
        "'''" + "\\" * 40_000,
        "x = " + "-" * 20_000 + "1",
        "\0\ud800\u202e" * 1000,
        "",
    ],
    ids=[
        "syntax error",
        "brackets",
        "indentation",
        "blank",
        "f-strings",
        "open string",
        "operators",
        "no text",
        "empty",
    ],
)
def test_no_text_brings_it_down(source):
    assert found(*texts(a=ONE, b=disguised(ONE)), Text("bad", "bad", source))[0] == ("a", "b")
