"""What the wall between students and checks costs, and what staying warm saves, measured in one run.

    python benchmarks/wall.py [--submissions N] [--memory N] [--json FILE]

Right answers to assignment 01-tensors are graded four ways in turn, round after round (a b c d a b c d ...):

- a: by a grader as `torchgrade grade --jobs 1` starts it, workers confined as strongly as the machine allows;
- b: the same without confinement;
- c: by `python -m pytest graders/01-tensors --torchgrade-submission FILE`, a process for each submission;
- d: as a, by two graders at the same time, as `torchgrade grade --jobs 2` has them.

A ratio is the median of the ratios within each round, so that a machine that is busy for a while spoils little.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from lane import COURSE, SLUG, Lane, Timing, bare_pytest
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

WORKERS = 25
Row = tuple[str, ...]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        paths = list(_copies(Path(folder), max(options.submissions, 6)))
        found: dict[str, Any] = {}
        if options.submissions:
            found.update(measure(paths[: options.submissions], bare=not options.no_bare))
        if options.memory:
            found["memory"] = memory(paths, options.memory)
    Console().print(*_tables(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=12, metavar="N", help="rounds of the four ways (12)")
    parser.add_argument(
        "--memory", type=int, default=0, metavar="N", help="grade so many more in one process, and watch its memory"
    )
    parser.add_argument("--no-bare", action="store_true", help="leave out the slow third way")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


def _copies(folder: Path, count: int) -> Iterator[Path]:
    """Write ``count`` right answers, no two alike, and yield where they are."""
    alternatives = sorted((COURSE / "fixtures" / "alternatives" / SLUG).glob("*.py"))
    sources = [COURSE / "fixtures" / "submissions" / SLUG / "right.py", *alternatives]
    for number, source in enumerate(islice(cycle(sources), count)):
        path = folder / f"{number:04}_{source.name}"
        path.write_text(f"{source.read_text(encoding='utf-8')}\n# copy {number}\n", encoding="utf-8")
        yield path


def measure(paths: list[Path], *, bare: bool) -> dict[str, Any]:
    """Grade every path in all ways, round by round, and return what was measured."""
    walled, open_, second = Lane(confine=True), Lane(confine=False), Lane(confine=True)
    for lane in (walled, open_, second):
        lane.grade(paths[0])  # the first finds the files in no cache
    rounds, workers, pairs = [], [], []
    nothing = float("nan"), float("nan")
    for path in track(paths, "Grading four ways"):
        rounds.append((walled.grade(path), open_.grade(path), bare_pytest(path) if bare else nothing))
        pairs.append(_together(walled, second, path))
        workers.append((walled.worker_seconds(path, WORKERS), open_.worker_seconds(path, WORKERS)))
    if not all(timing.passed for timings in rounds for timing in timings[:2]):
        raise SystemExit("a right answer lost points: the times would not be comparable")
    found = _summary(rounds, workers)
    found["seconds"]["d"] = _median(pairs)
    found["c_over_d"] = _median(c / d for (_, _, (c, _)), d in zip(rounds, pairs, strict=True))
    found["level"], found["start_up"] = walled.level, walled.start_seconds
    for lane in (walled, open_, second):
        lane.close()
    return found


def _together(one: Lane, other: Lane, path: Path) -> float:
    """Grade a submission in two graders at once; return the seconds for each of the two."""
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda lane: lane.grade(path), (one, other)))
    return (time.perf_counter() - start) / 2


def _summary(
    rounds: list[tuple[Timing, Timing, tuple[float, float]]], workers: list[tuple[float, float]]
) -> dict[str, Any]:
    return {
        "checks": rounds[0][0].checks,
        "seconds": {
            "a": _median(a.seconds for a, _, _ in rounds),
            "b": _median(b.seconds for _, b, _ in rounds),
            "c": _median(c for _, _, (c, _) in rounds),
        },
        "cpu": {
            "a": _median(a.cpu for a, _, _ in rounds),
            "b": _median(b.cpu for _, b, _ in rounds),
            "c": _median(c for _, _, (_, c) in rounds),
        },
        "a_over_b": _median(a.seconds / b.seconds for a, b, _ in rounds),
        "c_over_a": _median(c / a.seconds for a, _, (c, _) in rounds),
        "cpu_c_over_a": _median(c / a.cpu for a, _, (_, c) in rounds),
        "worker_added_ms": _median(1000 * (a - b) for a, b in workers),
        "check_added_ms": _median(1000 * (a.seconds - b.seconds) / a.loads for a, b, _ in rounds),
        "parts": {way: _parts([each[place] for each in rounds]) for place, way in enumerate("ab")},
        "rounds": [{"a": asdict(a), "b": asdict(b), "c": c} for a, b, c in rounds],
    }


def _parts(timings: list[Any]) -> dict[str, float]:
    return {
        "loads": _median(timing.loads for timing in timings),
        "calls": _median(timing.calls for timing in timings),
        "loading": _median(timing.loading for timing in timings),
        "calling": _median(timing.calling for timing in timings),
        "trusted": _median(timing.seconds - timing.loading - timing.calling for timing in timings),
    }


def _median(values: Iterable[float]) -> float:
    return float(statistics.median(values))


def memory(paths: list[Path], count: int) -> dict[str, float]:
    """Grade ``count`` submissions in one process; return its memory in KiB after a tenth of them and after all."""
    lane = Lane(confine=True)
    with Progress() as progress:
        task = progress.add_task("Watching the memory", total=count)
        for number, path in enumerate(islice(cycle(paths), count), 1):
            lane.grade(path)
            progress.advance(task)
            if number == max(count // 10, 1):
                early = lane.memory_kb()
    late = lane.memory_kb()
    lane.close()
    return {"after_first": max(count // 10, 1), "after": count, "early_kb": early, "late_kb": late}


def _tables(found: dict[str, Any]) -> Iterator[Table]:
    if "seconds" in found:
        yield _table("Seconds", ("way", "a submission", "a check", "CPU a submission"), _ways(found))
        yield _table("Where the time goes, ms a submission", ("part", "a: wall", "b: none"), _spent(found["parts"]))
    yield _table("Targets", ("figure", "measured", "target"), _targets(found))


def _table(title: str, heads: Row, rows: Iterable[Row]) -> Table:
    table = Table(title=title, title_justify="left")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _ways(found: dict[str, Any]) -> Iterator[Row]:
    wall = f"wall, level {found['level']}"
    names = {"a": f"a: {wall}", "b": "b: no confinement", "c": "c: bare pytest", "d": f"d: {wall}, two at a time"}
    for way, name in names.items():
        seconds, cpu = found["seconds"][way], found["cpu"].get(way)
        yield name, f"{seconds:.3f}", f"{seconds / found['checks']:.4f}", "" if cpu is None else f"{cpu:.2f}"
    yield "start-up of a grader, once", f"{found['start_up']:.2f}", "", ""


def _spent(parts: dict[str, dict[str, float]]) -> Iterator[Row]:
    words: dict[str, Callable[[dict[str, float]], str]] = {
        "waiting for a worker and its load": lambda part: (
            f"{part['loads']:.0f} × {_ms(part['loading'], part['loads'])}"
        ),
        "waiting for answers": lambda part: f"{part['calls']:.0f} × {_ms(part['calling'], part['calls'])}",
        "in the grader itself": lambda part: f"{1000 * part['trusted']:.0f}",
    }
    for name, word in words.items():
        yield name, word(parts["a"]), word(parts["b"])


def _ms(seconds: float, count: float) -> str:
    return f"{1000 * seconds / count:.2f} = {1000 * seconds:.0f}"


def _targets(found: dict[str, Any]) -> Iterator[Row]:
    if "seconds" in found:
        yield "a / b", f"{found['a_over_b']:.2f}", "at most 1.5"
        yield "c / a", f"{found['c_over_a']:.1f}", "at least 25"
        yield "c / d, both cores", f"{found['c_over_d']:.1f}", ""
        yield "c / a, CPU", f"{found['cpu_c_over_a']:.1f}", ""
        yield "confinement, ms a worker, one after the other", f"{found['worker_added_ms']:.1f}", "at most 10"
        yield "confinement, ms a check while grading", f"{found['check_added_ms']:.1f}", "at most 10"
    if "memory" in found:
        seen = found["memory"]
        growth = 100 * (seen["late_kb"] / seen["early_kb"] - 1)
        span = f"from submission {seen['after_first']} to {seen['after']}"
        yield f"growth of the grader's memory {span}", f"{growth:.1f} %", "under 5 %"


if __name__ == "__main__":
    main()
