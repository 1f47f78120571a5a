"""Run collected checks: what a student's own run and the grader have in common."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from ..language import _, retold
from ..sandbox.client import Client
from ..sandbox.program import Program
from ..sandbox.sentences import SENTENCES
from ..submission import Submission
from .items import CHECK, CheckInfo
from .outcomes import Outcome, outcome_of

__all__ = ["OUTCOME", "CheckRunner", "seed_everything"]

OUTCOME = pytest.StashKey[Outcome]()
PROXY = pytest.StashKey[Submission]()


def seed_everything(seed: int) -> None:
    """Start the generators of this process from ``seed``."""
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed % (1 << 32))
    random.seed(seed)


class CheckRunner:
    """Hooks for items that are checks: their submission, their seed, their verdict.

    Attributes:
        program: The submission that is being checked.
        opener: Gives a client of a fresh worker.
        shift: Added to every check's seed.
        words: Looks the author's sentences up in the course's translation.
    """

    program: Program
    opener: Callable[[], Client]
    shift: int = 0
    words: Callable[[str], str] = str

    @contextlib.contextmanager
    def submission_for(self, item: pytest.Item) -> Iterator[Submission]:
        """Give the proxy that a check talks to, and end its worker afterwards."""
        info = item.stash[CHECK]
        seed_everything(info.own_seed + self.shift)
        device = "cuda" if info.needs_gpu else info.spec.device
        proxy = Submission(self.opener, self.program, info.seed + self.shift, device)
        try:
            if info.needs_gpu and proxy.device.type != "cuda":
                pytest.skip(_("needs a GPU; the student's process has none here"))
            item.stash[PROXY] = proxy
            yield proxy
        finally:
            proxy._close()

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Defer what needs a GPU that is not here."""
        info = item.stash.get(CHECK, None)
        if info is not None and info.needs_gpu and not torch.cuda.is_available():
            pytest.skip(_("needs a GPU; this machine has none"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Keep the verdict of a check in its stash."""
        info = item.stash.get(CHECK, None)
        if info is None or (call.when != "call" and call.excinfo is None):
            return (yield)
        outcome = self.verdict(call.excinfo.value if call.excinfo else None)
        with _no_traceback(item, outcome):
            report: pytest.TestReport = yield
        if PROXY in item.stash:
            outcome = _without_values(outcome, item.stash[PROXY], item, report)
        if call.when != "teardown" or item.stash[OUTCOME].status == "passed":  # it does not hide the check's own
            item.stash[OUTCOME] = outcome
        self.finish_report(info, outcome, report, call)
        return report

    def verdict(self, error: BaseException | None) -> Outcome:
        """Return the verdict for what a check raised; None is a pass."""
        return outcome_of(error, self.words)

    def finish_report(
        self, info: CheckInfo, outcome: Outcome, report: pytest.TestReport, call: pytest.CallInfo[None]
    ) -> None:
        """Change what pytest shows of a check; by default nothing."""


@contextlib.contextmanager
def _no_traceback(item: pytest.Item, outcome: Outcome) -> Iterator[None]:
    """Keep pytest from formatting a traceback that nobody will see: it reads and parses every file on its way."""
    if outcome.status == "error":
        yield
        return
    own = vars(item)
    own["repr_failure"] = lambda excinfo: outcome.message
    try:
        yield
    finally:
        del own["repr_failure"]


def _without_values(outcome: Outcome, proxy: Submission, item: pytest.Item, report: pytest.TestReport) -> Outcome:
    """Defer what did not pass on meta, the device of a torch that cannot pretend one: there, right answers fail too."""
    if proxy._placement.kind != "meta" or not (outcome.status == "failed" or outcome.uncertain):
        return outcome
    note = retold(proxy._placement.note, SENTENCES)
    report.outcome, report.longrepr = "skipped", (str(item.path), 0, note)
    return Outcome("deferred", note, note)
