"""What watching does: a save asks for a run, a run takes the runner that is ready, and the next one is started."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..course.assignment import Assignment
from ..course.manifest import read_manifest
from ..errors import CourseError
from ..language import _
from .messages import Begun, Done, Problem, Ready, Request, Started
from .places import MANIFEST, files_of
from .process import Ended, Printed, Runner, Told
from .progress import Progress
from .run import Run

__all__ = ["Session"]

SPARE_AFTER_SECONDS = 0.5  # a run that is over sooner has both cores to itself
MOST_DEATHS = 2


class Session:
    """Watch some assignments, one at a time.

    Args:
        assignments: Which.
        first: The one to begin with.
        file: Name of the only file to watch in its folder; empty for the usual ones.
        inbox: Where runners put what they say.
        start: Starts a runner for a folder.

    Attributes:
        progress: Of the assignment that is looked at.
        run: The run that is under way.
        problem: Why no check can run; empty when they can.
        name: What the student calls the file that was checked last.
        runs: How many runs were completed.
        wanted: Checks that wait for a runner, none of them for all that it will have; None when nothing waits.
    """

    def __init__(
        self,
        assignments: list[Assignment],
        first: Assignment,
        file: str,
        inbox: queue.SimpleQueue[Any],
        start: Callable[[Path, queue.SimpleQueue[Any]], Runner] = Runner,
    ) -> None:
        self.all = {one.folder: Progress(one) for one in assignments}
        self.progress = self.all[first.folder]
        self.only, self.inbox, self.start = file, inbox, start
        self.files = dict.fromkeys(self.all, file)
        self.run: Run | None = None
        self.spare: Runner | None = None
        self.ready = self.broken = False
        self.wanted: list[str] | None = None
        self.deaths = 0
        self.problem = self.name = ""
        self.runs = 0
        self.ask_all()

    @property
    def folder(self) -> Path:
        """The folder that is looked at."""
        return self.progress.assignment.folder

    @property
    def busy(self) -> bool:
        """Whether a verdict is on its way."""
        return self.run is not None or self.wanted is not None

    def paths(self) -> list[Path]:
        """Return the files whose changes matter."""
        mine = [*self.folder.glob("*.py"), self.folder / MANIFEST]
        if self.only:
            return [self.folder / self.only, *(one for one in mine if one not in files_of(self.progress.assignment))]
        return [path for one in self.all.values() for path in files_of(one.assignment)] + mine

    def saved(self, path: Path) -> None:
        """Begin anew, since a file has changed."""
        if path.parent != self.folder:
            self.go_to(self.all[path.parent])
        if path in files_of(self.progress.assignment):
            self.files[path.parent] = path.name
        elif path.name == MANIFEST or path.name.startswith("test_"):
            self._reload()
        self.again()

    def again(self) -> None:
        """Run all checks, once more if need be; what kept the runners from starting may be mended."""
        if self.broken:
            self._drop_spare()
        self.ask_all()

    def go_to(self, progress: Progress) -> None:
        """Look at another assignment."""
        self.progress, self.problem, self.name = progress, "", ""
        self._drop_spare()

    def next_assignment(self) -> Progress | None:
        """Return the first assignment after this one that is not known to be finished."""
        folders = list(self.all)
        place = folders.index(self.folder)
        turned = [self.all[folder] for folder in folders[place + 1 :] + folders[:place]]
        return next((one for one in turned if not one.finished), None)

    def ask_all(self) -> None:
        """Ask for all checks; a run that is under way is given up."""
        self.progress.begin()
        self.deaths, self.problem = 0, ""
        self._end_run()
        self.wanted = []
        self.tick()

    def tick(self) -> None:
        """Do what time asks for: stop what takes too long, start a runner, hand out what is wanted."""
        if self.run is not None:
            self.run.stop_if_late()
        early = self.run is not None and time.monotonic() - self.run.began < SPARE_AFTER_SECONDS
        if self.spare is None and not self.broken and not early:
            self.spare, self.ready = self.start(self.folder, self.inbox), False
        if self.wanted is not None and self.spare is not None and self.ready:
            limits = self.progress.assignment.limits
            order = self.wanted or self.progress.order()
            self.run = Run(self.spare, self.progress, order, limits.seconds + limits.import_seconds, self.deaths)
            self.spare, self.ready, self.wanted = None, False, None
            self.run.runner.ask(Request(self.files[self.folder], order))

    def take(self, event: Told | Printed | Ended) -> None:
        """Take what a runner says; one that is of no more concern is not heard."""
        if self.run is not None and event.runner is self.run.runner:
            self._take_from_run(self.run, event)
        elif event.runner is self.spare:
            self._take_from_spare(event)
        self.tick()

    def close(self) -> None:
        """End all runners."""
        self._end_run()
        self._drop_spare()

    def _take_from_spare(self, event: Told | Printed | Ended) -> None:
        match event:
            case Told(_, Ready(checks)):
                self.ready = True
                self.progress.learn(checks)
            case Told(_, Problem(message)):
                self.broken, self.problem, self.wanted = True, message, None
            case Printed(_, -1, text, _) if not self.ready and not self.problem:
                self.problem = "\n".join(text.decode("utf-8", "replace").strip().splitlines()[-5:])
            case Ended():
                self.spare = None
                if not self.ready:
                    self.broken, self.wanted = True, None
                    self.problem = self.problem or _("Python ended before it could read the checks.")

    def _take_from_run(self, run: Run, event: Told | Printed | Ended) -> None:
        match event:
            case Told(_, Begun(name)):
                self.name = name
            case Told(_, Started(name)) if name in run.order:
                run.start_check(name)
            case Told(_, Done() as done) if done.id in run.order:
                run.hear(done)
            case Told(_, Problem(message)):
                self.problem = message
            case Printed(_, place, text, size):
                run.hear_printed(place, text, size)
            case Ended(_, code):
                self._ended(run, code)

    def _ended(self, run: Run, code: int) -> None:
        self.run = None
        rest = [] if self.problem else run.bury(code)
        self.deaths = 0 if run.through else run.deaths + 1
        if rest and self.deaths < MOST_DEATHS:
            self.wanted = rest
        else:
            self.runs += 1

    def _end_run(self) -> None:
        if self.run is not None:
            self.run.runner.kill()
            self.run = None

    def _drop_spare(self) -> None:
        if self.spare is not None:
            self.spare.kill()
        self.spare, self.ready, self.broken = None, False, False

    def _reload(self) -> None:
        """Read the assignment anew: its checks or its manifest have changed."""
        self._drop_spare()
        try:
            self.progress.assignment = read_manifest(self.folder / MANIFEST)
        except CourseError:  # the next runner says it
            return
