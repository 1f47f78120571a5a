"""The tables of `torchgrade gradebook`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..course.points import points_text
from ..gradebook.checking import Checked
from ..gradebook.counting import Standing
from ..gradebook.history import Event
from ..report.text import one_line

__all__ = ["show_assignment", "show_check", "show_history", "show_term"]

_STYLES = {"regraded": "yellow", "override": "magenta", "extension": "cyan", "withdrawn": "red"}


def show_term(found: Mapping[str, Sequence[Standing]]) -> None:
    """Write a row for each student and a column for each assignment."""
    console = Console(highlight=False)
    table = Table("student", "name", "group")
    for slug in found:
        table.add_column(Text(one_line(slug)), justify="right")
    table.add_column("total", justify="right")
    table.add_column("look at", justify="right")
    by_student: dict[str, dict[str, Standing]] = {}
    for slug, of_one in found.items():
        for one in of_one:
            by_student.setdefault(one.student.id, {})[slug] = one
    for name, mine in sorted(by_student.items()):
        who = next(iter(mine.values())).student
        points = [mine[slug].points if slug in mine else None for slug in found]
        remarks = sum(len(one.remarks) for one in mine.values())
        total = _points(sum(one for one in points if one is not None))
        cells = [_cell(one, mine.get(slug)) for one, slug in zip(points, found, strict=True)]
        table.add_row(_text(name), _text(who.name), _text(who.group), *cells, total, Text(str(remarks or "")))
    console.print(table)


def show_assignment(slug: str, found: Sequence[tuple[Standing, Mapping[str, Any]]]) -> None:
    """Write a row for each student, with how the points came about."""
    console = Console(highlight=False)
    table = Table(title=Text(one_line(slug)), title_justify="left")
    for name, overflow, justify in (
        ("student", "fold", "left"), ("name", "fold", "left"), ("graded", "ellipsis", "right"),
        ("counts", "ellipsis", "right"), ("how it came about", "fold", "left"),
    ):  # fmt: skip
        table.add_column(name, overflow=overflow, justify=justify)  # type: ignore[arg-type]
    for one, row in found:
        said = Text(one_line(row["rule"], 1000))
        if row["by_hand"] and one.override is None:
            said.append(f"\nset by hand: {one_line(row['by_hand'], 1000)}", style="magenta")
        for remark in one.remarks:
            said.append(f"\n! {one_line(remark, 1000)}", style="yellow")
        cells = (_text(one.student.id), _text(one.student.name), _points(one.raw), _cell(one.points, one), said)
        table.add_row(*cells)
    console.print(table)


def show_history(student: str, slug: str, events: Sequence[Event]) -> None:
    """Write a row for each event."""
    console = Console(highlight=False)
    table = Table(
        "when (UTC)", "what", "", "by", "why", title=Text(one_line(f"{student}, {slug}")), title_justify="left"
    )
    for event in events:
        number = f" {event.number}" if event.number is not None and event.kind != "withdrawn" else ""
        table.add_row(
            f"{event.at:%Y-%m-%d %H:%M}", Text(event.kind + number, style=_STYLES.get(event.kind, "")),
            _text(event.what, 1000), _text(event.by), _text(event.note, 1000),
        )  # fmt: skip
    console.print(table)


def show_check(name: str, found: Checked) -> None:
    """Write what is wrong, then what to look at, then how much there is."""
    console = Console(highlight=False)
    for line in found.broken:
        console.print(Text(f"broken: {one_line(line, 1000)}", style="bold red"), soft_wrap=True)
    for line in found.look:
        console.print(Text(f"look at: {one_line(line, 1000)}", style="yellow"), soft_wrap=True)
    rows = ", ".join(f"{table} {count}" for table, count in found.counts.items())
    state = "broken" if found.broken else "sound"
    console.print(Text(f"{name}: {state}, schema {found.schema}; {rows}"), soft_wrap=True)


def _text(text: str, limit: int = 400) -> Text:
    return Text(one_line(text, limit))


def _points(points: float | None) -> Text:
    return Text("–" if points is None else points_text(points))


def _cell(points: float | None, standing: Standing | None) -> Text:
    """Mark points that somebody set with a star, and those that rules changed in colour."""
    text = _points(points)
    if standing is not None and standing.override is not None:
        return text.append("*", style="magenta")
    changed = standing is not None and points != standing.raw
    return Text(text.plain, style="yellow") if changed else text
