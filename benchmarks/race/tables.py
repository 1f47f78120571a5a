"""The figures as tables, for the screen and for a page, and as a chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from rich.table import Table as Grid

__all__ = ["TARGETS", "Table", "all_tables", "chart"]

Figures = dict[str, Any]
# A contestant, how many times as much as torchgrade it takes at least, or torchgrade at most of the bare computation.
TARGETS = (
    ("pytest", "at least", 40.0),
    ("otter", "at least", 80.0),
    ("xdist", "at least", 6.0),
    ("bare", "at most", 6.0),
)
OURS = {"torchgrade": "--jobs 1", "torchgrade-2": "--jobs 2"}


@dataclass(frozen=True)
class Table:
    """A title, the heads of the columns, and rows of as many words."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def on_screen(self) -> Grid:
        """Return it for rich."""
        grid = Grid(title=self.title, title_justify="left")
        for place, head in enumerate(self.heads):
            grid.add_column(head, justify="right" if place else "left")
        for row in self.rows:
            grid.add_row(*row)
        return grid

    def in_markdown(self) -> str:
        """Return it for a page."""
        lines = [self.heads, tuple("---" for _ in self.heads), *self.rows]
        return f"{self.title}:\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def all_tables(found: Figures) -> Iterator[Table]:
    """Yield the tables for which there are figures."""
    timed = found.get("timed", {})
    if timed:
        yield Table(
            "A submission",
            ("grader", "seconds", "one more", "CPU seconds", "peak MiB", "× torchgrade", "× CPU"),
            _speed(timed),
        )
    if targets := tuple(_targets(timed)):
        yield Table(
            "Targets: how many times as long", ("compared", "asked for", "the class", "one more", "CPU"), targets
        )
    if found.get("attacked"):
        yield _attacks(found["attacked"])


def _speed(timed: Figures) -> tuple[tuple[str, ...], ...]:
    ours = timed.get("torchgrade")
    return tuple(
        (
            _name(one),
            f"{one['seconds']:.3g}",
            "" if one["one_more"] is None else f"{one['one_more']:.3g}",
            f"{one['cpu']:.3g}",
            f"{one['peak_mb']:.0f}" if "peak_mb" in one else "",
            *(f"{one[key] / ours[key]:.3g}" if ours else "" for key in ("seconds", "cpu")),
        )
        for one in timed.values()
    )


def _name(one: Figures) -> str:
    level = f"level {one['level']}" if one.get("level") else ""
    return " ".join(word for word in (one["title"], one.get("version", ""), level) if word)


def _targets(timed: Figures) -> Iterator[tuple[str, ...]]:
    for name, word, asked in TARGETS:
        for ours, jobs in OURS.items():
            if name not in timed or ours not in timed:
                continue
            ratios = [_ratio(timed[name], timed[ours], key, word) for key in ("seconds", "one_more", "cpu")]
            title = f"{timed[name]['title']} / torchgrade {jobs}"
            if word == "at most":
                title = f"torchgrade {jobs} / {timed[name]['title']}"
            yield title, f"{word} {asked:g}", *(_judged(ratio, word, asked) for ratio in ratios)


def _ratio(other: Figures, ours: Figures, key: str, word: str) -> float | None:
    above, below = (ours, other) if word == "at most" else (other, ours)
    return None if above[key] is None or below[key] is None else float(above[key] / below[key])


def _judged(ratio: float | None, word: str, asked: float) -> str:
    if ratio is None:  # two submissions do not tell what one more costs
        return ""
    if ratio <= 0:  # a difference of two runs, with more noise than signal
        return "not measurable here"
    reached = ratio <= asked if word == "at most" else ratio >= asked
    return f"{ratio:.3g}, {'reached' if reached else 'not reached'}"


def _attacks(attacked: Figures) -> Table:
    names = list(next(iter(attacked.values()))["attacks"])
    rows = [(name, *(_outcome(one["attacks"].get(name)) for one in attacked.values())) for name in names]
    heads = ("attack", *(one["title"] for one in attacked.values()))
    return Table("Under attack", heads, tuple(rows))


def _outcome(seen: Figures | None) -> str:
    """Say in a few words what an attack came to; nothing where it was not tried."""
    if seen is None:
        return ""
    words = []
    if seen["gained"]:
        words.append(f"{seen['points'] - seen['deserved']:g} points gained")
    if seen["read"]:
        words.append("hidden values read")
    if seen["hung"]:
        words.append("never ends")
    elif seen["points"] is None:
        words.append("no result")
    if seen["neighbour"] is False:
        words.append("neighbour's result lost")
    return ", ".join(words) or "held"


def chart(timed: Figures) -> str:
    """Return an SVG with a bar for the seconds a submission of each contestant, on a scale of powers of ten."""
    from math import ceil, floor, log10

    seconds = {one["title"]: one["seconds"] for one in timed.values()}
    low, high = floor(log10(min(seconds.values()))), ceil(log10(max(seconds.values())) + 0.2)
    place = lambda value: 250 + 480 * (log10(value) - low) / (high - low)  # noqa: E731
    height = 40 + 28 * len(seconds)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {height}" font-family="sans-serif" font-size="13">',
        "<title>Seconds a submission</title>", '<rect width="100%" height="100%" fill="#fff"/>',
    ]  # fmt: skip
    for power in range(low, high + 1):
        x = place(10.0**power)
        lines.append(f'<path d="M{x:.0f} 10V{height - 25}" stroke="#ddd"/>')
        lines.append(f'<text x="{x:.0f}" y="{height - 8}" text-anchor="middle">{10.0**power:g} s</text>')
    for number, (title, value) in enumerate(sorted(seconds.items(), key=lambda one: -one[1])):
        y, colour = 14 + 28 * number, "#2a6f97" if title.startswith("torchgrade") else "#9aa5b1"
        lines.append(f'<text x="242" y="{y + 15}" text-anchor="end">{escape(title)}</text>')
        lines.append(f'<rect x="250" y="{y}" width="{place(value) - 250:.0f}" height="20" fill="{colour}"/>')
        lines.append(f'<text x="{place(value) + 6:.0f}" y="{y + 15}">{value:.2g}</text>')
    return "\n".join([*lines, "</svg>\n"])
