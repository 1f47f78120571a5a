"""docs/reference/commands.md is what the parser says of itself.

After a change that is meant: ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/docs/test_commands.py``, then read the diff.
"""

import argparse
import os
import re
from collections.abc import Iterator

from torchgrade.cli import _parser

from ..conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "commands.md"


def commands_of(parser: argparse.ArgumentParser) -> dict[str, tuple[argparse.ArgumentParser, str]]:
    """Return the commands of a parser by name, each with its line in the help."""
    found = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {choice.dest: choice.help or "" for choice in action._choices_actions}
            found |= {name: (command, said.get(name, "")) for name, command in action.choices.items()}
    return found


def reference() -> Iterator[str]:
    parser = _parser()
    yield f"# Command line\n\n{sentence(parser.description)}\n\n{sentence(parser.epilog)}\n"
    yield "Made from the parser itself (`tests/docs/test_commands.py`); each command says the same with `--help`.\n"
    for name, (command, said) in commands_of(parser).items():
        yield from section(command, f"torchgrade {name}", said, "##")


def section(parser: argparse.ArgumentParser, name: str, said: str, mark: str) -> Iterator[str]:
    yield f"{mark} {name}\n"
    yield sentence(parser.description or said) + "\n"
    apart = (argparse._HelpAction, argparse._SubParsersAction)
    rows = [row(action) for action in parser._actions if not isinstance(action, apart)]
    if rows:
        yield "\n".join(["| argument | |\n|---|---|", *rows, ""])
    if parser.epilog:
        yield sentence(parser.epilog) + "\n"
    for inner, (command, words) in commands_of(parser).items():
        yield from section(command, f"{name} {inner}", words, mark + "#")


def sentence(text: str | None) -> str:
    text = " ".join((text or "").split())
    return escaped(text[:1].upper() + text[1:] + ("" if text.endswith(".") else "."))


def row(action: argparse.Action) -> str:
    shown = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    value = "" if action.nargs == 0 else f" {shown if isinstance(shown, str) else ' '.join(shown)}"
    names = ", ".join(f"`{name}{value}`" for name in action.option_strings) or f"`{value.strip()}`"
    said = escaped(" ".join((action.help or "").split()) % vars(action))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (names, said)) + " |"


def escaped(text: str) -> str:
    """Mark what Markdown would take for its own; what stands between backticks is safe from it."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([<*_\[\]])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def test_the_page_is_what_the_parser_says():
    now = "\n".join(reference())
    if os.environ.get("TORCHGRADE_REWRITE_GOLDEN") == "1":
        PAGE.write_text(now, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == now, "TORCHGRADE_REWRITE_GOLDEN=1 writes the page anew"
