"""A process that loads torch and collects an assignment's checks, waits, runs them once, and ends.

It is started in the assignment's folder with two arguments: a mark, and the folder. Its first line of input is a
`Request`; when its input ends, the watching process is gone, and it goes too. It writes messages to what was its
stdout; what is printed goes to its stderr.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import pytest

from ..course.manifest import read_manifest
from ..errors import AuthorError, CourseError
from ..language import _, language_from, speaking
from ..plugin import CHECKS
from ..plugin.items import CHECK
from ..plugin.running import OUTCOME
from ..plugin.student import StudentRun
from .messages import Begun, Check, Done, Message, Problem, Ready, Request, Started, mark_of

__all__ = ["main"]

MAX_MESSAGE = 20_000
# Modules of pytest's own that are of no use here, or would speak up.
_WITHOUT = ("cacheprovider", "terminal", "logging", "junitxml", "pastebin", "doctest", "stepwise", "faulthandler")


def main() -> NoReturn:
    """Collect, wait, run, end; whatever threads the student's code has started."""
    token, folder = sys.argv[1:]
    commands, told = _take_over_streams()

    def send(message: Message) -> None:
        told.write(msgspec.json.encode(message) + b"\n")
        told.flush()

    try:
        with speaking(language_from(None)):
            _check(Path(folder), commands, send, token)
    finally:
        _end()


def _check(folder: Path, commands: Any, send: Callable[[Message], None], token: str) -> None:
    """Run pytest in the folder, and say so where that cannot be done."""
    code = pytest.main(list(_arguments(folder)), plugins=[_Registered(commands, send, token)])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        send(Problem(_("The checks could not be run; `pytest` in this folder says more.")))


def _take_over_streams() -> tuple[Any, Any]:
    """Keep the pipes for ourselves: the student's code reads nothing, and prints to stderr."""
    commands, told = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return commands, told


def _end() -> NoReturn:
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)  # with it, what the student's code has started; it leads a group of its own
    os._exit(0)


def _arguments(folder: Path) -> list[str]:
    arguments = ["-p", "torchgrade.plugin", "-s", "--import-mode=importlib", f"--rootdir={folder.parent}"]
    arguments += ["-p", "no:warnings", "-c", str(Path(__file__).with_name("pytest.ini"))]
    for name in _WITHOUT:
        arguments += ["-p", f"no:{name}"]
    return [*arguments, str(folder)]


class _Registered:
    """Register our way of running checks under the name by which the plugin finds it."""

    def __init__(self, commands: Any, send: Callable[[Message], None], token: str) -> None:
        self.given = commands, send, token

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "timeout: of no effect here; the watching process has the clock")
        config.pluginmanager.register(WatchedRun(config, *self.given), CHECKS)


class WatchedRun(StudentRun):
    """A student's run that reads the submission when it is told to, and says what happens as it happens."""

    def __init__(self, config: pytest.Config, commands: Any, send: Callable[[Message], None], token: str) -> None:
        super().__init__(config)
        self.commands, self.send, self.token = commands, send, token
        self.problem = ""

    def adopt(self, items: list[pytest.Function]) -> None:
        """Learn what the checks are; the submission is read later."""
        self.items = items
        try:
            for folder in dict.fromkeys(item.path.parent for item in items):
                self.describe_folder(folder, [item for item in items if item.path.parent == folder])
        except (AuthorError, CourseError) as error:
            self.problem = str(error)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note the first file of checks that could not be collected."""
        if report.failed and not self.problem:
            said = _("{file} cannot be read as checks:").format(file=report.nodeid)
            self.problem = f"{said}\n{report.longreprtext}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Wait for the request, and do what it asks."""
        if not self.problem and not self.items:
            self.problem = _("There is no check in this folder.")
        if self.problem:
            self.send(Problem(self.problem[:MAX_MESSAGE]))
            return True
        _warm_up(self.items[0].path.parent)
        known = {item.stash[CHECK].id: item for item in self.items}
        self.send(Ready([_as_check(item) for item in self.items]))
        request = self._wait()
        try:
            folder = self.items[0].path.parent
            self.send(Begun(self.hand_in(folder, self.items, folder, request.file).name))
        except CourseError as error:
            self.send(Problem(f"{error.problem[:MAX_MESSAGE]}"))
            return True
        self._run_all([known[name] for name in request.order if name in known])
        _end()  # pytest would collect garbage, with all of torch's modules to walk, while the student waits

    def _wait(self) -> Request:
        """Return the request; from here on the end of the watching process is the end of this one, whatever runs."""
        line = self.commands.readline()
        if not line:
            _end()
        threading.Thread(target=_end_after, args=[self.commands], daemon=True).start()
        return msgspec.json.decode(line, type=Request)

    def _run_all(self, items: list[pytest.Function]) -> None:
        for place, item in enumerate(items):
            name = item.stash[CHECK].id
            sys.stdout.flush()
            os.write(2, mark_of(self.token, place))
            self.send(Started(name))
            following = items[place + 1] if place + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            outcome = item.stash[OUTCOME]
            sys.stdout.flush()
            self.send(Done(name, outcome.status, outcome.message[:MAX_MESSAGE], outcome.untouched))


def _as_check(item: pytest.Function) -> Check:
    info = item.stash[CHECK]
    return Check(info.id, info.spec.exercise, info.spec.title)


def _end_after(commands: Any) -> None:
    commands.read()
    _end()


def _warm_up(folder: Path) -> None:
    """Do before the request what the first check would wait for."""
    import torch

    from ..sandbox.rehearsal import rehearse
    from ..sandbox.warmth import mention_optimizers

    rehearse(times=2)
    module = read_manifest(folder / "assignment.toml").module
    sources = [*folder.glob("test_*.py"), folder / f"{module}.py", folder / f"{module}.ipynb"]
    if mention_optimizers(sources):
        # the first optimizer imports torch._dynamo, which takes as long as torch itself
        torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
