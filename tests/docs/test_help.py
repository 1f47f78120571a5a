"""Each `--help` teaches: an example that the parser accepts, and what the exit codes mean."""

import argparse
import re
from collections.abc import Iterator

import pytest

from torchgrade.cli import _parser

from .test_commands import commands_of
from .test_commands_on_pages import words_of


def parsers_below(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield the parser of each command, and of those below it, with its name."""
    for inner, (command, _) in commands_of(parser).items():
        yield f"{name} {inner}", command
        yield from parsers_below(command, f"{name} {inner}")


COMMANDS = dict(parsers_below(_parser(), "torchgrade"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_end_has_an_example_that_is_accepted(name):
    found = re.search(rf"(?:xamples?:\s+|Start with `)({name}\b.*)", COMMANDS[name].epilog or "")
    assert found, f"{name} --help shows no example"
    words = words_of(re.split(r"[;`]|, (?:then|while|or) |\. [A-Za-z]|\.$", found[1])[0])
    assert len(words) >= len(name.split())
    _parser().parse_args(words[1:])


@pytest.mark.parametrize("name", [name for name, parser in COMMANDS.items() if not commands_of(parser)])
def test_the_end_tells_the_exit_codes(name):
    assert "xit codes: 0 " in (COMMANDS[name].epilog or "")
