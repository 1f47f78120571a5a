"""`torchgrade scores` on results that are there; what grading adds is in tests/docs/test_late.py."""

import csv
import json
from dataclasses import replace

import pytest

from torchgrade.cli import main

from ..late.samples import result_of

DUE = """[due]
at = 2026-11-30T23:59:00+01:00
zone = "Europe/Berlin"
penalty_per_day = 0.1

[limits]"""


@pytest.fixture
def course(mini, monkeypatch):
    file = mini / "assignments" / "01-mini" / "assignment.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[limits]", DUE), encoding="utf-8")
    monkeypatch.chdir(mini)
    monkeypatch.setenv("COLUMNS", "200")
    return mini


def results(course, *found):
    (course / "OUT").mkdir(exist_ok=True)
    file = course / "OUT" / "results.jsonl"
    file.write_text("".join(f"{one.to_json()}\n" for one in found), encoding="utf-8")
    return file


def rows(course):
    with (course / "scores.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_scores_are_written_and_the_results_stay_as_they_are(course, capsys):
    file = results(course, result_of("ben", 8.0, deferred=1.0), result_of("ada", 20 / 3))
    before = file.read_bytes()
    (course / "times.csv").write_text("submission,time\nben,2026-12-01 12:00\nada,2026-11-30 12:00\n", encoding="utf-8")
    assert main(["scores", "mini", "OUT", "--times", "times.csv", "--out", "scores.csv"]) == 0
    assert file.read_bytes() == before
    ada, ben = rows(course)
    assert (ada["raw_score"], ada["percent_off"], ada["score"]) == ("6.666667", "0", "6.67")
    assert ben == {
        "student": "ben", "submission": "ben", "attempt": "1", "attempts": "1",
        "handed_in": "2026-12-01T12:00:00+01:00", "due": "2026-11-30T23:59:00+01:00",
        "raw_score": "8", "percent_off": "10", "score": "7.2", "max_score": "10", "waiting": "1",
        "rule": "Handed in 12 hours 1 minute late: 10 % off, 7.2 of 10 points and 1 still waiting.",
    }  # fmt: skip
    assert "each day begun costs 10 %" in capsys.readouterr().out


def test_without_times_nothing_is_taken_off_and_it_is_said(course, capsys):
    results(course, result_of("ada", 7.0))
    assert main(["scores", "01-mini", "OUT/results.jsonl"]) == 0
    said = capsys.readouterr()
    assert "Nobody noted when this was handed in, so nothing is off: 7 of 10 points." in said.out
    assert said.err == ""


def test_pages_are_written_anew(course):
    results(course, result_of("x1", 5.0), result_of("x2", 6.0))
    sheet = "submission,student,time\nx1,ann,2026-11-29 10:00\nx2,ann,2026-11-30 10:00\n"
    (course / "times.csv").write_text(sheet, encoding="utf-8")
    assert main(["scores", "01-mini", "OUT", "--times", "times.csv", "--feedback", "pages"]) == 0
    assert sorted(file.name for file in (course / "pages").iterdir()) == ["x1.html", "x1.md", "x2.html", "x2.md"]
    assert "a later one replaces it; attempt 2 counts, with 6 points." in (course / "pages" / "x1.md").read_text(
        "utf-8"
    )
    assert "Attempt 2 of 2: this one counts." in (course / "pages" / "x2.html").read_text("utf-8")


def test_a_name_that_a_spreadsheet_would_run_is_text(course):
    results(course, result_of("=1+1"))
    assert main(["scores", "01-mini", "OUT", "--out", "scores.csv"]) == 0
    assert rows(course)[0]["student"] == "'=1+1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["OUT", "--times", "nowhere.csv"], "nowhere.csv: cannot be read"),
        (["OUT", "--extensions", "bad.csv"], "bad.csv: line 2: 'soon' is no span of time"),
        (["nowhere"], "nowhere does not exist"),
        (["torn.jsonl"], "line 1: not a line that"),
        (["other.jsonl"], "holds results of 02-other, not of 01-mini"),
    ],
)
def test_what_is_wrong_is_said_and_ends_with_2(course, capsys, arguments, words):
    results(course, result_of("ada"))
    (course / "bad.csv").write_text("student,by\nada,soon\n", encoding="utf-8")
    (course / "torn.jsonl").write_text(f"{{\n{result_of('ada').to_json()}\n", encoding="utf-8")
    other = replace(result_of("ada"), assignment="02-other").to_json()
    (course / "other.jsonl").write_text(f"{other}\n", encoding="utf-8")
    assert main(["scores", "01-mini", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_torn_last_line_and_an_older_line_of_the_same_submission_do_not_count(course, capsys):
    file = results(course, result_of("ada", 3.0), result_of("ada", 9.0))
    file.write_text(file.read_text(encoding="utf-8") + json.dumps({"format": 1})[:-3], encoding="utf-8")
    assert main(["scores", "01-mini", "OUT"]) == 0
    assert "9 of 10 points" in capsys.readouterr().out


def test_grading_stops_before_it_starts_where_the_order_of_attempts_cannot_be_told(course, capsys):
    (course / "subs").mkdir()
    for name in ("x1", "x2"):
        (course / "subs" / f"{name}.py").write_text("", encoding="utf-8")
    (course / "times.csv").write_text("submission,student,time\nx1,ann,\nx2,ann,\n", encoding="utf-8")
    assert main(["grade", "01-mini", "subs", "--times", "times.csv"]) == 2
    assert "order of ann's attempts 'x1', 'x2'" in capsys.readouterr().err
    assert not (course / "OUT").exists()
