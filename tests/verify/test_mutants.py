"""Each kind of change on an example, then mutants of whole modules."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent, indent

import pytest

from torchgrade.verify.mutants import OPERATORS, mutants_of, spread
from torchgrade.verify.sites import put_in_place, sites_in

FILE = Path("solution.py")
EXAMPLES = [
    ("constant", "return 2 * x", ["return 3 * x", "return 1 * x", "return 0 * x"]),
    ("constant", "return x[-1]", ["return x[0]", "return x[-2]"]),
    ("constant", "return 0.5 * x", ["return 1.5 * x", "return -0.5 * x", "return 0.0 * x"]),
    ("truth value", "return f(x, keepdim=True)", ["return f(x, keepdim=False)"]),
    ("choice", "return f(x, reduction='mean')", ["return f(x, reduction='sum')", "return f(x, reduction='none')"]),
    ("comparison", "return x < 1", ["return x <= 1", "return x >= 1"]),
    ("comparison", "return x == y", ["return x != y"]),
    ("comparison", "return x is None", ["return x is not None"]),
    ("operator", "return x + y", ["return x - y"]),
    ("operator", "return x @ y", ["return x * y"]),
    ("operator", "return -x", ["return x"]),
    ("operator", "return x and y", ["return x or y"]),
    ("operator", "x *= y", ["x /= y"]),
    ("dim", "return x.sum(dim=0)", ["return x.sum(dim=-1)", "return x.sum(dim=1)"]),
    ("dim", "return x.sum(dim=-1)", ["return x.sum(dim=0)"]),
    ("dtype", "return torch.float32", ["return torch.float64"]),
    ("dtype", "return x.long()", ["return x.int()"]),
    ("negated condition", "return x if ready else y", ["return x if not ready else y"]),
    ("negated condition", "return [i for i in x if not i]", ["return [i for i in x if i]"]),
    ("keepdim", "return x.sum(dim=0)", ["return x.sum(dim=0, keepdim=True)"]),
    ("keepdim", "return torch.sum(x, 1)", ["return torch.sum(x, 1, keepdim=True)"]),
    ("other name", "return x.mean()", ["return x.sum()"]),
    ("other name", "return torch.zeros(3)", ["return torch.ones(3)"]),
    ("other name", "return max(x)", ["return min(x)"]),
    ("dropped call", "return x.detach().clone()", ["return x.detach()", "return x.clone()"]),
    ("dropped call", "return tuple(x)", ["return x"]),
    ("dropped keyword", "return torch.ones(n, dtype=kind)", ["return torch.ones(n)"]),
    ("swapped arguments", "return f(x, y)", ["return f(y, x)"]),
    ("returned None", "return x", ["return None"]),
]
LEFT_ALONE = [
    ("other name", "return x.view(2).reshape(3)"),
    ("keepdim", "return torch.sum(x)"),
    ("dropped call", "return torch.clone(x)"),
    ("swapped arguments", "return max(x, y)"),
    ("choice", "return 'a text'"),
    ("negated condition", "return x if x > 1 else y"),
    ("returned None", "return None"),
    ("returned None", "return"),
]


def module(body: str, name: str = "f") -> str:
    inside = indent(dedent(body).strip(), "    ")
    return f'def {name}(x, y):\n    """Do it."""\n    # BEGIN SOLUTION\n{inside}\n    # END SOLUTION\n'


def body_of(source: str) -> str:
    function = ast.parse(source).body[0]
    return "\n".join(ast.unparse(statement) for statement in function.body[1:])


def bodies(kind: str, body: str) -> list[str]:
    return [body_of(one.source) for one in mutants_of(module(body), FILE, ("f",)) if one.kind == kind]


@pytest.mark.parametrize(("kind", "body", "changed"), EXAMPLES)
def test_an_example_of_each_kind(kind, body, changed):
    (function,) = ast.parse(module(body)).body
    found = set()
    for site in sites_in(function):
        for new in OPERATORS[kind](site.node):
            with put_in_place(site, new):
                found.add(body_of(ast.unparse(function)))
    assert found == set(changed)


@pytest.mark.parametrize(("kind", "body"), LEFT_ALONE)
def test_what_is_left_alone(kind, body):
    assert bodies(kind, body) == []


def test_every_kind_has_an_example():
    assert {kind for kind, *_ in EXAMPLES} == set(OPERATORS)


def test_removed_statements_leave_no_name_without_its_only_binding():
    body = """
        total = 0
        for item in x:
            total += item
        with no_grad():
            y.step()
        if y:
            raise ValueError("never mutated: 1 + 1")
        return total
    """
    found = bodies("removed statement", body)
    assert not any("total = 0" not in one for one in found)
    assert any("total += item" not in one for one in found)
    assert any("for item" not in one for one in found)
    assert any("with" not in one and "y.step()" in one for one in found)
    assert any("with" in one and "y.step()" not in one for one in found)
    assert any("raise" not in one and "if y" in one for one in found)
    assert any("if y" not in one for one in found)


def test_messages_types_and_docstrings_are_passed_over():
    body = """
        size: Literal[3] = x
        print("shown", 4)
        if size:
            raise ValueError(f"not {5}")
        return x
    """
    for mutant in mutants_of(module(body), FILE, ("f",)):
        assert "Literal[3]" in mutant.source
        assert mutant.source.count("Do it.") == 1
        assert "print('shown', 4)" in mutant.source or "print" not in mutant.source
        assert "{5}" in mutant.source or "raise" not in mutant.source


def test_only_solution_blocks_are_changed():
    source = "LIMIT = 3\n\n\ndef given(x):\n    return x + 1\n\n\n" + module("return x + given(y)")
    found = mutants_of(source, FILE, ("f",))
    assert found
    assert all("LIMIT = 3" in one.source and "return x + 1" in one.source for one in found)


def test_a_helper_inside_a_block_is_tested_by_the_exercises_that_use_it():
    helper = "# BEGIN SOLUTION\ndef helper(x):\n    return x + 1\n# END SOLUTION\n\n\n"
    source = helper + module("return helper(x)", "g") + module("return y", "h") + module("return helper(y)", "f")
    found = [one for one in mutants_of(source, FILE, ("f", "g", "h")) if one.change == "return x + 1 → return x - 1"]
    assert [(one.exercise, one.exercises) for one in found] == [("f", ("f", "g"))]


def test_methods_of_a_class_are_its_exercises():
    method = indent(module("return x.sum(0)", "forward"), "    ")
    found = mutants_of(f'class Net:\n    """A net."""\n\n{method}', FILE, ("Net",))
    assert {one.exercise for one in found} == {"Net"}
    assert "return x.sum(0) → return x.mean(0)" in {one.change for one in found}


def test_ids_are_stable_under_edits_elsewhere_and_every_mutant_is_there_once():
    before = mutants_of(module("return x + 1"), FILE, ("f",))
    source = (
        "import torch\n\n\n" + module("return 0", "g") + "\n\n\n" + module("return  x+1  # why").replace("Do it", "Do")
    )
    after = [one for one in mutants_of(source, FILE, ("f", "g")) if one.exercise == "f"]
    assert [one.id for one in before] == [one.id for one in after]
    assert len({one.id for one in before}) == len({one.source for one in before}) == len(before)
    assert before[0].id.startswith("f-")


def test_ids_do_not_change_with_versions():
    (mutant,) = [
        one for one in mutants_of(module("return f'{x}' if y else None"), FILE, ("f",)) if "not y" in one.source
    ]
    assert mutant.id == "f-1f8feec5"


def test_the_scope_of_a_mutant_holds_what_its_exercise_can_reach():
    source = module("return help_me(x)") + "def help_me(x):\n    return x\n\n" + module("return 7", "other")
    scope = mutants_of(source, FILE, ("f", "other"))[0].scope
    assert "def help_me" in scope
    assert "def other" not in scope


def test_a_diff_shows_the_change_in_its_surroundings():
    (mutant,) = [
        one for one in mutants_of(module("a = x\nb = a\nreturn b + 1"), FILE, ("f",)) if one.kind == "operator"
    ]
    assert mutant.diff == ("     a = x", "     b = a", "-    return b + 1", "+    return b - 1")
    assert mutant.line == 6


def test_the_choice_is_spread_over_each_exercise_and_always_the_same():
    source = module("return x + 1 + 2 + 3 + 4") + module("return y", "g")
    found = mutants_of(source, FILE, ("f", "g"))
    chosen = spread(found, 3)
    assert [one.exercise for one in chosen] == ["f", "f", "f", "g"]
    assert chosen == spread(found, 3)
    places = [found.index(one) for one in chosen[:3]]
    assert places == sorted(places)
    assert places[-1] >= len(found) // 2
    assert spread(found, None) == found
    assert spread(found, 0) == []
