"""The page on protection names what stands behind each promise; here is proof that it exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .samples import ATTACKS, read_attacks

TESTS = ATTACKS.parents[1] / "tests"
_, *SECTIONS = re.split(r"^## ", (ATTACKS.parents[1] / "docs" / "security.md").read_text("utf-8"), flags=re.MULTILINE)
PAGE = "\n".join(SECTIONS)
SPAN = re.compile(r"`([^`\n]+)`")
TEST = re.compile(r"((?:\w+/)*test_\w+\.py)?(?:::(test_\w+))?|((?:\w+/)+)")
LISTED_ATTACKS = re.compile(r"\battacks? (`\w+\*?`(?:,\s+`\w+\*?`)*)")
# Sections that promise nothing, or tell what to do.
NO_PROMISES = {"Not promised", "Getting to level A"}
TECHNIQUES = sorted(attack.technique for attack in read_attacks())


def named_tests(text: str) -> Iterator[tuple[Path, str]]:
    """Yield the file and the function of each test in a text; a function alone belongs to the file before it."""
    file = TESTS
    for span in SPAN.findall(text):
        if match := TEST.fullmatch(span):
            path, function, folder = match.groups()
            if folder:
                yield TESTS / folder, ""
                continue
            if path:
                file = TESTS / path if "/" in path else only_one(path)
            yield file, function or ""


def only_one(name: str) -> Path:
    """Return the test file of this name; where there are several, or none, a path that is none."""
    found = list(TESTS.rglob(name))
    return found[0] if len(found) == 1 else TESTS / f"{len(found)} files" / name


def named_attacks(text: str) -> Iterator[str]:
    """Yield the names, perhaps with a star at the end, that follow the word attack."""
    for names in LISTED_ATTACKS.findall(text):
        yield from SPAN.findall(names)


def functions_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def matching(attack: str) -> list[str]:
    return [name for name in TECHNIQUES if name == attack or (attack[-1] == "*" and name.startswith(attack[:-1]))]


def promises() -> Iterator[str]:
    """Yield each promise with its evidence: the rows of tables that have such a column, else whole sections."""
    for section in SECTIONS:
        title = section.partition("\n")[0]
        rows = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("|---")]
        if title in NO_PROMISES:
            continue
        if rows and rows[0].rstrip(" |").endswith("behind it"):
            yield from rows[1:]
        else:
            yield section


@pytest.mark.parametrize(("file", "function"), list(named_tests(PAGE)), ids=str)
def test_each_named_test_exists(file, function):
    assert file.is_dir() if not file.suffix else file.is_file()
    assert not function or function in functions_in(file)


@pytest.mark.parametrize("attack", sorted(set(named_attacks(PAGE))))
def test_each_named_attack_exists(attack):
    assert matching(attack)


@pytest.mark.parametrize("promise", list(promises()), ids=lambda promise: promise.strip("| ")[:40])
def test_each_promise_names_a_test_or_an_attack(promise):
    assert list(named_tests(promise)) or list(named_attacks(promise))


def test_the_page_is_read_as_it_is_meant():
    assert len(list(promises())) >= 12
    assert len(list(named_tests(PAGE))) >= 12
    assert len(list(named_attacks(PAGE))) >= 15
