"""What an assignment says to students, gathered for translators, and what students receive of the translations."""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..language import authored_in, speaking
from .assignment import Assignment
from .files import read_text
from .master import literal_arguments
from .model import Course
from .syntax import Definition, decorators, parse_python

__all__ = ["author_texts", "compiled", "released_words", "translations"]

_SENTENCE = re.compile(r"\S\s.*[.?!:]$", re.DOTALL)
_MAGIC, _HEADER = 0x950412DE, {"": "Content-Type: text/plain; charset=UTF-8\n"}


def author_texts(course: Course, assignment: Assignment) -> dict[str, str]:
    """Return what students may read of an assignment, each text with the file that says it.

    Those are the titles and hints of its manifest, what its checks say, and what its misconceptions believe and advise.

    Raises:
        CourseError: A file cannot be read or parsed.
    """
    found: dict[str, str] = {}
    for path, texts in _sources(course, assignment):
        for text in texts:
            found.setdefault(text, path.relative_to(course.root).as_posix())
    return found


def _sources(course: Course, assignment: Assignment) -> Iterator[tuple[Path, list[str]]]:
    yield assignment.folder / "assignment.toml", list(_of_manifest(assignment))
    for file in sorted(course.graders(assignment.slug).glob("test_*.py")):
        yield file, list(_of_checks(read_text(file), file))
    if assignment.misconceptions.exists():
        for node in parse_python(read_text(assignment.misconceptions), assignment.misconceptions).body:
            said = [literal_arguments(mark) for mark in decorators(node, "misconception")]
            yield assignment.misconceptions, [one[word] for one in said for word in ("belief", "hint") if word in one]


def _of_manifest(assignment: Assignment) -> Iterator[str]:
    yield assignment.title
    for exercise in assignment.exercises:
        yield from (exercise.title, exercise.hint)


def _of_checks(source: str, file: Path) -> Iterator[str]:
    """Yield the title of each check, and every sentence that its file holds besides docstrings."""
    tree, docstrings = parse_python(source, file), set[int]()
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, Definition)):
            continue
        text = ast.get_docstring(node)
        if text is not None and isinstance(node.body[0], ast.Expr):
            docstrings.add(id(node.body[0].value))
            if any(decorators(node, "check")):
                yield text.partition("\n")[0].strip()
    for node in ast.walk(tree):
        found = node.value if isinstance(node, ast.Constant) and id(node) not in docstrings else None
        if isinstance(found, str) and _SENTENCE.search(found):
            yield found


def translations(assignment: Assignment) -> Iterator[tuple[str, Path]]:
    """Yield the languages that an assignment's texts are translated into, with their compiled catalogues."""
    for file in sorted((assignment.folder / "locale").glob("*.mo")):
        yield file.stem, file


def released_words(assignment: Assignment, checks: Mapping[str, str]) -> dict[str, bytes]:
    """Return the catalogues that students receive: of what they have, and nothing of what is hidden from them.

    Args:
        assignment: Whose they are.
        checks: The text of each file of visible checks, by its name.

    Returns:
        The compiled catalogues by language.
    """
    theirs = [*_of_manifest(assignment)]
    theirs += [text for name, source in checks.items() for text in _of_checks(source, Path(name))]
    found = {}
    for language, _ in translations(assignment):
        with speaking(language):
            words = authored_in(assignment.folder)
        found[language] = compiled({text: words(text) for text in theirs if words(text) != text})
    return found


def compiled(messages: Mapping[str, str]) -> bytes:
    """Return a catalogue in the form that gettext reads (.mo): two tables of lengths and places, then the texts.

    https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
    """
    pairs = [(key.encode(), text.encode()) for key, text in sorted({**_HEADER, **messages}.items())]
    at = 28 + 16 * len(pairs)
    texts = b""
    tables: tuple[list[bytes], list[bytes]] = [], []
    for column in (0, 1):
        for pair in pairs:
            tables[column].append(struct.pack("<II", len(pair[column]), at + len(texts)))
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, at)
    return head + b"".join(tables[0] + tables[1]) + texts
