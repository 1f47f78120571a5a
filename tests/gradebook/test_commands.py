"""`torchgrade gradebook`, as it is typed."""

import csv
import io
import json
from dataclasses import replace

import pytest

from torchgrade.cli import main

from .samples import SLUG, all_passed, result

DUE = """[due]
at = 2026-11-30T23:59:00+01:00
zone = "Europe/Berlin"
penalty_per_day = 0.1

[limits]"""
TIMES = "submission,student,time\nx1,ann,2026-11-30 10:00\nben,,2026-12-01 12:00\n"


@pytest.fixture
def course(mini, monkeypatch, address):
    file = mini / "assignments" / SLUG / "assignment.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[limits]", DUE), encoding="utf-8")
    monkeypatch.chdir(mini)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TORCHGRADE_GRADEBOOK", address)
    return mini


@pytest.fixture
def run(capsys):
    """Run a command of the gradebook; give its code and what it printed."""

    def call(*arguments):
        capsys.readouterr()
        code = main(["gradebook", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def results(course, *found, name="results.jsonl"):
    (course / "OUT").mkdir(exist_ok=True)
    (course / "OUT" / name).write_text("".join(f"{one.to_json()}\n" for one in found), encoding="utf-8")


def filled(course, run):
    (course / "times.csv").write_text(TIMES, encoding="utf-8")
    (course / "roster.csv").write_text('id,name,group\nann,"O\'N, 李",A\nben,,B\nzoe,,A\n', encoding="utf-8")
    results(course, result("x1"), all_passed("ben"))
    assert run("roster", "roster.csv")[0] == 0
    assert run("add", "OUT", "--times", "times.csv")[0] == 0


def test_from_results_to_final_scores(course, run):
    filled(course, run)
    assert run("add", "OUT", "--times", "times.csv")[1].endswith(": 2 results: 2 there already\n")
    code, out, _ = run("show", "--json")
    rows = {row["student"]: row for row in json.loads(out)}
    assert code == 0
    assert {name: row["score"] for name, row in rows.items()} == {"ann": 2, "ben": 3.6, "zoe": None}
    assert (rows["ben"]["raw_score"], rows["ben"]["percent_off"], rows["ann"]["name"]) == (4, 10, "O'N, 李")
    _, out, _ = run("export")
    assert list(csv.reader(io.StringIO(out))) == [
        ["student", "name", "group", SLUG, "total"], ["ann", "O'N, 李", "A", "2", "2"],
        ["ben", "", "B", "3.6", "3.6"], ["zoe", "", "A", "", ""],
    ]  # fmt: skip


def test_a_regrade_an_override_and_its_end(course, run):
    filled(course, run)
    results(course, all_passed("x1"), all_passed("ben"))
    assert "1 graded again, the old outcome is kept, 1 there already" in run("add", "OUT", "--reason", "too strict")[1]
    said = run("override", "ben", "mini", "1", "--check", "test_f_a", "--note", "copied", "--by", "tutor")[1]
    assert said == "override 1: check graders/01-mini/test_it.py::test_f_a: 2 → 1; 2.7 points count now\n"
    assert run("extend", "ben", "mini", "+2 days", "--note", "ill")[1].endswith("2026-12-02 23:59 (UTC+01:00)\n")
    assert json.loads(run("show", "mini", "--student", "ben", "--json")[1])[0]["score"] == 3
    history = json.loads(run("history", "ann", "mini", "--json")[1])
    assert [one["note"] for one in history if one["kind"] == "regraded"] == ["too strict"]
    assert run("withdraw", "override", "1", "--note", "no")[1].startswith("override 1 of ben, 01-mini: withdrawn")
    assert json.loads(run("show", "mini", "--student", "ben", "--json")[1])[0]["score"] == 4


def test_the_tables_say_what_to_look_at(course, run):
    filled(course, run)
    results(course, result("cleo"))
    run("add", "OUT")
    run("override", "zoe", "mini", "4", "--note", "on paper", "--by", "tutor")
    out = run("show", "mini")[1]
    assert "not on the roster" in out
    assert "Set by hand: the score 4 (override 1, tutor: on paper)." in out
    assert "4*" in run("show")[1]
    assert "on paper" in run("history", "zoe", "mini")[1]
    assert "cleo" not in run("show", "mini", "--group", "A")[1]


def test_the_export_feeds_another_platform(course, run, capsys):
    filled(course, run)
    assert run("export", "mini", "--as", "results", "--out", "final.jsonl") == (0, "", "")
    capsys.readouterr()
    assert main(["export", "moodle", "final.jsonl", "--id-column", "ID number"]) == 0
    assert capsys.readouterr().out == "ID number,01-mini\nann,2\nben,3.6\n"
    raw = run("export", "mini", "--as", "results", "--raw")[1].splitlines()
    assert [json.loads(line)["submission"] for line in raw] == ["ben", "x1"]


def test_what_a_spreadsheet_would_run_is_text(course, run):
    results(course, result("=1+1"))
    run("add", "OUT")
    assert next(csv.DictReader(io.StringIO(run("export", "mini")[1])))["student"] == "'=1+1"


def test_an_old_file_changes_nothing_and_it_is_said(course, run):
    results(course, result("ada"), name="old.jsonl")
    results(course, all_passed("ada"))
    for file in ("OUT/old.jsonl", "OUT"):
        run("add", file)
    code, out, err = run("add", "OUT/old.jsonl")
    assert (code, out.endswith("1 results: none new\n")) == (0, True)
    assert "'ada': a later grading of these files replaced this outcome, and stays; --reason takes it anyway" in err


def test_extensions_come_along_once(course, run):
    results(course, all_passed("ben"))
    (course / "times.csv").write_text("submission,time\nben,2026-12-01 12:00\n", encoding="utf-8")
    (course / "more.csv").write_text("student,by,reason\nben,2 days,ill\n", encoding="utf-8")
    for _ in range(2):
        assert run("add", "OUT", "--times", "times.csv", "--extensions", "more.csv")[0] == 0
    kinds = [one["kind"] for one in json.loads(run("history", "ben", "mini", "--json")[1])]
    assert sorted(kinds) == ["extension", "graded", "handed in"]
    assert json.loads(run("show", "mini", "--json")[1])[0]["score"] == 4


def test_check_says_sound_or_what_to_look_at(course, run):
    filled(course, run)
    code, out, _ = run("check")
    assert (code, "sound, schema 0001; students 3" in out) == (0, True)
    results(course, replace(result("x1"), score=4.0))
    run("add", "OUT")
    code, out, _ = run("check", "--json")
    assert (code, json.loads(out)["broken"]) == (1, ["01-mini: 'x1' has score 4, and its checks come to 2"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "02-other"], "has no assignment '02-other'; it has 01-mini"),
        (["show", "--student", "nobody"], "no student 'nobody'"),
        (["history", "nobody", "mini"], "no student 'nobody'"),
        (["override", "ann", "mini", "9", "--note", "n"], "9 is more than the 4 points"),
        (["override", "annn", "mini", "1", "--note", "n"], "did you mean 'ann'?"),
        (["extend", "ann", "mini", "soon", "--note", "n"], "write it like '2026-12-03 12:00 +01:00', or '+2 days'"),
        (["extend", "ann", "mini", "2026-11-01 10:00", "--note", "n"], "is before it is due"),
        (["withdraw", "extension", "7", "--note", "n"], "there is no extension 7"),
        (["export", "--as", "results"], "a results.jsonl is of one assignment"),
        (["export", "mini", "--raw"], "--raw goes with --as results"),
        (["add", "OUT/other.jsonl"], "line 1: not a line that `torchgrade grade` writes (a line of format 1"),
        (["add", "OUT/nan.jsonl"], "the result of 'ada' has nan where points or seconds belong"),
        (["add", "nowhere"], "nowhere does not exist"),
        (["roster", "twice.csv"], "line 3: 'ada' stands in line 2 too"),
    ],
)
@pytest.mark.parametrize("address", ["sqlite"], indirect=True)  # none of it is the database's doing
def test_what_is_wrong_ends_with_2_and_says_what_to_do(course, run, arguments, words):
    filled(course, run)
    line = result("ada").to_json()
    (course / "OUT" / "other.jsonl").write_text(f"{line.replace('1', '2', 1)}\n{line}\n", encoding="utf-8")
    (course / "OUT" / "nan.jsonl").write_text(f"{line.replace('4.0', 'NaN')}\n", encoding="utf-8")
    (course / "twice.csv").write_text("id\nada\nada\n", encoding="utf-8")
    code, _, err = run(*(f"{course}/nowhere" if one == "nowhere" else one for one in arguments))
    assert code == 2
    assert words in err


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_the_gradebook_lies_in_the_courses_folder_unless_it_is_named(course, run, monkeypatch):
    monkeypatch.delenv("TORCHGRADE_GRADEBOOK")
    assert "there is no gradebook" in run("show")[2]
    results(course, result("ada"))
    monkeypatch.chdir(course / "assignments")
    run("add", str(course / "OUT"))
    assert (course / "gradebook.db").is_file()
    run("add", str(course / "OUT"), "--db", "mine.db")
    assert (course / "assignments" / "mine.db").is_file()


def test_help_teaches_with_an_example(capsys):
    for name in ("add", "roster", "show", "history", "export", "check", "override", "extend", "withdraw"):
        with pytest.raises(SystemExit):
            main(["gradebook", name, "--help"])
        assert f"example: torchgrade gradebook {name}" in " ".join(capsys.readouterr().out.split())
