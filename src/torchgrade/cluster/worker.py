"""On a Dask worker: grader processes that stay warm, and the task that asks one of them."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import replace
from multiprocessing import process as this_process
from pathlib import Path

import msgspec
from distributed import WorkerPlugin, get_worker
from distributed.worker import Worker

from ..errors import CourseError
from ..grade.pool import Settings, serve_submissions
from ..grade.processes import TRIES, Died, GraderFailed, GraderProcess
from ..grade.reading import ReadSubmission
from .versions import differences, versions

__all__ = ["Answer", "Graders", "grade_one"]

IDLE_SECONDS = 600.0  # of a client that was killed nothing else tells the worker
LOOK_SECONDS = 30.0
Answer = tuple[str, tuple[str, ...]]


def grade_one(graders: str, task: bytes) -> Answer:
    """Grade one submission on the worker that this runs on.

    Args:
        graders: Name of the `Graders` to use.
        task: A `ReadSubmission`, packed: bytes to Dask and whatever it runs on.

    Returns:
        What came of it, and its words: ``result`` and the line for ``results.jsonl``; ``course`` and the arguments of
        a `CourseError`; ``failed`` or ``died`` and a sentence.
    """
    plugin = get_worker().plugins[graders]
    assert isinstance(plugin, Graders)
    return plugin.grade(task)


class Graders(WorkerPlugin):
    """What each worker of a run is given: the course's files, and how to grade with them.

    Args:
        files: The course's files by path.
        settings: What grader processes are told; the course's folder is replaced by the worker's copy.
    """

    def __init__(self, files: dict[str, bytes], settings: Settings) -> None:
        self.files, self.settings, self.versions = files, settings, versions()
        self.name = f"torchgrade-{secrets.token_hex(8)}"

    def setup(self, worker: Worker) -> None:
        """Write the course where only this user can read it.

        Raises:
            RuntimeError: Other versions are installed here than where the run was started.
        """
        found = differences(self.versions, versions())
        if found:
            raise RuntimeError(f"this worker has {found}")
        self.folder = Path(tempfile.mkdtemp(prefix="torchgrade-", dir=worker.local_directory))
        for path, content in self.files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        _allow_children()
        self.lock, self.ended = threading.Lock(), threading.Event()
        self.all: list[GraderProcess] = []
        self.free: list[tuple[float, GraderProcess]] = []
        threading.Thread(target=self._end_idle, daemon=True).start()

    def teardown(self, worker: Worker) -> None:
        """End the grader processes, also in the middle of a submission, and remove the course."""
        self.ended.set()
        with self.lock:
            for process in self.all:
                process.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def grade(self, task: bytes) -> Answer:
        """Have a process of this worker's grade a submission, and keep the process for the next one."""
        read = msgspec.msgpack.decode(task, type=ReadSubmission)
        process = self._borrow()
        for _ in range(TRIES):
            try:
                process.give(read)
                line = process.take()
            except Died:
                if self.ended.is_set():
                    break
                continue
            except CourseError as error:
                self._stop(process)
                words = (error.file, error.place, error.problem, error.remedy)
                return "course", tuple(map(self._at_home, words))
            except GraderFailed as error:
                self._stop(process)
                return "failed", (str(error),)
            with self.lock:
                self.free.append((time.monotonic(), process))
            return "result", (line,)
        self._stop(process)
        return "died", (f"the grader process died {TRIES} times",)

    def _borrow(self) -> GraderProcess:
        with self.lock:
            if self.free:
                return self.free.pop()[1]
            self.all.append(GraderProcess(serve_submissions, (replace(self.settings, root=self.folder),)))
            return self.all[-1]

    def _stop(self, process: GraderProcess) -> None:
        process.stop()
        with self.lock:
            self.all.remove(process)

    def _at_home(self, text: object) -> str:
        """Name a file of the course as it is named where the run was started."""
        return str(text).replace(f"{self.folder}{os.sep}", f"{self.settings.root}{os.sep}")

    def _end_idle(self) -> None:
        while not self.ended.wait(LOOK_SECONDS):
            with self.lock:
                old = [one for one in self.free if time.monotonic() - one[0] >= IDLE_SECONDS]
                self.free = [one for one in self.free if one not in old]
            for _, process in old:
                self._stop(process)


def _allow_children() -> None:
    """Let this process have children: under its nanny a worker is "daemonic", to which multiprocessing denies them.

    That is to keep them from outliving it. Ours do not: the kernel ends them, or the closing of their connection does.
    """
    this_process.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
