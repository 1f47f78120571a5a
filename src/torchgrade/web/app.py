"""The pages of the door: sessions and trusted hosts are Flask's, CSRF is Flask-WTF's, rates are Flask-Limiter's."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader
from werkzeug.exceptions import HTTPException

from ..errors import CourseError
from ..language import _, ngettext, speaking, spoken
from ..report.feedback import feedback_html
from ..report.view import check_view
from ..sandbox.notebook import MAX_NOTEBOOK_BYTES
from .class_report import class_report
from .desk import Desk, Full
from .tickets import NAME_LIMIT, Ticket, student_name

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Door", "create_app"]

SUFFIXES = (".py", ".ipynb")
MAX_PASTED_BYTES = 1 << 20
REMEMBERED = timedelta(days=120)
# A browser's, and an address's, behind which there may be a whole room. A page that fills asks twice a second.
HAND_IN_RATE, HAND_IN_RATE_OF_ADDRESS = "12 per minute", "240 per minute"
SIGN_IN_RATE, PAGE_RATE = "10 per minute", "600 per minute"


@dataclass(frozen=True)
class Door:
    """Who may come in.

    Attributes:
        hosts: The names by which browsers may call this server; a page elsewhere must not speak to it under another.
        instructor_key: What opens the instructor's pages.
        session_key: What session cookies are signed with.
    """

    hosts: Sequence[str]
    instructor_key: str
    session_key: bytes


def create_app(desk: Desk, door: Door) -> Flask:
    """Return the web application.

    Args:
        desk: Takes submissions in.
        door: Who may come in.
    """
    app = Flask("torchgrade.web", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY=door.session_key,
        TRUSTED_HOSTS=list(door.hosts),
        MAX_CONTENT_LENGTH=MAX_NOTEBOOK_BYTES + (64 << 10),
        MAX_FORM_MEMORY_SIZE=MAX_PASTED_BYTES,
        MAX_FORM_PARTS=10,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="torchgrade",
        PERMANENT_SESSION_LIFETIME=REMEMBERED,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    app.wsgi_app = _in_language(app.wsgi_app, spoken())  # type: ignore[assignment,method-assign]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = ChoiceLoader([PackageLoader("torchgrade.web"), PackageLoader("torchgrade.report")])
    app.jinja_env.globals.update(_=_, ngettext=ngettext)  # the words are looked up request by request
    CSRFProtect(app)
    app.before_request(_know_browser)  # before its requests are counted
    limiter = Limiter(_browser, app=app, default_limits=[PAGE_RATE], storage_uri="memory://")
    app.after_request(_protect)
    app.register_error_handler(HTTPException, _say)
    _add_student_pages(app, desk, limiter)
    _add_instructor_pages(app, desk, limiter, door.instructor_key)
    return app


def _in_language(answer: WSGIApplication, language: str) -> WSGIApplication:
    """Have each request answered in a language: a thread of the server's speaks none until it is told."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with speaking(language):
            return answer(environ, start_response)

    return answered


