"""A source with errors comes apart where it can be read again."""

import ast

import pytest

from torchgrade.sandbox.pieces import Broken, statements

GOOD = 'def good(x):\n    """Text\nat the margin."""\n    return x\n'


def read(source):
    """Return the names that are defined or broken, each with the line of the definition or of the error."""
    found = []
    for one in statements(source, 1, "m.py"):
        if isinstance(one, Broken):
            found.append(("broken", *one.names, one.error.lineno))
        else:
            found.append((getattr(one, "name", type(one).__name__), one.lineno))
    return found


ERRORS = {
    "a colon is missing": ("def f(x)\n    return x\n", 1),
    "an open bracket": ("def f(x):\n    y = (x\n    return y\n", 2),
    "an open bracket in the head": ("def f(x:\n    return x\n", 1),
    "a bracket too many": ("def f(x):\n    return x)\n", 2),
    "an open text": ("def f(x):\n    return 'x\n", 2),
    "an open long text": ('def f(x):\n    return """x\n', 2),
    "nothing in it": ("def f(x):\n", 1),
    "an odd indent": ("def f(x):\n    y = 1\n  return y\n", 3),
    "decorated": ("@wraps\n@more(1)\ndef f(x)\n    return x\n", 3),
    "a class": ("class f:\n    def a(self)\n        pass\n    def b(self):\n        pass\n", 2),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_costs_its_own_definition_only(name):
    source, line = ERRORS[name]
    found = read(GOOD + "\n" + source + "\n" + GOOD + "x = 3\n")
    assert ("good", 1) in found
    assert ("good", 7 + source.count("\n")) in found
    assert found[-1][0] == "Assign"
    # an error may be noticed one line later, where Python says it is
    assert [one[1] for one in found if one[0] == "broken" and len(one) > 2] == ["f"]
    assert min(abs(one[-1] - line - 5) for one in found if one[0] == "broken") <= 1


def test_what_parses_comes_as_the_parser_gives_it():
    source = "import a\nif a:\n    b = 1\nelse:\n    b = 2\nmatch b:\n    case 1:\n        c = (\n1)\n" + GOOD
    assert [ast.dump(one) for one in statements(source, 1, "m.py")] == [ast.dump(one) for one in ast.parse(source).body]


def test_compound_statements_and_texts_at_the_margin_survive_an_error_beside_them():
    source = "def f(:\n    pass\ntry:\n    a = 1\nexcept ValueError:\n    a = 2\nT = '''\ndef g():\n'''\nB = [\n1,\n]\n"
    assert [one[0] for one in read(source)] == ["broken", "Try", "Assign", "Assign"]


def test_lines_are_those_of_the_larger_source():
    (one,) = statements("def f(:\n    pass\n", 41, "m.py")
    assert (one.error.lineno, one.error.filename) == (41, "m.py")
    (one,) = statements("\n\nx = 1\n", 41, "m.py")
    assert one.lineno == 43


@pytest.mark.parametrize("source", ["(" * 10_000, "x = 1\n\x00\ny = 2\n", "-" * 100_000 + "1", "a\n(\n" * 300])
def test_what_brings_parsers_down_is_broken_and_no_more(source):
    assert any(isinstance(one, Broken) for one in statements(source, 1, "m.py"))
