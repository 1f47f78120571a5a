"""A scheduler of Dask's and its workers, as processes of their own on this machine."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

START_SECONDS = 180


class Machines:
    """A scheduler on loopback, and workers that are started and killed by name."""

    def __init__(self, folder):
        self.folder, self.file, self.all = folder, folder / "scheduler.json", {}
        self._start("scheduler", "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", self.file)
        self._wait(self.file.exists, "scheduler")
        self.address = json.loads(self.file.read_text())["address"]

    def worker(self, name, *options, **environment):
        """Start a worker with one thread, under a nanny as `dask worker` does, and wait until it is there."""
        folder = self.folder / f"of-{name}"
        self._start(
            name, "dask_worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--name", name,
            "--no-dashboard", "--local-directory", folder, *options, **environment,
        )  # fmt: skip
        log = self.folder / f"{name}.log"
        self._wait(lambda: "Starting established connection" in log.read_text(), name)

    def kill(self, name):
        """End a worker, its nanny and all they started, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.all[name].pid, signal.SIGKILL)
        self.all.pop(name).wait()

    def close(self):
        for name in list(self.all):
            self.kill(name)

    def _start(self, name, module, *arguments, **environment):
        command = [sys.executable, "-m", f"distributed.cli.{module}", *map(str, arguments)]
        with (self.folder / f"{name}.log").open("w") as log:
            self.all[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=self.folder,
                env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
            )  # fmt: skip

    def _wait(self, there, name):
        deadline = time.monotonic() + START_SECONDS
        while not there():
            assert self.all[name].poll() is None, (self.folder / f"{name}.log").read_text()[-4000:]
            assert time.monotonic() < deadline, (self.folder / f"{name}.log").read_text()[-4000:]
            time.sleep(0.05)
