import ast
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.course import stub_source
from torchgrade.errors import CourseError

FILE = Path("assignments/01-tensors/solution.py")


def stub(text):
    return stub_source(dedent(text), FILE)


def test_a_solution_becomes_a_line_that_raises_and_all_else_stays():
    master = '''\
        """Zeros."""

        import math  # stays

        SIZE = 3


        def helper(n):
            return n + 1  # not an answer


        @decorated
        def zeros(n):
            """Return n zeros."""
            m = helper(n)
            # BEGIN SOLUTION
            if m:

                return [0] * n
            # END SOLUTION
            return []
        '''
    answer = "    # BEGIN SOLUTION\n            if m:\n\n                return [0] * n\n            # END SOLUTION"
    assert answer in master
    expected = dedent(master.replace(answer, '    raise NotImplementedError("TODO: zeros")'))
    assert stub(master) == expected


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("### BEGIN SOLUTION", "### END SOLUTION"),
        ("#BEGIN SOLUTION", "#   end   solution"),
        ("# Begin Solution ###", "######## END SOLUTION "),
        ("#\tbegin\tsolution", "# END SOLUTION"),
    ],
)
def test_the_markers_of_other_tools_work(begin, end):
    out = stub(f"def f():\n    {begin}\n    return 1\n    {end}\n")
    assert out == 'def f():\n    raise NotImplementedError("TODO: f")\n'


def test_several_solutions_in_one_module_keep_their_own_names_and_indentation():
    out = stub("""\
        def f(x):
            if x:
                # BEGIN SOLUTION
                y = 1
                # END SOLUTION
            # BEGIN SOLUTION
            return 2
            # END SOLUTION

        async def g():
        \t# BEGIN SOLUTION
        \treturn 3
        \t# END SOLUTION
        """)
    raises = 'raise NotImplementedError("TODO: {}")'
    assert out.split("\n") == [
        "def f(x):",
        "    if x:",
        "        " + raises.format("f"),
        "    " + raises.format("f"),
        "",
        "async def g():",
        "\t" + raises.format("g"),
        "",
    ]


def test_a_solution_in_a_method_names_class_and_method():
    out = stub('''\
        class Net:
            """A net."""

            def __init__(self):
                # BEGIN SOLUTION
                self.n = 1
                # END SOLUTION

            @property
            def size(self):
                def inner():
                    # BEGIN SOLUTION
                    return 1
                    # END SOLUTION
                return inner
        ''')
    assert '        raise NotImplementedError("TODO: Net.__init__")\n' in out
    assert '            raise NotImplementedError("TODO: Net.size")\n        return inner' in out


def test_an_empty_solution_belongs_to_the_function_it_is_indented_in():
    out = stub('def f():\n    """Do nothing."""\n    # BEGIN SOLUTION\n    # END SOLUTION\n')
    assert out.endswith('    raise NotImplementedError("TODO: f")\n')


def test_a_prompt_takes_the_place_of_its_solution():
    out = stub("""\
        def mean(x):
            # BEGIN PROMPT
            # total = 0
            # for v in x:
            #     total = v  # a bug

            #
            # # Why is this wrong?
            #return total / len(x)
            # END PROMPT

            ### BEGIN SOLUTION
            return sum(x) / len(x)
            ### END SOLUTION
        """)
    assert out == dedent("""\
        def mean(x):
            total = 0
            for v in x:
                total = v  # a bug


            # Why is this wrong?
            return total / len(x)
        """)


def test_a_prompt_may_stand_for_the_body_of_a_class_and_at_module_level():
    out = stub("""\
        # BEGIN PROMPT
        # LAYERS = 0
        # END PROMPT
        # BEGIN SOLUTION
        LAYERS = 3
        # END SOLUTION
        class Net:
            # BEGIN PROMPT
            # def forward(self): ...
            # END PROMPT
            # BEGIN SOLUTION
            def forward(self):
                return 1
            # END SOLUTION
        """)
    assert out == "LAYERS = 0\nclass Net:\n    def forward(self): ...\n"


def test_a_solution_at_module_level_leaves_nothing_not_even_a_gap():
    out = stub("""\
        import a
        # BEGIN SOLUTION
        import b
        # END SOLUTION
        import c

        # BEGIN SOLUTION
        def helper(): ...
        # END SOLUTION

        def f(): ...
        """)
    assert out == "import a\nimport c\n\ndef f(): ...\n"


def test_the_words_inside_a_string_are_no_marker():
    text = 'TEXT = """\n# BEGIN SOLUTION\n"""\n'
    assert stub_source(text, FILE) == text


def test_a_comment_about_solutions_is_no_marker():
    text = "# The beginning: BEGIN SOLUTION markers are explained in the docs.\nx = 1  # END SOLUTIONS\n"
    assert stub_source(text, FILE) == text


