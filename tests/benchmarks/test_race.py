"""The race is fair only if every contestant asks the same, and passes and fails the same answers."""

import doctest
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
WRONG = "\n\ndef label(n):\n    return f'item {n}'\n"  # right for the two hidden numbers, wrong for 7


@pytest.fixture
def race(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The modules of the benchmark, by their names."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    names = ("attacked", "contestants", "material", "render", "tables")
    return SimpleNamespace(**{name: import_module(f"race.{name}") for name in names})


def right_questions(race: SimpleNamespace, student: ModuleType) -> list[bool]:
    """Run otter's files as doctests, in the names that a student's notebook would leave."""
    found = []
    for name, text in race.render.doctests(race.material.target_material()):
        names: dict[str, dict] = {}
        exec(text, names)
        code = names["test"]["suites"][0]["cases"][0]["code"]
        example = doctest.DocTestParser().get_doctest(code, dict(vars(student)), name, name, 0)
        result = doctest.DocTestRunner(verbose=False).run(example, out=lambda _: None)
        found.append(result.failed == 0)
    return found


def test_both_assignments_ask_for_what_they_always_asked(race):
    timed, attacked = race.material.race_material(), race.material.target_material()
    assert (len(timed.checks), sum(len(answers) for _, answers in timed.checks), timed.points) == (20, 207, 31)
    assert (len(attacked.checks), attacked.points) == (8, 12)


def test_no_right_answer_loses_a_point(race, tmp_path):
    material = race.material.race_material()
    for path in race.material.right_answers(tmp_path, 6):
        names = {"student": race.material.load(path)}
        exec(race.render.HELPERS + material.head, names)
        for check, answers in material.checks:
            for line in race.render.function_lines(check, answers, "student."):
                exec(line, names)


def test_a_question_is_right_for_the_reference_and_one_is_wrong_for_a_mistake(race, tmp_path):
    material = race.material.target_material()
    assert right_questions(race, race.material.load(material.reference)) == [True] * 8
    wrong = tmp_path / "target.py"
    wrong.write_text(material.reference.read_text() + WRONG)
    assert right_questions(race, race.material.load(wrong)) == [True, True, True, False, True, True, True, True]


@pytest.mark.parametrize("kind", ["Pytest", "Torchgrade"])
def test_a_mistake_costs_the_same_points_everywhere(race, tmp_path, kind):
    material = race.material.target_material()
    made, job, wrong = tmp_path / "made", tmp_path / "job", tmp_path / "wrong.py"
    made.mkdir(), job.mkdir()
    wrong.write_text(material.reference.read_text() + WRONG)
    contestant = getattr(race.contestants, kind)(material, made, Path(sys.executable), {})
    contestant.prepare()
    allowed = ["--allow-unconfined"] if kind == "Torchgrade" else []
    subprocess.run([*contestant.hand_in([wrong], job), *allowed], cwd=job, stdout=subprocess.DEVNULL)
    assert contestant.scores([wrong], job) == {"wrong": 11.0}


def test_what_an_attack_has_read_is_told_from_its_source(race, tmp_path):
    attacked = race.attacked
    for name in attacked.READERS:
        source = (attacked.FOLDER / "submissions" / f"{name}.py").read_text().replace(attacked.RAISE, attacked.MARKED)
        assert attacked.MARKED in source
        compile(source, name, "exec")
        (tmp_path / "submission.ipynb").write_text(json.dumps(source))
        assert not attacked._told(source, tmp_path)
    (tmp_path / "results.json").write_text('{"output": "Test Failed: heard of the grader:canary"}')
    assert attacked._told("", tmp_path)


def test_the_hidden_numbers_are_those_of_the_attacked_course(race):
    theirs = (race.material.ATTACKED.parents[1] / "graders" / "01-target" / "test_target.py").read_text()
    for line in race.material.TARGET_HEAD.splitlines():
        assert line in theirs


def measured(script: str, folder: Path, limit: float) -> dict:
    """Measure a script in a process of its own, because measuring ends every process below itself."""
    code = (
        "import dataclasses, json, os, sys; from pathlib import Path; from race import measuring\n"
        "done = measuring.run([sys.executable, '-c', sys.argv[1]], folder=Path(sys.argv[2]), environment={},"
        " limit=float(sys.argv[3]), watch=True)\n"
        "print(json.dumps({**dataclasses.asdict(done), 'left': list(measuring._below(os.getpid()))}))"
    )
    command = [sys.executable, "-c", code, script, str(folder), str(limit)]
    done = subprocess.run(command, env={"PYTHONPATH": str(BENCHMARKS)}, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_process_that_is_left_behind_is_counted_and_ended(tmp_path):
    busy = "subprocess.Popen([sys.executable, '-c', 'while 1: pass'], start_new_session=True)"
    done = measured(f"import subprocess, sys, time; {busy}; time.sleep(2)", tmp_path, 60)
    assert not done["hung"]
    assert done["cpu"] > 0.3  # the one that is left behind shares the cores with other tests
    assert done["peak_mb"] > 5
    assert done["left"] == []


def test_a_command_that_never_ends_is_ended(tmp_path):
    done = measured("while True: pass", tmp_path, 1)
    assert done["hung"]
    assert done["code"] < 0


def test_targets_are_told_as_they_are(race):
    timed = {
        name: {"title": name, "seconds": seconds, "one_more": one_more, "cpu": one_more}
        for name, seconds, one_more in (("bare", 1, 1), ("pytest", 40, 40), ("xdist", 5, 5), ("torchgrade", 1, 7))
    }
    timed["otter"] = {**timed["pytest"], "title": "otter", "one_more": None}
    rows = {row[0]: row[1:] for row in list(race.tables.all_tables({"timed": timed}))[1].rows}
    assert rows["pytest / torchgrade --jobs 1"] == ("at least 40", "40, reached", *["5.71, not reached"] * 2)
    assert rows["otter / torchgrade --jobs 1"][2] == ""
    assert rows["xdist / torchgrade --jobs 1"][1] == "5, not reached"
    assert rows["torchgrade --jobs 1 / bare"] == ("at most 6", "1, reached", *["7, not reached"] * 2)