def _know_browser() -> None:
    """Give each browser a name of its own, and each page a nonce for its style and script."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(16)
        session.permanent = True
    g.nonce = secrets.token_urlsafe(16)


def _browser() -> str:
    return str(session["browser"])


def _protect(response: Response) -> Response:
    """Let a page load nothing but itself, and be framed by nobody."""
    policy = f"default-src 'none'; style-src 'nonce-{g.get('nonce', '')}'; script-src 'nonce-{g.get('nonce', '')}'; "
    policy += "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _say(error: HTTPException) -> ResponseReturnValue:
    """Say in words what was wrong with a request."""
    words = {
        404: _(
            "There is nothing here that this browser may see. A submission's page opens in the browser it came from."
        ),
        413: _("That is too large. Clear a notebook's outputs before you hand it in."),
        429: _("That was a lot in a short time. Wait a minute, and try again."),
        503: _("Many submissions are waiting just now, and yours was not taken. Try again in a few minutes."),
    }
    if isinstance(error, CSRFError):
        said = _("This form is no longer valid. Open the page anew and send it again.")
    else:
        said = words.get(error.code or 500, error.description or "")
    return render_template("problem.html", said=said, code=error.code), error.code or 500


def _add_student_pages(app: Flask, desk: Desk, limiter: Limiter) -> None:
    @app.get("/")
    def start() -> ResponseReturnValue:
        return _start_page(desk)

    @app.post("/hand-in")
    @limiter.limit(HAND_IN_RATE)
    @limiter.limit(HAND_IN_RATE_OF_ADDRESS, key_func=get_remote_address)
    def hand_in() -> ResponseReturnValue:
        assignment = desk.assignments.get(request.form.get("assignment", ""))
        student = student_name(request.form.get("student", ""))
        suffix, text, problem = _handed_in()
        if assignment is None:
            problem = _("Choose the assignment.")
        elif not student:
            problem = _("Say who you are: a name or a student number.")
        if problem or assignment is None:
            return _start_page(desk, problem), 400
        session["student"] = student
        try:
            ticket = desk.hand_in(assignment.slug, student, session["browser"], assignment.module + suffix, text)
        except Full:
            abort(503)
        return redirect(url_for("submission", identity=ticket.id), 303)

    @app.get("/s/<identity>")
    def submission(identity: str) -> ResponseReturnValue:
        ticket = _own(desk, identity)
        if ticket.result is not None:
            return redirect(url_for("feedback", identity=identity), 303)
        return render_template("filling.html", **_filling(desk, ticket))

    @app.get("/s/<identity>/progress")
    def progress(identity: str) -> ResponseReturnValue:
        ticket = _own(desk, identity)
        return {"done": ticket.result is not None, "html": render_template("checks.html", **_filling(desk, ticket))}

    @app.get("/s/<identity>/feedback")
    def feedback(identity: str) -> ResponseReturnValue:
        ticket = _own(desk, identity)
        if ticket.result is None:
            return redirect(url_for("submission", identity=identity), 303)
        page = Response(feedback_html(ticket.result, desk.assignments[ticket.slug]))
        # The page is made to stand alone, as a file: it brings its own style, and no script.
        page.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return page


def _add_instructor_pages(app: Flask, desk: Desk, limiter: Limiter, key: str) -> None:
    @app.get("/instructor")
    def instructor() -> ResponseReturnValue:
        if not session.get("instructor"):
            return render_template("sign_in.html", problem="")
        return render_template("instructor.html", tickets=desk.tickets.all(), assignments=desk.assignments)

    @app.get("/instructor/<slug>")
    def class_page(slug: str) -> ResponseReturnValue:
        if not session.get("instructor") or slug not in desk.assignments:
            abort(404)
        try:
            page = Response(class_report(desk.results(slug), desk.assignments[slug]))
        except CourseError as error:
            return render_template("problem.html", said=error.problem, code=404), 404
        page.headers["Content-Security-Policy"] = "frame-ancestors 'none'"  # the page itself holds a strict one
        return page

    @app.post("/instructor")
    @limiter.limit(SIGN_IN_RATE, key_func=get_remote_address)
    def sign_in() -> ResponseReturnValue:
        if not hmac.compare_digest(request.form.get("key", "").encode(), key.encode()):
            return render_template("sign_in.html", problem="That is not the key that the server printed."), 403
        session["instructor"] = True
        return redirect(url_for("instructor"), 303)


def _start_page(desk: Desk, problem: str = "") -> str:
    mine = [ticket for ticket in desk.tickets.of(session["browser"]) if ticket.slug in desk.assignments]
    return render_template(
        "start.html", assignments=desk.assignments, mine=mine[:20], problem=problem,
        student=request.form.get("student", session.get("student", "")),
        chosen=request.values.get("assignment", ""), pasted=request.form.get("pasted", ""), limit=NAME_LIMIT,
        states={"waiting": _("waiting"), "running": _("being graded"), "failed": _("not graded"), "done": ""},
    )  # fmt: skip


def _handed_in() -> tuple[str, bytes, str]:
    """Return the ending and the content of what was handed in, and what is wrong with it."""
    file, pasted = request.files.get("file"), request.form.get("pasted", "")
    if file is not None and file.filename:
        suffix = Path(file.filename).suffix.lower()
        if suffix not in SUFFIXES:
            return "", b"", _("Hand in a .py or an .ipynb file.")
        return suffix, file.read(), ""
    if pasted.strip():
        return ".py", pasted.replace("\r\n", "\n").encode(), ""
    return "", b"", _("Choose a file, or paste your code.")


def _own(desk: Desk, identity: str) -> Ticket:
    """Return a ticket that this browser may see."""
    ticket = desk.tickets.get(identity)
    if ticket is None or ticket.slug not in desk.assignments:
        abort(404)
    if ticket.owner != session["browser"] and not session.get("instructor"):
        abort(404)
    return ticket


def _filling(desk: Desk, ticket: Ticket) -> dict[str, Any]:
    """Return what a page shows while a submission is graded: of hidden checks no more than the feedback does."""
    return {
        "ticket": ticket,
        "title": desk.assignments[ticket.slug].title,
        "checks": [check_view(check) for check in list(ticket.checks)],
    }
