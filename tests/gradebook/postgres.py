"""A PostgreSQL of the tests' own: in a temporary folder, on a Unix socket, without a network."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


def programs() -> Path | None:
    """Return the folder of the newest initdb: on PATH, or where Debian puts it."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    return folders[-1].parent if folders else None


def missing() -> str:
    """Return why there can be no PostgreSQL here; nothing where there can."""
    if programs() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        return "PostgreSQL refuses to run as root, and there is no setpriv to leave root with"
    return ""


@contextmanager
def running() -> Iterator[str]:
    """Start a server; give the URL of an empty database."""
    bin_ = programs()
    assert bin_ is not None
    # not pytest's folder: a socket's path has 107 characters at most, and the server's user must be able to reach it
    with tempfile.TemporaryDirectory(prefix="torchgrade-pg-", ignore_cleanup_errors=True) as name:
        folder, start = Path(name), _as_somebody(Path(name))
        initdb = ["initdb", "-D", folder / "data", "-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run([*start, bin_ / initdb[0], *initdb[1:]], check=True, capture_output=True, cwd=folder)
        options = ["-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB"]
        with (folder / "log").open("wb") as log:
            command = [*start, bin_ / "postgres", "-D", folder / "data", *options]
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            _wait(server, folder)
            yield f"postgresql://grader@/postgres?host={quote(str(folder))}"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(20)


def _as_somebody(folder: Path) -> list[str]:
    """Return the start of a command that the server is run by: it ends with the tests, and is not root."""
    start = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
    if os.geteuid() != 0:
        return start
    known = {one.pw_name: one for one in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [*start, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    import psycopg

    for _ in range(200):
        try:
            psycopg.connect(host=str(folder), user="grader", dbname="postgres").close()
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        else:
            return
    raise AssertionError((folder / "log").read_text())
