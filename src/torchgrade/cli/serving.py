"""`torchgrade serve`."""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..course import Course, Limits
from ..errors import CourseError
from .courses import add_language, course_of, slugs_of

__all__ = ["add_commands"]

KEY_FILE = ".keys"
THREADS = 8


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    serve = commands.add_parser(
        "serve", parents=[shared], help="take submissions in a browser, and show their feedback",
        description="Serve pages on which a .py or .ipynb file is handed in, or code is pasted, and the feedback fills "
        "while it is graded. The instructor signs in with the key that is printed at the start. All that is handed in "
        "is kept in OUT/handed-in/SLUG, as `torchgrade grade` takes a class, and results in OUT/results/SLUG. "
        "There are no accounts: in front of more than one room put a proxy that signs people in.",
        epilog="example: torchgrade serve 01-tensors --port 8000 --jobs 2; needs pip install 'torchgrade[serve]'. "
        "exit codes: 0 you ended it; 2 the command or the course is wrong",
    )  # fmt: skip
    serve.add_argument("slugs", nargs="*", metavar="SLUG", help="assignments that are open (default: all)")
    serve.add_argument("--out", type=Path, default=Path("OUT"), metavar="DIR", help="where all is kept (default: OUT)")
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1, this machine only")
    serve.add_argument("--port", type=int, default=8000, metavar="N", help="default: 8000; 0 takes any that is free")
    serve.add_argument(
        "--name", action="append", default=[], metavar="HOST", help="a name that browsers may call this server by"
    )
    serve.add_argument(
        "--proxy", metavar="ADDRESS", help="believe the X-Forwarded headers that come from there: a proxy of your own"
    )
    serve.add_argument("--jobs", type=int, default=1, metavar="N", help="graders for each assignment (default: 1)")
    serve.add_argument(
        "--allow-unconfined", action="store_true",
        help="serve even where the machine cannot keep hidden checks from the students' code (see doctor)",
    )  # fmt: skip
    add_language(serve)
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    try:
        from waitress import create_server

        from ..web.app import Door, create_app
        from ..web.desk import Desk, Opening
    except ModuleNotFoundError as error:
        raise ValueError(f"{error.name} is not installed: pip install 'torchgrade[serve]'") from None
    course = course_of(options)
    if not options.allow_unconfined:
        _refuse_weak(course)
    desk = Desk(course, slugs_of(course, options.slugs), Opening(options.out, options.jobs, options.allow_unconfined))
    instructor_key, session_key = _keys(options.out)
    app = create_app(desk, Door([options.host, "localhost", *options.name], instructor_key, session_key))
    try:
        server = _listening(create_server, app, options)
        print(f"serving http://{options.host}:{server.effective_port}/ (Ctrl-C ends it)", flush=True)
        print(f"the instructor's key: {instructor_key}", flush=True)
        server.run()
    finally:
        desk.close()
    return 0


def _listening(create_server: Callable[..., Any], app: Any, options: argparse.Namespace) -> Any:
    """Return the server, bound to its address.

    Raises:
        ValueError: It cannot be bound: another program has the port, or the address is not this machine's.
    """
    try:
        return create_server(
            app, host=options.host, port=options.port, threads=THREADS, ident="torchgrade", **_proxied(options.proxy)
        )
    except OSError as error:
        raise ValueError(
            f"{options.host}, port {options.port}: {error.strerror}; name another --port, or 0 for any that is free"
        ) from None


def _proxied(address: str | None) -> dict[str, Any]:
    headers = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
    return {"trusted_proxy": address, "trusted_proxy_headers": headers} if address else {}


def _refuse_weak(course: Course) -> None:
    """Find out how a worker is held before anybody can hand in.

    Raises:
        CourseError: It is less than the course asks for.
    """
    from ..sandbox.open import open_sandbox

    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/shared")
        sandbox = open_sandbox(Path(folder), Limits(), optimizers=False)
        try:
            level = sandbox.level
        finally:
            sandbox.close()
    if level > course.least_level:
        raise CourseError(
            course.root / "pyproject.toml",
            "tool.torchgrade.least_level",
            f"students' code would be held at level {level}, and hidden checks want {course.least_level} or better",
            "see `torchgrade doctor`; or serve with --allow-unconfined to people whom you trust",
        )


def _keys(folder: Path) -> tuple[str, bytes]:
    """Return the instructor's key and the one that signs sessions, made at the first start, for the owner's eyes."""
    path = folder / KEY_FILE
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(file, f"{secrets.token_urlsafe(12)}\n{secrets.token_hex(32)}\n".encode())
        os.close(file)
    instructor, session = path.read_text(encoding="ascii").split()
    return instructor, bytes.fromhex(session)
