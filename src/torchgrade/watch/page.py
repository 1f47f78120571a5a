"""What the student sees in a terminal: made anew from what is known, whenever that changes."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..language import _, ngettext
from ..report.text import one_line, verbatim
from .progress import Progress, Said
from .session import Session

__all__ = ["complaint_of", "list_of", "page_of", "printed_of"]

BAR = 30
MARKS = {"ok": ("✓", "green"), "wrong": ("✗", "red"), "to do": ("○", "yellow"), "unknown": ("·", "dim")}
PATIENCE_SECONDS = 2
MAX_PRINTED_LINES = 20


def page_of(session: Session, hint: bool, keyboard: bool) -> RenderableType:
    """Return the page of the exercise that is looked at."""
    progress = session.progress
    parts: list[RenderableType] = [_head(session), Text()]
    if progress.solved_now:
        parts += [Text("✓ " + _("{name} is solved.").format(name=progress.solved_now), style="bold green"), Text()]
    if session.problem:
        parts += [Text(verbatim(session.problem), style="red")]
    elif progress.finished and not progress.chosen:
        parts += _finished(session)
    elif progress.checks:
        parts += _exercise(progress, hint)
    return Group(*parts, Text(), _bar(progress), *_doing(session), *_keys(keyboard))


def _head(session: Session) -> Text:
    title = Text(one_line(session.progress.assignment.title), style="bold")
    return title.append(f"   {session.folder.name}/{session.name}" if session.name else "", style="not bold dim")


def _exercise(progress: Progress, hint: bool) -> Iterator[RenderableType]:
    exercise = progress.current
    mark, style = MARKS[progress.state(exercise.name)]
    head = Text(f"{mark} {exercise.name}", style=f"bold {style}")
    head.append(f"  {one_line(exercise.title)}", style="not bold default")
    place = _("({number} of {total})").format(number=progress.place + 1, total=len(progress.exercises))
    yield head.append(f"  {place}", style="not bold dim")
    for title, message, printed in complaint_of(progress):
        yield Padding(Text(title, style="bold"), (1, 0, 0, 4))
        yield Padding(Text(message), (0, 0, 0, 6))
        if printed:
            yield Padding(Text(_("printed:"), style="dim"), (1, 0, 0, 4))
            yield Padding(Text(printed), (0, 0, 0, 6))
    if hint:
        said = _("hint: {hint}").format(hint=one_line(exercise.hint, 2000))
        yield Padding(Text(said, style="cyan"), (1, 0, 0, 4))


def complaint_of(progress: Progress) -> Iterator[tuple[str, str, str]]:
    """Yield title, message and printed text of the checks that ask for something: the first that failed.

    Where none failed it is the first that printed something.
    """
    checks = progress.checks_of(progress.current.name)
    said = [(check.title, progress.said[check.id]) for check in checks if check.id in progress.said]
    for title, one in said:
        if one.status not in ("passed", "deferred"):
            yield one_line(title), verbatim(one.message), printed_of(one)
            return
    for title, one in said:
        if one.printed:
            yield one_line(title), _("passed"), printed_of(one)
            return


def printed_of(said: Said) -> str:
    """Return what was printed, cut where it is longer than anyone reads."""
    lines = verbatim(said.printed).split("\n")
    shown = "\n".join(lines[:MAX_PRINTED_LINES])
    more = said.size - len(shown.encode())
    if len(lines) <= MAX_PRINTED_LINES and more < 100:
        return shown
    return "\n".join([shown, _("… and about {count} more bytes").format(count=f"{more:,}")])


def _finished(session: Session) -> Iterator[RenderableType]:
    progress = session.progress
    title, total = one_line(progress.assignment.title), len(progress.exercises)
    yield Text(_("All {count} exercises of {title} are solved.").format(count=total, title=title), "green")
    more = _("These are the checks that you can see; more are run on what you hand in: {file}.")
    yield Text(more.format(file=session.name))
    following = session.next_assignment()
    if following is not None:
        on = _("n goes on to {folder}: {title}.")
        on = on.format(folder=following.assignment.folder.name, title=one_line(following.assignment.title))
        yield Text(f"\n{on}")


def _bar(progress: Progress) -> Text:
    total = len(progress.exercises)
    filled = round(BAR * progress.solved / total)
    bar = Text("━" * filled, style="green").append("━" * (BAR - filled), style="dim")
    solved = ngettext("{solved} of {total} exercise solved", "{solved} of {total} exercises solved", total)
    return bar.append("  " + solved.format(solved=progress.solved, total=total), style="default")


def _doing(session: Session) -> Iterator[Text]:
    """Say what is being waited for."""
    run = session.run
    if session.wanted is not None:
        yield Text(_("loading torch …"), style="dim")
    elif run is not None and run.seconds >= PATIENCE_SECONDS:
        exercise = {check.id: check.exercise for check in run.progress.checks}[run.order[run.place]]
        words = _("{name} has been running for {seconds} s; it is stopped after {limit} s, or when you save.")
        yield Text(words.format(name=exercise, seconds=int(run.seconds), limit=f"{run.limit:g}"), style="yellow")
    elif run is not None:
        yield Text(_("checking …"), style="dim")


def _keys(keyboard: bool) -> Iterator[Text]:
    if keyboard:
        yield Text(_("h hint   l list   n next   p previous   r run again   q quit"), style="dim")


def list_of(session: Session) -> RenderableType:
    """Return the page that lists the exercises, and the assignments when there are several."""
    progress = session.progress
    table = Table.grid(padding=(0, 2))
    for exercise in progress.exercises:
        mark, style = MARKS[progress.state(exercise.name)]
        here = "›" if exercise is progress.current else " "
        table.add_row(here, Text(mark, style=style), Text(exercise.name), Text(one_line(exercise.title), style="dim"))
    parts: list[RenderableType] = [_head(session), Text(), table, Text(), _bar(progress)]
    if len(session.all) > 1:
        parts += [Text("\n" + _("Save a file of another assignment, and it is watched:"), style="dim")]
        parts += [_line_of(one) for one in session.all.values() if one is not progress]
    return Group(*parts, Text("\n" + _("l back   n next   p previous   q quit"), style="dim"))


def _line_of(progress: Progress) -> Text:
    known = _("{solved} of {total} solved").format(solved=progress.solved, total=len(progress.exercises))
    return Text(f"  {progress.assignment.folder.name}" + (f"  {known}" if progress.said else ""), style="dim")
