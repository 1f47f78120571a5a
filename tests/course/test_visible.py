import ast
from pathlib import Path
from textwrap import dedent

import pytest

from torchgrade.course import visible_source

FILE = Path("graders/01-tensors/test_tensors.py")
DOC = '"""The checks you can see. More are run when you hand in."""\n'
CHECK = '''
@check("zeros", visible=True)
def test_zeros(submission{parameters}):
    """Zeros."""
    {body}
'''


def visible(text):
    out = visible_source(dedent(text), FILE)
    if out is not None:
        ast.parse(out)
    return out


def visible_with(text, body="pass", parameters="", decorator=""):
    """Return what is released with one visible check that has this body and these parameters."""
    check = CHECK.format(body=body, parameters=parameters)
    return visible(dedent(text) + "\n" + (check if not decorator else check.replace("\n@", f"\n{decorator}\n@", 1)))


def test_only_the_visible_check_and_what_it_uses_is_kept():
    out = visible('''\
        """Hidden strategy: we test on 17."""
        from __future__ import annotations

        import math
        import secrets, torch
        from torchgrade import check, expect, misconception

        # A size that anyone may know.
        SIZE = 4  # rows
        SECRET = 17

        # About nothing that is kept.

        def helper(x):
            # Doubles.
            return inner( x ) * 2   # as it stands

        def inner(x): return torch.ones(SIZE) * x

        def hidden_helper():
            return SECRET

        torch.manual_seed(SECRET)

        # The first thing to try.
        @check("zeros", points=2, visible=True)
        def test_visible(submission):
            """Zeros."""
            expect(helper(1))

        @check("zeros")
        def test_hidden(submission):
            """More."""
            expect(hidden_helper() + SIZE + math.pi)

        @check("zeros", visible=False)
        def test_hidden_too(submission):
            """More."""
        ''')
    assert out == DOC + dedent('''
        from __future__ import annotations

        import torch
        from torchgrade import check, expect

        # A size that anyone may know.
        SIZE = 4  # rows


        def helper(x):
            # Doubles.
            return inner( x ) * 2   # as it stands


        def inner(x): return torch.ones(SIZE) * x


        # The first thing to try.
        @check("zeros", points=2, visible=True)
        def test_visible(submission):
            """Zeros."""
            expect(helper(1))
        ''')


@pytest.mark.parametrize("text", ["", "def helper(): ...\n", '@check("a")\ndef test_a(submission): ...\n'])
def test_without_a_visible_check_there_is_nothing(text):
    assert visible(text) is None


def test_local_names_do_not_drag_in_constants_of_the_same_name():
    out = visible_with(
        "expected = 17\nx = 18\nsubmission = 19\nn = 20\n",
        body="expected = [x for x in range(3)]; f = lambda n: n; return expected, f",
    )
    assert not any(number in out for number in ("17", "18", "19", "20"))


def test_names_in_decorators_defaults_nested_functions_and_classes_are_uses():
    out = visible_with(
        """
        CASES = [10]
        DEFAULT = 11
        DEEP = 12
        OTHER = 13
        class Base: pass
        class Kind(Base):
            value = DEEP
        def helper(x=DEFAULT):
            def inner():
                return Kind
            return inner
        """,
        body="helper(case)",
        parameters=", case",
        decorator='@pytest.mark.parametrize("case", CASES + [OTHER for OTHER in range(2)])',
    )
    assert all(word in out for word in ("CASES = [10]", "DEFAULT = 11", "DEEP = 12", "class Base", "class Kind"))
    assert "OTHER = 13" not in out


def test_fixtures_come_by_parameter_by_their_own_name_and_one_through_another():
    out = visible_with(
        """
        import pytest
        @pytest.fixture
        def base(): return 1
        @pytest.fixture(name="data", scope="module")
        def make_data(base): return base
        @pytest.fixture()
        def by_mark(): ...
        @pytest.fixture
        def by_request(): ...
        @pytest.fixture
        def secret(): return 17
        def helper(secret): return secret
        """,
        body='helper(1); request.getfixturevalue("by_request")',
        parameters=", *, data, request",
        decorator='@pytest.mark.usefixtures("by_mark")',
    )
    assert all(f"def {name}(" in out for name in ("base", "make_data", "by_mark", "by_request", "helper"))
    assert "17" not in out


def test_an_exercise_of_a_fixtures_name_does_not_ask_for_it():
    assert "17" not in visible_with("@pytest.fixture\ndef zeros(): return 17\n")


