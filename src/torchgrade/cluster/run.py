"""The end that has the class: it hands Dask a few submissions at a time, and takes results as they come."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec
from distributed import CancelledError, Client, Future, KilledWorker, wait
from distributed import TimeoutError as Late

from ..course import Course
from ..errors import CourseError
from ..grade.pool import Settings
from ..grade.processes import IN_A_ROW, TRIES, GraderFailed, named
from ..grade.reading import read_submission
from ..grade.results import SubmissionResult
from ..grade.submissions import Submission
from ..pack.bundle import course_files
from .machines import gpu_workers, refuse_other_versions
from .worker import Graders, grade_one

__all__ = ["ALONE_SECONDS", "grade_on"]

AHEAD = 2  # submissions handed over for each thread of a worker
LOOK_SECONDS = 5.0
ALONE_SECONDS = 300.0


@dataclass(frozen=True)
class _Handed:
    """A submission that Dask has.

    Attributes:
        submission: Which.
        tries: How often workers have died on it.
        gpu: Whether it asked for a worker with a GPU.
    """

    submission: Submission
    tries: int = 0
    gpu: bool = False


def grade_on(
    client: Client, settings: Settings, submissions: Sequence[Submission], patience: float = ALONE_SECONDS
) -> Iterator[SubmissionResult]:
    """Grade submissions on the workers of a Dask cluster and yield each result as it comes.

    A submission whose worker is lost goes to another one. Where checks wait for a GPU and there are workers with the
    resource ``GPU``, all that is left goes to these.

    Args:
        client: Connected to the scheduler.
        settings: As for `grade_all`; the course is read here, and workers get a copy.
        submissions: Read here, a few at a time.
        patience: Seconds to wait while there is no worker at all.

    Raises:
        CourseError: The course cannot be graded with.
        GraderFailed: A grader failed, or died again and again on a submission; or workers or scheduler are gone.
    """
    refuse_other_versions(client)
    graders = Graders(course_files(Course(settings.root), settings.slug), settings)
    client.register_plugin(graders)
    run = _Run(client, graders.name, settings, submissions, patience)
    try:
        yield from run.results()
    finally:
        if client.status == "running":  # else there is nobody to take them back from
            with contextlib.suppress(OSError, Late):
                client.cancel(list(run.flying), force=True)
                client.unregister_worker_plugin(graders.name)


class _Run:
    """What waits, and what Dask has."""

    def __init__(
        self, client: Client, graders: str, settings: Settings, submissions: Sequence[Submission], patience: float
    ) -> None:
        self.client, self.graders, self.patience = client, graders, patience
        self.assignment = Course(settings.root).assignment(settings.slug)
        self.queue = deque(map(_Handed, submissions))
        self.flying: dict[Future, _Handed] = {}
        self.lost: list[Submission] = []
        self.count, self.in_a_row, self.room, self.gpu = 0, 0, 1, False
        self.looked = self.seen = 0.0

    def results(self) -> Iterator[SubmissionResult]:
        """Hand over and take back until nothing is left."""
        self.seen = time.monotonic()
        while self.queue or self.flying:
            self._look()
            while self.queue and len(self.flying) < self.room:
                self._hand_over(self.queue.popleft())
            with contextlib.suppress(Late, CancelledError):
                wait(list(self.flying), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
            for future in [future for future in self.flying if future.done()]:
                result = self._result_of(future, self.flying.pop(future))
                if result is not None:
                    yield result
        if self.lost:
            raise self._given_up()

    def _hand_over(self, handed: _Handed) -> None:
        handed = replace(handed, gpu=handed.gpu or self.gpu)
        task = msgspec.msgpack.encode(read_submission(handed.submission, self.assignment))
        self.count += 1
        future = self.client.submit(
            grade_one, self.graders, task,
            key=f"{self.graders}-{self.count}",  # no name of a student's: keys are on Dask's dashboard
            resources={"GPU": 1} if handed.gpu else None, pure=False,
        )  # fmt: skip
        self.flying[future] = handed

    def _result_of(self, future: Future, handed: _Handed) -> SubmissionResult | None:
        """Return what came of a submission; None where it is to be tried again, or given up."""
        try:
            kind, words = future.result()
        except KilledWorker:  # Dask has tried it on several, but they may have been lost for other reasons
            self._again(replace(handed, tries=handed.tries + 1))
            return None
        except CancelledError as error:
            raise self._no_scheduler(error) from None
        except Exception as error:
            raise GraderFailed(f"Dask could not run a task: {type(error).__name__}: {error}") from None
        if kind == "course":
            raise CourseError(*words)
        if kind == "failed":  # one machine may be out of order
            if handed.tries + 1 == TRIES:
                raise GraderFailed(*words)
            self._again(replace(handed, tries=handed.tries + 1))
            return None
        if kind == "died":
            self._again(replace(handed, tries=TRIES))
            return None
        self.in_a_row = 0
        result = SubmissionResult.from_json(words[0])
        return None if self._waits_for_gpu(result, handed) else result

    def _again(self, handed: _Handed) -> None:
        if handed.tries < TRIES:
            self.queue.appendleft(handed)
            return
        self.lost.append(handed.submission)
        self.in_a_row += 1
        if self.in_a_row == IN_A_ROW:
            raise self._given_up()

    def _given_up(self) -> GraderFailed:
        return GraderFailed(f"graders died again and again on {named(str(one.path) for one in self.lost)}")

    def _no_scheduler(self, error: BaseException) -> GraderFailed:
        return GraderFailed(f"the scheduler is gone ({type(error).__name__}: {error})")

    def _waits_for_gpu(self, result: SubmissionResult, handed: _Handed) -> bool:
        """Put a submission with deferred checks back for a worker with a GPU, if there is one."""
        if handed.gpu or all(check.status != "deferred" for check in result.checks):
            return False
        if not self.gpu:
            self.gpu = bool(gpu_workers(self.client))
        if self.gpu:
            self.queue.appendleft(handed)
        return self.gpu

    def _look(self) -> None:
        """See now and then which workers there are: they come and go."""
        now = time.monotonic()
        if now - self.looked < LOOK_SECONDS:
            return
        self.looked = now
        try:
            threads = sum(self.client.nthreads().values())
            no_gpu = self.gpu and not gpu_workers(self.client)
        except (OSError, Late) as error:
            raise self._no_scheduler(error) from None
        self.room = max(AHEAD * threads, 1)
        if threads:
            self.seen = now
        elif now - self.seen > self.patience:
            raise GraderFailed(f"there has been no worker for {self.patience:.0f} s")
        if no_gpu:
            self._without_gpu()

    def _without_gpu(self) -> None:
        """Take back what waits for a worker with a GPU: the last of them has gone."""
        self.gpu = False
        waiting = [future for future, handed in self.flying.items() if handed.gpu]
        self.client.cancel(waiting, force=True)
        self.queue.extendleft(replace(self.flying.pop(future), gpu=False) for future in waiting)
