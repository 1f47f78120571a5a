"""The whole way from files to results, on a small course."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from torchgrade.cli import main
from torchgrade.grade.results import SubmissionResult

RIGHT = "import torch\ndef zeros_matrix(r, c): return torch.zeros(r, c)\ndef halve(x): return x * 0.5\n"


def grade(course, *submissions, out="OUT", options=()):
    """Run the command and return its exit code and the results by name, without times."""
    where = course / out
    code = main(["grade", "01-mini", *map(str, submissions), "--course", str(course), "--out", str(where), *options])
    lines = (where / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return code, {record["submission"]: without_times(record) for record in map(json.loads, lines)}


def without_times(record):
    record.pop("seconds")
    for check in record["checks"]:
        check.pop("seconds")
    return record


def statuses(record):
    return [check["status"] for check in record["checks"]]


@pytest.fixture
def class_of(mini):
    """Write a class of submissions and return its folder."""

    def write(**sources):
        folder = mini / "subs"
        folder.mkdir(exist_ok=True)
        for name, source in sources.items():
            (folder / f"{name}.py").write_bytes(source if isinstance(source, bytes) else source.encode())
        return folder

    return write


def test_a_class_is_graded(mini, class_of):
    folder = class_of(
        right=RIGHT,
        float64=RIGHT.replace("torch.zeros(r, c)", "torch.zeros(r, c, dtype=torch.float64)"),
        in_place=RIGHT.replace("x * 0.5", "x.div_(2)"),
        missing="import torch\ndef halve(x): return x / 2\n",
        syntax="def f(:\n",
        raises="1 / 0\n",
        leaves="import os; os._exit(0)\n",
        hangs="while True: pass\n",
        latin="x = '\xe9'\n".encode("latin-1"),
        empty="",
        none="def zeros_matrix(r, c): pass\ndef halve(x): pass\n",
        exits=RIGHT.replace("return x * 0.5", "import os; os._exit(0)"),
        loops=RIGHT.replace("return x * 0.5", "\n    while True: pass"),
        deep=RIGHT.replace("return x * 0.5", "\n    y = []\n    for _ in range(10**6): y = [y]\n    return y"),
        huge=RIGHT.replace("x * 0.5", "x[0].expand(10**12)"),
        greedy=RIGHT.replace("x * 0.5", "torch.zeros(10**13)"),
    )
    code, found = grade(mini, folder)
    assert code == 0
    scores = {name: (record["status"], record["score"]) for name, record in found.items()}
    assert scores == {
        "right": ("graded", 5.0),
        "float64": ("graded", 2.0),
        "in_place": ("graded", 3.0),
        "missing": ("graded", 2.0),
        "syntax": ("unreadable", 0.0),
        "raises": ("unreadable", 0.0),
        "leaves": ("unreadable", 0.0),
        "hangs": ("unreadable", 0.0),
        "latin": ("unreadable", 0.0),
        "empty": ("graded", 0.0),
        "none": ("graded", 0.0),
        "exits": ("graded", 3.0),
        "loops": ("graded", 3.0),
        "deep": ("graded", 3.0),
        "huge": ("graded", 3.0),
        "greedy": ("graded", 3.0),
    }
    assert {name: statuses(found[name])[-2] for name in ("exits", "loops", "deep", "huge", "greedy")} == {
        "exits": "crashed",
        "loops": "timeout",
        "deep": "failed",
        "huge": "failed",
        "greedy": "memory",
    }
    assert "line 1" in found["syntax"]["checks"][0]["message"]
    assert all(
        record["max_score"] == 6.0 and record["deferred"] == 1.0
        for record in found.values()
        if record["status"] == "graded"
    )


def test_a_line_of_the_results_is_as_promised(mini, class_of):
    _, found = grade(mini, class_of(alice=RIGHT))
    record = found["alice"]
    assert " ".join(record) == (
        "format assignment submission path digest status score max_score deferred confinement checks"
    )
    check = record["checks"][0]
    assert check["id"] == "graders/01-mini/test_mini.py::test_shape_and_dtype"
    assert {"exercise", "title", "points", "score", "status", "visible", "message", "misconception", "hint"} < set(
        check
    )
    assert record["checks"][1]["points"] == pytest.approx(1 / 3)
    assert statuses(record)[-1] == "deferred"
    assert record["digest"].startswith("sha256:")
    assert (mini / "OUT" / "feedback" / "alice.md").is_file()
    assert (mini / "OUT" / "feedback" / "alice.html").is_file()


def test_grading_again_and_with_more_jobs_gives_the_same_bytes(mini, class_of):
    folder = class_of(
        right=RIGHT,
        wrong=RIGHT.replace("0.5", "0.25"),
        raises=RIGHT.replace("return x * 0.5", "raise ValueError(str(x))"),
    )
    first = grade(mini, folder, out="one")
    assert grade(mini, folder, out="two") == first
    assert grade(mini, folder, out="three", options=["--jobs", "2"]) == first


def test_folders_of_students_and_the_modules_beside_theirs(mini):
    for name, helper in (("alice", "0.5"), ("bob", "2")):
        folder = mini / "students" / name
        folder.mkdir(parents=True)
        (folder / "helper.py").write_text(f"FACTOR = {helper}\n")
        (folder / "mini.py").write_text("from helper import FACTOR\n" + RIGHT.replace("0.5", "FACTOR"))
    _, found = grade(mini, mini / "students")
    assert {name: record["score"] for name, record in found.items()} == {"alice": 5.0, "bob": 3.0}


def test_what_has_a_result_is_not_graded_again_unless_something_changed(mini, class_of, capsys):
    folder = class_of(alice=RIGHT, bob=RIGHT)
    grade(mini, folder)
    before = (mini / "OUT" / "results.jsonl").read_text()
    grade(mini, folder)
    assert (mini / "OUT" / "results.jsonl").read_text() == before
    assert "2 had a result already" in capsys.readouterr().out
    class_of(bob=RIGHT.replace("0.5", "0.25"))
    _, found = grade(mini, folder)
    assert found["bob"]["score"] == 3.0
    checks = mini / "graders" / "01-mini" / "test_mini.py"
    checks.write_text(checks.read_text().replace("points=2, visible", "points=3, visible"))
    _, found = grade(mini, folder)
    assert found["alice"]["max_score"] == 7.0


def test_a_mistake_in_a_check_is_the_graders_and_counts_against_nobody(mini, class_of):
    checks = mini / "graders" / "01-mini" / "test_mini.py"
    checks.write_text(checks.read_text().replace("expect(submission.zeros_matrix(3, 4))", "expect(no_such_name)"))
    code, found = grade(mini, class_of(right=RIGHT))
    assert code == 1
    assert statuses(found["right"])[0] == "error"


def test_an_answer_that_breaks_a_sound_check_is_wrong_and_no_error(mini, class_of):
    checks = mini / "graders" / "01-mini" / "test_mini.py"
    text = checks.read_text().replace(
        "expect(submission.zeros_matrix(3, 4)).equal", "expect(submission.zeros_matrix(3, 4).t().t()).equal"
    )
    checks.write_text(text)
    code, found = grade(mini, class_of(listy=RIGHT.replace("return torch.zeros(r, c)", "return [0] * r"), right=RIGHT))
    assert code == 0
    assert statuses(found["listy"])[0] == "failed"
    assert statuses(found["right"])[0] == "passed"


def test_killing_the_grader_leaves_whole_and_true_lines(mini, class_of):
    folder = class_of(**{f"s{number:02}": RIGHT + f"# {number}\n" for number in range(40)})
    command = [
        sys.executable,
        "-m",
        "torchgrade",
        "grade",
        "01-mini",
        str(folder),
        "--course",
        str(mini),
        "--out",
        str(mini / "OUT"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    results = mini / "OUT" / "results.jsonl"
    deadline = time.monotonic() + 60
    while not (results.exists() and results.read_text().count("\n") >= 5) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    text = results.read_text()
    assert text.endswith("\n")
    done = [SubmissionResult.from_json(line) for line in text.splitlines()]
    assert 5 <= len(done) < 40
    assert all((result.status, result.score, result.max_score) == ("graded", 5.0, 6.0) for result in done)
    _, found = grade(mini, folder)
    assert len(found) == 40
    assert sum(record["score"] for record in found.values()) == 200.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "01-minni", "x.py"], "did you mean 01-mini"),
        (["grade", "01-mini", "nothing.py"], "nothing.py does not exist"),
        (["grade", "01-mini", "assignments/01-mini/handout.md"], "neither a .py nor an .ipynb"),
    ],
)
def test_a_wrong_command_says_what_to_do_and_exits_2(mini, arguments, words, capsys, monkeypatch):
    monkeypatch.chdir(mini)
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_no_seeds_at_all_are_refused_with_the_option_that_is_wrong(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["verify", "--seeds", "0"])
    assert stopped.value.code == 2
    assert "--seeds: '0': give a whole number" in capsys.readouterr().err


def test_checks_that_cannot_be_collected_are_the_courses_fault(mini, class_of, capsys):
    (mini / "graders" / "01-mini" / "test_more.py").write_text("import nothing_like_it\n")
    code, _ = grade(mini, class_of(right=RIGHT))
    assert code == 2
    assert "nothing_like_it" in capsys.readouterr().err


def test_a_symbolic_link_is_not_followed(mini, class_of):
    folder = class_of(right=RIGHT)
    (folder / "link.py").symlink_to(mini / "assignments" / "01-mini" / "solution.py")
    _, found = grade(mini, folder)
    assert found["link"]["status"] == "unreadable"
    assert "symbolic link" in found["link"]["checks"][0]["message"]
