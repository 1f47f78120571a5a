"""`torchgrade export`, as it is typed."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from torchgrade.cli import main
from torchgrade.export import FORMATS
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult

COURSE = Path(__file__).parents[2]


def graded(name, *statuses):
    checks = tuple(
        CheckResult(f"graders/01-tensors/test_it.py::test_{place}", "f", f"Title {place}.", 2.0, score, status, True)
        for place, status in enumerate(statuses)
        for score in [2.0 if status == "passed" else 0.0]
    )
    return SubmissionResult(
        assignment="01-tensors", submission=name, path=f"{name}.py", digest="sha256:1", status="graded",
        score=sum(check.score for check in checks), max_score=4.0,
        deferred=sum(check.points for check in checks if check.status == "deferred"), seconds=1.0,
        confinement=Confinement("A", ()), checks=checks,
    )  # fmt: skip


@pytest.fixture
def out(tmp_path):
    """A folder as `grade` leaves it."""
    folder = tmp_path / "OUT"
    folder.mkdir()
    results = [graded("李, 小龍", "passed", "failed"), graded("zoe", "passed", "passed")]
    folder.joinpath("results.jsonl").write_text("".join(f"{one.to_json()}\n" for one in results), encoding="utf-8")
    return folder


def add(out, result):
    with (out / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(json.loads(result.to_json())) + "\n")


def test_it_prints_in_utf8_whatever_the_terminal_speaks(out):
    command = [sys.executable, "-m", "torchgrade", "export", "moodle", str(out)]
    done = subprocess.run(command, capture_output=True, env={"PYTHONIOENCODING": "ascii"}, check=True)
    assert done.stdout.decode() == 'Email address,01-tensors\nzoe,4\n"李, 小龍",2\n'
    assert done.stderr == b""


def test_a_file_is_written_whole_and_replaced(out, tmp_path):
    file = tmp_path / "grades.csv"
    for option, start in ((["--bom"], b"\xef\xbb\xbfassignment,"), ([], b"assignment,")):
        assert main(["export", "csv", str(out), "--out", str(file), *option]) == 0
        assert file.read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["grades.csv"]


def test_a_folder_gets_a_file_for_each(out, tmp_path):
    assert main(["export", "gradescope", str(out), "--out", f"{tmp_path}/each/"]) == 0
    files = sorted((tmp_path / "each").iterdir())
    assert [file.name.partition("~")[0] for file in files] == ["zoe.json", "李-小龍"]
    assert json.loads(files[0].read_text())["score"] == 4


def test_one_submission_of_many(out, capsys):
    assert main(["export", "check50", str(out), "--submission", "zoe"]) == 0
    assert [one["passed"] for one in json.loads(capsys.readouterr().out)["results"]] == [True, True]


def test_who_is_left_out_is_named_and_the_exit_code_says_so(out, capsys):
    add(out, graded("late", "passed", "deferred"))
    assert main(["export", "canvas", str(out)]) == 1
    captured = capsys.readouterr()
    assert "late" not in captured.out
    assert "still open: 'late'" in captured.err
    assert main(["export", "canvas", str(out), "--open", "scale"]) == 0
    assert "late,,,late,,4\n" in capsys.readouterr().out


def test_a_roster_says_who_is_who(out, tmp_path, capsys):
    roster = tmp_path / "participants.csv"
    roster.write_text("\ufeffUsername,Email address\nzoe,z@example.org\n", encoding="utf-8")
    assert main(["export", "moodle", str(out), "--roster", str(roster), "--match", "Username"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "Email address,01-tensors\nz@example.org,4\n"
    assert "not in the roster: '李, 小龍'" in captured.err


def test_classroom50_reads_its_runner(out, monkeypatch, capsys):
    for name in ("CLASSROOM", "ASSIGNMENT", "COMMIT_URL", "RELEASE_URL"):
        monkeypatch.setenv(name, name.lower())
    monkeypatch.setenv("SUBMISSION_TAG", "submit/1")
    assert main(["export", "classroom50", str(out), "--submission", "zoe"]) == 0
    assert json.loads(capsys.readouterr().out)["commit"] == "commit_url"


def test_grades_out_of_different_points_are_told(out, capsys):
    add(out, replace(graded("old", "passed"), max_score=2.0))
    assert main(["export", "moodle", str(out)]) == 0
    assert "out of 2 and 4" in capsys.readouterr().err


def test_a_name_with_half_a_character_can_be_written(out, capsys):
    add(out, graded("a\udcffb", "passed", "passed"))
    assert main(["export", "moodle", str(out)]) == 0
    assert "a\\udcffb,4" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gradescope", "OUT"], "holds 2 submissions; name one with --submission, or give a folder"),
        (["gradescope", "OUT", "--submission", "bob"], "no submission called 'bob'; it holds zoe, 李"),
        (["csv", "nowhere"], "nowhere does not exist; `torchgrade grade` writes it"),
        (["csv", "OUT", "--out", "nowhere/x.csv"], "cannot write nowhere/x.csv: No such file or directory"),
        (["canvas", "OUT", "--match", "ID"], "there is no --roster"),
        (["canvas", "OUT", "--roster", "latin.csv"], "latin.csv is not UTF-8"),
        (["moodle", "OUT", "--roster", "nowhere.csv"], "nowhere.csv"),
        (["moodle", "OUT", "--roster", "other.csv"], "other.csv has no column 'Email address'; it has a, b"),
        (["classroom50", "OUT", "--submission", "zoe"], "runner sets CLASSROOM, ASSIGNMENT"),
    ],
)
def test_what_is_wrong_is_said_and_what_to_do(out, tmp_path, monkeypatch, capsys, arguments, said):
    (tmp_path / "latin.csv").write_bytes(b"SIS Login ID\nZo\xeb\n")
    (tmp_path / "other.csv").write_text("a,b\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLASSROOM", raising=False)
    assert main(["export", *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_each_format_teaches_how_it_is_used(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["export", name, "--help"])
    assert ended.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"example: torchgrade export {name} OUT" in text
    assert "exit codes" in text


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_the_examples_are_valid(one, monkeypatch):
    import shlex

    from torchgrade.cli import _parser

    words = shlex.split(one.example.partition(" >>")[0])
    assert _parser().parse_args(words[1:]).format == one.name


def test_it_loads_neither_torch_nor_pytest():
    names = ("torch", "numpy", "pytest", "_pytest")
    code = f"import torchgrade.cli, torchgrade.export, sys; print([m for m in {names} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.fixture
def course(tmp_path):
    """A course with the assignment that the results are of."""
    folder = tmp_path / "course"
    (folder / "graders").mkdir(parents=True)
    assignment = folder / "assignments" / "01-tensors"
    assignment.mkdir(parents=True)
    assignment.joinpath("assignment.toml").write_text(
        'format = 1\ntitle = "Tensors"\nmodule = "tensors"\n[due]\nat = 2026-11-30T23:59:00Z\npenalty_per_day = 0.5\n'
        '[[exercise]]\nname = "f"\ntitle = "The function"\nhint = "Think."\n',
        encoding="utf-8",
    )
    return folder


def test_times_and_the_course_give_what_counts(out, course, tmp_path, capsys):
    times = tmp_path / "times.csv"
    times.write_text(
        "submission,time\nzoe,2026-12-01T12:00:00Z\n李, 小龍,2026-11-30T12:00:00Z\n".replace("李, 小龍", '"李, 小龍"')
    )
    assert main(["export", "moodle", str(out), "--course", str(course), "--times", str(times)]) == 0
    assert capsys.readouterr().out == 'Email address,01-tensors\nzoe,2\n"李, 小龍",2\n'


def test_one_students_scores_of_a_class(out, course, tmp_path, capsys):
    times = tmp_path / "times.csv"
    times.write_text("submission,time\nzoe,2026-12-01T12:00:00Z\n")
    command = ["export", "nbgrader", str(out), "--course", str(course), "--times", str(times), "--submission", "zoe"]
    assert main(command) == 0
    assert "2026-12-01 12:00:00,zoe,,,,4,2,2,4\n" in capsys.readouterr().out


def test_a_due_date_without_times_is_told(out, course, capsys):
    assert main(["export", "moodle", str(out), "--course", str(course)]) == 0
    captured = capsys.readouterr()
    assert "zoe,4\n" in captured.out
    assert "without --times nothing is taken off" in captured.err


def test_the_course_around_the_working_folder_gives_the_titles(out, course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    assert main(["export", "check50", str(out), "--submission", "zoe"]) == 0
    assert "The function: Title 0." in capsys.readouterr().out


def test_no_course_is_needed(out, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "check50", str(out), "--submission", "zoe"]) == 0
    captured = capsys.readouterr()
    assert '"f: Title 0."' in captured.out
    assert captured.err == ""


def test_a_broken_course_is_told_and_a_named_one_refused(out, course, monkeypatch, capsys):
    (course / "assignments" / "01-tensors" / "assignment.toml").write_text("title = 3")
    monkeypatch.chdir(course)
    assert main(["export", "check50", str(out), "--submission", "zoe"]) == 0
    assert "functions' names" in capsys.readouterr().err
    assert main(["export", "check50", str(out), "--submission", "zoe", "--course", str(course)]) == 2


def test_times_without_a_course_are_refused(out, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "moodle", str(out), "--times", "mtime"]) == 2
    assert "--course" in capsys.readouterr().err


def test_scores_that_are_settled_are_not_settled_again(out, capsys):
    add(out, replace(graded("zoe", "passed", "passed"), settled=True))
    assert main(["export", "moodle", str(out), "--times", "names"]) == 2
    assert "in these scores already: leave --times and --extensions out" in capsys.readouterr().err
    assert main(["scores", "01-tensors", str(out), "--course", str(COURSE)]) == 2
    assert "holds scores that are settled already" in capsys.readouterr().err