def test_windows_line_ends_and_rare_separators_do_not_shift_lines():
    master = 'S = "\x0c\x1c\u2028"\r\ndef f():\r\n    # BEGIN SOLUTION\r\n    return 1\r\n    # END SOLUTION\r\n'
    out = stub_source(master, FILE)
    assert out == 'S = "\x0c\x1c\u2028"\ndef f():\n    raise NotImplementedError("TODO: f")\n'


BODY = "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n"
MARKED = BODY.replace("    # BEGIN", "    # BEGIN PROMPT\n    # # PASS\n    # pass\n    # END PROMPT\n    # BEGIN")
BAD = {
    "syntax_error": ("x = 1\ndef f(:\n", "line 2", "not Python"),
    "end_without_begin": (BODY.replace("# BEGIN SOLUTION", "#"), "line 4", "END SOLUTION without BEGIN", "add # BEGIN"),
    "begin_without_end": (BODY.replace("# END SOLUTION", "#"), "line 2", "BEGIN SOLUTION without END", "add # END"),
    "prompt_without_end": ("# BEGIN PROMPT\n", "line 1", "BEGIN PROMPT without END PROMPT"),
    "nested": (
        BODY.replace("return", "# BEGIN SOLUTION\n    return"),
        "line 3",
        "inside the SOLUTION",
        "line 2",
        "cannot be nested",
    ),
    "prompt_in_solution": (
        BODY.replace("return", "# BEGIN PROMPT\n    return"),
        "line 3",
        "BEGIN PROMPT inside the SOLUTION",
    ),
    "crossed": (BODY.replace("# END SOLUTION", "# END PROMPT"), "line 4", "END PROMPT inside the SOLUTION"),
    "prompt_alone": ("# BEGIN PROMPT\n# x\n# END PROMPT\n", "line 1", "not followed by a SOLUTION", "right below"),
    "code_after_prompt": ("# BEGIN PROMPT\n# END PROMPT\nx = 1\n" + BODY, "line 1", "not followed by a SOLUTION"),
    "two_prompts": ("# BEGIN PROMPT\n# END PROMPT\n" * 2 + BODY, "line 1", "not followed by a SOLUTION"),
    "prompt_not_commented": (
        BODY.replace("    # BEGIN", "    # BEGIN PROMPT\n    # a\n    b = 1\n    # END PROMPT\n    # BEGIN"),
        "line 4",
        "not commented out",
        "put # before it",
    ),
    "marker_after_code": (BODY.replace("return 1", "return 1  # END SOLUTION"), "line 3", "line of its own"),
    "words_after_marker": (BODY.replace("BEGIN SOLUTION", "BEGIN SOLUTION of f"), "line 2", "line of its own"),
    "marker_not_indented": (
        BODY.replace("    # BEGIN", "# BEGIN"),
        "line 2",
        "not indented like the code",
        "indent both",
    ),
    "marker_indented_less": (
        'class A:\n    def f(self):\n        """F."""\n    # BEGIN SOLUTION\n        return 1\n    # END SOLUTION\n',
        "line 4",
        "not indented like the code",
    ),
    "class_body": (
        'class A:\n    """A."""\n    # BEGIN SOLUTION\n    def f(self): ...\n    # END SOLUTION\n',
        "line 3",
        "would raise when the file is imported",
        "inside each method",
    ),
    "half_a_statement": (
        "def f():\n    # BEGIN SOLUTION\n    for x in y:\n        # END SOLUTION\n        pass\n",
        "line 3 of the stub",
        "not Python",
        "whole statements",
    ),
    "prompt_that_does_not_parse": (
        BODY.replace("    # BEGIN", "    # BEGIN PROMPT\n    # return (\n    # END PROMPT\n    # BEGIN"),
        "line 2 of the stub",
        "not Python",
    ),
    "prompt_with_markers": (
        MARKED.replace("PASS", "BEGIN SOLUTION\n    # # END SOLUTION"),
        "line 2 of the stub",
        "is left",
    ),
    "prompt_with_half_a_pair": (
        MARKED.replace("PASS", "END SOLUTION"),
        "line 2 of the stub",
        "without BEGIN",
        "prompt",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_misplaced_marker_is_refused_by_line(bad, refused):
    text, place, *words = BAD[bad]
    with refused(FILE, place, *words):
        stub_source(text, FILE)


LINES = st.sampled_from(
    ["def f():", "class A:", "    def g(self):", "    x = 1", "        y = 2", "z = 3", "", "    # why", "if True:"]
    + [f"{indent}# {edge} {kind}" for indent in ("", "    ", "        ") for edge in ("BEGIN", "END")
       for kind in ("SOLUTION", "PROMPT")]
)  # fmt: skip


@given(lines=st.lists(LINES, max_size=14))
def test_a_stub_is_a_module_without_markers_or_a_course_error(lines):
    try:
        out = stub_source("\n".join(lines), FILE)
    except CourseError:
        return
    ast.parse(out)
    assert not any(word in out for word in ("SOLUTION", "PROMPT"))
    assert stub_source(out, FILE) == out
