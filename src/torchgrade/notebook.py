"""`check()` for the last cell of a student's notebook: the visible checks on the cells that were run, shown as a table.

The checks run in a process of their own, on the cells as the kernel had them: what is graded is what is checked,
nothing has to be saved first, and a loop that never ends does not take the kernel with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from .course.manifest import read_manifest
from .course.points import plural_of
from .language import ENGLISH, N_, _, language_from, ngettext, speaking

__all__ = ["Result", "check"]

_SIGNS = {"ok": ("✓", "#1a7f4b"), "wrong": ("✗", "#c0392b"), "to do": ("○", "#8a6d2a")}
_STATES = {"ok": N_("ok"), "wrong": N_("wrong"), "to do": N_("to do")}
_MORE = N_("These are the checks that you can see; more are run on what you hand in.")


@dataclass(frozen=True)
class Result:
    """What the checks found; a notebook shows it as a table, anything else as lines of text.

    Attributes:
        record: What the pytest plugin wrote; empty where the checks could not run.
        said: What was printed instead.
        language: In which it is shown.
    """

    record: dict[str, Any]
    said: str = ""
    language: str = ENGLISH

    def __repr__(self) -> str:
        with speaking(self.language):
            return "\n".join(_as_text(self.record)) if self.record else self.said

    def _repr_html_(self) -> str:
        with speaking(self.language):
            return _as_html(self.record) if self.record else f"<pre>{escape(self.said)}</pre>"


def check(folder: str = ".", hints: bool = False, lang: str | None = None) -> Result:
    """Run the checks that students have on the cells that were run in this notebook.

    Args:
        folder: Where ``assignment.toml`` and the ``test_*.py`` files lie; the notebook's own folder as a rule.
        hints: Whether each unsolved exercise shows its hint.
        lang: The language, such as ``"zh"``; else that of the environment.

    Returns:
        What was found; as the last line of a cell it is shown.

    Raises:
        ValueError: There is no such language.
    """
    language = language_from(lang)
    with speaking(language):
        return replace(_check(folder, hints, language), language=language)


def _check(folder: str, hints: bool, language: str) -> Result:
    place = Path(folder).resolve()
    if not (place / "assignment.toml").is_file():
        sentence = _('There is no assignment.toml in {folder}: say where the checks lie, as in check("01-tensors").')
        return Result({}, sentence.format(folder=place))
    cells = _cells_that_were_run()
    if cells is None:
        return Result({}, _("check() is for notebooks; in a terminal, run pytest."))
    with tempfile.TemporaryDirectory() as scratch:
        notebook = Path(scratch) / f"{read_manifest(place / 'assignment.toml').module}.ipynb"
        made = [{"cell_type": "code", "source": cell} for cell in cells]
        notebook.write_text(json.dumps({"cells": made}), encoding="utf-8")
        options = ["--torchgrade-lang", language, *["--torchgrade-hints"] * hints]
        return _run(place, notebook, Path(scratch) / "report.json", options)


def _cells_that_were_run() -> list[str] | None:
    """Return the text of each cell, in the kernel's own count, without the one that asks."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return None if shell is None else list(shell.history_manager.input_hist_raw[1:-1])


def _run(place: Path, notebook: Path, report: Path, options: list[str]) -> Result:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
    command += ["--torchgrade-submission", str(notebook), "--torchgrade-report", str(report)]
    done = subprocess.run(
        [*command, *options], cwd=place, capture_output=True, text=True, errors="replace", check=False
    )
    if not report.is_file():
        return Result({}, f"{done.stdout}{done.stderr}".strip())
    record: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return Result(record)


def _number(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")


def _score(record: dict[str, Any]) -> str:
    earned, waiting = _number(record["earned"]), record["deferred"]
    score = ngettext("{earned} of {total} point", "{earned} of {total} points", plural_of(record["points"]))
    if waiting:
        score = ngettext(
            "{earned} of {total} points ({waiting} waits for a machine with a GPU)",
            "{earned} of {total} points ({waiting} wait for a machine with a GPU)",
            plural_of(waiting),
        )
    return score.format(earned=earned, total=_number(record["points"]), waiting=_number(waiting))


def _as_text(record: dict[str, Any]) -> list[str]:
    lines = [_("{title}: {points}").format(title=record["title"], points=_score(record))]
    for one in record["exercises"]:
        lines.append(f"{_SIGNS[one['state']][0]} {one['name']}  {_number(one['earned'])}/{_number(one['points'])}")
        for title, message in one["complaints"]:
            lines += [f"    {title}", *(f"      {line}" for line in message.splitlines())]
        lines += ["    " + _("hint: {hint}").format(hint=one["hint"])] * bool(one["hint"])
    return [*lines, _(_MORE)]


def _as_html(record: dict[str, Any]) -> str:
    rows = "".join(_row(one) for one in record["exercises"])
    head = _("{title}: {points}").format(title=record["title"], points=_score(record))
    return (
        f'<div style="max-width: 60em"><b>{escape(head)}</b>'
        f'<table style="width: 100%; margin: 0.6em 0; border-collapse: collapse">'
        f"{rows}</table><small>{escape(_(_MORE))}</small></div>"
    )


def _row(one: dict[str, Any]) -> str:
    sign, colour = _SIGNS[one["state"]]
    cell = '<td style="text-align: left; vertical-align: top; padding: 0.3em 0.6em; border-top: 1px solid #8884'
    said = "".join(_complaint(title, message) for title, message in one["complaints"])
    hint = _("<i>Hint:</i> {hint}").format(hint=escape(one["hint"]))
    hint = f'<div style="margin-top: 0.4em">{hint}</div>' if one["hint"] else ""
    return (
        f'<tr>{cell}; color: {colour}; font-weight: bold" title="{escape(_(_STATES[one["state"]]))}">{sign}</td>'
        f'{cell}"><code>{escape(one["name"])}</code> {escape(one["title"])}{said}{hint}</td>'
        f'{cell}; white-space: nowrap">{_number(one["earned"])} / {_number(one["points"])}</td></tr>'
    )


def _complaint(title: str, message: str) -> str:
    block = '<pre style="white-space: pre-wrap; margin: 0.2em 0 0 1em; text-align: left">'
    return f'<div style="margin-top: 0.4em">{escape(title)}{block}{escape(message)}</pre></div>'