def test_an_imported_fixture_is_kept():
    assert "import small" in visible_with("from fixtures.shared.data import small, large\n", parameters=", small")
    assert "large" not in visible_with("from fixtures.shared.data import small, large\n", parameters=", small")


def test_what_acts_on_every_check_is_kept():
    out = visible_with(
        """
        import pytest
        pytestmark = pytest.mark.slow
        @pytest.fixture(autouse=True)
        def steady(): ...
        @pytest.fixture(autouse=False)
        def unsteady(): ...
        """
    )
    assert "pytestmark" in out
    assert "def steady" in out
    assert "unsteady" not in out


def test_every_statement_that_binds_a_needed_name_is_kept_whole():
    out = visible_with(
        """
        try:
            import fast as engine
        except ImportError:
            engine = None
        A, (B, *C) = 1, (2, 3)
        A += 1
        for D in range(3):
            pass
        E: int = 5
        """,
        body="engine, C, D",
    )
    assert "import fast as engine" in out
    assert "except ImportError" in out
    assert "A, (B, *C) = 1, (2, 3)" in out
    assert "for D in range(3):\n    pass" in out
    assert "E: int" not in out


@pytest.mark.parametrize(
    ("given", "body", "kept"),
    [
        ("import os, sys", "sys.path", "import sys"),
        ("import torch.nn.functional as F, os", "F.relu", "import torch.nn.functional as F"),
        (
            "from torch import (\n    nn,  # layers\n    Tensor,\n)",
            "nn, Tensor",
            "from torch import (\n    nn,  # layers",
        ),
        ("from torch import (\n    nn,  # layers\n    Tensor,\n)", "nn", "from torch import nn\n"),
        ("from fixtures import shared", "shared", "from fixtures import shared"),
        ("import fixtures.shared.data", "fixtures", "import fixtures.shared.data"),
    ],
)
def test_imports_are_cut_to_what_is_used(given, body, kept):
    out = visible_with(given, body=body)
    assert kept in out
    assert "import os" not in out
    assert "unused" not in visible_with(f"import unused\n{given}", body=body)


def test_a_comment_belongs_to_what_it_touches():
    out = visible("""\
        def hidden():
            return 1
            # the tail of the hidden one
        # kept: touches
        # both lines
        @check("zeros", visible=True)
        # between
        def test_zeros(submission):
            pass
        # after
        def hidden_too(): ...
        """)
    assert "# kept: touches\n# both lines\n@check" in out
    assert "# between\ndef test_zeros" in out
    assert "tail" not in out
    assert "after" not in out


def test_the_formatting_of_the_file_is_kept():
    text = 'A = {\n  1:   "x",\n}\nB = 2\n\n\n\nC = """\n\n  text\n"""\n'
    assert DOC + "\n" + 'A = {\n  1:   "x",\n}\nB = 2\n\nC = """\n\n  text\n"""\n\n\n@check' in visible_with(
        text, body="A, B, C"
    )


BAD = {
    "uses_a_hidden_check": (
        '@check("a")\ndef test_more(s): ...\n' + CHECK.format(parameters="", body="test_more(submission)"),
        "line 4",
        "test_zeros is released and uses the hidden check test_more",
        "no check",
    ),
    "private_fixture": (
        "from fixtures.private import data\n" + CHECK.format(parameters="", body="data"),
        "line 1",
        "fixtures.private.data, which students do not receive",
        "fixtures/shared",
    ),
    "local_private_import": (
        CHECK.format(parameters="", body="from assignments import x"),
        "line 5",
        "assignments.x",
        "fixtures/shared",
    ),
    "relative_import": ("from .helpers import x\n" + CHECK.format(parameters="", body="x"), "line 1", "helpers.x"),
    "other_fixtures": (
        "import fixtures.sharedly\n" + CHECK.format(parameters="", body="fixtures"),
        "line 1",
        "sharedly",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_released_is_refused_by_place(bad, refused):
    text, place, *words = BAD[bad]
    with refused(FILE, place, *words):
        visible_source(text, FILE)


def test_a_module_beside_the_graders_is_not_released(tmp_path, refused):
    (tmp_path / "helpers.py").touch()
    file = tmp_path / "test_a.py"
    with refused(file, "line 1", "helpers.build"):
        visible_source("from helpers import build\n" + CHECK.format(parameters="", body="build"), file)


def test_a_private_import_that_only_hidden_checks_need_is_no_trouble():
    assert "private" not in visible_with(
        "from fixtures.private import data\nfrom fixtures import shared, secret\n", "shared"
    )
