"""Whatever a student reads goes through gettext: no sentence stands in the code or a template without it.

A sentence is taken for one by its look: two words with a blank between them. What speaks to instructors and authors
stays English; the lists below say where, and why.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import torchgrade

PACKAGE = Path(torchgrade.__file__).parent
FOLDERS = ["expect", "plugin", "report", "late", "watch", "web"]
FILES = [
    "notebook.py",
    "export/check50.py", "export/github.py", "export/gradescope.py", "export/junit.py", "export/shown.py",
    "grade/grading.py", "grade/replay.py",
    "sandbox/client.py", "sandbox/failures.py", "sandbox/forked.py", "sandbox/loading.py", "sandbox/notebook.py",
    "sandbox/pieces.py", "sandbox/program.py", "sandbox/sentences.py", "sandbox/spawned.py", "sandbox/transport.py",
    "sandbox/device/placing.py",
    "submission/proxy.py", "submission/troubles.py",
    "wire/arrays.py", "wire/refusals.py", "wire/sentences.py", "wire/writing.py",
]  # fmt: skip
# These speak to instructors.
FOR_INSTRUCTORS = {
    "report/verification.py", "report/class_page.py", "late/sheets.py", "late/handing.py", "late/moments.py",
    "web/desk.py",  # what it says goes to the server's log
}  # fmt: skip
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;]? +[A-Za-z]{2,}")
TRANSLATED = {"_", "N_", "ngettext"}
# What is raised or asserted for somebody else: the check's author, the instructor, whoever reads a frame that is none.
NOT_FOR_STUDENTS = {"AuthorError", "CourseError", "UsageError", "WireError", "AssertionError", "addoption", "compile"}
WORDS_OF_KIND_OF = {"NumPy array", "NumPy scalar", "complex number"}  # keys, which `named_kind` translates
KINDS_OF_STANDING = {"in time", "too many", "not the best", "not the last"}  # keys of `settle`'s, never shown
ALLOWED = {
    "expect/curve.py": {"descends to", "descends with rises"},  # names of margins, for `verify`
    "late/words.py": {"Nothing is due.", "Extension to {}{}."},  # `student_text`, which is the instructor's
    "late/settle.py": {"nobody can tell the order of {}'s attempts {}: give each a time of its own, or each a number"},
    "report/notebook_html.py": {
        "{}\n@media screen and (prefers-color-scheme: dark) {\n{}\n}",
        "{}, which makes feedback of notebooks, is not installed; run pip install 'torchgrade[notebook]'",  # who grades
    },
    "report/student_cells.py": {"it is no notebook ({})"},  # the page says it in its own words
    "watch/page.py": {"to do", "bold green", "not bold default", "not bold dim"},  # a state, and styles
    "watch/places.py": {  # errors of the command line are English, as all commands' are
        "run this in the folder that you were given, or in the folder of an assignment",
        "watch is for what students receive: `torchgrade release` writes it into student_template/",
    },
    "watch/process.py": {"import sys; sys.path[:1] = []; from torchgrade.watch.runner import main; main()"},
    "watch/progress.py": {"to do"},
    "watch/runner.py": {"timeout: of no effect here; the watching process has the clock"},  # pytest --markers
    "web/app.py": {
        "12 per minute", "240 per minute", "10 per minute", "600 per minute",
        "That is not the key that the server printed.",  # an instructor's page
    },
    "notebook.py": {"to do"},  # a state in the JSON record, as in plugin/summary.py
    "plugin/summary.py": {"to do"},
    "plugin/__init__.py": {
        "gpu: the check needs CUDA; without it, it is deferred",  # pytest --markers
        "the submission fixture is for functions with @check",  # a mistake of an author's
    },
    "sandbox/failures.py": {  # by which torch's and Python's errors are known
        "DefaultCPUAllocator: can't allocate memory", "DefaultCPUAllocator: not enough memory",
        "can't start new thread",
    },
    "sandbox/forked.py": {
        (
            "import sys; del sys.path[0]; import runpy; "
            "runpy.run_module('torchgrade.sandbox.zygote', None, '__main__', True)"
        )
    },
    "submission/proxy.py": {"<{} of the submission>"},  # a repr, in a debugger
}  # fmt: skip
EVERYWHERE = WORDS_OF_KIND_OF | KINDS_OF_STANDING


def student_facing() -> list[str]:
    found = {path.relative_to(PACKAGE).as_posix() for folder in FOLDERS for path in (PACKAGE / folder).rglob("*.py")}
    return sorted((found | set(FILES)) - FOR_INSTRUCTORS)


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def text_of(node: ast.AST) -> str:
    """Return a literal's text, with ``{}`` for what is put into it; nothing for any other node."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def shown(node: ast.AST, skip: frozenset[int]) -> Iterator[str]:
    """Yield the literals below a node that nobody translates."""
    if called(node) in TRANSLATED | NOT_FOR_STUDENTS or isinstance(node, ast.Assert) or id(node) in skip:
        return
    if text_of(node):
        yield text_of(node)
        return
    for child in ast.iter_child_nodes(node):
        yield from shown(child, skip)


def set_aside(tree: ast.Module) -> frozenset[int]:
    """Return the docstrings, the annotations and the lists of public names."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
        found |= {id(part) for name in ("annotation", "returns") if (part := getattr(node, name, None)) is not None}
    return frozenset(found)


def untranslated(source: str) -> list[str]:
    tree = ast.parse(source)
    return [text for text in shown(tree, set_aside(tree)) if SENTENCE.search(re.sub(r"<\??\w[^>]*>?", "", text))]


@pytest.mark.parametrize("name", student_facing())
def test_no_sentence_goes_past_gettext(name):
    allowed, found = ALLOWED.get(name, set()), set(untranslated((PACKAGE / name).read_text(encoding="utf-8")))
    assert found - allowed - EVERYWHERE == set()
    assert allowed - found == set(), "no longer there: take it off the list"


@pytest.mark.parametrize(
    "code",
    [
        'raise Verdict("crashed", "Your code crashed.")',
        'fail_with(f"There are {count} too many values.", "", None)',
        'help_ = "Look at the loop."',
        '_(f"the value is {value}")',
        '_("one " + "Look at the loop.")',
    ],
)
def test_a_sentence_that_goes_past_it_is_seen(code):
    dynamic = [node for node in ast.walk(ast.parse(code)) if called(node) == "_" and not is_plain(node)]
    assert untranslated(code) or dynamic


def is_plain(call: ast.Call) -> bool:
    return not any(isinstance(argument, (ast.JoinedStr, ast.BinOp)) for argument in call.args)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_is_looked_up_is_no_sentence_put_together(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if called(node) in TRANSLATED]
    assert [ast.unparse(call) for call in calls if not is_plain(call)] == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("report/templates/feedback*.html")), ids=lambda path: path.name)
def test_no_word_of_a_students_template_goes_past_gettext(path):
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{2,}", text) == []
