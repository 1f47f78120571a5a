"""Every command line and every block of Python on the pages is at least what torchgrade, or Python, can read."""

import argparse
import ast
import re
import shlex

import pytest

from torchgrade.cli import _parser

from .pages import PAGES, blocks_of
from .test_commands import commands_of

INFO = re.compile(r'(\w+( title="[^"]+")?)?')
SPAN = re.compile(r"(?<!`)`(torchgrade [^`]+)`(?!`)")
SHELL = {"", "console", "text", "bash", "sh", "yaml"}
ENDS = {"|", ">", ">>", "&&", "&", ";", "2>/dev/null"}
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def words_of(line: str) -> list[str]:
    """Return the words of the first command on a line, without comment, pipe or redirection."""
    line = line.replace("…", "...")
    words = shlex.split(line, comments=True)
    return words[: next((at for at, word in enumerate(words) if word in ENDS), len(words))]


def parser_for(words: list[str]) -> argparse.ArgumentParser:
    """Follow the words for commands down to the last parser; a word in capitals stands for any command."""
    parser = _parser()
    while words and words[0].islower() and not words[0].startswith("-") and (known := commands_of(parser)):
        assert words[0] in known, f"torchgrade has no command {words[0]!r}; it has {', '.join(known)}"
        parser, words = known[words[0]][0], words[1:]
    return parser


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of a parser and of its commands."""
    own = {name for action in parser._actions for name in action.option_strings}
    return own.union(*(options_of(command) for command, _ in commands_of(parser).values()))


def check_names(words: list[str]) -> None:
    """See that the command is there, and that it has every option that is named."""
    known = options_of(parser_for(words))
    named = {word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z][a-z-]*(=.*)?", word)}
    assert named <= known, f"torchgrade {words[0]} has no {', '.join(sorted(named - known))}"


@every_page
def test_the_commands_of_blocks_are_accepted(page):
    for block in blocks_of(page):
        for number, line in enumerate(block.text.splitlines() if block.language in SHELL else [], block.line):
            command = re.sub(r"^(\$|- run:) ", "", line.strip())
            if re.match(r"torchgrade [a-z]", command) and not command.startswith("torchgrade: "):
                words = words_of(command)[1:]
                try:
                    check_names(words)
                    if "..." not in words and not any("$" in word for word in words):
                        _parser().parse_args(words)
                except (AssertionError, SystemExit) as error:
                    pytest.fail(f"{page.name}, line {number}: {line.strip()}: {error}")


@every_page
def test_the_commands_in_sentences_name_what_there_is(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for command in SPAN.findall(text):
        for words in alternatives(command.split()[1:]):
            check_names(words)


def alternatives(words: list[str]) -> list[list[str]]:
    """Take ``import nbgrader|otter PATH`` for the two commands that it stands for."""
    split = next((at for at, word in enumerate(words[:2]) if "|" in word), None)
    if split is None:
        return [words]
    return [[*words[:split], one, *words[split + 1 :]] for one in words[split].split("|")]


def test_an_option_that_is_not_there_is_noticed():
    check_names(["pack", "gradescope", "01-tensors", "--index", "address"])
    check_names(["pack", "--encrypt", "grading.key"])
    with pytest.raises(AssertionError, match="--no-such"):
        check_names(["grade", "01-tensors", "--no-such"])
    with pytest.raises(AssertionError, match="frobnicate"):
        check_names(["frobnicate"])


@every_page
def test_the_blocks_of_python_are_python(page):
    for block in blocks_of(page):
        assert INFO.fullmatch(block.info), f'line {block.line - 1}: write ```{block.language} title="..."'
        if block.language == "python":
            try:
                ast.parse(block.text)
            except SyntaxError as error:
                pytest.fail(f"{page.name}, line {block.line + (error.lineno or 1) - 1}: {error.msg}")
