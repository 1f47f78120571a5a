"""`torchgrade gradebook` show, history, export, check."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..course import Due
from ..course.files import write_changed
from ..gradebook import open_gradebook
from ..gradebook.checking import check_book
from ..gradebook.counting import Standing, standings
from ..gradebook.facts import Facts, student_id
from ..gradebook.final import final_results, raw_results
from ..gradebook.history import events_of
from ..gradebook.reading import facts_of, slug_named, slugs_of
from ..gradebook.rows import COLUMNS, row_of
from ..gradebook.trouble import told
from .booking import address_of
from .courses import course_of

__all__ = ["check", "export", "history", "show"]


def show(options: argparse.Namespace) -> int:
    """Show what counts."""
    from .book_screen import show_assignment, show_term

    found = _standings(options)
    if options.json:
        return _print_json([row for facts, of_one in found for row in _rows(facts, of_one)])
    if options.slug or options.student:
        for facts, of_one in found:
            show_assignment(facts.slug, [(one, _row(facts, one)) for one in of_one])
    else:
        show_term({facts.slug: of_one for facts, of_one in found})
    return 0


def history(options: argparse.Namespace) -> int:
    """Show all that happened."""
    from .book_screen import show_history

    who = student_id(options.student)
    with open_gradebook(address_of(options)) as book, told(book.name), book.reading() as connection:
        slug = slug_named(slugs_of(connection), options.slug)
        facts = facts_of(connection, slug, who, all_gradings=True)
    _refuse_unknown(who, facts)
    events = events_of(facts)
    if options.json:
        return _print_json([asdict(event) for event in events])
    show_history(who, slug, events)
    return 0


def export(options: argparse.Namespace) -> int:
    """Write the scores that count."""
    if options.form == "results" and not options.slug:
        raise ValueError(
            "a results.jsonl is of one assignment: name it, as in `gradebook export 01-tensors --as results`"
        )
    if options.raw and options.form != "results":
        raise ValueError("--raw goes with --as results")
    options.student = None
    found = _standings(options)
    if options.form == "results":
        ((facts, of_one),) = found
        results = raw_results(facts) if options.raw else final_results(of_one)
        text = "".join(f"{result.to_json()}\n" for result in results)
    else:
        text = _table(options, found)
    data = text.encode("utf-8", "backslashreplace")
    if options.out:
        write_changed(options.out, data)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    return 0


def check(options: argparse.Namespace) -> int:
    """Say whether the gradebook is sound."""
    from .book_screen import show_check

    with open_gradebook(address_of(options), upgrade=False) as book:
        found = check_book(book, _rules(options))
    if options.json:
        _print_json(asdict(found))
    else:
        show_check(book.name, found)
    return 1 if found.broken else 0


def _rules(options: argparse.Namespace) -> dict[str, Due | None]:
    course = course_of(options)
    return {slug: course.assignment(slug).due for slug in course.slugs}


def _standings(options: argparse.Namespace) -> list[tuple[Facts, list[Standing]]]:
    """Return what counts of each assignment that is asked for, for the students who are."""
    rules, who = _rules(options), student_id(options.student) if options.student else None
    found = []
    with open_gradebook(address_of(options)) as book, told(book.name), book.reading() as connection:
        known = slugs_of(connection)
        slugs = [slug_named(known, options.slug)] if options.slug else known
        for slug in slugs:
            facts = facts_of(connection, slug)
            if who is not None:
                _refuse_unknown(who, facts)
            if slug not in rules:
                print(f"note: the course here has no assignment {slug}, so no [due] is applied", file=sys.stderr)
            of_all = standings(facts, rules.get(slug))
            found.append((facts, [one for one in of_all if _chosen(one, who, options.group)]))
    return found


def _chosen(standing: Standing, who: str | None, group: str | None) -> bool:
    return who in (None, standing.student.id) and group in (None, standing.student.group)


def _refuse_unknown(who: str, facts: Facts) -> None:
    if who not in facts.students:
        raise ValueError(f"the gradebook has no student {who!r}; `torchgrade gradebook show` lists them")


def _rows(facts: Facts, found: list[Standing]) -> Iterator[dict[str, Any]]:
    for standing in found:
        yield {**_row(facts, standing), "remarks": list(standing.remarks)}


def _row(facts: Facts, standing: Standing) -> dict[str, Any]:
    return row_of(standing, tuple(facts.overrides_of(standing.student.id).values()))


def _table(options: argparse.Namespace, found: list[tuple[Facts, list[Standing]]]) -> str:
    from ..export.tables import table

    if options.slug:
        ((facts, of_one),) = found
        rows = [{**row, "remarks": "; ".join(row["remarks"])} for row in _rows(facts, of_one)]
        return table(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    students = {one.student.id: one.student for _, of_one in found for one in of_one}
    points = {(facts.slug, one.student.id): one.points for facts, of_one in found for one in of_one}
    slugs = [facts.slug for facts, _ in found]
    return table(
        ("student", "name", "group", *slugs, "total"),
        (
            [name, who.name, who.group, *(mine := [points.get((slug, name)) for slug in slugs]), _total(mine)]
            for name, who in sorted(students.items())
        ),
    )


def _total(points: list[float | None]) -> float | None:
    known = [one for one in points if one is not None]
    return round(sum(known), 2) if known else None


def _print_json(value: Any) -> int:
    print(json.dumps(value, indent=2, default=_text))
    return 0


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} is nothing for JSON")
