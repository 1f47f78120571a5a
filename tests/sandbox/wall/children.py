"""Do something in a forked child that may never come back from it, such as locking itself up."""

from __future__ import annotations

import codecs
import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

NOBODY = 65534


def in_a_child(act: Callable[[], Any]) -> Any:
    """Return what ``act`` returns, as JSON carries it; an OSError as its name, another failure as an assertion."""
    codecs.lookup("ascii")  # Python's own files may be closed to the child
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        answer = '{"failure": "no answer"}'
        try:
            answer = json.dumps({"value": outcome(act)})
        except BaseException as error:
            answer = json.dumps({"failure": repr(error)})
        finally:
            os.write(writer, answer.encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = json.loads(pipe.read() or '{"failure": "the child died"}')
    os.waitpid(pid, 0)
    assert "failure" not in told, told["failure"]
    return told["value"]


def outcome(act: Callable[[], Any]) -> Any:
    """Return what ``act`` returns, or the name of the system's error."""
    try:
        return act()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, repr(error))


@contextlib.contextmanager
def folder_of(uid: int) -> Iterator[Path]:
    """A folder that another user can reach and has to itself; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        if os.getuid() == 0:
            os.chown(name, uid, uid)
        yield Path(name)


def become(uid: int) -> None:
    """Give up root, where that is who we are."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def processes_named(word: str) -> list[int]:
    """Return the living processes of the whole machine with this word in their name or command line."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if (
                entry.name.isdigit()
                and word.encode() in (entry / "comm").read_bytes() + (entry / "cmdline").read_bytes()
            ):
                found.append(int(entry.name))
    return found
