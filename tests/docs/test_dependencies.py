"""docs/dependencies.md names what pyproject.toml and tox.ini install, and each thing once."""

import configparser
import re

import pytest

from torchgrade.course.files import read_toml

from ..conftest import REPOSITORY
from .pages import DOCS

PAGE = (DOCS / "dependencies.md").read_text(encoding="utf-8")
PROJECT = read_toml(REPOSITORY / "pyproject.toml")["project"]
EXTRAS = PROJECT["optional-dependencies"]


def names_in(requirements: list[str]) -> set[str]:
    """Return what is installed by these lines, without versions, extras, and torchgrade itself."""
    found = {re.match(r"[\w.-]+", line)[0].lower() for line in requirements if re.match(r"\w", line)}
    return found - {"torchgrade"}


def rows_of(heading: str) -> list[list[str]]:
    """Return the rows of the table that has this first cell above it."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.M)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table[1].splitlines()]


def installed_by_tox() -> set[str]:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(REPOSITORY / "tox.ini", encoding="utf-8")
    return names_in([line for part in tox.sections() for line in tox.get(part, "deps", fallback="").splitlines()])


def test_the_table_has_what_everyone_installs_and_each_once():
    named = [name for packages, *_ in rows_of("package") for name in packages.split(", ")]
    assert sorted(named) == sorted(names_in(PROJECT["dependencies"]))


def test_the_table_of_extras_has_each_once():
    assert sorted(name.strip("`") for name, *_ in rows_of("extra")) == sorted(EXTRAS)


@pytest.mark.parametrize("name", sorted(installed_by_tox() | names_in([one for own in EXTRAS.values() for one in own])))
def test_what_extras_and_tox_install_is_named(name):
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", PAGE, re.I)


def test_no_paragraph_stands_there_twice():
    lines = [line.strip() for line in PAGE.splitlines() if len(line) > 40]
    sentences = [one for line in lines for one in re.split(r"(?<=\.) ", line) if len(one) > 60]
    assert len(sentences) == len(set(sentences))
